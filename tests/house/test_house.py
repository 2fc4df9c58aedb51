"""The tree: small files, packages that say what they hold, contracts that stand, nothing of one machine in it."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.house.checkout import ROOT, files, named, short, texts

LONGEST = 400
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OURS = set(PROJECT["tool"]["importlinter"]["root_packages"])
FOREIGN = ("/" + "work/", "/t" + "mp/uvenv", "py" + "pi.", "registry" + ".npm", "files.python" + "hosted")
"""Paths of one machine and hosts of package registries, in pieces so that this file names none."""


def test_no_python_file_is_longer_than_one_reading() -> None:
    lengths = {short(path): len(path.read_text("utf-8").splitlines()) for path in named(".py")}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
    assert {name.partition("/")[0] for name in lengths} >= OURS


def test_every_package_says_what_lives_there() -> None:
    packages = [path for path in named("__init__.py") if path.name == "__init__.py"]

    assert [
        short(path) for path in packages if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ] == []
    assert {f"{name}/__init__.py" for name in OURS} <= {short(path) for path in packages}


def test_imports_run_down_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, check=False, text=True)

    contracts = len(PROJECT["tool"]["importlinter"]["contracts"])
    assert f"Contracts: {contracts} kept, 0 broken." in checked.stdout, checked.stdout[-3000:]
    assert contracts > 0


def test_whatever_is_imported_is_pinned() -> None:
    imported = {
        name for path in named(".py") if short(path).partition("/")[0] in OURS for name in _imports(path)
    }
    foreign = imported - OURS - set(sys.stdlib_module_names)
    pins = re.findall(
        r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements/run.txt").read_text("utf-8"), re.MULTILINE
    )
    pinned = {_plain(pin) for pin in pins}
    brought = packages_distributions()

    missing = {
        name for name in foreign if not pinned & {_plain(found) for found in brought.get(name, [name])}
    }

    assert missing == set()
    assert {"aiohttp", "sqlalchemy"} <= foreign


def test_nothing_in_the_tree_belongs_to_one_machine() -> None:
    looked = 0
    found = []
    for path, text in texts():
        looked += 1
        found += [f"{short(path)}: {name}" for name in FOREIGN if name in text]

    assert found == []
    assert looked > len(named(".py"))


def test_no_foreign_script_is_kept_in_the_tree() -> None:
    scripts = named(".js", ".css")

    packed = [
        short(path)
        for path in scripts
        if ".min." in path.name or max(map(len, path.read_text("utf-8").splitlines()), default=0) > LONGEST
    ]

    assert packed == []
    assert [short(path) for path in files() if "node_modules" in path.parts or "vendor" in path.parts] == []


def _imports(path: Path) -> set[str]:
    """Return the top-level names that a file imports by their full name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()

"""The documents: their links lead somewhere, and what they name is there."""

import re
import tomllib

from typer.main import get_command

from intake.channels.registry import CHANNELS
from service.cli.app import app
from tests.house.checkout import ROOT, named, short
from tests.house.settings_table import rows

LINK = re.compile(r"\]\(([^)\s#]*)(?:#[^)\s]*)?\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
FILE = re.compile(r"(?:\.\./)?[a-z_]+(?:/[\w.-]+)*/[\w-]+\.(?:py|toml|md|js|css|json|jsonl|sh)")
COMMAND = re.compile(r"\bventanilla ([a-z]+)(?: ([a-z]+))?")
HEADINGS = ["Status", "Context", "Decision", "Consequences"]
FOLDERS = {"mail": "email"}
"""Channels whose folder is not called like their word in the contract."""


def _pages() -> dict[str, str]:
    return {short(path): path.read_text("utf-8") for path in named(".md")}


def test_links_between_documents_lead_somewhere() -> None:
    links = [
        (page, target)
        for page, text in _pages().items()
        for target in LINK.findall(CODE.sub("", text))
        if target and not re.match(r"[a-z]+:", target)
    ]

    assert [(page, target) for page, target in links if not ((ROOT / page).parent / target).exists()] == []
    assert links


def test_files_that_documents_name_are_there() -> None:
    named_files = [
        (page, name)
        for page, text in _pages().items()
        for span in CODE.findall(text)
        if "\n" not in span
        for name in [span.strip("`")]
        if FILE.fullmatch(name)
    ]

    missing = [
        (page, name)
        for page, name in named_files
        if not (ROOT / name).exists() and not ((ROOT / page).parent / name).exists()
    ]

    assert missing == []
    assert named_files


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8").splitlines()
    table = [line for line in page if line.startswith("| `VENTANILLA_")]

    assert table == rows(), "python -m tests.house.settings_table prints the table"
    assert table


def test_decisions_are_numbered_and_of_one_form() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    texts = [path.read_text("utf-8") for path in decisions]

    numbers = [path.name.partition("-")[0] for path in decisions]
    assert numbers == [f"{place:04d}" for place in range(1, len(decisions) + 1)]
    assert [
        short(path)
        for path, text in zip(decisions, texts, strict=True)
        if re.findall(r"^## (.+)$", text, re.MULTILINE) != HEADINGS
    ] == []
    assert [
        short(path)
        for path, number, text in zip(decisions, numbers, texts, strict=True)
        if not text.startswith(f"# {number}: ")
    ] == []
    assert decisions


def test_the_list_of_documents_has_them_all() -> None:
    index = (ROOT / "docs/README.md").read_text("utf-8")
    listed = {(ROOT / "docs" / target).resolve() for target in LINK.findall(index) if target}

    pages = {path for path in named(".md") if ROOT / "docs" in path.parents} - {ROOT / "docs/README.md"}

    assert sorted(short(path) for path in pages - listed) == []


def test_every_dependency_has_its_reason() -> None:
    decision = (ROOT / "docs/decisions/0007-dependencies.md").read_text("utf-8")
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = [re.split(r"[^A-Za-z0-9_.-]", line, maxsplit=1)[0] for line in declared]

    assert [name for name in names if f"`{name}`" not in decision] == []
    assert names


def test_every_channel_has_a_page_and_a_readme() -> None:
    folders = sorted(path.parent for path in (ROOT / "intake/channels").glob("*/translate.py"))

    assert {FOLDERS.get(folder.name, folder.name) for folder in folders} == set(CHANNELS)
    wanted = [
        path
        for folder in folders
        for path in (folder / "README.md", ROOT / f"docs/channels/{folder.name}.md")
    ]
    assert [short(path) for path in wanted if not path.is_file()] == []


def test_commands_that_documents_name_are_there() -> None:
    commands = getattr(get_command(app), "commands")  # noqa: B009 - typer's type does not say that it is a group
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    unknown, looked = [], 0
    for page, text in _pages().items():
        for span in CODE.findall(text):
            for word in re.findall(r"^`*make ([a-z-]+)", span, re.MULTILINE):
                looked += 1
                unknown += [(page, f"make {word}")] if word not in targets else []
            for word, second in COMMAND.findall(span):
                looked += 1
                group = getattr(commands.get(word), "commands", None)
                if word not in commands or (group is not None and second and second not in group):
                    unknown.append((page, f"ventanilla {word} {second}".strip()))

    assert unknown == []
    assert looked
    assert {"run", "test"} <= set(
        re.findall(r"^make ([a-z]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    )

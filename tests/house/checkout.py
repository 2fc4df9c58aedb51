"""What is in the checkout: every file that git tracks or would add, and the text of those that are text."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Return the tracked files and the new ones that git does not ignore."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - the git of whoever runs the tests
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = (ROOT / name for name in sorted(set(listed.stdout.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def named(*endings: str) -> list[Path]:
    """Return the files whose names end so; there are some."""
    found = [path for path in files() if path.name.endswith(endings)]
    assert found, f"no file ends in {endings}"
    return found


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every file that is UTF-8 text."""
    for path in files():
        try:
            yield path, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def short(path: Path) -> str:
    """Name a file as seen from the checkout."""
    return path.relative_to(ROOT).as_posix()

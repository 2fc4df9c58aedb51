"""The changelog's fragments: one a change, named after its issue, in a sentence."""

import re
import tomllib

from tests.house.checkout import ROOT

TOWNCRIER = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
KINDS = "|".join(kind["directory"] for kind in TOWNCRIER["type"])
NAME = re.compile(rf"(\d+|\+[a-z0-9-]+)\.({KINDS})(\.\d+)?\.md")
START = "<!-- towncrier release notes start -->"


def test_fragments_are_named_and_written_as_towncrier_reads_them() -> None:
    changelog = (ROOT / TOWNCRIER["filename"]).read_text("utf-8")
    fragments = [path for path in (ROOT / TOWNCRIER["directory"]).iterdir() if not path.name.startswith(".")]

    assert [path.name for path in fragments if not NAME.fullmatch(path.name)] == []
    assert [path.name for path in fragments if not re.fullmatch(r"\S.*[.)]\n", path.read_text("utf-8"))] == []
    assert changelog.count(START) == 1
    assert fragments or "\n## " in changelog

"""Two versions of a text, line by line."""

import difflib
from dataclasses import dataclass
from enum import StrEnum


class Change(StrEnum):
    """What became of a line."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison."""

    change: Change
    text: str


def compare(old: str, new: str) -> list[Line]:
    """Return the lines of both texts in reading order, each marked by which of them has it."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, start_new, end_new in matcher.get_opcodes():
        if kind == "equal":
            lines.extend(Line(Change.SAME, text) for text in before[start:end])
            continue
        lines.extend(Line(Change.REMOVED, text) for text in before[start:end])
        lines.extend(Line(Change.ADDED, text) for text in after[start_new:end_new])
    return lines

"""The new text of a reply, without the quoted mail and the signature (RFC 3676, 4.3 and 4.5)."""

import re

from intake.channels.mail.clients import (
    ADDRESSED,
    ANSWER_SUBJECT,
    CLOSER,
    DATED,
    DIVIDER,
    FORWARD_SUBJECT,
    FORWARDED,
    LABEL,
    LEGAL,
    OPENING,
    SENT_FROM,
    TIMED,
    WROTE,
)
from intake.channels.mail.markup import ANSWERED

_QUOTED = re.compile(r"\s{0,3}(?:>|&gt;)")
_RULE = re.compile(r"^[\s>]*[-_=*\u2013\u2014]{3,}\s*$")
_COLON = re.compile(r"[:：][\s*_\u200e\u200f\u202a-\u202e\u2066-\u2069]*$")
_SIGNATURE = re.compile(r"^\s?(?:--|__|—|––|\*--\*)\s*$")
_NAME = re.compile(r"^[-–—](?:[A-ZÁÉÍÓÚÑÄÖÜ][\w.]*)(?: [A-ZÁÉÍÓÚÑÄÖÜ][\w.]*){0,3}$")
_FOOTER = re.compile(r"^_{30,}$")
LONGEST_SHAPE = 600
LONGEST_NOTICE = 4000
MOST_LINES = 10_000
"""Longer lines and texts are read no further for marks of quotations."""
LONGEST_ATTRIBUTION = 500
LINES_OF_ATTRIBUTION = 5
LINES_OF_SIGNATURE = 20
LABELS_OF_BLOCK = 3
LINES_OF_VALUE = 3


def new_text(text: str, subject: str | None = None, *, answers: bool = False) -> str:
    """Return what the person wrote now; the whole text where nothing would be left.

    Answers between quoted lines stay, the lines that they answer go. What is forwarded is content and stays.
    `answers` says that the mail refers to an earlier one.
    """
    lines = text.split("\n")
    shapes = [line[:LONGEST_SHAPE] for line in lines[:MOST_LINES]]
    forwarded = bool(FORWARD_SUBJECT.match(subject or ""))
    answers = answers or bool(ANSWER_SUBJECT.match(subject or ""))
    own, whole = _own_segments(shapes, forwarded=forwarded, answers=answers)
    if whole:
        own[-1] += range(len(shapes), len(lines))
        shapes += lines[MOST_LINES:]
    kept = ("\n".join(lines[number] for number in _unsigned(shapes, segment)) for segment in own)
    found = "\n\n".join(stripped for segment in kept if (stripped := segment.strip("\n")))
    return (found if found.strip() else text.strip("\n")).replace(ANSWERED, "")


def _own_segments(lines: list[str], *, forwarded: bool, answers: bool) -> tuple[list[list[int]], bool]:
    """Return the runs of line numbers outside every quotation, and whether what follows the lines is outside too."""
    segments: list[list[int]] = [[]]
    place = 0
    while place < len(lines):
        if FORWARDED.match(lines[place]) and not _QUOTED.match(lines[place]):
            segments[-1] += range(place, len(lines))
            return segments, True
        begun = None if forwarded else _begins(lines, place, answers=answers)
        if begun is not None:
            answers = True
            after = _next_said(lines, begun)
            if after is None or not _QUOTED.match(lines[after]):
                return segments, False
            place = after
            segments.append([])
        elif _QUOTED.match(lines[place]):
            end = _end_of_quote(lines, place)
            if not forwarded and (answers or end - place > 1):
                segments.append([])
            else:
                segments[-1] += range(place, end)
            place = end
        else:
            segments[-1].append(place)
            place += 1
    return segments, True


def _next_said(lines: list[str], place: int) -> int | None:
    return next((number for number in range(place, len(lines)) if lines[number].strip()), None)


def _end_of_quote(lines: list[str], place: int) -> int:
    while place < len(lines) and _QUOTED.match(lines[place]):
        place += 1
    return place


def _begins(lines: list[str], place: int, *, answers: bool) -> int | None:
    """Return the end of the lines that introduce a quoted mail, if they begin here."""
    if _QUOTED.match(lines[place]):
        return None
    if lines[place].startswith(ANSWERED) or DIVIDER.match(lines[place]):
        following = _next_said(lines, place + 1)
        end = None if following is None else _introduction(lines, following, answers=True)
        return place + 1 if end is None else end
    return _introduction(lines, place, answers=answers)


def _introduction(lines: list[str], place: int, *, answers: bool) -> int | None:
    end = _header_block(lines, place, answers=answers)
    return _attribution(lines, place) if end is None else end


def _header_block(lines: list[str], place: int, *, answers: bool) -> int | None:
    """Return the end of a block like "De: … Enviado: … Para: … Asunto: …", or None where there is none.

    A letter begins so too; in a mail that answers none, the block must name a mail address or a time of day.
    """
    first = LABEL.match(lines[place])
    if first is None or first.lastgroup not in ("from", "date", "to", "subject"):
        return None
    kinds: set[str] = set()
    end = blank = loose = 0
    for number in range(place, min(place + 16, len(lines))):
        line = lines[number]
        label = LABEL.match(line)
        if label is not None and label.lastgroup:
            kinds.add(label.lastgroup)
            end = number + 1
            blank = loose = 0
        elif not line.strip():
            blank += 1
        else:
            loose += 1
        if blank > 1 or loose > LINES_OF_VALUE or (blank and loose):
            break
    if "from" not in kinds or len(kinds - {"copy"}) < LABELS_OF_BLOCK:
        return None
    block = " ".join(lines[place:end])
    return end if answers or ADDRESSED.search(block) or TIMED.search(block) else None


def _attribution(lines: list[str], place: int) -> int | None:
    """Return the end of an attribution that begins at a line, "El …, alguien escribió:", or None.

    It may be broken over several lines. A sentence that merely ends in a colon is none: it needs a verb of writing
    and a date, or a date and an address, or quoted lines right after it.
    """
    joined = ""
    for number in range(place, min(place + LINES_OF_ATTRIBUTION, len(lines))):
        line = lines[number].strip()
        if (
            not line
            or len(joined) + len(line) > LONGEST_ATTRIBUTION
            or (number > place and _QUOTED.match(lines[number]))
        ):
            return None
        joined = f"{joined} {line}".strip()
        if not _COLON.search(line):
            continue
        after = _next_said(lines, number + 1)
        quoted = after is not None and _QUOTED.match(lines[after]) is not None
        verb = WROTE.search(joined) is not None
        dated = DATED.search(joined) is not None
        addressed = ADDRESSED.search(joined) is not None
        timed = TIMED.search(joined) is not None
        opened = OPENING.match(joined) is not None
        if number > place and not opened:
            return None
        if verb and (quoted or (dated and (opened or addressed or timed)) or (addressed and opened)):
            return number + 1
        if dated and ((addressed and (timed or quoted)) or (quoted and timed)):
            return number + 1
        if not opened:
            return None
    return None


def _unsigned(lines: list[str], segment: list[int]) -> list[int]:
    """Return a run of lines without the signature, what telephones add, legal notices and rules at its end."""
    said = [number for number in segment if lines[number].strip()]
    for place, number in enumerate(said):
        signed = _SIGNATURE.match(lines[number]) and len(said) - place - 1 <= LINES_OF_SIGNATURE
        listed = _FOOTER.match(lines[number]) and any(
            "mailing list" in lines[n].lower() for n in said[place + 1 : place + 3]
        )
        if signed or listed:
            said = said[:place]
            break
    said = [number for number in said if not SENT_FROM.match(lines[number])]
    while said:
        paragraph = _last_paragraph(said)
        if any(mark.match(lines[said[-1]]) for mark in (_RULE, _NAME)) or lines[said[-1]].startswith(
            ANSWERED
        ):
            said.pop()
        elif len(paragraph) < len(said) and _is_notice(" ".join(lines[number] for number in paragraph)):
            said = said[: -len(paragraph)]
        else:
            break
    own = set(said)
    return [
        number
        for number in segment
        if said and number <= said[-1] and (number in own or not lines[number].strip())
    ]


def _last_paragraph(said: list[int]) -> list[int]:
    """Return the line numbers at the end that follow one another without an empty line."""
    start = len(said) - 1
    while start > 0 and said[start - 1] == said[start] - 1:
        start -= 1
    return said[start:]


def _is_notice(paragraph: str) -> bool:
    return bool(CLOSER.match(paragraph) and LEGAL.search(paragraph[:LONGEST_NOTICE]))

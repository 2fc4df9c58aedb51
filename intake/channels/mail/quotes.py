"""The new text of a reply, without the quoted mail and the signature (RFC 3676, 4.3 and 4.5)."""

import re

from intake.channels.mail.clients import (
    ABOVE,
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
    SHORT_NOTICE,
    TIMED,
    TOLD,
    WROTE,
    signs,
)
from intake.channels.mail.markup import ANSWERED

_QUOTED = re.compile(r"\s{0,3}(?:>|&gt;)(?!.*<<\s*$)")
_OPEN_LINK = re.compile(r"[(<]https?://[^\s()<>]*$")
_LINK_ENDS = re.compile(r"\s*[^\s()<>]+[)>]\s*$")
_RULE = re.compile(r"^[\s>]*[-_=*\u2010-\u2015]{3,}\s*$")
_BARE = re.compile(r"^(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2}[^<>]{1,80}<[^<>\s@]+@[^<>\s]+>$")
_SOMEBODY = re.compile(r"^[^<>:]{1,100}<[^<>\s@]+@[^<>\s]+>\s+")
_BEGINS = re.compile(r"^\s*(?:On|El|Em|Le|Il|Am|Op|Den|Dnia) (?:[A-Za-zÀ-ÿ]{2,9}[.,]* ){0,3}\d")
_SHARED = re.compile(
    r"^([^<>@]*?[^\s<>@-])(?:\s*-{2,}\s*|\s+)"
    r"((?:On|El|Em|Le|Il|Am|Op) (?:[A-Za-zÀ-ÿ]{2,9}[.,]* ){0,3}\d.*)$"
)
"""An answer and, on its line, the attribution of what it answers."""

_COLON = re.compile(r"[:：][\s*_\u200e\u200f\u202a-\u202e\u2066-\u2069]*$")
_SIGNATURE = re.compile(r"^\s?(?:--|__|—|––|\*--\*)\s*$")
_NAME = re.compile(r"^[-–—](?:[A-ZÁÉÍÓÚÑÄÖÜ][\w.]*)(?: [A-ZÁÉÍÓÚÑÄÖÜ][\w.]*){1,3}$")
_FOOTER = re.compile(r"^_{30,}$")
LONGEST_SHAPE = 600
LONGEST_NOTICE = 4000
SHORTEST_NOTICE = 120
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
    lines = _parted(text.split("\n"))
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


def _parted(lines: list[str]) -> list[str]:
    """Put an attribution that begins behind somebody's words on a line of its own, where quoted lines follow."""
    parted: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        may = (
            line.endswith(":")
            and len(line) <= LONGEST_SHAPE
            and WROTE.search(line)
            and not _QUOTED.match(line)
        )
        shared = _SHARED.match(line) if may and _QUOTED.match(following[:LONGEST_SHAPE]) else None
        parted += [shared[1], shared[2]] if shared else [line]
    return parted


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
        # A client that breaks long lines may leave the end of a quoted link without its mark.
        if place < len(lines) and _OPEN_LINK.search(lines[place - 1]) and _LINK_ENDS.match(lines[place]):
            place += 1
    return place


def _begins(lines: list[str], place: int, *, answers: bool) -> int | None:
    """Return the end of the lines that introduce a quoted mail, if they begin here."""
    if _QUOTED.match(lines[place]):
        return None
    if lines[place].startswith(ANSWERED) or DIVIDER.match(lines[place]) or ABOVE.match(lines[place]):
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
    first = lines[place].strip()
    if _BARE.match(first):
        return place + 1 if _quote_follows(lines, place + 1) else None
    if first.startswith("--") and first.endswith("--"):
        inside = first.strip("- ")
        ends_so = any(verb.end() == len(inside) for verb in WROTE.finditer(inside))
        return (
            place + 1
            if ends_so and _introduces(inside, first, quoted=_quote_follows(lines, place + 1))
            else None
        )
    joined = ""
    for number in range(place, min(place + LINES_OF_ATTRIBUTION, len(lines))):
        line = lines[number].strip()
        goes_on = number > place
        if not line or len(joined) + len(line) > LONGEST_ATTRIBUTION or (goes_on and _another(lines[number])):
            break
        joined = f"{joined} {line}".strip()
        if _COLON.search(line):
            quoted = _quote_follows(lines, number + 1)
            opened = _opens(joined, first, quoted=quoted)
            if (opened or not goes_on) and _introduces(joined, first, quoted=quoted):
                return number + 1
            if not opened:
                break
    return None


def _another(line: str) -> bool:
    """Say whether a line is quoted or begins an attribution of its own, so that it goes on with none."""
    return _QUOTED.match(line) is not None or _BEGINS.match(line) is not None


def _quote_follows(lines: list[str], place: int) -> bool:
    after = _next_said(lines, place)
    return after is not None and _QUOTED.match(lines[after]) is not None


def _opens(joined: str, first: str, *, quoted: bool) -> bool:
    """Say whether a text begins as attributions do: "On 3 March", or "Ana <ana@…> wrote" with a date or quoted lines."""
    if OPENING.match(joined):
        return True
    name = _SOMEBODY.match(first) if quoted or DATED.search(joined) else None
    return name is not None and WROTE.match(first, name.end()) is not None


def _introduces(joined: str, first: str, *, quoted: bool) -> bool:
    verb = WROTE.search(joined) is not None and (quoted or not TOLD.search(joined))
    dated = DATED.search(joined) is not None
    addressed = ADDRESSED.search(joined) is not None
    timed = TIMED.search(joined) is not None
    opened = _opens(joined, first, quoted=quoted)
    if verb and (quoted or (dated and (opened or addressed or timed)) or (addressed and opened)):
        return True
    return dated and ((addressed and (timed or quoted)) or (quoted and timed))


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
    said = [number for number in said if not signs(lines[number])]
    while said:
        paragraph = _last_paragraph(said)
        last = lines[said[-1]]
        listed = len(said) > 1 and lines[said[-2]].lstrip().startswith(("-", "–", "—"))
        if _RULE.match(last) or (_NAME.match(last) and not listed) or last.startswith(ANSWERED):
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
    """Say whether a paragraph is what institutions and scanners put below a mail; a short one must be one of theirs."""
    begun = paragraph[:LONGEST_NOTICE]
    if len(paragraph) < SHORTEST_NOTICE:
        return bool(CLOSER.match(paragraph) and SHORT_NOTICE.search(begun))
    return bool(CLOSER.match(paragraph) and LEGAL.search(begun))

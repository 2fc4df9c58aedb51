"""Whom a mail is from, as the field really reads (RFC 5322, 3.4)."""

import re
from dataclasses import dataclass

from intake.channels.mail.charsets import decode
from intake.channels.mail.fields import decode_words
from intake.channels.mail.text import one_line

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_ATOM = r"[^\s<>()\[\],;:\"\\@]+"
_SPEC = re.compile(rf"(?:{_QUOTED}|{_ATOM})@(?:\[[^\]\s]*\]|{_ATOM})")
_ANGLE = re.compile(rf"<\s*(?:mailto:\s*)?((?:{_QUOTED}|[^<>\"])*?)\s*(?:>|$)", re.IGNORECASE)
_PIECES = re.compile(rf"{_QUOTED}|\((?:[^()\\]|\\.)*\)|<[^<>]*>?|[,;]|[^\",;(<]+|.", re.DOTALL)
LONGEST = 320


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address in lower case and the name beside it; the address may lack a domain (`mailer-daemon`)."""

    address: str
    name: str | None


def mailboxes(value: bytes, hint: str = "") -> list[Mailbox]:
    """Return the mailboxes of an address field; groups are dissolved, what names no address is left out."""
    raw = one_line(decode(value, hint=hint))
    if raw.endswith(";"):
        raw = re.sub(r"^[^:<@]*:", "", raw)
    found = [box for piece in _pieces(raw) for one in _apart(piece) if (box := _mailbox(one)) is not None]
    if not found and "=?" in raw:
        found = [box for piece in _pieces(decode_words(raw)) if (box := _mailbox(piece)) is not None]
    return found


def _pieces(raw: str) -> list[str]:
    """Cut a list at the commas and semicolons that stand in no quotes, comment or brackets."""
    pieces, current = [], ""
    for piece in _PIECES.findall(raw):
        if piece in ",;":
            pieces.append(current)
            current = ""
        else:
            current += piece
    pieces.append(current)
    whole: list[str] = []
    for listed in filter(str.strip, pieces):
        # "Pérez, Juan <juan@…>" without quotes: a piece with no address belongs to the next one.
        if whole and "@" not in whole[-1] and "<" not in whole[-1]:
            whole[-1] += "," + listed
        else:
            whole.append(listed)
    return whole


def _mailbox(piece: str) -> Mailbox | None:
    angles = [found for found in _ANGLE.finditer(piece) if found[1].strip()]
    if angles:
        chosen = next((found for found in reversed(angles) if "@" in found[1]), angles[-1])
        route = re.sub(r"^@[^:]*:", "", chosen[1].strip())
        spec = _SPEC.search(route)
        address = spec[0] if spec else "".join(route.split())
        name = _name(piece[: angles[0].start()]) or _name(piece[chosen.end() :])
        return _box(address, name)
    bare = re.sub(r"\bmailto:", "", re.sub(r"\((?:[^()\\]|\\.)*\)", "", piece))
    spec = _SPEC.search(bare)
    comment = re.search(r"\(((?:[^()\\]|\\.)*)\)", piece)
    if spec:
        beside = bare.replace(spec[0], " ").strip(" []:<>'")
        return _box(spec[0], _name(comment[1]) if comment else _name(beside))
    word = bare.strip()
    if word and re.fullmatch(r"[\w.+-]+", word):
        return _box(word, _name(comment[1]) if comment else None)
    return None


def _apart(piece: str) -> list[str]:
    """Cut a piece where a name and another address follow an address: somebody forgot the comma between two mailboxes."""
    apart = []
    begun = 0
    last: re.Match[str] | None = None
    for found in _ANGLE.finditer(piece):
        if "@" not in found[1]:
            continue
        if last is not None and re.search(r"\w", piece[last.end() : found.start()]):
            apart.append(piece[begun : last.end()])
            begun = last.end()
        last = found
    return [*apart, piece[begun:]]


def _box(address: str, name: str | None) -> Mailbox | None:
    address = (
        one_line(decode_words(address)).strip("'\"<>. ").lower()
        if "=?" in address
        else address.strip("'<>.").lower()
    )
    if not address:
        return None
    if name is not None and name.lower() == address:
        name = None
    return Mailbox(address[:LONGEST], name)


def _name(raw: str) -> str | None:
    """Return a display name without quotes and comments, decoded."""
    raw = raw.strip().rstrip(":<").strip()
    if found := re.fullmatch(r'"((?:[^"\\]|\\.)*)"?', raw):
        raw = re.sub(r"\\(.)", r"\1", found[1])
    name = one_line(decode_words(raw))
    if found := re.fullmatch(r'"(.*)"|\'(.*)\'', name):
        name = found[1] or found[2] or ""
    name = name.replace('\\"', '"').strip()
    return name or None


def without_detail(address: str) -> str:
    """Return an address in lower case without what stands behind a plus (RFC 5233)."""
    return re.sub(r"\+[^@]*(?=@)", "", address.lower(), count=1)

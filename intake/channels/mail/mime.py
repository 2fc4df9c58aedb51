"""A mail's bytes as a tree of parts (RFC 2045, RFC 2046), read as tolerantly as mail clients do."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.channels.channel import CannotUnderstand
from intake.channels.mail.charsets import decode
from intake.channels.mail.fields import loose_base64, parameters

MAX_PARTS = 1000
MAX_DEPTH = 50
MAX_FIELDS = 5000
MAX_BROKEN = 50
MAX_VALUE = 65_536

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_PARAMETER = re.compile(rb"[A-Za-z][\w*-]{1,40}[ \t]*=")
_LINE = re.compile(rb"([^\n]*)(\n|\Z)")
_GUESS = re.compile(rb"\A\s*--([^\r\n]{1,200}?)[ \t]*\r?\n(?=[A-Za-z-]+:|\r?\n)")


@dataclass(frozen=True, slots=True)
class Fields:
    """Header fields in their order, names in lower case, values unfolded and otherwise as they came."""

    items: tuple[tuple[str, bytes], ...]

    def all(self, name: str) -> list[bytes]:
        """Return every value of a field."""
        return [value for known, value in self.items if known == name]

    def first(self, name: str) -> bytes:
        """Return a field's first value that is not empty, or nothing."""
        return next((value for value in self.all(name) if value), b"")


@dataclass(frozen=True, slots=True)
class Part:
    """One entity; `body` are its bytes before the transfer encoding is undone, `parts` what it consists of."""

    fields: Fields
    media: str
    parameters: dict[str, str]
    body: bytes
    parts: tuple["Part", ...] = field(default=())

    def walk(self) -> Iterator["Part"]:
        """Yield this part and all below it, in their order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def content(self) -> bytes:
        """The bytes with the transfer encoding undone (RFC 2045, 6)."""
        return unwrap(self.body, self.fields.first("content-transfer-encoding"))

    @property
    def disposition(self) -> tuple[str, dict[str, str]]:
        """The Content-Disposition and its parameters (RFC 2183)."""
        return parameters(self.fields.first("content-disposition"))

    def text(self, hint: str = "") -> str:
        """Return the content as text, in whatever charset it is."""
        return decode(self.content, self.parameters.get("charset", ""), hint)


def parse(mail: bytes) -> Part:
    """Read a mail; CannotUnderstand if it has more than 1,000 parts or is nested more than 50 deep."""
    if b"\n" not in mail or b"\r\r\n" in mail:
        mail = mail.replace(b"\r\r\n", b"\r\n")
        if b"\n" not in mail:
            mail = mail.replace(b"\r", b"\n")
    fields, body = split_head(mail)
    return _part(fields, body, "text/plain", 0, [0])


def split_head(mail: bytes) -> tuple[Fields, bytes]:
    """Return a whole mail's fields and body; what comes before the first field (mbox line, empty lines) is skipped."""
    start = re.match(rb"(?:\xef\xbb\xbf|\s)*(?:>?From [^\n]*\n\s*)?", mail)
    return head(mail[start.end() :] if start else mail, top=True)


def head(entity: bytes, *, top: bool = False) -> tuple[Fields, bytes]:
    """Split an entity at its first empty line.

    A line that is neither a field nor folded belongs to the field before it when fields follow it (a mailer that
    forgot to fold), else the body starts there (a mailer that forgot the empty line).
    """
    items: list[tuple[str, list[bytes]]] = []
    position = broken = 0
    while position < len(entity) and len(items) < MAX_FIELDS:
        found = _LINE.match(entity, position)
        line = found[1].rstrip(b"\r") if found else b""
        end = found.end() if found else len(entity)
        if not line:
            position = end
            break
        if line[:1] in b" \t":
            if not line.strip() and not (
                _looks_like_field(entity, end) or (top and _fields_follow(entity, end))
            ):
                position = end
                break
            if items:
                items[-1][1].append(line.strip())
        elif named := _FIELD.fullmatch(line):
            items.append((named[1].decode("ascii").lower(), [named[2].strip()]))
        elif items and (
            (items[-1][1][-1].endswith(b";") and _PARAMETER.match(line))
            or (top and (broken := broken + 1) <= MAX_BROKEN and _fields_follow(entity, end))
        ):
            items[-1][1].append(line.strip())
        else:
            break
        position = end
    fields = Fields(tuple((name, b" ".join(filter(None, lines))[:MAX_VALUE]) for name, lines in items))
    return fields, entity[position:]


def _looks_like_field(entity: bytes, start: int) -> bool:
    return re.compile(rb"[ \t]*[A-Za-z][\w-]*[ \t]*:").match(entity, start) is not None


def _fields_follow(entity: bytes, start: int) -> bool:
    """Say whether a known field comes before the next empty line."""
    known = rb"(?i)^(?:from|to|cc|date|subject|message-id|mime-version|content-[a-z-]+|received|reply-to|x-[\w-]+)[ \t]*:"
    block = re.split(rb"\n\r?\n", entity[start : start + 65_536], maxsplit=1)[0]
    return re.search(known, block, re.MULTILINE) is not None


def _part(fields: Fields, body: bytes, default: str, depth: int, count: list[int]) -> Part:
    count[0] += 1
    if count[0] > MAX_PARTS:
        raise CannotUnderstand(f"El correo tiene más de {MAX_PARTS} partes.")
    if depth > MAX_DEPTH:
        raise CannotUnderstand(f"El correo tiene partes anidadas a más de {MAX_DEPTH} niveles.")
    media, found = _media(fields, default)
    if media.startswith("multipart/"):
        inner = "message/rfc822" if media == "multipart/digest" else "text/plain"
        raw = unwrap(body, fields.first("content-transfer-encoding"))
        entities = _split(raw, found.get("boundary", ""))
        if entities:
            parts = tuple(_part(*head(entity), inner, depth + 1, count) for entity in entities)
            return Part(fields, media, found, b"", parts)
        return Part(fields, "text/plain", {}, body)
    return Part(fields, media, found, body)


def _media(fields: Fields, default: str) -> tuple[str, dict[str, str]]:
    """Return the media type, reading what some mailers write instead of one (RFC 2045, 5.2)."""
    for value in fields.all("content-type"):
        media, found = parameters(value)
        media = re.sub(r"\s*/\s*", "/", media).split(" ")[0].split(",")[0]
        if re.fullmatch(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", media):
            return media, found
        if media in ("text", "html", "plain"):
            return ("text/html" if media == "html" else "text/plain"), found
        if media.startswith("multipart") and found.get("boundary"):
            return "multipart/mixed", found
        if found:
            return default, found
    return default, {}


def _split(body: bytes, boundary: str) -> list[bytes]:
    """Return the entities between the delimiters (RFC 2046, 5.1.1); a missing end or boundary parameter is forgiven."""
    mark = boundary.encode("utf-8", "surrogateescape")
    spots = list(_delimiters(body, mark)) if mark else []
    if not spots and (guess := _GUESS.match(body)):
        spots = list(_delimiters(body, guess[1]))
    entities = []
    for place, spot in enumerate(spots):
        closing = spot[1] is not None
        if closing and place == len(spots) - 1:
            break
        end = spots[place + 1].start() if place + 1 < len(spots) else len(body)
        entity = body[spot.end() : end]
        if closing and not entity.strip():
            continue
        entities.append(_without_last_line_end(entity))
    return entities


def _delimiters(body: bytes, mark: bytes) -> Iterator[re.Match[bytes]]:
    return re.compile(rb"^--" + re.escape(mark) + rb"(--)?[ \t]*(?:\r?\n|\Z)", re.MULTILINE).finditer(body)


def _without_last_line_end(entity: bytes) -> bytes:
    if entity.endswith(b"\r\n"):
        return entity[:-2]
    return entity[:-1] if entity.endswith(b"\n") else entity


def unwrap(body: bytes, encoding: bytes) -> bytes:
    """Undo a transfer encoding (RFC 2045, 6); an unknown or wrong one leaves the bytes as they are."""
    name = encoding.lower().strip().strip(b"\"'").split(b";")[0].strip()
    if name.startswith((b"quoted-print", b"quotedprint", b"qp")):
        return _quoted_printable(body)
    if name.startswith(b"base64") or name == b"b":
        lines = re.split(rb"\r?\n\r?\n", body.strip(), maxsplit=1)
        decodable = body if len(lines) == 1 or not re.search(rb"[^A-Za-z0-9+/=\s]", lines[1]) else lines[0]
        return loose_base64(decodable) if _is_base64(decodable) else body
    if name in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        from_uu = uudecode(body)
        return body if from_uu is None else from_uu[1]
    return body


def _is_base64(body: bytes) -> bool:
    sample = re.sub(rb"\s", b"", body[:4096])
    return len(re.findall(rb"[A-Za-z0-9+/=]", sample)) * 20 >= len(sample) * 19


def _quoted_printable(body: bytes) -> bytes:
    """Decode quoted-printable (RFC 2045, 6.7), leaving alone every `=` that encodes nothing."""
    body = re.sub(rb"=[ \t]+(?=\r?\n)", b"=", body)
    body = re.sub(rb"=[ \t]*\Z", b"", body)
    return binascii.a2b_qp(re.sub(rb"=(?![0-9A-Fa-f]{2}|\r?\n)", b"=3D", body))


_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]+)\r?\n(?=M|[ -`]{2,61}\r?\n)", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)


def uudecode(body: bytes) -> tuple[bytes, bytes, tuple[int, int]] | None:
    """Return the name, the content and the place of the first uuencoded file in a body, or None."""
    begin = _UU_BEGIN.search(body)
    end = _UU_END.search(body, begin.end()) if begin else None
    if begin is None or end is None:
        return None
    lines = (line.rstrip(b"\r\n") for line in body[begin.end() : end.start()].split(b"\n"))
    content = b"".join(_uu_line(line) for line in lines if line)
    return begin[1].strip(), content, (begin.start(), end.end())


def _uu_line(line: bytes) -> bytes:
    length = (line[0] - 32) & 63
    needed = line[: 1 + (length + 2) // 3 * 4]
    try:
        return binascii.a2b_uu(needed)
    except binascii.Error:
        return b""

"""What a mail says and what it carries: the parts that are its text, and those that are files."""

import mimetypes
import re
from dataclasses import dataclass

from cases.model import Attachment
from intake.channels.mail.charsets import decode
from intake.channels.mail.fields import header_text, parameters
from intake.channels.mail.markup import html_text
from intake.channels.mail.mime import Part, split_head, uudecode
from intake.channels.mail.text import storable, tidy

NOTICE_LENGTH = 300
MAX_UUENCODED = 100
LONGEST_NAME = 100
_PATH = re.compile(r"[A-Za-z]:[/\\]|[/\\]|\.{1,2}[/\\]|~[/\\]|file:")
_READABLE = ("text/plain", "text/html")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_NAMES = {
    "message/rfc822": "mensaje.eml",
    "text/calendar": "invitacion.ics",
    "application/ms-tnef": "winmail.dat",
    "application/vnd.ms-tnef": "winmail.dat",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.asc",
    "application/pgp-keys": "clave.asc",
    "message/delivery-status": "informe-de-entrega.txt",
    "text/rfc822-headers": "encabezados.txt",
    "message/disposition-notification": "acuse.txt",
    "text/vcard": "contacto.vcf",
    "text/x-vcard": "contacto.vcf",
}


@dataclass(frozen=True, slots=True)
class Body:
    """A mail's own text, whole, with the HTML that it came in if any, and its files."""

    text: str
    html: str | None
    attachments: tuple[Attachment, ...]


def read_body(mail: Part) -> Body:
    """Find the text of a mail and its files; what is not text a person reads is a file (RFC 2183, 2.10)."""
    texts: list[Part] = []
    files: list[Part] = []
    _sort(mail, texts, files)
    pieces: list[str] = []
    html: list[str] = []
    attachments: list[Attachment] = []
    hint = next((part.parameters["charset"] for part in texts if part.parameters.get("charset")), "")
    for part in texts:
        if part.media == "text/html":
            source = part.text(_declared(part) or hint)
            html.append(source)
            pieces.append(tidy(html_text(source)))
        else:
            content = _without_uuencoded(part.content, attachments)
            pieces.append(tidy(part_text(part, content, hint)))
    attachments += [_attachment(part, number) for number, part in enumerate(files, 1)]
    text = tidy("\n\n".join(piece for piece in pieces if piece.strip()))
    return Body(text, "\n".join(html) or None, tuple(attachments))


def part_text(part: Part, content: bytes, hint: str) -> str:
    """Return a plain part's text; HTML that calls itself plain is read as HTML."""
    text = decode(content, part.parameters.get("charset", ""), hint)
    if re.match(r"\s*(?:<!doctype html|<html[\s>])", text, re.IGNORECASE):
        return html_text(text)
    if part.parameters.get("format", "").lower() == "flowed":
        return unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return text


def _sort(part: Part, texts: list[Part], files: list[Part]) -> None:
    if part.parts:
        if part.media == "multipart/alternative":
            _choose(part, texts, files)
        elif part.media in ("multipart/related", "multipart/signed"):
            _sort(part.parts[0], texts, files)
            for other in part.parts[1:]:
                _sort(other, texts, files) if other.parts else files.append(other)
        else:
            for inner in part.parts:
                _sort(inner, texts, files)
    elif _is_text(part):
        texts.append(part)
    elif part.body.strip() or _given_name(part):
        files.append(part)


def _choose(part: Part, texts: list[Part], files: list[Part]) -> None:
    """Take the plain alternative if it says anything, else the HTML one; files among them stay files."""
    options: list[tuple[str, list[Part]]] = []
    for inner in part.parts:
        found: list[Part] = []
        _sort(inner, found, files)
        if found:
            options.append((found[0].media, found))
    plain = [found for media, found in options if media == "text/plain"]
    said = [found for found in plain if any(_says(piece) for piece in found)]
    chosen = said or [found for media, found in options if media == "text/html"] or plain
    if chosen:
        texts += chosen[0]


def _says(part: Part) -> bool:
    text = part.text().strip()
    notice = len(text) < NOTICE_LENGTH and re.search(
        r"\b(?:support|display|view|soporta|admite|ver)\w*\b.*\bHTML\b", text, re.IGNORECASE
    )
    return part.media == "text/html" or bool(text and not notice)


def _is_text(part: Part) -> bool:
    disposition, _ = part.disposition
    if part.media not in _READABLE or disposition == "attachment":
        return False
    name = _given_name(part)
    return name is None or (disposition != "inline" and "." not in name)


def _given_name(part: Part) -> str | None:
    """Return the file name that a part states, whichever way (RFC 2183, 2.3)."""
    _, found = part.disposition
    _, typed = parameters(part.fields.first("content-type"))
    location = header_text(part.fields.first("content-location"))
    description = header_text(part.fields.first("content-description"))
    stated = (
        found.get("filename"),
        found.get("name"),
        typed.get("name"),
        typed.get("filename"),
        location if re.fullmatch(r"[^?#]+\.\w{1,5}", location) else None,
        description if re.fullmatch(r"[^/\\:*?\"<>|]+\.\w{1,5}", description) else None,
    )
    for name in filter(None, stated):
        if clean := safe_name(name):
            return clean
    return None


def safe_name(name: str) -> str:
    """Return a file name without the folders before it; slashes that are no folders become underscores."""
    name = storable(name).strip().strip("\"'")
    if _PATH.match(name):
        name = re.split(r"[/\\]", name)[-1]
    name = re.sub(r"[/\\]", "_", name).strip()
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:LONGEST_NAME]}" if dot else name[:LONGEST_NAME]


def _attachment(part: Part, number: int) -> Attachment:
    content = part.body if part.media == "message/rfc822" and _is_mail(part.body) else part.content
    name = _given_name(part) or _made_name(part, content, number)
    if part.media == "message/rfc822" and not name.lower().endswith((".eml", ".msg")):
        name += ".eml"
    return Attachment(name, part.media[:255], content)


def _is_mail(body: bytes) -> bool:
    fields, _ = split_head(body)
    return bool(fields.items)


def _made_name(part: Part, content: bytes, number: int) -> str:
    if part.media == "message/rfc822":
        subject = header_text(split_head(content)[0].first("subject"))
        return safe_name(f"{subject[:100].rstrip(' .')}.eml") if subject else _NAMES[part.media]
    if part.media in _NAMES:
        return _NAMES[part.media]
    kind = "imagen" if part.media.startswith("image/") else "adjunto"
    return f"{kind}-{number}{mimetypes.guess_extension(part.media) or '.bin'}"


def _declared(part: Part) -> str:
    found = _META.search(part.content[:4096])
    return found[1].decode("ascii", "replace") if found else ""


def _without_uuencoded(content: bytes, files: list[Attachment]) -> bytes:
    """Take uuencoded files out of a text (Outlook without MIME, old Unix mailers)."""
    while len(files) < MAX_UUENCODED and (found := uudecode(content)) is not None:
        name, data, (start, end) = found
        clean = safe_name(header_text(name)) or "adjunto.bin"
        files.append(Attachment(clean, mimetypes.guess_type(clean)[0] or "application/octet-stream", data))
        content = content[:start] + content[end:]
    return content


def unflow(text: str, *, delsp: bool) -> str:
    """Join the soft line ends of format=flowed (RFC 3676, 4.2) and undo its space-stuffing (4.4)."""
    out: list[str] = []
    open_depth: int | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        quotes = re.match(r">*", line)
        depth = quotes.end() if quotes else 0
        rest = line[depth:]
        rest = rest.removeprefix(" ")
        if open_depth == depth and rest != "-- ":
            out[-1] += rest
        else:
            out.append(">" * depth + (" " if depth and rest else "") + rest)
        soft = rest.endswith(" ") and rest != "-- "
        if soft and delsp:
            out[-1] = out[-1][:-1]
        open_depth = depth if soft else None
    return "\n".join(out)

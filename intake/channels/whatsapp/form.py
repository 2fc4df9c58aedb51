"""A form as Twilio posts it, and the files that were fetched for it.

The ledger keeps the bytes that Twilio sent, untouched. Where files were fetched, or could not be, a NUL (which no
form has: it would be written `%00`), a JSON list that says what became of each, another NUL and the files' contents
one after another follow.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from intake.channels.channel import CannotUnderstand

Form = dict[str, str]

MOST_MEDIA = 10
"""Files of one message: Twilio's own limit."""

LONGEST_NAME = 200
"""Characters of an id, an address or a name that are kept."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one of a message's files: its content, or why there is none, in Spanish."""

    content: bytes | None
    missing: str | None = None
    name: str | None = None


def form_of(payload: bytes) -> Form:
    """Read a form as Twilio posts it; of a repeated field the first value counts. Raises CannotUnderstand."""
    try:
        pairs = parse_qsl(payload.decode("utf-8"), keep_blank_values=True, strict_parsing=False)
    except (UnicodeDecodeError, ValueError) as broken:
        raise CannotUnderstand(f"the form is not UTF-8: {broken}") from broken
    form: Form = {}
    for name, value in pairs:
        form.setdefault(name, storable(value))
    return form


def sealed(body: bytes, files: Sequence[Fetched]) -> bytes:
    """Return a form's bytes with what became of its files behind them."""
    about = [
        {"missing": file.missing, "name": file.name, "length": len(file.content or b"")} for file in files
    ]
    contents = b"".join(file.content or b"" for file in files)
    return b"\0".join((body, json.dumps(about).encode("ascii"), contents))


def opened(payload: bytes) -> tuple[Form, tuple[Fetched, ...] | None]:
    """Return the form, and what became of its files if that was tried. Raises CannotUnderstand."""
    body, tried, rest = payload.partition(b"\0")
    form = form_of(body)
    if not tried:
        return form, None
    about, _, contents = rest.partition(b"\0")
    try:
        listed = json.loads(about.decode("utf-8"))
    except (ValueError, RecursionError) as broken:
        raise CannotUnderstand("what was fetched for the form cannot be read") from broken
    files: list[Fetched] = []
    for one in listed if isinstance(listed, list) else []:
        file, contents = _next(one if isinstance(one, dict) else {}, contents)
        files.append(file)
    return form, tuple(files)


def _next(about: dict[str, Any], contents: bytes) -> tuple[Fetched, bytes]:
    """Take the next file off the contents; returns it and what is left."""
    length, missing, name = about.get("length"), about.get("missing"), about.get("name")
    size = length if isinstance(length, int) and not isinstance(length, bool) and length >= 0 else 0
    called = storable(name) if isinstance(name, str) and name else None
    if isinstance(missing, str) and missing:
        return Fetched(None, storable(missing), called), contents[size:]
    return Fetched(contents[:size], None, called), contents[size:]


def provider_id(form: Form) -> str | None:
    """Return Twilio's id of a message."""
    name = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or ""
    return one_line(name)[:LONGEST_NAME] or None


def address(value: str) -> str:
    """Return the number of `whatsapp:+591…`."""
    return one_line(value.strip().removeprefix("whatsapp:"))[:LONGEST_NAME].strip()


def media_count(form: Form) -> int:
    """Return how many files a message has, at most as many as Twilio carries."""
    count = form.get("NumMedia", "")
    return min(int(count), MOST_MEDIA) if re.fullmatch(r"[0-9]{1,6}", count) else 0


def media_type(form: Form, number: int) -> str:
    """Return the type of a message's file, without parameters and in small letters; empty if Twilio does not say."""
    return (
        one_line(form.get(f"MediaContentType{number}", "")).partition(";")[0].strip().lower()[:LONGEST_NAME]
    )


def storable(text: str) -> str:
    """Return a text without NUL, other controls and lone surrogates, which databases refuse."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join(text.split())

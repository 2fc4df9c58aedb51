"""An update as it came: its JSON, read without trusting its shape, and the file that was fetched for it.

The ledger keeps the bytes that Telegram sent, untouched. Where a file was fetched, or could not be, a NUL (which no
JSON text has), a JSON object about the file, another NUL and the file's content follow.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from intake.channels.channel import CannotUnderstand

Json = dict[str, Any]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LARGEST_NUMBER = 2**63


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a message's file: its content, or why there is none, in Spanish."""

    content: bytes | None
    missing: str | None = None


def parse(body: bytes) -> Json:
    """Read an update as Telegram posts it; raises CannotUnderstand."""
    try:
        update = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as broken:
        raise CannotUnderstand(f"the update is not JSON: {type(broken).__name__}") from broken
    if not isinstance(update, dict):
        raise CannotUnderstand("the update is not a JSON object")
    return update


def sealed(body: bytes, fetched: Fetched) -> bytes:
    """Return an update's bytes with what became of its file behind them."""
    about = json.dumps({"missing": fetched.missing})
    return b"\0".join((body, about.encode("ascii"), fetched.content or b""))


def opened(payload: bytes) -> tuple[Json, Fetched | None]:
    """Return the update, and what became of its file if that was tried; raises CannotUnderstand."""
    body, tried, rest = payload.partition(b"\0")
    update = parse(body)
    if not tried:
        return update, None
    about, _, content = rest.partition(b"\0")
    missing = text_in(parse(about), "missing") or None
    return update, Fetched(None if missing else content, missing)


def object_in(value: Json, *names: str) -> Json:
    """Return the object at this path, or an empty one."""
    for name in names:
        inner = value.get(name)
        if not isinstance(inner, dict):
            return {}
        value = inner
    return value


def objects_in(value: Json, name: str) -> list[Json]:
    """Return the objects in a list, or nothing."""
    listed = value.get(name)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def text_in(value: Json, name: str) -> str:
    """Return a text without what a database refuses, or an empty one."""
    text = value.get(name)
    return storable(text) if isinstance(text, str) else ""


def number_in(value: Json, name: str) -> int | None:
    """Return a whole number of at most 64 bits, or None."""
    number = value.get(name)
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) >= _LARGEST_NUMBER:
        return None
    return number


def storable(text: str) -> str:
    """Return a text without NUL, other controls and lone surrogates."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join(text.split())


def message_in(update: Json) -> Json:
    """Return what an update is about, or an empty object.

    That is a message, new, edited or under the button pressed, or a change of the bot's standing in a chat, which
    has a chat and a date like one.
    """
    for path in (("message",), ("edited_message",), ("callback_query", "message"), ("my_chat_member",)):
        found = object_in(update, *path)
        if found:
            return found
    return {}

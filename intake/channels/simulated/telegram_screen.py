"""What stands on the phones of Telegram's twin, and how its Bot API reads and answers."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from aiohttp import web

SENT_BY_PHONE, SENT_BY_DESK = "in", "out"
LONGEST_DATA = 64
MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}
"""How a picture begins that Telegram takes as a photo."""

Json = dict[str, Any]
Upload = tuple[str, bytes]


class Fault(StrEnum):
    """What can go wrong with one call of the API, or (the last two) with one update on its way to the webhook."""

    UNANSWERED = "unanswered"
    """The call is done, and no answer comes."""
    CUT = "cut"
    """The call is done, and the connection breaks."""
    RESET = "reset"
    """The connection breaks before the call is done."""
    FLOOD = "flood"
    """429 with `retry_after`."""
    BLOCKED = "blocked"
    """403: the person blocked the bot."""
    BROKEN = "broken"
    """500."""
    TWICE = "twice"
    """The update comes twice."""
    SWAPPED = "swapped"
    """The update comes after the next one."""


OF_WEBHOOK = frozenset({Fault.TWICE, Fault.SWAPPED})


class Refused(Exception):
    """An error as the Bot API answers it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.answer: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


@dataclass(slots=True)
class Bubble:
    """One message on a phone; `entities` are the spans shown in bold and the like, `markup` the buttons under it.

    `parts` are further fields of the Bot API's `Message`: a photo, an album's number, a contact.
    """

    number: int
    direction: str
    text: str
    at: datetime
    entities: list[Json] = field(default_factory=list)
    file: Upload | None = None
    photo: bool = False
    markup: Json | None = None
    edited: datetime | None = None
    parts: Json = field(default_factory=dict)

    def buttons(self) -> list[Json]:
        """Return the buttons under the message, from the top."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def shown(self, page: str) -> Json:
        """Write the message as a phone shows it; `page` is the address of its chat."""
        name = self.file[0] if self.file else None
        return {
            "number": self.number,
            "direction": self.direction,
            "text": self.text,
            "at": self.at.isoformat(),
            "entities": self.entities,
            "buttons": [{"text": each["text"], "data": each.get("callback_data")} for each in self.buttons()],
            "file": {"name": name, "url": f"{page}/file/{self.number}"} if self.file else None,
            "photo": self.photo,
            "edited": self.edited is not None,
            "parts": sorted(self.parts),
        }


def picture_type(content: bytes) -> str | None:
    """Return the media type of a picture that Telegram takes as a photo, None for anything else."""
    return next((kind for start, kind in MAGIC.items() if content.startswith(start)), None)


def markup_of(given: Json) -> Json | None:
    """Read a call's buttons; raises Refused where Telegram would."""
    try:
        markup: Json | None = json.loads(given.get("reply_markup") or "null")
        data = (
            [button["callback_data"] for row in (markup or {})["inline_keyboard"] for button in row]
            if markup
            else []
        )
    except (ValueError, KeyError, TypeError):
        raise Refused(400, "Bad Request: can't parse reply keyboard markup JSON object") from None
    if any(not 0 < len(str(each).encode()) <= LONGEST_DATA for each in data):
        raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup if data else None


def upload_of(given: Json, name: str) -> Upload:
    """Return the file of a call; raises Refused where there is none."""
    upload = given.get(name, "")
    if isinstance(upload, str):
        upload = given.get(upload.removeprefix("attach://"))
    if not isinstance(upload, tuple):
        raise Refused(400, f"Bad Request: there is no {name} in the request")
    if not upload[1]:
        raise Refused(400, "Bad Request: file must be non-empty")
    return upload


async def parameters(request: web.Request) -> Json:
    """Read a call's parameters: query, form, multipart or JSON, as the Bot API takes them."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        return given | dict(await request.json())
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as file:
                given[name] = (value.filename, file.read())
        else:
            given[name] = value
    return given


def answer(body: Json) -> web.Response:
    """Answer a call with the status that stands in its body."""
    return web.json_response(body, status=body.get("error_code", 200))


def cut(request: web.Request) -> web.Response:
    """Break the connection instead of answering."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

"""The phones: what is on their screens, and what somebody does on them."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import PurePath

from aiohttp import web

from intake.channels.simulated.twilio import wire
from intake.channels.simulated.twilio.state import (
    SENT_BY_DESK,
    SENT_BY_PHONE,
    Bubble,
    Fault,
    File,
    Json,
    State,
    new_sid,
)

BAD = 300
KINDS = frozenset({"image", "audio", "video"})


class Phones:
    """All phones, by their numbers."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> Sequence[web.RouteDef]:
        """Return a phone's screen and what can be done on it, and the faults that can be ordered.

        `POST /simulated/phone/{number}` does one thing and answers with the webhook's status: `{"text"}`,
        `{"file": base64, "type", "text"?, "file_name"?}`, `{"press": place, "under": sid}`, `{"location": [lat, lon]}`,
        `{"blocks": bool}`; `name` may stand beside.
        """
        return (
            web.get("/simulated/phone/{number}", self.show),
            web.post("/simulated/phone/{number}", self.act),
            web.get("/simulated/twilio/faults", self.ordered),
            web.post("/simulated/twilio/faults", self.order),
        )

    async def show(self, request: web.Request) -> web.Response:
        """Return what is on a phone's screen; `?read` tells the desk that somebody looks at it."""
        number = request.match_info["number"]
        bubbles = self._state.phones.get(number, [])
        if "read" in request.query:
            for bubble in [b for b in bubbles if b.direction == SENT_BY_DESK and b.status == "delivered"]:
                bubble.status = "read"
                await wire.report(self._state, bubble, "read")
        shown = [b for b in bubbles if b.direction == SENT_BY_PHONE or not b.error]
        return web.json_response([_screen(self._state, bubble) for bubble in shown])

    async def act(self, request: web.Request) -> web.Response:
        """Do what somebody does on a phone; answers with the webhook's status."""
        number = request.match_info["number"]
        try:
            wanted = await request.json()
            status = await self._act(number, wanted, str(wanted.get("name") or ""))
        except (LookupError, TypeError, ValueError, AttributeError, binascii.Error) as why:
            return web.json_response({"error": f"not understood: {why!r}"}, status=400)
        return web.json_response({"status": status})

    async def _act(self, number: str, wanted: Json, name: str) -> int:
        if "blocks" in wanted:
            self.block(number, blocks=bool(wanted["blocks"]))
            return 0
        if "press" in wanted:
            return await self.press(number, str(wanted["under"]), int(wanted["press"]), name)
        if "file" in wanted:
            content = base64.b64decode(wanted["file"], validate=True)
            told = str(wanted.get("file_name") or "")
            return await self.send_file(
                number, content, str(wanted["type"]), str(wanted.get("text") or ""), name, told
            )
        if "location" in wanted:
            latitude, longitude = (str(float(one)) for one in wanted["location"])
            extra = {"MessageType": "location", "Latitude": latitude, "Longitude": longitude}
            return await self.send(number, "", name, extra=extra)
        return await self.send(number, str(wanted["text"]), name)

    async def ordered(self, _request: web.Request) -> web.Response:
        """Return the faults that wait."""
        return web.json_response({"faults": list(self._state.faults)})

    async def order(self, request: web.Request) -> web.Response:
        """Let the next requests go wrong: `{"faults": ["cut", …]}`."""
        try:
            wanted = [Fault(one) for one in (await request.json())["faults"]]
        except (LookupError, TypeError, ValueError) as why:
            return web.json_response({"error": f"not understood: {why!r}"}, status=400)
        self._state.faults.extend(wanted)
        return await self.ordered(request)

    async def send(
        self,
        number: str,
        text: str,
        name: str = "",
        *,
        to: str | None = None,
        files: Sequence[File] = (),
        extra: dict[str, str] | None = None,
    ) -> int:
        """Send a message from a phone, by the webhook with Twilio's signature; returns the HTTP status."""
        state = self._state
        bubble = Bubble(
            new_sid("MM" if files else "SM"),
            SENT_BY_PHONE,
            text,
            state.now(),
            f"whatsapp:{to or state.number}",
            f"whatsapp:{number}",
            "sent",
            files=list(files),
            extra={"ProfileName": name, **(extra or {})},
        )
        state.phones[number].append(bubble)
        state.written[number] = state.now()
        status = await wire.bring(state, bubble)
        bubble.status = "delivered" if status < BAD else "failed"
        return status

    async def send_file(
        self,
        number: str,
        content: bytes,
        media_type: str,
        text: str = "",
        name: str = "",
        file_name: str = "",
    ) -> int:
        """Send a photo, a recording or a document; WhatsApp tells a document's name as its text."""
        family = media_type.partition("/")[0]
        kind = family if family in KINDS else "contacts" if "vcard" in media_type else "document"
        told = text or (PurePath(file_name).name if kind == "document" else "")
        file = File(new_sid("ME"), media_type, content, file_name or None)
        return await self.send(number, told, name, files=[file], extra={"MessageType": kind})

    async def press(self, number: str, sid: str, place: int, name: str = "") -> int:
        """Press a button or a row of a list, counted from 0, under a message; raises LookupError."""
        bubble = next(b for b in [*self._state.phones.get(number, []), None] if b is None or b.sid == sid)
        if bubble is None or place < 0:
            raise LookupError(sid)
        button = bubble.buttons[place]
        extra = {"OriginalRepliedMessageSid": sid, "OriginalRepliedMessageSender": bubble.sender}
        if bubble.opener:
            extra |= {"MessageType": "interactive", "ListId": button.id, "ListTitle": button.title}
            extra |= {"ListDescription": button.line} if button.line else {}
        else:
            extra |= {"MessageType": "button", "ButtonPayload": button.id, "ButtonText": button.title}
        to = bubble.sender.removeprefix("whatsapp:")
        return await self.send(number, button.title, name, to=to, extra=extra)

    def block(self, number: str, *, blocks: bool) -> None:
        """Block the desk on a phone, or no longer: Twilio takes messages, and reports that they do not arrive."""
        if blocks:
            self._state.unreached[number] = 63024
        else:
            self._state.unreached.pop(number, None)


def _screen(state: State, bubble: Bubble) -> Json:
    """Write a message as the page shows it."""
    return {
        "sid": bubble.sid,
        "direction": bubble.direction,
        "body": bubble.body,
        "at": bubble.at.isoformat(),
        "status": bubble.status,
        "opener": bubble.opener,
        "buttons": [{"title": button.title, "line": button.line} for button in bubble.buttons],
        "files": [
            {"url": f"/simulated/twilio/files/{file.sid}", "type": file.media_type, "name": file.name}
            for file in bubble.files
        ],
        "location": [bubble.extra[name] for name in ("Latitude", "Longitude") if name in bubble.extra],
        "blocked": bubble.sender.removeprefix("whatsapp:") in state.unreached,
    }

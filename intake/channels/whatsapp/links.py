"""Addresses under which Twilio fetches the files that the desk sends: unguessable, and good for an hour."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from aiohttp import web

from cases.errors import NotFound
from cases.model import Attachment
from intake.channels.channel import Doors
from intake.channels.whatsapp.form import one_line, storable

PATH = "/channels/whatsapp/media/"
LASTS = timedelta(hours=1)
_PURPOSE = b"ventanilla whatsapp media"


class Links:
    """Makes such addresses and answers them; the keys come from the auth token and the one before it."""

    def __init__(self, doors: Doors, tokens: Sequence[str]) -> None:
        self._doors = doors
        self._keys = [hmac.new(token.encode(), _PURPOSE, hashlib.sha256).digest() for token in tokens]

    def address(self, attachment: int) -> str:
        """Return where a stored file may be fetched for an hour."""
        until = int((self._doors.now() + LASTS).timestamp())
        told = f"{attachment}.{until}"
        return f"{self._doors.public_url.rstrip('/')}{PATH}{told}.{_mark(self._keys[0], told)}"

    async def give(self, request: web.Request) -> web.Response:
        """Give out a file to whoever holds its address; 404 for any other."""
        number = self._read(request.match_info["token"])
        if number is None:
            raise web.HTTPNotFound
        try:
            file = await self._doors.attachment(number)
        except NotFound:
            raise web.HTTPNotFound from None
        return web.Response(body=file.content, headers=_headers(file))

    def _read(self, token: str) -> int | None:
        """Return the number of the file that a token stands for, or None if it is not ours or its time is over."""
        told, _, mark = token.rpartition(".")
        given = mark.encode("utf-8", "surrogateescape")
        if not any(hmac.compare_digest(_mark(key, told).encode(), given) for key in self._keys):
            return None
        number, _, until = told.partition(".")
        return int(number) if datetime.fromtimestamp(int(until), UTC) >= self._doors.now() else None


def _mark(key: bytes, told: str) -> str:
    digest = hmac.new(key, told.encode("utf-8", "surrogateescape"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def _headers(file: Attachment) -> dict[str, str]:
    """Say what the file is and what it is called; nobody's browser is to run it."""
    name = one_line(storable(file.name)).replace('"', "'").replace("\\", "_") or "adjunto"
    plain = name.encode("ascii", "replace").decode()
    return {
        "Content-Type": one_line(storable(file.media_type)) or "application/octet-stream",
        "Content-Disposition": f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }

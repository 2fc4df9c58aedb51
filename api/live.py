"""Server-sent events: the names of what changed, never content."""

import asyncio
import json
from collections.abc import Sequence

from aiohttp import web
from aiohttp_sse import sse_response

from api.problems import problem_of
from api.routing import Api
from cases.vocabulary import AccountRole
from store.work import Event

INTERNAL = frozenset({"ledger", "outbox"})
WAITING = 200
"""Events that a slow reader may be behind before it is let go; it reads everything anew when it comes back."""

HEARTBEAT = 15


class Hub:
    """Hands each stored event to every reader that listens."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Queue[Event | None]] = set()

    def hear(self, events: Sequence[Event]) -> None:
        """Pass events on; a reader that is too far behind is let go."""
        for reader in list(self._readers):
            for event in events:
                if event.name in INTERNAL:
                    continue
                if reader.qsize() >= WAITING:
                    self.leave(reader)
                    reader.put_nowait(None)
                    break
                reader.put_nowait(event)

    def join(self) -> "asyncio.Queue[Event | None]":
        """Return a new reader's queue; None in it ends the stream."""
        reader: asyncio.Queue[Event | None] = asyncio.Queue()
        self._readers.add(reader)
        return reader

    def leave(self, reader: "asyncio.Queue[Event | None]") -> None:
        """Forget a reader."""
        self._readers.discard(reader)

    def close(self) -> None:
        """End every stream."""
        for reader in list(self._readers):
            reader.put_nowait(None)


def events_handler(api: Api, hub: Hub) -> "web.Handler":
    """Return the handler of `GET /events`."""

    async def events(request: web.Request) -> web.StreamResponse:
        try:
            account = await api.account_of(request)
        except Exception as error:  # as for every other route
            return problem_of(error).response()
        reader = hub.join()
        try:
            async with sse_response(request) as stream:
                stream.ping_interval = HEARTBEAT
                while (event := await reader.get()) is not None:
                    about = {} if account.role is AccountRole.UNIDAD else event.about
                    await stream.send(json.dumps(about), event=event.name)
            return stream
        finally:
            hub.leave(reader)

    return events

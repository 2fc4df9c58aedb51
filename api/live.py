"""Server-sent events: the names of what changed, never content."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web
from aiohttp_sse import sse_response

from api.routing import Call, Route
from cases.vocabulary import AccountRole
from store.work import Event

INTERNAL = frozenset({"ledger", "outbox", "notices-changed", "presence-changed", "people-changed"})
CAPACITY = 200
"""Events that may wait for one reader; one that falls further behind is let go and reads anew when it comes back."""

HEARTBEAT = 15.0
STALLED = 20.0


class Reader:
    """One caller's events, in the order in which they were stored."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Event | None] = asyncio.Queue()
        self._dropped = False

    def tell(self, event: Event) -> None:
        """Note an event; never waits."""
        if self._waiting.qsize() >= CAPACITY:
            self.drop()
        elif not self._dropped:
            self._waiting.put_nowait(event)

    def drop(self) -> None:
        """End the stream after what waits."""
        if not self._dropped:
            self._dropped = True
            self._waiting.put_nowait(None)

    async def events(self) -> AsyncIterator[Event]:
        """Yield events until the reader is dropped."""
        while (event := await self._waiting.get()) is not None:
            yield event


class Hub:
    """Hands each stored event to everyone who listens."""

    def __init__(self) -> None:
        self._readers: set[Reader] = set()

    def __len__(self) -> int:
        return len(self._readers)

    def hear(self, events: Sequence[Event]) -> None:
        """Pass on what is not the workers' own affair."""
        for event in events:
            if event.name not in INTERNAL:
                for reader in self._readers:
                    reader.tell(event)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Listen while the context is open."""
        reader = Reader()
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for reader in self._readers:
            reader.drop()


HUB = web.AppKey("api_hub", Hub)


async def get_events(call: Call) -> web.StreamResponse:
    """Tell what changes: `event` is its name, `data` the case's number if it is one's to see; a comment every 15 s."""
    unit = call.account.role is AccountRole.UNIDAD
    with call.request.app[HUB].reading() as reader:
        async with sse_response(call.request, ping_interval=HEARTBEAT, send_timeout=STALLED) as stream:
            gone = asyncio.create_task(stream.wait())
            gone.add_done_callback(lambda _: reader.drop())
            try:
                async for event in reader.events():
                    about = {} if unit else event.about
                    await stream.send(json.dumps(about), event=event.name)
            except (ConnectionError, TimeoutError):
                reader.drop()
            finally:
                gone.cancel()
        return stream


ROUTES = (Route("GET", "/events", "Hear what changes", get_events, "text/event-stream"),)

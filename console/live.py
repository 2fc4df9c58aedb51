"""The live stream: names of what changed, never content; a page then fetches its own part again."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web
from aiohttp_sse import sse_response

from cases.model import Account
from cases.vocabulary import AccountRole
from store.work import Event

CAPACITY = 200
"""Names that may wait for one browser; one that takes none for so long is dropped and reconnects by itself."""

HEARTBEAT = 15.0
STALLED = 20.0


class Listener:
    """One browser's names, each once, in the order in which they changed; of what is for some alone, only theirs."""

    def __init__(self, viewer: Account | None = None) -> None:
        self._viewer = viewer
        self._waiting: dict[tuple[str, str], None] = {}
        self._changed = asyncio.Event()
        self.dropped = False

    def tell(self, name: str, about: str) -> None:
        """Note a change; never waits."""
        if len(self._waiting) >= CAPACITY:
            self.dropped = True
        else:
            self._waiting[name, about] = None
        self._changed.set()

    def may_hear(self, event: Event) -> bool:
        """Say whether an event is for whoever looks: some name one `user`, some the `units` that may see the case."""
        user, units = event.about.get("user"), event.about.get("units")
        if user is not None and (self._viewer is None or str(self._viewer.id) != user):
            return False
        if units is None or self._viewer is None or self._viewer.role is not AccountRole.UNIDAD:
            return True
        return self._viewer.unit.value in units.split()

    def drop(self) -> None:
        """End the stream."""
        self.dropped = True
        self._changed.set()

    async def names(self) -> AsyncIterator[tuple[str, str]]:
        """Yield (name, about) until the listener is dropped."""
        while not self.dropped:
            await self._changed.wait()
            self._changed.clear()
            while self._waiting and not self.dropped:
                first = next(iter(self._waiting))
                del self._waiting[first]
                yield first


class Live:
    """Hands every stored change to the browsers that listen."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    def hear(self, events: Sequence[Event]) -> None:
        """Pass on the events that screens care about."""
        for event in events:
            if event.name.endswith("-changed"):
                for listener in self._listeners:
                    if listener.may_hear(event):
                        listener.tell(event.name, event.about.get("case", ""))

    @contextmanager
    def listening(self, viewer: Account | None = None) -> Iterator[Listener]:
        """Listen while the context is open."""
        listener = Listener(viewer)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for listener in self._listeners:
            listener.drop()


async def stream(live: Live, request: web.Request, viewer: Account) -> web.StreamResponse:
    """Send names until the browser leaves or falls too far behind."""
    with live.listening(viewer) as listener:
        async with sse_response(request, ping_interval=HEARTBEAT, send_timeout=STALLED) as response:
            gone = asyncio.create_task(response.wait())
            gone.add_done_callback(lambda _: listener.drop())
            try:
                async for name, about in listener.names():
                    await response.send(about, event=name)
            except (ConnectionError, TimeoutError):
                listener.drop()
            finally:
                gone.cancel()
        return response

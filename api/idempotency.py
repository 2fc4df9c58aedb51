"""Idempotency-Key: the same write under the same key runs once, and everyone who repeats it gets the first answer."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from api.problems import KIND, Problem
from desk.desk import Desk
from store.work import StoreWork

HEADER = "Idempotency-Key"
LARGEST_KEY = 255


@dataclass(slots=True)
class _Turn:
    """Whose turn it is under one key, and how many wait for theirs."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0


@dataclass(slots=True)
class Keys:
    """The keys of one desk: those in use now, and by the table those that were answered."""

    desk: Desk
    _turns: dict[tuple[int, str], _Turn] = field(default_factory=dict)

    async def once(
        self, account: int, key: str, digest: str, answer: Callable[[], Awaitable[web.Response]]
    ) -> web.Response:
        """Answer under a key, by what was answered before if it was; raises Problem for another request's key."""
        async with self._turn((account, key)):
            known = await self._known(account, key, digest)
            if known is not None:
                return known
            fresh = await answer()
            if fresh.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return fresh

            def remember(work: StoreWork) -> None:
                work.accounts.remember_answer(
                    account, key, digest, fresh.status, fresh.text or "", self.desk.now()
                )

            try:
                await self.desk.database.write(remember)
            except Exception:
                # The table's key refuses a second answer: another node was faster, and its answer stands.
                first = await self._known(account, key, digest)
                if first is None:
                    raise
                return first
            return fresh

    async def _known(self, account: int, key: str, digest: str) -> web.Response | None:
        known = await self.desk.database.read(lambda work: work.accounts.answered_before(account, key))
        if known is None:
            return None
        asked, status, text = known
        if asked != digest:
            fault = "Esta clave ya se usó para otro pedido."
            raise Problem(422, f"{HEADER}: {fault}", errors={HEADER: fault})
        kind = "application/json" if status < HTTPStatus.BAD_REQUEST else KIND
        return web.Response(status=status, text=text, content_type=kind)

    @asynccontextmanager
    async def _turn(self, name: tuple[int, str]) -> AsyncIterator[None]:
        """Wait for one's turn under a key; the last one who wants it clears it away."""
        turn = self._turns.setdefault(name, _Turn())
        turn.wanted += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.wanted -= 1
            if not turn.wanted:
                del self._turns[name]


def key_of(request: web.Request) -> str | None:
    """Return a write's key, if it has one; raises Problem for one that cannot be kept."""
    key = request.headers.get(HEADER)
    if key is not None and not (1 <= len(key) <= LARGEST_KEY and key.isascii() and key.isprintable()):
        fault = f"Escriba de 1 a {LARGEST_KEY} caracteres ASCII."
        raise Problem(422, f"{HEADER}: {fault}", errors={HEADER: fault})
    return key


def digest_of(request: web.Request, raw: bytes) -> str:
    """Return what tells one request from another: method, address and body."""
    return hashlib.sha256(f"{request.method} {request.raw_path}\n".encode() + raw).hexdigest()

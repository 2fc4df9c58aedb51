"""The workers: they understand what arrived, send what waits, watch the clocks, and take up what others changed.

Each works in steps that a test can take.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from aiolimiter import AsyncLimiter

from cases.model import Inbound, Parcel
from cases.vocabulary import Channel
from desk.administration.calendar import refresh_calendar
from desk.arrivals import read, take_in
from desk.clocks import strike
from desk.desk import Desk
from desk.procedures import refresh_procedures
from intake.channels.channel import Adapter, CannotUnderstand, Later, Refusal, Unknown
from intake.receive import Reading
from intake.reply import WINDOW_CLOSED, window_closed
from store.ledger import LedgerItem
from store.work import StoreWork

log = structlog.get_logger()

BATCH = 32
IDLE = timedelta(seconds=5)
"""How long a worker waits when nobody wakes it; only what another node stored, or what is due later, needs it."""

MOMENT = timedelta(milliseconds=50)
UNDERSTAND_TRIES = 5
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400))
"""How long to wait after each attempt to send; after the last one a message is given up, visibly."""


class Worker(Protocol):
    """Something that works in steps."""

    async def step(self) -> int:
        """Do what there is to do, up to a batch; returns how much was done."""
        ...


async def run(worker: Worker, wake: asyncio.Event, stop: asyncio.Event) -> None:
    """Take steps until told to stop: at once while there is work, else when woken. A step that runs is finished."""
    while not stop.is_set():
        wake.clear()
        try:
            done = await worker.step()
        except Exception:  # a worker must survive what the database or a provider throws at it
            log.exception("worker step failed", worker=type(worker).__name__)
            done = 0
            await asyncio.sleep(1)
        if not done and not stop.is_set():
            with contextlib.suppress(TimeoutError):
                rest = worker.rest if isinstance(worker, Sending) else IDLE
                await asyncio.wait_for(wake.wait(), rest.total_seconds())


class Understanding:
    """Takes arrivals from the ledger, in order per sender, and makes cases of them."""

    def __init__(self, desk: Desk, owner: str) -> None:
        self._desk = desk
        self._owner = owner

    async def step(self) -> int:
        """Understand a batch of arrivals."""
        now = self._desk.now()
        items = await self._desk.database.write(lambda work: work.ledger.claim(self._owner, BATCH, now))
        translated = [
            (item, inbound) for item in items if (inbound := await self._translate(item)) is not None
        ]
        readings = await asyncio.to_thread(read, self._desk, [inbound for _, inbound in translated])
        await asyncio.gather(
            *(
                self._take(item, inbound, reading)
                for (item, inbound), reading in zip(translated, readings, strict=True)
            )
        )
        return len(items)

    async def _translate(self, item: LedgerItem) -> Inbound | None:
        if item.tries > UNDERSTAND_TRIES:  # every earlier try ended without a word, perhaps with the process
            await self._set_aside(item, "not-understood", f"tried {item.tries} times without an end")
            return None
        try:
            inbound = self._desk.channels[item.channel].translate(item.payload, item.received)
            if inbound.checks is None or inbound.checks.proven is not False or item.released:
                return inbound
            await self._set_aside(item, "sender-not-proven", inbound.checks.summary)
        except CannotUnderstand as why:
            await self._set_aside(item, "not-understood", str(why))
        except Exception as broken:  # a payload that breaks the translator must not block the next
            log.exception("translation failed", channel=item.channel, arrival=item.id)
            await self._set_aside(item, "translator-failed", f"{type(broken).__name__}: {broken}")
        return None

    async def _take(self, item: LedgerItem, inbound: Inbound, reading: Reading) -> None:
        def act(work: StoreWork) -> None:
            if work.ledger.done(item.id):
                take_in(self._desk, work, inbound, reading, self._desk.now(), ledger=item.id)

        try:
            await self._desk.database.write(act)
        except Exception as broken:  # stored and not understood: tried again, then kept aside, never lost
            log.exception("arrival not taken in", channel=item.channel, arrival=item.id)
            if item.tries >= UNDERSTAND_TRIES:
                await self._set_aside(item, "not-taken-in", f"{type(broken).__name__}: {broken}")
            else:
                at = self._desk.now() + BACKOFF[item.tries]
                fault = f"{type(broken).__name__}: {broken}"
                await self._desk.database.write(lambda work: work.ledger.again(item.id, fault, at))

    async def _set_aside(self, item: LedgerItem, reason: str, detail: str) -> None:
        def act(work: StoreWork) -> None:
            work.ledger.set_aside(item, reason, detail, self._desk.now())
            work.publish("quarantine-changed")

        await self._desk.database.write(act)


class Sending:
    """Hands what waits in the outbox to its channel, in order per recipient, and notes what became of it."""

    def __init__(self, desk: Desk, adapters: Mapping[Channel, Adapter], owner: str) -> None:
        self._desk = desk
        self._adapters = adapters
        self._owner = owner
        self._paces = {name: _pace(kind.can.per_second) for name, kind in desk.channels.items()}
        self.rest = IDLE

    async def step(self) -> int:
        """Send a batch of what is due, after settling what a dead sender left behind."""
        now = self._desk.now()
        stranded = await self._desk.database.read(lambda work: work.outbox.has_stranded(now))
        if stranded:
            left = await self._desk.database.write(lambda work: work.outbox.take_over(self._owner, now))
            for parcel in left:
                await self._ask(parcel, now, Unknown("El servicio se detuvo mientras enviaba."))
        parcels = await self._desk.database.write(lambda work: work.outbox.claim(self._owner, BATCH, now))
        await asyncio.gather(*(self._send(parcel) for parcel in parcels))
        if not parcels:
            self.rest = await self._until_next(now)
        return len(parcels)

    async def _until_next(self, now: datetime) -> timedelta:
        """Return how long nothing is due, as far as is known; what may still be taken back leaves on the second."""
        due = await self._desk.database.read(lambda work: work.outbox.next_due(now))
        return min(max(due - now, MOMENT), IDLE) if due is not None else IDLE

    async def _send(self, parcel: Parcel) -> None:
        started = self._desk.now()
        adapter = self._adapters.get(parcel.channel)
        if adapter is None:
            why = f"El canal {self._desk.channels[parcel.channel].label} no está configurado."
            await self._note(parcel, lambda work, at: work.outbox.failed(parcel.delivery, why, at))
            return
        can = self._desk.channels[parcel.channel].can
        if parcel.template is None and window_closed(can, parcel.last_inbound, started):
            await self._note(parcel, lambda work, at: work.outbox.hold(parcel.delivery, WINDOW_CLOSED, at))
            return
        if await self._superseded(parcel):
            why = "Ya no hacía falta: una persona del equipo respondió antes de que saliera."
            await self._note(parcel, partial(_failed, parcel, Refusal(why)))
            return
        try:
            async with self._paces[parcel.channel]:
                name = await adapter.send(parcel)
        except Refusal as refused:
            await self._note(parcel, partial(_failed, parcel, refused))
        except Later as later:
            await self._again(parcel, later)
        except Unknown as unknown:
            await self._ask(parcel, started, unknown)
        except Exception as broken:  # nobody knows how far it got
            log.exception("sending failed", channel=parcel.channel, delivery=parcel.delivery)
            await self._ask(parcel, started, Unknown(f"Error interno al enviar: {type(broken).__name__}"))
        else:
            await self._note(parcel, lambda work, at: work.outbox.sent(parcel.delivery, name, at))

    async def _superseded(self, parcel: Parcel) -> bool:
        """Say whether what the assistant wanted to ask or offer came too late: a person has answered since."""
        if not (parcel.automatic and parcel.choices):
            return False
        return await self._desk.database.read(lambda work: work.messages.answered_after(parcel.message))

    async def _again(self, parcel: Parcel, later: Later) -> None:
        if parcel.attempts > len(BACKOFF):
            why = f"Se intentó {parcel.attempts} veces. {later.why}"
            await self._note(parcel, partial(_failed, parcel, Refusal(why)))
            return
        wait = max(BACKOFF[min(parcel.attempts, len(BACKOFF)) - 1], later.after or timedelta())
        await self._note(
            parcel, lambda work, at: work.outbox.again(parcel.delivery, later.why, at + wait, at)
        )

    async def _ask(self, parcel: Parcel, since: datetime, unknown: Unknown) -> None:
        """Ask the provider whether a part was sent after all, before anything is repeated."""
        adapter = self._adapters.get(parcel.channel)
        try:
            found = await adapter.find(parcel, since - timedelta(minutes=10)) if adapter else ()
        except Unknown:
            why = f"{unknown.why} Puede que haya salido: revíselo antes de reintentar."
            await self._note(parcel, lambda work, at: work.outbox.uncertain(parcel.delivery, why, at))
            return
        known = await self._desk.database.read(lambda work: work.outbox.known(parcel.channel, found))
        name = next((name for name in found if name not in known), None)
        if name is None:
            await self._again(parcel, Later(unknown.why))
        else:
            await self._note(parcel, lambda work, at: work.outbox.sent(parcel.delivery, name, at))

    async def _note(self, parcel: Parcel, what: "Note") -> None:
        def act(work: StoreWork) -> None:
            what(work, self._desk.now())
            if parcel.case is not None:
                work.publish("case-changed", case=parcel.case)

        await self._desk.database.write(act)


class Watching:
    """Watches the clocks, and tells the unit and then the supervisor of those whose limit comes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def step(self) -> int:
        """Tell of a batch of clocks."""
        now = self._desk.now()
        if not await self._desk.database.read(lambda work: work.clocks.striking(now, 1)):
            return 0
        return await self._desk.database.write(lambda work: strike(self._desk, work, now))


class Periodic:
    """Does what time alone brings (people to remind, articles whose time is over), each time a span has passed.

    No stored change brings it forward.
    """

    def __init__(self, desk: Desk, every: timedelta, act: Callable[[Desk], Awaitable[int]]) -> None:
        self._desk = desk
        self._every = every
        self._act = act
        self._not_before = desk.now()

    async def step(self) -> int:
        """Do it if its time has come."""
        if self._desk.now() < self._not_before:
            return 0
        self._not_before = self._desk.now() + self._every
        return await self._act(self._desk)


class Refreshing:
    """Takes up articles, procedures, the calendar and the model in use that a command or another node changed."""

    def __init__(self, desk: Desk, follow: Callable[[], Awaitable[object]] | None = None) -> None:
        self._desk = desk
        self._follow = follow
        self._seen: tuple[object, ...] | None = None

    async def step(self) -> int:
        """Look whether something changed since the last look."""

        def look(work: StoreWork) -> tuple[object, ...]:
            days = [(kept.day, kept.works) for kept in work.governing.days()]
            return (*work.articles.fingerprint(), *work.procedures.fingerprint(), *days)

        now = await self._desk.database.read(look)
        if self._follow is not None:
            await self._follow()
        if self._seen is not None and now != self._seen:
            await refresh_procedures(self._desk)
            await refresh_calendar(self._desk)
            await self._desk.refresh_articles()
        self._seen = now
        return 0


def _pace(per_second: float | None) -> contextlib.AbstractAsyncContextManager[None]:
    """Return what lets so many through in a second; where there is no limit, everything."""
    return contextlib.nullcontext() if per_second is None else AsyncLimiter(per_second, 1)


class Note(Protocol):
    """What is written about a part after an attempt."""

    def __call__(self, work: StoreWork, at: datetime, /) -> None:
        """Write it."""
        ...


def _failed(parcel: Parcel, refused: Refusal, work: StoreWork, at: datetime) -> None:
    work.outbox.failed(parcel.delivery, refused.why, at)
    if refused.unreachable:
        work.people.unreachable(work.outbox.conversation_of(parcel.delivery), refused.why)


async def settle_all(workers: Sequence[Worker]) -> None:
    """Take steps until nothing is left to do; for commands and tests."""
    while any([await worker.step() for worker in workers]):
        pass

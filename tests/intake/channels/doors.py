"""The doors of the service as the adapters' tests have them: in memory, and closed where a channel has no business."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cases.model import Arrival, Attachment
from cases.traffic import Template
from cases.vocabulary import Channel, DeliveryState

NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)


@dataclass
class MemoryDoors:
    """Keeps arrivals, each once; `moment` is the time it is. A channel's stand-in opens what the channel uses.

    `soon`: seconds in which what a test waits for must have happened.
    """

    public_url: str = ""
    listens: bool = True
    moment: datetime = NOW
    soon: float = 5
    arrivals: list[Arrival] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def now(self) -> datetime:
        return self.moment

    async def accept(self, arrival: Arrival) -> None:
        if all(known.provider_id != arrival.provider_id for known in self.arrivals):
            self.arrivals.append(arrival)
        await self.tell()

    async def quarantine(self, channel: Channel, reason: str, detail: str, payload: bytes) -> None:
        raise AssertionError((channel, reason, detail, payload))

    async def report(
        self,
        channel: Channel,
        provider_id: str,
        state: DeliveryState,
        reason: str | None,
        *,
        unreachable: bool = False,
    ) -> None:
        raise AssertionError((channel, provider_id, state, reason, unreachable))

    async def attachment(self, number: int) -> Attachment:
        raise AssertionError(number)

    async def templates(self, channel: Channel) -> Sequence[Template]:
        raise AssertionError(channel)

    async def keep_templates(self, channel: Channel, templates: Sequence[Template]) -> None:
        raise AssertionError((channel, templates))

    async def bookmark(self, name: str) -> str | None:
        raise AssertionError(name)

    async def keep_bookmark(self, name: str, value: str) -> None:
        raise AssertionError((name, value))

    async def tell(self) -> None:
        """Wake who waits for a change."""
        async with self.changed:
            self.changed.notify_all()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(self.soon), self.changed:
            await self.changed.wait_for(happened)

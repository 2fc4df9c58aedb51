"""What a channel's adapter may ask of the service."""

from datetime import datetime

from cases.model import Arrival
from cases.vocabulary import Channel, DeliveryState
from desk.desk import Desk
from store.work import StoreWork


class ServiceDoors:
    """Implements `intake.channels.channel.Doors` over the desk's store."""

    def __init__(self, desk: Desk, *, listens: bool) -> None:
        self._desk = desk
        self._listens = listens

    @property
    def listens(self) -> bool:
        """Whether this node takes messages in."""
        return self._listens

    @property
    def public_url(self) -> str:
        """The address by which providers know the service."""
        return self._desk.public_url

    def now(self) -> datetime:
        """Return the present moment."""
        return self._desk.now()

    async def accept(self, arrival: Arrival) -> None:
        """Keep an arrival durably. Raises `store.writer.Busy` when too much waits."""

        def act(work: StoreWork) -> None:
            work.ledger.accept([arrival])
            work.publish("ledger")

        await self._desk.database.write(act)

    async def quarantine(self, channel: Channel, reason: str, detail: str, payload: bytes) -> None:
        """Keep what cannot be trusted."""

        def act(work: StoreWork) -> None:
            work.ledger.quarantine(channel, reason, detail, payload, self.now())
            work.publish("quarantine-changed")

        await self._desk.database.write(act)

    async def report(
        self, channel: Channel, provider_id: str, state: DeliveryState, reason: str | None
    ) -> None:
        """Take a provider's report on a message sent earlier."""

        def act(work: StoreWork) -> None:
            case = work.outbox.report(channel, provider_id, state, reason, self.now())
            if case is not None:
                work.publish("case-changed", case=case)

        await self._desk.database.write(act)

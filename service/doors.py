"""What a channel's adapter may ask of the service."""

from collections.abc import Sequence
from datetime import datetime

from cases.model import Arrival, Attachment
from cases.traffic import Template
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
        self,
        channel: Channel,
        provider_id: str,
        state: DeliveryState,
        reason: str | None,
        *,
        unreachable: bool = False,
    ) -> None:
        """Take a provider's report on a message sent earlier; `unreachable`: nothing reaches that address any more."""

        def act(work: StoreWork) -> None:
            case = work.outbox.report(channel, provider_id, state, reason, self.now())
            delivery = work.outbox.sent_as(channel, (provider_id,)) if unreachable else None
            if delivery is not None:
                work.people.unreachable(work.outbox.conversation_of(delivery), reason or "")
            if case is not None:
                work.publish("case-changed", case=case)

        await self._desk.database.write(act)

    async def attachment(self, number: int) -> Attachment:
        """Return a stored file; raises `NotFound`."""
        _, file = await self._desk.database.read(lambda work: work.messages.content(number))
        return file

    async def templates(self, channel: Channel) -> Sequence[Template]:
        """Return the channel's registered templates."""
        return await self._desk.database.read(lambda work: work.templates(channel))

    async def keep_templates(self, channel: Channel, templates: Sequence[Template]) -> None:
        """Replace the channel's registered templates by what its provider has now."""
        if list(await self.templates(channel)) != sorted(templates, key=lambda kept: kept.name):
            await self._desk.database.write(lambda work: work.upkeep.keep_templates(channel, templates))

    async def bookmark(self, name: str) -> str | None:
        """Return how far a mailbox or list was read."""
        return await self._desk.database.read(lambda work: work.upkeep.bookmark(name))

    async def keep_bookmark(self, name: str, value: str) -> None:
        """Note durably how far a mailbox or list was read."""
        await self._desk.database.write(lambda work: work.upkeep.keep_bookmark(name, value))

"""What a channel is to the rest of the product: what it can do, how it is opened, how it sends."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from aiohttp import web

from cases.model import Arrival, Inbound, Parcel
from cases.vocabulary import Channel, DeliveryState


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry; the planner asks these, never the channel's name.

    `part_length` is the most characters one message may have; `window` how long after the person's last message
    free text may be sent (None: always); `threads`: answers carry a subject and refer to earlier messages;
    `by_voice`: a person calls and reads the answer out; `chat`: short turns, where the dialogue offers numbered choices.
    """

    part_length: int
    window: timedelta | None = None
    threads: bool = False
    by_voice: bool = False
    chat: bool = False
    attachments: bool = False


class CannotUnderstand(Exception):
    """A payload that `translate` can make nothing of; it goes to quarantine with this reason."""


class NotSent(Exception):
    """The provider did not take a part; `why` is told to the desk, in Spanish."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Refusal(NotSent):
    """It never will: give up, visibly."""


class Later(NotSent):
    """Not now; try again, not before `after` if the provider said when."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class Unknown(NotSent):
    """The connection broke after the part was handed over: it may have been sent."""


class Doors(Protocol):
    """What an adapter may ask of the service."""

    @property
    def public_url(self) -> str:
        """The address by which providers know the service; signatures are made over it."""
        ...

    @property
    def listens(self) -> bool:
        """Whether this node takes messages in; one that only sends opens no port."""
        ...

    def now(self) -> datetime:
        """Return the present moment."""
        ...

    async def accept(self, arrival: Arrival) -> None:
        """Keep an arrival durably; returns once it survives a power cut. Raises `store`'s Busy when overloaded."""
        ...

    async def quarantine(self, channel: Channel, reason: str, detail: str, payload: bytes) -> None:
        """Keep what cannot be trusted."""
        ...

    async def report(
        self, channel: Channel, provider_id: str, state: DeliveryState, reason: str | None
    ) -> None:
        """Take a provider's report on a message sent earlier."""
        ...


class Adapter(Protocol):
    """An open channel."""

    async def send(self, parcel: Parcel) -> str:
        """Hand one part to the provider and return the provider's id; raises Refusal, Later or Unknown."""
        ...

    async def find(self, parcel: Parcel, since: datetime) -> Sequence[str]:
        """Ask the provider for its ids of messages like this part since then; raises Unknown where it cannot be asked."""
        ...

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the web addresses that the provider calls."""
        ...


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One channel as the registry lists it.

    `open(settings, doors)` gives a context manager of an Adapter, or None where the settings leave the channel off.
    """

    name: Channel
    label: str
    can: Capabilities
    translate: Callable[[bytes, datetime], Inbound]
    open: Callable[[Any, Doors], AbstractAsyncContextManager[Adapter] | None]

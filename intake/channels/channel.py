"""What a channel is to the rest of the product: what it can do, how it is opened, how it sends."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from aiohttp import web

from cases.model import Arrival, Attachment, Inbound, Parcel
from cases.traffic import Listed, Template
from cases.vocabulary import Channel, DeliveryState


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry; the planner asks these, never the channel's name.

    `part_length` is the most characters one message may have; `window` how long after the person's last message
    free text may be sent (None: always); `threads`: answers carry a subject and refer to earlier messages;
    `by_voice`: a person calls and reads the answer out; `chat`: short turns, where the dialogue offers choices.
    `attachments`: it carries files; `files_apart`: each as a message of its own. `buttons`: how many choices may be
    pressed (0: they are numbered in the text). `templates`: outside the window an approved template may go out.
    `per_second`: the most messages that one of the desk's addresses may send; `automatic_per_day`: the most
    automatic messages that one person gets in a day, whatever happens.
    """

    part_length: int
    window: timedelta | None = None
    threads: bool = False
    by_voice: bool = False
    chat: bool = False
    attachments: bool = False
    files_apart: bool = False
    buttons: int = 0
    templates: bool = False
    per_second: float | None = None
    automatic_per_day: int | None = None


class CannotUnderstand(Exception):
    """A payload that `translate` can make nothing of; it goes to quarantine with this reason."""


class NotSent(Exception):
    """The provider did not take a part; `why` is told to the desk, in Spanish."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Refusal(NotSent):
    """It never will: give up, visibly; `unreachable` if nothing else will reach this person either."""

    def __init__(self, why: str, *, unreachable: bool = False) -> None:
        super().__init__(why)
        self.unreachable = unreachable


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
        self,
        channel: Channel,
        provider_id: str,
        state: DeliveryState,
        reason: str | None,
        *,
        unreachable: bool = False,
    ) -> None:
        """Take a provider's report on a message sent earlier; `unreachable`: nothing reaches that address any more."""
        ...

    async def attachment(self, number: int) -> Attachment:
        """Return a stored file; raises `NotFound`."""
        ...

    async def templates(self, channel: Channel) -> Sequence[Template]:
        """Return the channel's registered templates."""
        ...

    async def keep_templates(self, channel: Channel, templates: Sequence[Template]) -> None:
        """Replace the channel's registered templates by what its provider has now."""
        ...

    async def bookmark(self, name: str) -> str | None:
        """Return how far a mailbox or list was read."""
        ...

    async def keep_bookmark(self, name: str, value: str) -> None:
        """Note durably how far a mailbox or list was read."""
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


@runtime_checkable
class Lists(Protocol):
    """An adapter whose provider can be asked which messages a time had, for the nightly reconciliation."""

    async def listing(self, since: datetime, until: datetime) -> Sequence[Listed]:
        """Return the messages of a time, in and out; raises Unknown where the provider does not answer."""
        ...

    async def complete(self, payload: bytes) -> bytes:
        """Return the payload of a listed message with its files, as if it had just come."""
        ...


@runtime_checkable
class Templates(Protocol):
    """An adapter whose provider approves texts beforehand."""

    async def sync(self) -> int:
        """Take over the provider's templates now and return how many; raises Unknown where it does not answer."""
        ...

    async def add_choices(self) -> int:
        """Register the templates for choices that are missing and return how many; raises Unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What one part of a test of a channel found; `said` explains it to an administrator, in Spanish."""

    part: str
    good: bool
    said: str


@runtime_checkable
class Probes(Protocol):
    """An adapter whose provider can be asked whether the channel would work, without sending anything to anybody."""

    async def probe(self) -> Sequence[Finding]:
        """Ask now and return what each part said; it never raises for a provider's answer, or for none."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a text as its reader sees it; `kind` is plain, or how a mark shows it (bold, italic, code…)."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One part of an answer as the person will see it; `foot` are the lines that the channel puts below."""

    runs: tuple[Run, ...]
    subject: str | None = None
    foot: tuple[str, ...] = ()


def as_it_is(parcel: Parcel) -> Shown:
    """Show a part as the text that it is."""
    return Shown((Run(parcel.body),))


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One channel as the registry lists it.

    `open(settings, doors)` gives a context manager of an Adapter, or None where the settings leave the channel off.
    `show` gives a part as the person will see it.
    """

    name: Channel
    label: str
    can: Capabilities
    translate: Callable[[bytes, datetime], Inbound]
    open: Callable[[Any, Doors], AbstractAsyncContextManager[Adapter] | None]
    show: Callable[[Parcel], Shown] = as_it_is

"""What messages carry beside their words: choices to press, proofs of the sender, reports on deliveries, templates."""

from dataclasses import dataclass, field
from datetime import datetime

from cases.vocabulary import Channel, DeliveryState, Direction


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a person may press instead of typing it; pressing it sends `payload`.

    `link` leads to the same where messages carry links.
    """

    label: str
    payload: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Checks:
    """What was found out about whether a sender is who they say (for mail: RFC 8601).

    `proven`: True, the address is the sender's own; False, somebody else uses it; None, nobody can say.
    `summary` tells the desk which checks said what, in Spanish.
    """

    proven: bool | None
    summary: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a message says about an earlier one of ours (a bounce): `provider_ids` name it, the likeliest first.

    `unreachable`: nothing else will reach this address until its person writes again.
    """

    provider_ids: tuple[str, ...]
    state: DeliveryState
    reason: str
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A text that the provider approved beforehand, with what stands in its places."""

    sid: str
    variables: dict[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """A registered template; `variables` are its places in order, `status` the provider's word (`approved`…)."""

    sid: str
    name: str
    language: str
    kind: str
    body: str
    variables: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an answer as a channel will carry it: a text with what may be pressed, a file, or a template.

    `file` is the place of a file among the answer's attachments; a part with a file has no other.
    """

    body: str
    choices: tuple[Choice, ...] = ()
    file: int | None = None
    template: TemplateUse | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to send a part, or one report on it."""

    at: datetime
    outcome: DeliveryState
    detail: str | None


@dataclass(frozen=True, slots=True)
class DeliveryProof:
    """How one part went out: why this channel and form, the provider's id, its state, and each attempt."""

    part: int
    body: str
    channel: Channel
    address: str
    why: str | None
    state: DeliveryState
    reason: str | None
    provider_id: str | None
    attempts: tuple[Attempt, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Listed:
    """One message as the provider lists it for a day; `payload` is set where an incoming one can be taken in late."""

    provider_id: str
    direction: Direction
    address: str
    at: datetime
    payload: bytes | None = None

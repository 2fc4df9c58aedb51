"""What the desk keeps: people, conversations, cases, messages, record entries, articles, accounts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.procedure import Facts, Place
from cases.traffic import Checks, Choice, DeliveryReport, Part, TemplateUse
from cases.vocabulary import (
    AccountRole,
    Category,
    Channel,
    DeliveryState,
    Direction,
    Role,
    Stage,
    Status,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to the desk; the name is what they or their channel gave."""

    id: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person on one channel; `state` is the dialogue's own (see `intake.dialogue`).

    `answer_to` is where the person asked to be answered, if not at `address`; `unreachable` says why nothing arrives there.
    """

    id: int
    person: int
    channel: Channel
    address: str
    desk_address: str | None
    state: dict[str, Any]
    last_inbound: datetime | None
    answer_to: str | None = None
    unreachable: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One incident (manual 5.c) and its place in a procedure; `place` is None once closed.

    `last_move` is the kind of the entry that brought it where it stands (`step`, `interpretation`, `return`, `reopening`).
    """

    id: int
    number: str
    person: int
    conversation: int
    channel: Channel
    subject: str
    status: Status
    stage: Stage
    place: Place | None
    procedure: str
    version: str
    role: Role | None
    unit: Unit
    stack: tuple[Place, ...]
    facts: Facts | None
    category: Category | None
    system: str | None
    assignee: int | None
    solution: str | None
    estimate: datetime | None
    token: str
    reply_token: str
    revision: int
    opened: datetime
    updated: datetime
    closed: datetime | None
    parent: int | None = None
    merged_into: int | None = None
    incident_class: str | None = None
    priority: str | None = None
    last_move: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message or goes out with one; `number` is its row once it is stored."""

    name: str
    media_type: str
    content: bytes
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as a channel's `translate` understood it, before the desk interprets it.

    `sender` is the person's address on the channel (E.164 number, mail address, chat id) and `recipient` the desk's own.
    `references` are provider ids of earlier messages, nearest last; `choice` is the payload of a button; `token` the
    unguessable one of the case that the person answers (`Case.reply_token`). `automatic` marks what a machine sent:
    recorded, never answered (RFC 3834). `edits` names the message of which this is a new version, `album` the
    group of files that are one message. `greeting`: the person only opened the conversation.
    """

    channel: Channel
    provider_id: str
    sender: str
    recipient: str
    text: str
    at: datetime
    sender_name: str | None = None
    subject: str | None = None
    references: tuple[str, ...] = ()
    choice: str | None = None
    automatic: bool = False
    attachments: tuple[Attachment, ...] = ()
    system: str | None = None
    token: str | None = None
    reply_to: str | None = None
    checks: Checks | None = None
    report: DeliveryReport | None = None
    edits: str | None = None
    album: str | None = None
    greeting: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One answer as `intake.reply` planned it for a channel.

    `parts` are what the channel will carry, in order; `by_voice` means that a person calls and reads
    them out; `held` says why it waits for a person instead of going out; `why` says why this channel and form.
    `leaves`: it may be withdrawn until then, and nothing of it goes out before.
    """

    text: str
    author: str
    parts: tuple[Part, ...]
    why: str | None = None
    subject: str | None = None
    automatic: bool = False
    by_voice: bool = False
    held: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    leaves: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far an outgoing message got, and why."""

    state: DeliveryState
    reason: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation as stored.

    An answer that was `withdrawn` before it left counts as never sent; `undo_until`: until then it could be.
    A note with `whisper_to` is meant for that account alone.
    """

    id: int
    case: int | None
    conversation: int
    direction: Direction
    channel: Channel
    author: str
    subject: str | None
    text: str
    at: datetime
    provider_id: str | None = None
    references: tuple[str, ...] = ()
    delivery: Delivery | None = None
    attachments: tuple["StoredAttachment", ...] = ()
    automatic: bool = False
    checks: Checks | None = None
    versions: tuple["Version", ...] = ()
    undo_until: datetime | None = None
    withdrawn: datetime | None = None
    whisper_to: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said before its sender changed it, and until when."""

    text: str
    until: datetime


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """An attachment's description; the bytes are read by its id."""

    id: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's record, chained to the one before by `hash` (SHA-256, hex)."""

    seq: int
    at: datetime
    procedure: str
    version: str
    step: str
    responsible: str
    output: str
    actor: str
    kind: str
    data: dict[str, Any]
    internal: bool
    hash: str
    previous: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the text, in characters, and how much it moved the decision (positive: towards it)."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier proposes for one message; it decides nothing."""

    category: Category
    confidence: float
    probabilities: dict[Category, float]
    system: str
    system_confidence: float
    abstain: bool
    evidence: tuple[Evidence, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article offered for a text; `score` orders them, higher is nearer."""

    article: int
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What an operator said a case is."""

    category: Category
    system: str | None
    handled_before_by_uit: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One knowledge-base article at its current version; `external_id` is the importer's own id."""

    id: int
    external_id: str
    version: int
    title: str
    body: str
    category: Category
    system: str
    keywords: tuple[str, ...]
    audience: str
    solved_by: str
    approved: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody, or some program, who may act; `unit` is AIT unless the role is `unidad`."""

    id: int
    username: str
    name: str
    role: AccountRole
    unit: Unit

    def acts_as(self, role: Role | None) -> bool:
        """Say whether a step of this procedure role is this account's to take."""
        mine = self.unit.value if self.role is AccountRole.UNIDAD else self.role.value
        return role is not None and role.value == mine


@dataclass(frozen=True, slots=True)
class Callback:
    """A call to make for a case that came by phone, with the text to read out."""

    id: int
    case: str
    person: str | None
    phone: str
    text: str
    due: datetime
    attempts: int
    done: bool
    outcomes: tuple[dict[str, Any], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class System:
    """A system that the desk supports, as its TOML file names it."""

    id: str
    name: str
    aliases: tuple[str, ...]
    unit: Unit


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a provider handed over, untouched; `sender` only keeps one person's messages in order."""

    channel: Channel
    provider_id: str
    sender: str
    payload: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What could not be trusted or understood, kept until somebody decides."""

    id: int
    channel: Channel
    reason: str
    detail: str
    payload: bytes
    arrival: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """One part of an answer on its way out, with all that its channel needs to send it.

    `opens`: it answers nobody, but begins a thread of its own.
    """

    delivery: int
    message: int
    part: int
    channel: Channel
    address: str
    desk_address: str | None
    body: str
    subject: str | None
    automatic: bool
    references: tuple[str, ...]
    case: str | None
    attempts: int
    attachments: tuple[Attachment, ...] = ()
    choices: tuple[Choice, ...] = ()
    template: TemplateUse | None = None
    reply_token: str | None = None
    case_page: str | None = None
    last_inbound: datetime | None = None
    opens: bool = False


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article as a file or an editor gives it, before it is stored."""

    external_id: str
    title: str
    body: str
    category: Category
    system: str
    keywords: tuple[str, ...] = ()
    audience: str = "public"
    solved_by: str = "operador"

"""Cases, their classification, moves, record and messages."""

from typing import Any

from pydantic import Field

from api.models.common import Given, Moment, Shown, Text, Words
from cases.vocabulary import Category, Channel, DeliveryState, Direction, Role, Status, Unit


class PersonShown(Shown):
    """Who reported; `addresses` by channel."""

    name: str | None
    addresses: dict[Channel, str]


class ProcedureShown(Shown):
    """The procedure that a case runs, and its version."""

    code: str
    version: str


class EvidenceShown(Shown):
    """Characters `start` to `end` of the message's text and how much they moved the decision."""

    start: int
    end: int
    weight: float


class ProposedShown(Shown):
    """What the classifier proposes, how sure it is and why; it decides nothing."""

    category: Category
    system: str
    confidence: float
    probabilities: dict[Category, float]
    system_confidence: float
    abstain: bool
    evidence: list[EvidenceShown]
    model: str


class ConfirmedShown(Shown):
    """What an operator confirmed."""

    category: Category
    system: str | None
    handled_before_by_uit: bool
    by: str
    at: Moment


class ClassificationShown(Shown):
    """The proposal and, once an operator has given it, the confirmation."""

    proposed: ProposedShown | None
    confirmed: ConfirmedShown | None


class SuggestionShown(Shown):
    """An article that may answer, by its number."""

    article: int
    title: str
    score: float


class SimilarShown(Shown):
    """A closed case of the same kind, with what solved it."""

    number: str
    subject: str
    solution: str | None
    closed: Moment | None


class FieldShown(Shown):
    """One field of a move."""

    name: str
    type: str = Field(description="text, datetime, choice, bool or article")
    required: bool
    internal: bool
    label: str
    options: list[str] | None = None


class MoveShown(Shown):
    """One thing that the procedure lets the caller do now; `to` is the step it leads to, or `closed`."""

    id: str
    label: str
    to: str
    fields: list[FieldShown]
    extension: bool


class ClockShown(Shown):
    """A limit of the case: of its step or its estimate."""

    kind: str
    due: Moment
    state: str = Field(description="on_time, near, late or paused")


class CaseShown(Shown):
    """One case."""

    number: str
    subject: str
    status: Status
    stage: str
    channel: Channel
    person: PersonShown
    system: str | None
    category: Category | None
    procedure: ProcedureShown
    step: str | None
    role: Role | None
    unit: Unit
    assignee: str | None
    estimate: Moment | None
    clocks: list[ClockShown]
    solution: str | None
    incident_class: str | None
    priority: str | None
    parent: str | None
    merged_into: str | None
    classification: ClassificationShown
    suggestions: list[SuggestionShown]
    similar_cases: list[SimilarShown]
    moves: list[MoveShown]
    revision: int
    opened: Moment
    updated: Moment
    closed: Moment | None


class CaseRowShown(Shown):
    """One line of a list of cases."""

    number: str
    subject: str
    status: Status
    stage: str
    channel: Channel
    person: str | None
    system: str | None
    category: Category | None
    confirmed: bool
    step: str | None
    role: Role | None
    unit: Unit
    assignee: str | None
    estimate: Moment | None
    opened: Moment
    updated: Moment


class DeliveryShown(Shown):
    """How far an outgoing message got, and why."""

    state: DeliveryState
    reason: str | None
    attempts: int


class AttachmentShown(Shown):
    """A file of a message."""

    id: int
    name: str
    media_type: str
    size: int


class MessageShown(Shown):
    """One message of a case."""

    id: int
    direction: Direction
    channel: Channel
    author: str
    subject: str | None
    text: str
    attachments: list[AttachmentShown]
    at: Moment
    delivery: DeliveryShown | None


class EntryShown(Shown):
    """One entry of the case record, chained to the one before."""

    seq: int
    at: Moment
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


class ClassificationGiven(Given):
    """What the case is, in an operator's word."""

    category: Category
    system: Text | None = None
    handled_before_by_uit: bool = Field(strict=True)
    revision: int = Field(strict=True)


class MoveGiven(Given):
    """A move from the case's `moves`, with the fields it asks."""

    move: Text
    fields: dict[str, Any] = Field(default_factory=dict)
    revision: int = Field(strict=True)


class AttachmentGiven(Given):
    """A file to send; `content` in base64."""

    name: Words
    media_type: Words
    content: str


class ReplyGiven(Given):
    """An answer on the originating channel; with an article, its text follows."""

    text: Text = ""
    article: int | str | None = None
    attachments: list[AttachmentGiven] = Field(default_factory=list, max_length=10)
    channel: Channel | None = None


class ReplyTaken(Shown):
    """The answer's message and how far it got."""

    message: int
    delivery: DeliveryShown


class NoteGiven(Given):
    """An internal note."""

    text: Text


class PhoneNoteGiven(Given):
    """An operator's note of a call."""

    phone: Text
    name: Text | None = None
    text: Text
    system: Text | None = None


class PhoneNoteTaken(Shown):
    """The case of a note and its message."""

    case: str
    message: int


class SplitGiven(Given):
    """The messages that make a case of their own."""

    messages: list[int]


class MergeGiven(Given):
    """The case to join."""

    into: Text


class AssignGiven(Given):
    """Who gets the case; null for nobody."""

    user: Text | None


class EstimateGiven(Given):
    """When it will be solved; a revision needs a reason."""

    at: Moment
    reason: Text | None = None


class ReasonGiven(Given):
    """Why."""

    reason: Text

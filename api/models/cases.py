"""What the API answers about cases: their classification, moves, record and messages."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from api.models.common import Moment, Shown, StageNumber, example
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
    """Characters `start` to `end` of the first message's text and how much they moved the decision."""

    start: int
    end: int
    weight: float


class ProposedShown(Shown):
    """What the classifier proposes, how sure it is and why; it decides nothing."""

    category: Category
    system: str
    confidence: float
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
    """One field of a move; `options` only for a choice."""

    name: str
    type: Literal["text", "datetime", "choice", "bool", "article"]
    required: bool
    internal: bool
    label: str
    options: list[str] = Field(default_factory=list, exclude_if=lambda options: not options)


class MoveShown(Shown):
    """One thing that the procedure lets the caller do now; `to` is the step it leads to, or `closed`."""

    id: str
    label: str
    to: str
    fields: list[FieldShown]
    extension: bool


class CaseShown(Shown):
    """One case, with what the caller may do now."""

    model_config = ConfigDict(
        json_schema_extra=example(
            number="2026-000123",
            status="open",
            stage="2",
            channel="whatsapp",
            person={"name": "Rosa Mamani", "addresses": {"whatsapp": "+59170000001"}},
            system="ppte",
            procedure={"code": "PR01", "version": "0"},
            step="PR01 5",
            role="operador",
            unit="ait",
            assignee="operador",
            estimate=None,
            parent=None,
            merged_into=None,
            classification={
                "proposed": {
                    "category": "support",
                    "system": "ppte",
                    "confidence": 0.91,
                    "evidence": [{"start": 0, "end": 8, "weight": 1.72}],
                    "model": "0.1.0+2026-03-02",
                },
                "confirmed": {
                    "category": "support",
                    "system": "ppte",
                    "handled_before_by_uit": False,
                    "by": "operador",
                    "at": "2026-03-02T13:05:00Z",
                },
            },
            suggestions=[{"article": 7, "title": "La página de pagos no carga", "score": 0.83}],
            similar_cases=[
                {
                    "number": "2026-000098",
                    "subject": "No carga la página de pagos",
                    "solution": "Borrar los datos del navegador.",
                    "closed": "2026-02-27T20:10:00Z",
                }
            ],
            moves=[
                {
                    "id": "solve",
                    "label": "Registrar la solución",
                    "to": "PR01 6",
                    "fields": [
                        {
                            "name": "solution",
                            "type": "text",
                            "required": True,
                            "internal": False,
                            "label": "Solución",
                        }
                    ],
                    "extension": False,
                }
            ],
            revision=4,
        )
    )
    number: str
    status: Status
    stage: StageNumber
    channel: Channel
    person: PersonShown
    system: str | None
    procedure: ProcedureShown
    step: str | None = Field(description="Such as `PR02 3.C.2`; null once closed.")
    role: Role | None
    unit: Unit
    assignee: str | None
    estimate: Moment | None
    parent: str | None
    merged_into: str | None
    classification: ClassificationShown
    suggestions: list[SuggestionShown]
    similar_cases: list[SimilarShown]
    moves: list[MoveShown]
    revision: int


class CaseRowShown(Shown):
    """One line of a list of cases."""

    number: str
    subject: str
    status: Status
    stage: StageNumber
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
    wants_person: bool
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
    """One message of a case; a note never leaves the desk."""

    id: int
    direction: Direction
    channel: Channel
    author: str
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


class FirstDelivery(Shown):
    """How far an answer got by now, and why."""

    state: DeliveryState
    reason: str | None


class ReplyTaken(Shown):
    """The answer's message and how far it got."""

    model_config = ConfigDict(
        json_schema_extra=example(message=42, delivery={"state": "queued", "reason": None})
    )
    message: int
    delivery: FirstDelivery


class PhoneNoteTaken(Shown):
    """The case of a note and its message."""

    model_config = ConfigDict(json_schema_extra=example(case="2026-000123", message=41))
    case: str
    message: int

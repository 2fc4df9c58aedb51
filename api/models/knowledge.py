"""Articles, procedures, calls to make, the quarantine, conversations."""

import base64
from typing import Any

from pydantic import Field

from api.models.common import Given, Moment, Shown, Text, Words
from cases.vocabulary import Category, Channel, Role


class ArticleShown(Shown):
    """One article at its current version; `external_id` is its importer's id."""

    id: int
    external_id: str
    version: int
    title: str
    body: str
    category: Category
    system: str
    keywords: list[str]
    audience: str
    solved_by: str
    approved: bool


class ArticleGiven(Given):
    """An article to write; without `id` it gets one."""

    id: Text | None = Field(None, description="External id.", max_length=128)
    title: Words
    category: Category
    system: Text
    body: Words
    keywords: list[Text] = Field(default_factory=list, max_length=100)
    audience: Text = "public"
    solved_by: Text = "operador"


class HitShown(Shown):
    """An article found."""

    article: int
    title: str
    score: float


class HitsShown(Shown):
    """The articles found, best first."""

    items: list[HitShown]


class StepShown(Shown):
    """One step, in the manual's words."""

    number: str
    activity: str
    responsible: str
    role: Role
    output: str
    stage: str
    extension: bool


class ProcedureRowShown(Shown):
    """One version of one procedure."""

    code: str
    version: str
    title: str
    resolution: str
    active: bool


class ProcedureVersionShown(ProcedureRowShown):
    """One version with its steps."""

    objective: str
    steps: list[StepShown]


class CallbackShown(Shown):
    """A call to make, with the text to read out."""

    id: int
    case: str
    person: str | None
    phone: str
    text: str
    due: Moment
    attempts: int
    done: bool
    outcomes: list[dict[str, Any]]


class OutcomeGiven(Given):
    """What came of a call; `again_at` says when to call again."""

    reached: bool = Field(strict=True)
    text: Text = ""
    again_at: Moment | None = None


class QuarantinedShown(Shown):
    """Something that could not be trusted or understood; `payload` in base64."""

    id: int
    channel: Channel
    reason: str
    detail: str
    at: Moment
    payload: str

    @staticmethod
    def encoded(payload: bytes) -> str:
        """Write bytes as the API shows them."""
        return base64.b64encode(payload[:10_000]).decode()


class ConversationShown(Shown):
    """A conversation with its last message; `waiting_since` while the person waits for an answer."""

    id: int
    person: str | None
    channel: Channel
    address: str
    case: str | None
    last_text: str
    last_at: Moment
    waiting_since: Moment | None
    wants_person: bool

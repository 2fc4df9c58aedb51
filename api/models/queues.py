"""Calls to make, the quarantine, conversations."""

from pydantic import ConfigDict, Field

from api.models.common import Given, Moment, MomentGiven, Shown, Text, example
from cases.vocabulary import Channel


class OutcomeShown(Shown):
    """What came of one call."""

    at: Moment
    by: str
    reached: bool
    text: str


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
    outcomes: list[OutcomeShown]


class OutcomeGiven(Given):
    """What came of a call; `again_at` says when to call again if the person was not reached."""

    model_config = ConfigDict(
        json_schema_extra=example(reached=False, text="No contesta.", again_at="2026-03-02T16:00:00-04:00")
    )
    reached: bool
    text: Text = ""
    again_at: MomentGiven | None = None


class QuarantinedShown(Shown):
    """Something that could not be trusted or understood; of a large one only the beginning is shown."""

    id: int
    channel: Channel
    reason: str
    detail: str
    at: Moment
    size: int = Field(description="Bytes of the whole payload.")
    payload: str = Field(description="Base64, of 10 000 bytes at most.")


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

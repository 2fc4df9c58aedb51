"""What a caller sends to do something to a case."""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from api.models.common import ArticleRef, Given, MomentGiven, Text, Words, example, storable
from cases.vocabulary import Category, Channel
from desk.talk import MOST_FILES


def _all_storable(given: dict[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        storable(name)
        if isinstance(value, str):
            storable(value)
    return given


class PhoneNoteGiven(Given):
    """An operator's note of a call."""

    model_config = ConfigDict(
        json_schema_extra=example(
            phone="70000001", name="Rosa Mamani", text="No carga la página de pagos.", system="ppte"
        )
    )
    phone: Text
    name: Text | None = None
    text: Text
    system: Text | None = None


class ClassificationGiven(Given):
    """What the case is, in an operator's word."""

    model_config = ConfigDict(
        json_schema_extra=example(category="support", system="ppte", handled_before_by_uit=False, revision=2)
    )
    category: Category
    system: Text | None = None
    handled_before_by_uit: bool
    revision: int


class MoveGiven(Given):
    """A move from the case's `moves`, with the fields it asks.

    A time is RFC 3339 with an offset, a yes or no is a boolean, an article its number or external id.
    """

    model_config = ConfigDict(
        json_schema_extra=example(
            move="solve", fields={"solution": "Borrar los datos del navegador."}, revision=4
        )
    )
    move: Text
    fields: Annotated[dict[str, Any], AfterValidator(_all_storable)] = Field(default_factory=dict)
    revision: int


class AttachmentGiven(Given):
    """A file to send; `content` in base64."""

    name: Annotated[Words, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f/\\]+$")]
    media_type: Annotated[str, StringConstraints(max_length=127, pattern=r"^[\w.+-]+/[\w.+-]+$")]
    content: str = Field(description="Base64.", json_schema_extra={"contentEncoding": "base64"})


class ReplyGiven(Given):
    """An answer on the originating channel, or on a chosen one that the person has; with an article, its text follows."""

    model_config = ConfigDict(json_schema_extra=example(text="Ya puede pagar.", article="kb-pagos"))
    text: Text = ""
    article: ArticleRef | None = None
    attachments: list[AttachmentGiven] = Field(default_factory=list, max_length=MOST_FILES)
    channel: Channel | None = Field(
        None, description="Another channel that the person has; unset, the case's own."
    )


class NoteGiven(Given):
    """An internal note."""

    model_config = ConfigDict(json_schema_extra=example(text="Llamó dos veces."))
    text: Text


class SplitGiven(Given):
    """The messages that make a case of their own."""

    model_config = ConfigDict(json_schema_extra=example(messages=[42, 43]))
    messages: list[int]


class MergeGiven(Given):
    """The case to join."""

    model_config = ConfigDict(json_schema_extra=example(into="2026-000123"))
    into: Text


class AssignGiven(Given):
    """Who gets the case; null for nobody."""

    model_config = ConfigDict(json_schema_extra=example(user="operador"))
    user: Text | None


class EstimateGiven(Given):
    """When it will be solved; a revision needs a reason."""

    model_config = ConfigDict(
        json_schema_extra=example(at="2026-03-04T18:00:00-04:00", reason="Falta un repuesto.")
    )
    at: MomentGiven
    reason: Text | None = None


class ReasonGiven(Given):
    """Why."""

    model_config = ConfigDict(json_schema_extra=example(reason="Falta el número de trámite."))
    reason: Text

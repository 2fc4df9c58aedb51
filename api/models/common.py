"""What many models share."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)

T = TypeVar("T")

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_YEARS = range(1970, 9999)
_LARGEST_ROW = 2**53
NOT_A_MOMENT = "Se espera fecha y hora con zona (RFC 3339), como 2026-03-02T13:00:00Z."


def moment(given: object) -> datetime:
    """Read an RFC 3339 time, which has an offset, as UTC; raises ValueError with a sentence."""
    if not isinstance(given, str) or not _MOMENT.fullmatch(given.upper()):
        raise ValueError(NOT_A_MOMENT)
    try:
        at = datetime.fromisoformat(given.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(NOT_A_MOMENT) from None
    if at.year not in _YEARS:
        raise ValueError(NOT_A_MOMENT)
    return at


def written(at: datetime) -> str:
    """Write a time as the API gives it: RFC 3339 in UTC, with Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def storable(given: str) -> str:
    """Return a text that both stores take; raises ValueError for the one character that PostgreSQL does not."""
    if "\x00" in given:
        raise ValueError("El carácter U+0000 no se puede guardar.")
    return given


def article_ref(given: object) -> int | str:
    """Read an article's number or external id; raises ValueError with a sentence."""
    if isinstance(given, int) and not isinstance(given, bool) and 0 < given <= _LARGEST_ROW:
        return given
    if isinstance(given, str) and given.strip() and "\x00" not in given:
        return given
    raise ValueError("Se espera el número de un artículo o su id externo.")


_MOMENT_SCHEMA = {"type": "string", "format": "date-time"}
Moment = Annotated[
    AwareDatetime,
    PlainSerializer(written, return_type=str),
    WithJsonSchema(_MOMENT_SCHEMA, mode="serialization"),
]
"""A time as the API gives it: RFC 3339 in UTC."""

MomentGiven = Annotated[datetime, PlainValidator(moment), WithJsonSchema(_MOMENT_SCHEMA)]
"""A time as the API takes it: RFC 3339 with an offset."""

ArticleRef = Annotated[
    int | str,
    PlainValidator(article_ref),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}]}),
]
"""An article by its number or by its external id."""

Text = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(storable)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=100_000), AfterValidator(storable)]
StageNumber = Literal["1", "2", "3"]
"""The manual's figure 1: identification, processing, notification."""


class Given(BaseModel):
    """What a caller sends; a field that does not exist is refused by name, and no type is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Shown(BaseModel):
    """What the API answers."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)


class Page(Shown, Generic[T]):
    """One page of a list; `next` is the cursor of the one after it."""

    items: list[T]
    next: str | None = Field(None, description="Give it as ?cursor= for the next page; null on the last.")


def example(**fields: Any) -> dict[str, Any]:
    """Put an example into a model's schema."""
    return {"examples": [fields]}

"""What many models share."""

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

T = TypeVar("T")


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[AwareDatetime, PlainSerializer(_written, return_type=str)]
"""A time: RFC 3339, in UTC when the API gives it."""


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("the character U+0000 cannot be stored")
    return text


Text = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(_storable)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=100_000), AfterValidator(_storable)]


class Given(BaseModel):
    """What a caller sends; a field that does not exist is refused by name."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What the API answers."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)


class Page(Shown, Generic[T]):
    """One page of a list; `next` is the cursor of the one after it."""

    items: list[T]
    next: str | None = Field(None, description="Give it as ?cursor= for the next page; null on the last.")


class ProblemDetails(Shown):
    """A problem (RFC 9457); `detail` is a sentence in Spanish, `errors` has one for each field that will not do."""

    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, str] | None = None

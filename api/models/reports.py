"""What the reports say: sums, spreads of working time in minutes, days of the desk's zone."""

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, WithJsonSchema

from api.models.common import Given, Moment, Shown, Text, example
from cases.vocabulary import Category, Channel, Unit

Day = Annotated[date, WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"})]
"""A day at the desk, such as 2026-03-02."""
NONE = "Without it: all. `-`: the cases that have none."


class PeriodAsked(Given):
    """A period of whole days at the desk, at most 366, and what the cases have in common; without days the last thirty."""

    model_config = ConfigDict(
        strict=False, json_schema_extra=example(**{"from": "2026-03-01", "to": "2026-03-31"})
    )
    since: Day | None = Field(None, alias="from")
    until: Day | None = Field(None, alias="to", description="Included; without it today.")
    channel: Channel | None = None
    system: Text | None = Field(None, description=NONE)
    category: Category | None = None
    unit: Unit | None = Field(None, description="Cases that it has or has had.")


class SpreadShown(Shown):
    """Minutes of working time; null where nothing was measured."""

    count: int
    median: float | None
    p90: float | None = Field(description="What the slowest tenth exceeds or meets (nearest rank).")


class SeriesShown(Shown):
    """The cases of one value, in all and on each of the report's days."""

    value: str | None
    total: int
    by_day: list[int]


class VolumeShown(Shown):
    """Cases opened and closed; `hours` are those opened on each weekday (Monday first) and hour."""

    days: list[Day]
    opened: list[int]
    closed: list[int]
    channels: list[SeriesShown]
    systems: list[SeriesShown]
    categories: list[SeriesShown]
    hours: list[list[int]]


class StepTimeShown(Shown):
    """How long cases stood at a step; `target` in minutes of working time."""

    step: str
    activity: str
    role: str
    spread: SpreadShown
    target: int | None
    within: int


class UnitTimeShown(Shown):
    """How long the steps of one role took."""

    role: str
    spread: SpreadShown
    with_target: int
    within: int


class TimesShown(Shown):
    """How long things took."""

    every: int = Field(description="Measured on one case of each so many.")
    first_answer: SpreadShown
    solution: SpreadShown
    steps: list[StepTimeShown]
    units: list[UnitTimeShown]
    estimates_kept: int
    estimates_late: int


class BacklogOfShown(Shown):
    """A unit's open cases."""

    unit: Unit
    bands: list[int]


class BacklogShown(Shown):
    """Cases open at a moment, by age; the bands end at `limits` (days), the last has no end."""

    at: Moment
    limits: list[int]
    bands: list[int]
    units: list[BacklogOfShown]


class ReturnedForShown(Shown):
    """How often a step gave cases back for a reason."""

    step: str
    reason: str
    count: int


class ReturnsShown(Shown):
    """What was given back, the commonest reason first."""

    returns: list[ReturnedForShown]


class AgreedShown(Shown):
    """Cases proposed as one category and confirmed as another, or the same."""

    proposed: Category
    confirmed: Category
    count: int


class TenthShown(Shown):
    """The proposals of one tenth of confidence."""

    tenth: int
    count: int
    confidence: float = Field(description="On average.")
    right: int


class AgreementShown(Shown):
    """How far operators agreed with the classifier; `error` is the expected calibration error."""

    pairs: list[AgreedShown]
    tenths: list[TenthShown]
    total: int
    agreed: int
    error: float | None


class ArticleUseShown(Shown):
    """In how many cases an article was used, and how."""

    article: int
    title: str
    offered: int
    opened: int
    sent: int
    solved: int


class ArticlesUsedShown(Shown):
    """The articles that were used, the most offered first."""

    articles: list[ArticleUseShown]


class MarkShown(Shown):
    """How often a mark was given."""

    mark: int
    count: int


class CommentShown(Shown):
    """What somebody said."""

    case: str
    at: Moment
    text: str


class SurveyShown(Shown):
    """How people said they were served."""

    marks: list[MarkShown]
    answers: int
    mean: float | None
    comments: list[CommentShown]

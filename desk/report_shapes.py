"""What a report says: its period, its parts and their lines, all plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.errors import Invalid
from cases.vocabulary import Category, Channel, Unit
from desk.report_times import Spread
from store.report_scope import Scope
from store.reports import ArticleUse, Comment, ReturnedFor

LONGEST = 366
"""The most days of a period."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, both days included, and what the cases have in common; a system or category of `-` is none."""

    since: date
    until: date
    channel: Channel | None = None
    system: str | None = None
    category: Category | str | None = None
    unit: Unit | None = None

    def scope(self, zone: ZoneInfo, now: datetime) -> Scope:
        """Return the same between moments, its ages up to now at the latest; raises Invalid for a period that is none."""
        if not self.since <= self.until or (self.until - self.since).days >= LONGEST:
            raise Invalid("El período no vale.", {"desde": f"De un día a {LONGEST} días, en orden."})
        start, end = (
            datetime.combine(day, time(), zone).astimezone(UTC)
            for day in (self.since, self.until + timedelta(days=1))
        )
        return Scope(
            start, end, max(start, min(end, now)), self.channel, self.system, self.category, self.unit
        )

    @property
    def days(self) -> Sequence[date]:
        """The days of the period in order."""
        return [self.since + timedelta(days=n) for n in range((self.until - self.since).days + 1)]


@dataclass(frozen=True, slots=True)
class Series:
    """How many cases of one value each day had; None is no value."""

    value: str | None
    total: int
    by_day: Sequence[int]


@dataclass(frozen=True, slots=True)
class Volume:
    """What came in and what was closed, up to today; `hours` are the cases opened on each weekday (Monday first) and hour."""

    days: Sequence[date]
    opened: Sequence[int]
    closed: Sequence[int]
    channels: Sequence[Series]
    systems: Sequence[Series]
    categories: Sequence[Series]
    hours: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long cases stood at a step, beside its target in minutes of work; `within` of them met it."""

    step: str
    activity: str
    role: str
    spread: Spread
    target: int | None
    within: int


@dataclass(frozen=True, slots=True)
class UnitTime:
    """How long the steps of one role took, and how many of those with a target met it."""

    role: str
    spread: Spread
    with_target: int
    within: int


@dataclass(frozen=True, slots=True)
class Times:
    """How long things took; measured on one case of each `every` where there are very many."""

    every: int
    first_answer: Spread
    solution: Spread
    steps: Sequence[StepTime]
    units: Sequence[UnitTime]
    estimates_kept: int
    estimates_late: int


@dataclass(frozen=True, slots=True)
class BacklogOf:
    """A unit's open cases, by the bands of their age."""

    unit: Unit
    bands: Sequence[int]


@dataclass(frozen=True, slots=True)
class Backlog:
    """The cases that were open at a moment; the bands end at `limits` (days), the last has no end."""

    at: datetime
    limits: Sequence[int]
    bands: Sequence[int]
    units: Sequence[BacklogOf]


@dataclass(frozen=True, slots=True)
class Returns:
    """How often each step gave cases back, by the reason given."""

    returns: Sequence[ReturnedFor]


@dataclass(frozen=True, slots=True)
class Agreed:
    """How many cases were proposed as one category and confirmed as another, or the same."""

    proposed: Category
    confirmed: Category
    count: int


@dataclass(frozen=True, slots=True)
class Tenth:
    """The proposals of one tenth of confidence: how sure they were on average, and how many were right."""

    tenth: int
    count: int
    confidence: float
    right: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far operators agreed with the classifier; `error` is the calibration's, weighted by count."""

    pairs: Sequence[Agreed]
    tenths: Sequence[Tenth]
    total: int
    agreed: int
    error: float | None


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles that were used."""

    articles: Sequence[ArticleUse]


@dataclass(frozen=True, slots=True)
class Mark:
    """How often a mark was given."""

    mark: int
    count: int


@dataclass(frozen=True, slots=True)
class Survey:
    """How people said they were served."""

    marks: Sequence[Mark]
    answers: int
    mean: float | None
    comments: Sequence[Comment]


@dataclass(frozen=True, slots=True)
class Report:
    """All of it, read at one moment."""

    asked: Asked
    volume: Volume
    times: Times
    backlog: Backlog
    returns: Returns
    agreement: Agreement
    articles: Articles
    survey: Survey

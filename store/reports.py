"""What the reports count: sums that the database makes, and pairs of moments of at most a sample of cases.

Moments are summed up by the quarter of an hour since 1970, so that the days of any time zone can be put together from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from cases.vocabulary import ASSISTANT, PLACINGS, Category, Direction, Unit
from store.report_scope import (
    LAST_TENTH,
    RETURNED_FOR,
    Scope,
    at_desk,
    closed_in,
    confirmed_beside,
    opened_in,
    stood_open,
)
from store.tables import (
    article_versions,
    articles,
    case_articles,
    cases,
    confirmations,
    entries,
    messages,
    proposals,
)

SAMPLE = 5000
"""Times are measured on so many cases, evenly chosen, where there are more."""
MOST_REASONS = 40
MOST_ARTICLES = 40
MOST_COMMENTS = 20


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many cases of one value fell into one quarter of an hour."""

    quarter: int
    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Span:
    """Something of a case that lasted; `step` as in `PR01 3` with its version, where it is one."""

    case: int
    began: datetime
    ended: datetime
    step: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Spans:
    """What was measured: on every case, or on one of each `every`."""

    every: int
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Judged:
    """Confirmations whose proposal and confidence (in tenths) were alike."""

    proposed: Category
    confirmed: Category
    tenth: int
    count: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ReturnedFor:
    """How often a step gave a case back for a reason."""

    step: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class ArticleUse:
    """In how many cases an article was offered, opened, sent or linked, and in how many it solved."""

    article: int
    title: str
    offered: int
    opened: int
    sent: int
    solved: int


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about how they were served."""

    case: str
    at: datetime
    text: str


class ReportRows:
    """The sums of the reports, on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def counted(self, scope: Scope, by: str | None = None, *, closed: bool = False) -> Sequence[Bucket]:
        """Return how many cases were opened (or closed) in each quarter, by a column of theirs if one is named."""
        column: sa.ColumnElement[Any] = cases.c[by] if by is not None else sa.null()
        quarter = self._quarter(cases.c.closed_at if closed else cases.c.opened_at).label("quarter")
        within = closed_in(scope) if closed else opened_in(scope)
        groups = [sa.literal_column("quarter")] if by is None else [sa.literal_column("quarter"), column]
        rows = self._connection.execute(
            sa.select(quarter, column.label("value"), sa.func.count().label("number"))
            .where(*within)
            .group_by(*groups)
        )
        return [Bucket(int(row.quarter), row.value, int(row.number)) for row in rows]

    def backlog(self, scope: Scope, ages: Sequence[timedelta]) -> Sequence[tuple[Unit, int, int]]:
        """Return how many cases were open at the scope's end, by unit and by the first of the ages that they do not pass."""
        older = [(cases.c.opened_at > scope.at - age, sa.literal(place)) for place, age in enumerate(ages)]
        band = sa.case(*older, else_=sa.literal(len(ages))).label("band")
        rows = self._connection.execute(
            sa.select(cases.c.unit, band, sa.func.count().label("number"))
            .where(*stood_open(scope))
            .group_by(cases.c.unit, sa.literal_column("band"))
        )
        return [(Unit(row.unit), int(row.band), int(row.number)) for row in rows]

    def first_answers(self, scope: Scope) -> Spans:
        """Return from when to when people waited for the first answer that a person wrote, of the cases opened."""
        within = opened_in(scope)
        every = self._every(within)
        first = sa.func.min(messages.c.at, type_=messages.c.at.type).label("ended")
        rows = self._connection.execute(
            sa.select(cases.c.id, cases.c.opened_at, first)
            .join(messages, messages.c.case_id == cases.c.id)
            .where(
                *within,
                *_one_of(every),
                messages.c.direction == Direction.OUT,
                messages.c.author != ASSISTANT,
                ~messages.c.automatic,
                messages.c.withdrawn_at.is_(None),
            )
            .group_by(cases.c.id, cases.c.opened_at)
        )
        return Spans(every, [Span(row.id, row.opened_at, row.ended) for row in rows])

    def solutions(self, scope: Scope) -> Spans:
        """Return from when to when the cases that were closed lasted."""
        within = closed_in(scope)
        every = self._every(within)
        rows = self._connection.execute(
            sa.select(cases.c.id, cases.c.opened_at, cases.c.closed_at).where(*within, *_one_of(every))
        )
        return Spans(every, [Span(row.id, row.opened_at, row.closed_at) for row in rows])

    def steps(self, scope: Scope) -> Spans:
        """Return from when to when cases stood at the steps that were taken; what follows a reopening begins with it."""
        within = _moved_in(scope)
        every = self._every(within)
        began = (
            sa.func.lag(entries.c.at, type_=entries.c.at.type)
            .over(partition_by=entries.c.case_id, order_by=entries.c.seq)
            .label("began")
        )
        those = sa.select(cases.c.id).where(*within, *_one_of(every))
        moved = (
            sa.select(entries, began)
            .where(entries.c.kind.in_(PLACINGS), entries.c.case_id.in_(those))
            .subquery()
        )
        rows = self._connection.execute(
            sa.select(
                moved.c.case_id, moved.c.procedure, moved.c.version, moved.c.step, moved.c.began, moved.c.at
            ).where(
                moved.c.began.is_not(None),
                moved.c.kind != "reopening",
                moved.c.at >= scope.since,
                moved.c.at < scope.until,
            )
        )
        return Spans(
            every, [Span(row[0], row.began, row.at, (row.procedure, row.version, row.step)) for row in rows]
        )

    def waits(self, scope: Scope) -> Sequence[Span]:
        """Return when the cases that moved, were opened or closed waited for their people, up to their next message."""
        answered = (
            sa.select(sa.func.min(messages.c.at, type_=messages.c.at.type))
            .where(
                messages.c.case_id == entries.c.case_id,
                messages.c.direction == Direction.IN,
                messages.c.at > entries.c.at,
            )
            .correlate(entries)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            sa.select(
                entries.c.case_id,
                entries.c.at,
                sa.func.coalesce(answered, scope.at, type_=entries.c.at.type).label("ended"),
            )
            .join(cases, cases.c.id == entries.c.case_id)
            .where(entries.c.kind == "waiting", *_moved_in(scope))
        )
        return [Span(row.case_id, row.at, row.ended) for row in rows if row.ended > row.at]

    def estimates(self, scope: Scope) -> tuple[int, int]:
        """Return how many cases with an estimate were closed by it, and how many after it."""
        kept = sa.case((cases.c.closed_at <= cases.c.estimate_at, 1), else_=0)
        row = self._connection.execute(
            sa.select(sa.func.sum(kept).label("kept"), sa.func.count().label("number")).where(
                *closed_in(scope), cases.c.estimate_at.is_not(None)
            )
        ).one()
        return int(row.kept or 0), int(row.number) - int(row.kept or 0)

    def returns(self, scope: Scope) -> Sequence[ReturnedFor]:
        """Return how often each step gave cases back, by the reason that was given; the commonest first."""
        said = RETURNED_FOR.label("said")
        rows = self._connection.execute(
            sa.select(entries.c.procedure, entries.c.step, said, sa.func.count().label("number"))
            .join(cases, cases.c.id == entries.c.case_id)
            .where(entries.c.kind == "return", *_at(entries.c.at, scope), *at_desk(scope))
            .group_by(entries.c.procedure, entries.c.step, sa.literal_column("said"))
            .order_by(sa.desc("number"), entries.c.procedure, entries.c.step)
            .limit(MOST_REASONS)
        )
        return [ReturnedFor(f"{row.procedure} {row.step}", row.said, int(row.number)) for row in rows]

    def judged(self, scope: Scope) -> Sequence[Judged]:
        """Return each case's newest confirmation that counts, beside the proposal that stood then."""
        stood, counts = confirmed_beside()
        tenth = sa.case(
            *((proposals.c.confidence < (place + 1) / 10, sa.literal(place)) for place in range(LAST_TENTH)),
            else_=sa.literal(LAST_TENTH),
        ).label("tenth")
        rows = self._connection.execute(
            sa.select(
                proposals.c.category.label("proposed"),
                confirmations.c.category.label("confirmed"),
                tenth,
                sa.func.count().label("number"),
                sa.func.avg(proposals.c.confidence).label("confidence"),
            )
            .join_from(confirmations, cases, cases.c.id == confirmations.c.case_id)
            .join(proposals, proposals.c.id == stood)
            .where(*_at(confirmations.c.at, scope), *at_desk(scope), *counts)
            .group_by(proposals.c.category, confirmations.c.category, sa.literal_column("tenth"))
        )
        return [
            Judged(
                Category(row.proposed),
                Category(row.confirmed),
                int(row.tenth),
                int(row.number),
                float(row.confidence),
            )
            for row in rows
        ]

    def articles(self, scope: Scope) -> Sequence[ArticleUse]:
        """Return in how many cases articles were used, and how; the most offered first."""

        def used(*hows: str) -> sa.ColumnElement[int]:
            one = sa.case((case_articles.c.how.in_(hows), case_articles.c.case_id))
            return sa.func.count(one.distinct())

        offered = used("offered").label("offered")
        rows = self._connection.execute(
            sa.select(
                articles.c.id,
                article_versions.c.title,
                offered,
                used("opened").label("opened"),
                used("sent", "linked").label("sent"),
                used("solved").label("solved"),
            )
            .join_from(case_articles, cases, cases.c.id == case_articles.c.case_id)
            .join(articles, articles.c.id == case_articles.c.article_id)
            .join(
                article_versions,
                sa.and_(
                    article_versions.c.article_id == articles.c.id,
                    article_versions.c.version == articles.c.version,
                ),
            )
            .where(*_at(case_articles.c.at, scope), *at_desk(scope))
            .group_by(articles.c.id, article_versions.c.title)
            .order_by(offered.desc(), articles.c.id)
            .limit(MOST_ARTICLES)
        )
        return [ArticleUse(row[0], row[1], *map(int, row[2:])) for row in rows]

    def marks(self, scope: Scope) -> dict[int, int]:
        """Return how often each mark of the survey was given."""
        rating = entries.c.data["rating"].as_integer().label("rating")
        rows = self._connection.execute(
            sa.select(rating, sa.func.count().label("number"))
            .join(cases, cases.c.id == entries.c.case_id)
            .where(entries.c.kind == "rated", *_at(entries.c.at, scope), *at_desk(scope))
            .group_by(sa.literal_column("rating"))
        )
        return {int(row.rating): int(row.number) for row in rows if row.rating is not None}

    def comments(self, scope: Scope) -> Sequence[Comment]:
        """Return the newest comments on how people were served."""
        rows = self._connection.execute(
            sa.select(cases.c.number, entries.c.at, entries.c.data["text"].as_string().label("text"))
            .join(cases, cases.c.id == entries.c.case_id)
            .where(entries.c.kind == "commented", *_at(entries.c.at, scope), *at_desk(scope))
            .order_by(entries.c.at.desc())
            .limit(MOST_COMMENTS)
        )
        return [Comment(row.number, row.at, row.text or "") for row in rows]

    def _quarter(self, column: "sa.ColumnElement[object]") -> "sa.ColumnElement[int]":
        if self._connection.dialect.name == "sqlite":
            return sa.cast(sa.func.strftime("%s", column), sa.Integer).op("/")(900)
        return sa.cast(sa.func.floor(sa.extract("epoch", column) / 900), sa.BigInteger)

    def _every(self, within: Sequence[sa.ColumnElement[bool]]) -> int:
        found = self._connection.execute(sa.select(sa.func.count()).select_from(cases).where(*within))
        return -(-int(found.scalar_one()) // SAMPLE) or 1


def _one_of(every: int) -> Sequence[sa.ColumnElement[bool]]:
    return (cases.c.id % every == 0,) if every > 1 else ()


def _at(column: "sa.ColumnElement[object]", scope: Scope) -> Sequence[sa.ColumnElement[bool]]:
    return (column >= scope.since, column < scope.until)


def _moved_in(scope: Scope) -> Sequence[sa.ColumnElement[bool]]:
    """Narrow to the cases that can have moved in a period."""
    return (
        cases.c.opened_at < scope.until,
        sa.or_(cases.c.closed_at.is_(None), cases.c.closed_at >= scope.since),
        *at_desk(scope),
    )

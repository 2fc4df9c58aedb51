"""Which cases a report is about, and the list of those that stand behind one of its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from cases.vocabulary import ASSISTANT, MOVES, Category, Channel, Direction, Unit
from store.tables import (
    case_articles,
    case_units,
    cases,
    confirmations,
    entries,
    messages,
    proposals,
    withdrawals,
)

RETURNED_FOR: sa.ColumnElement[str] = sa.func.coalesce(
    entries.c.data["reason_code"].as_string(),
    entries.c.data["observation"].as_string(),
    entries.c.data["reason"].as_string(),
    "",
)
"""Why an entry gave a case back."""
LAST_TENTH = 9
LONGEST = 9
"""Digits of a number that a figure's value may hold."""
NONE = "-"
"""In place of a system or a category: the cases that have none."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A period, its end not included, and what the cases have in common; a unit's are those that it has or has had.

    `at` is the moment that ages are reckoned from: the period's end, or the present if that comes first.
    """

    since: datetime
    until: datetime
    at: datetime
    channel: Channel | None = None
    system: str | None = None
    category: Category | str | None = None
    unit: Unit | None = None


class Figure(StrEnum):
    """A figure of a report whose cases can be listed; what its value says is told in `cases_behind`."""

    OPENED = "opened"
    CLOSED = "closed"
    BACKLOG = "backlog"
    STEP = "step"
    LATE = "late"
    KEPT = "kept"
    RETURNED = "returned"
    JUDGED = "judged"
    TENTH = "tenth"
    ARTICLE = "article"
    RATED = "rated"
    SELF_SOLVED = "self_solved"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Listed:
    """One case behind a figure."""

    id: int
    number: str
    subject: str
    channel: Channel
    system: str | None
    status: str
    opened: datetime
    closed: datetime | None


def at_desk(scope: Scope) -> Sequence[sa.ColumnElement[bool]]:
    """Return what the cases of a scope have in common, whenever they were."""
    found: list[sa.ColumnElement[bool]] = []
    if scope.channel is not None:
        found.append(cases.c.channel == scope.channel)
    for column, value in ((cases.c.system, scope.system), (cases.c.category, scope.category)):
        if value is not None:
            found.append(column.is_(None) if value == NONE else column == value)
    if scope.unit is not None:
        had = sa.select(case_units.c.case_id).where(
            case_units.c.case_id == cases.c.id, case_units.c.unit == scope.unit
        )
        found.append(sa.or_(cases.c.unit == scope.unit, had.exists()))
    return found


def opened_in(scope: Scope) -> Sequence[sa.ColumnElement[bool]]:
    """Narrow to the cases that were opened in the period."""
    return (cases.c.opened_at >= scope.since, cases.c.opened_at < scope.until, *at_desk(scope))


def closed_in(scope: Scope) -> Sequence[sa.ColumnElement[bool]]:
    """Narrow to the cases that were closed in the period, but not by being merged into another."""
    return (
        cases.c.closed_at >= scope.since,
        cases.c.closed_at < scope.until,
        cases.c.merged_into_id.is_(None),
        *at_desk(scope),
    )


def stood_open(scope: Scope) -> Sequence[sa.ColumnElement[bool]]:
    """Narrow to the cases that were open at the period's end."""
    return (
        cases.c.opened_at < scope.until,
        sa.or_(cases.c.closed_at.is_(None), cases.c.closed_at >= scope.until),
        *at_desk(scope),
    )


class FigureRows:
    """The cases behind a report's figures."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def cases_behind(
        self,
        scope: Scope,
        figure: Figure,
        value: str,
        *,
        spans: Sequence[tuple[datetime, datetime]] = (),
        ages: Sequence[timedelta] = (),
        before: int | None = None,
        limit: int = 50,
    ) -> Sequence[Listed]:
        """Return the cases that a figure counts, newest first.

        `value` is a band of `ages` (backlog), a step such as `PR01 3` (for returns perhaps with the reason: `PR01 9: …`), `proposed>confirmed` categories, a tenth of
        confidence, an article with how it was used (`7:opened`) or a mark; `spans` narrow the opened ones to parts of the period.
        Under a value that means nothing there are no cases.
        """
        query = sa.select(cases).where(*self._behind(scope, figure, value, spans, ages))
        if before is not None:
            query = query.where(cases.c.id < before)
        rows = self._connection.execute(query.order_by(cases.c.id.desc()).limit(limit))
        return [
            Listed(
                row.id,
                row.number,
                row.subject,
                Channel(row.channel),
                row.system,
                row.status,
                row.opened_at,
                row.closed_at,
            )
            for row in rows
        ]

    def _behind(  # noqa: PLR0911 - one way out for each figure
        self,
        scope: Scope,
        figure: Figure,
        value: str,
        spans: Sequence[tuple[datetime, datetime]],
        ages: Sequence[timedelta],
    ) -> Sequence[sa.ColumnElement[bool]]:
        match figure:
            case Figure.OPENED:
                parts = [sa.and_(cases.c.opened_at >= a, cases.c.opened_at < b) for a, b in spans]
                return (*opened_in(scope), sa.or_(*parts)) if parts else opened_in(scope)
            case Figure.CLOSED:
                return closed_in(scope)
            case Figure.KEPT:
                return (*closed_in(scope), cases.c.closed_at <= cases.c.estimate_at)
            case Figure.LATE:
                return (*closed_in(scope), cases.c.closed_at > cases.c.estimate_at)
            case Figure.BACKLOG:
                return (*stood_open(scope), *_of_age(scope.at, value, ages))
            case Figure.JUDGED | Figure.TENTH:
                return (*at_desk(scope), _judged(scope, figure, value))
            case Figure.ARTICLE:
                return (*at_desk(scope), _used(scope, value))
            case Figure.ANSWERED:
                return (*opened_in(scope), _answered())
            case Figure.STEP | Figure.RETURNED | Figure.RATED | Figure.SELF_SOLVED:
                return (*at_desk(scope), _recorded(scope, figure, value))


def _of_age(at: datetime, value: str, ages: Sequence[timedelta]) -> Sequence[sa.ColumnElement[bool]]:
    if not value:
        return ()
    band = _whole(value)
    if not 0 <= band <= len(ages):
        return (sa.false(),)
    found: list[sa.ColumnElement[bool]] = []
    if band < len(ages):
        found.append(cases.c.opened_at > at - ages[band])
    if band > 0:
        found.append(cases.c.opened_at <= at - ages[band - 1])
    return found


def _used(scope: Scope, value: str) -> sa.ColumnElement[bool]:
    article, _, how = value.partition(":")
    return (
        sa.select(case_articles.c.id)
        .where(
            case_articles.c.case_id == cases.c.id,
            case_articles.c.article_id == _whole(article),
            case_articles.c.how.in_(("sent", "linked") if how == "sent" else (how,)),
            case_articles.c.at >= scope.since,
            case_articles.c.at < scope.until,
        )
        .exists()
    )


def _answered() -> sa.ColumnElement[bool]:
    """Narrow to the cases that a person of the desk has answered."""
    return (
        sa.select(messages.c.id)
        .where(
            messages.c.case_id == cases.c.id,
            messages.c.direction == Direction.OUT,
            messages.c.author != ASSISTANT,
            ~messages.c.automatic,
            messages.c.withdrawn_at.is_(None),
        )
        .exists()
    )


def _whole(value: str) -> int:
    """Read a number of a figure's value; -1 stands for none, and nothing has it."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= LONGEST else -1


def _recorded(scope: Scope, figure: Figure, value: str) -> sa.ColumnElement[bool]:
    query = sa.select(entries.c.id).where(
        entries.c.case_id == cases.c.id, entries.c.at >= scope.since, entries.c.at < scope.until
    )
    if figure is Figure.RATED:
        mark = entries.c.data["rating"].as_integer()
        query = query.where(entries.c.kind == "rated")
        return (query.where(mark == _whole(value)) if value else query).exists()
    if figure is Figure.SELF_SOLVED:
        return query.where(entries.c.kind == "self_solved").exists()
    kinds = MOVES if figure is Figure.STEP else ("return",)
    place, colon, reason = value.partition(": ")
    procedure, _, step = place.partition(" ")
    query = query.where(entries.c.kind.in_(kinds))
    if value:
        query = query.where(entries.c.procedure == procedure, entries.c.step == step)
    if colon:
        query = query.where(RETURNED_FOR.in_((reason,)))
    return query.exists()


def confirmed_beside() -> tuple[sa.ScalarSelect[int], Sequence[sa.ColumnElement[bool]]]:
    """Return the proposal that stood before a confirmation, and what makes a confirmation its case's newest that counts."""
    later, other = confirmations.alias(), proposals.alias()
    newer = sa.select(later.c.id).where(
        later.c.case_id == confirmations.c.case_id, later.c.id > confirmations.c.id
    )
    withdrawn = sa.select(withdrawals.c.confirmation_id).where(
        withdrawals.c.confirmation_id == confirmations.c.id
    )
    stood = (
        sa.select(sa.func.max(other.c.id))
        .where(other.c.case_id == confirmations.c.case_id, other.c.at <= confirmations.c.at)
        .correlate(confirmations)
        .scalar_subquery()
    )
    return stood, (~newer.exists(), ~withdrawn.exists())


def _judged(scope: Scope, figure: Figure, value: str) -> sa.ColumnElement[bool]:
    stood, counts = confirmed_beside()
    query = (
        sa.select(confirmations.c.id)
        .join_from(confirmations, proposals, proposals.c.id == stood)
        .where(
            confirmations.c.case_id == cases.c.id,
            confirmations.c.at >= scope.since,
            confirmations.c.at < scope.until,
            *counts,
        )
    )
    if figure is Figure.TENTH:
        tenth = _whole(value)
        query = query.where(proposals.c.confidence >= tenth / 10)
        if tenth < LAST_TENTH:
            query = query.where(proposals.c.confidence < (tenth + 1) / 10)
    elif value:
        proposed, _, confirmed = value.partition(">")
        query = query.where(proposals.c.category == proposed, confirmations.c.category == confirmed)
    return query.exists()

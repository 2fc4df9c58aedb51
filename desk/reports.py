"""What supervisors read of the desk's work: volume, times, backlog, returns, the classifier, articles, the survey.

A period is whole days of the desk's zone. Durations are working time without the waits for the person.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from cases.model import Account
from cases.procedure import Place
from cases.rights import Action, demand
from cases.vocabulary import Category, Unit
from desk.desk import Desk
from desk.report_shapes import (
    Agreed,
    Agreement,
    Articles,
    Asked,
    Backlog,
    BacklogOf,
    Mark,
    Report,
    Returns,
    Series,
    StepTime,
    Survey,
    Tenth,
    Times,
    UnitTime,
    Volume,
)
from desk.report_times import WorkingTime, apart, spread
from store.report_scope import LAST_TENTH, NONE, Figure, Listed, Scope
from store.reports import Bucket, Judged, Span
from store.work import StoreWork
from workflow.definition import Step, UnknownPlaceError

AGES = tuple(timedelta(days=days) for days in (1, 3, 7, 14, 30))
"""The limits of the backlog's bands."""
QUARTER = 900
EARLIER = timedelta(days=400)
"""How far before its period a report lays out working time; what began earlier counts from there."""
MARKS = range(1, 6)
T = TypeVar("T")


Part = Callable[[Desk, StoreWork, Asked, Scope], T]


async def report(desk: Desk, account: Account, asked: Asked) -> Report:
    """Return the whole report; raises Forbidden, or Invalid for a period that is none."""

    def whole(desk: Desk, work: StoreWork, asked: Asked, scope: Scope) -> Report:
        made = (volume, times, backlog, returns, agreement, articles, survey)
        parts = [make(desk, work, asked, scope) for make in made]
        return Report(asked, *parts)  # type: ignore[arg-type]  # in the order of the fields

    return await part(desk, account, asked, whole)


async def part(desk: Desk, account: Account, asked: Asked, make: Part[T]) -> T:
    """Return one part of the report (see `report`)."""
    demand(account, Action.MONITOR)
    scope = asked.scope(desk.timezone, desk.now())
    return await desk.database.read(lambda work: make(desk, work, asked, scope))


async def cases_behind(
    desk: Desk,
    account: Account,
    asked: Asked,
    figure: Figure,
    value: str = "",
    *,
    slot: tuple[int, int] | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Listed]:
    """Return the cases that a figure counts, newest first; `slot` is a weekday and hour of their opening."""
    demand(account, Action.MONITOR)
    scope = asked.scope(desk.timezone, desk.now())
    spans = [] if slot is None else _hours_at(asked, *slot, desk.timezone)
    return await desk.database.read(
        lambda work: work.figures.cases_behind(
            scope, figure, value, spans=spans, ages=AGES, before=before, limit=limit
        )
    )


def _hours_at(asked: Asked, weekday: int, hour: int, zone: ZoneInfo) -> Sequence[tuple[datetime, datetime]]:
    starts = [
        datetime.combine(day, time(hour), zone).astimezone(UTC)
        for day in asked.days
        if day.weekday() == weekday
    ]
    return [(start, start + timedelta(hours=1)) for start in starts] or [
        (datetime.max.replace(tzinfo=UTC),) * 2
    ]


def volume(desk: Desk, work: StoreWork, asked: Asked, scope: Scope) -> Volume:
    """Count what came in and what was closed."""
    zone = desk.timezone
    today = desk.now().astimezone(zone).date()
    days = [day for day in asked.days if day <= today]
    opened = work.reports.counted(scope)
    hours = [[0] * 24 for _ in range(7)]
    for bucket in opened:
        at = _moment(bucket, zone)
        hours[at.weekday()][at.hour] += bucket.count
    return Volume(
        days=days,
        opened=_by_day(opened, days, zone),
        closed=_by_day(work.reports.counted(scope, closed=True), days, zone),
        channels=_series(work.reports.counted(scope, "channel"), days, zone),
        systems=_series(work.reports.counted(scope, "system"), days, zone),
        categories=_series(work.reports.counted(scope, "category"), days, zone),
        hours=hours,
    )


def _moment(bucket: Bucket, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(bucket.quarter * QUARTER, zone)


def _by_day(buckets: Sequence[Bucket], days: Sequence[date], zone: ZoneInfo) -> Sequence[int]:
    counts: Counter[date] = Counter()
    for bucket in buckets:
        counts[_moment(bucket, zone).date()] += bucket.count
    return [counts[day] for day in days]


def _series(buckets: Sequence[Bucket], days: Sequence[date], zone: ZoneInfo) -> Sequence[Series]:
    grouped: dict[str | None, list[Bucket]] = defaultdict(list)
    for bucket in buckets:
        grouped[bucket.value].append(bucket)
    found = [
        Series(value, sum(bucket.count for bucket in those), _by_day(those, days, zone))
        for value, those in grouped.items()
    ]
    return sorted(found, key=lambda series: (-series.total, series.value or NONE))


def times(desk: Desk, work: StoreWork, _asked: Asked, scope: Scope) -> Times:
    """Measure first answers, solutions and steps in working time."""
    working = WorkingTime.of(desk.calendar, scope.since - EARLIER, desk.now())
    pauses = apart((span.case, span.began, span.ended) for span in work.reports.waits(scope))

    def minutes(span: Span) -> float:
        return working.minutes(span.began, span.ended, pauses.get(span.case, ()))

    first, solved = work.reports.first_answers(scope), work.reports.solutions(scope)
    moved = work.reports.steps(scope)
    stood: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for span in moved.spans:
        if span.step is not None:
            stood[span.step].append(minutes(span))
    known = [(place, _step(desk, place), found) for place, found in sorted(stood.items())]
    acted = [(place, step, found) for place, step, found in known if step is None or not step.automatic]
    kept, late = work.reports.estimates(scope)
    return Times(
        every=max(first.every, solved.every, moved.every),
        # The first answer is due however long the case waits for the person afterwards.
        first_answer=spread([working.minutes(span.began, span.ended) for span in first.spans]),
        solution=spread([minutes(span) for span in solved.spans]),
        steps=[_step_time(place, step, found) for place, step, found in acted],
        units=_units([(step, found) for _, step, found in acted if step is not None]),
        estimates_kept=kept,
        estimates_late=late,
    )


def _step(desk: Desk, place: tuple[str, str, str]) -> Step | None:
    try:
        return desk.library.step(Place(*place))
    except UnknownPlaceError:
        return None


def _step_time(place: tuple[str, str, str], step: Step | None, found: Sequence[float]) -> StepTime:
    procedure, version, number = place
    name = f"{procedure} {number}" if version == "0" else f"{procedure} {number} (v{version})"
    if step is None:
        return StepTime(name, "", "", spread(found), None, 0)
    target, within = _target(step), _within(step, found)
    return StepTime(name, step.activity, step.role.value, spread(found), target, within)


def _target(step: Step) -> int | None:
    return step.target_hours * 60 if step.target_hours is not None else None


def _within(step: Step, found: Sequence[float]) -> int:
    target = _target(step)
    return 0 if target is None else sum(minutes <= target for minutes in found)


def _units(steps: Sequence[tuple[Step, Sequence[float]]]) -> Sequence[UnitTime]:
    found = []
    for role in sorted({step.role for step, _ in steps}):
        theirs = [(step, minutes) for step, minutes in steps if step.role is role]
        targeted = [(step, minutes) for step, minutes in theirs if step.target_hours is not None]
        found.append(
            UnitTime(
                role=role.value,
                spread=spread([one for _, minutes in theirs for one in minutes]),
                with_target=sum(len(minutes) for _, minutes in targeted),
                within=sum(_within(step, minutes) for step, minutes in targeted),
            )
        )
    return found


def backlog(_desk: Desk, work: StoreWork, _asked: Asked, scope: Scope) -> Backlog:
    """Count the cases that were open at the period's end by their age."""
    bands = [0] * (len(AGES) + 1)
    units: dict[Unit, list[int]] = {}
    for unit, band, count in work.reports.backlog(scope, AGES):
        bands[band] += count
        units.setdefault(unit, [0] * len(bands))[band] += count
    limits = [age.days for age in AGES]
    return Backlog(scope.at, limits, bands, [BacklogOf(unit, units[unit]) for unit in Unit if unit in units])


def returns(_desk: Desk, work: StoreWork, _asked: Asked, scope: Scope) -> Returns:
    """Count what was given back."""
    return Returns(work.reports.returns(scope))


def agreement(_desk: Desk, work: StoreWork, _asked: Asked, scope: Scope) -> Agreement:
    """Compare what was proposed with what operators confirmed."""
    judged = work.reports.judged(scope)
    counts: Counter[tuple[Category, Category]] = Counter()
    for one in judged:
        counts[one.proposed, one.confirmed] += one.count
    total = sum(counts.values())
    tenths = [_tenth(place, [one for one in judged if one.tenth == place]) for place in range(LAST_TENTH + 1)]
    found = [tenth for tenth in tenths if tenth.count]
    off = sum(abs(tenth.confidence * tenth.count - tenth.right) for tenth in found)
    return Agreement(
        pairs=[Agreed(a, b, counts[a, b]) for a in Category for b in Category if counts[a, b]],
        tenths=found,
        total=total,
        agreed=sum(counts[category, category] for category in Category),
        error=round(off / total, 4) if total else None,
    )


def _tenth(place: int, judged: Sequence[Judged]) -> Tenth:
    count = sum(one.count for one in judged)
    right = sum(one.count for one in judged if one.proposed is one.confirmed)
    confidence = sum(one.confidence * one.count for one in judged) / count if count else 0.0
    return Tenth(place, count, round(confidence, 4), right)


def articles(_desk: Desk, work: StoreWork, _asked: Asked, scope: Scope) -> Articles:
    """Count how articles were used."""
    return Articles(work.reports.articles(scope))


def survey(desk: Desk, work: StoreWork, _asked: Asked, scope: Scope) -> Survey:
    """Sum the survey's marks up; the comments' moments are in the desk's zone."""
    comments = [
        replace(comment, at=comment.at.astimezone(desk.timezone)) for comment in work.reports.comments(scope)
    ]
    counts = work.reports.marks(scope)
    marks = [Mark(mark, counts.get(mark, 0)) for mark in MARKS]
    answers = sum(mark.count for mark in marks)
    mean = sum(mark.mark * mark.count for mark in marks) / answers if answers else None
    return Survey(marks, answers, None if mean is None else round(mean, 2), comments)

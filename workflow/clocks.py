"""The working calendar: how much working time lies between two moments, and how late something is.

All reckoning is in UTC; hours and days are those of the calendar's own zone. Moments are aware.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

Span: TypeAlias = tuple[datetime, datetime]

ZERO = timedelta()
DAY = timedelta(days=1)
NEAR = 4
"""A target is near in the last quarter of its working time."""
PATIENCE = 3660
"""Days without any working time after which a calendar is taken to have none."""
HOURS = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*")
MONDAY_TO_FRIDAY = frozenset(range(5))


class ClockState(StrEnum):
    """How a target stands; near in the last quarter of its working time."""

    ON_TIME = "on_time"
    NEAR = "near"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count, while a case waits for the citizen; `end` is None while it still does."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Something that should be done by a moment, the pauses already reckoned into it."""

    started: datetime
    due: datetime
    pauses: tuple[Pause, ...] = ()


def no_holidays(_day: date) -> bool:
    """Know of no holiday."""
    return False


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours in which the desk works: `hours` of each of the `weekdays` (Monday is 0) but holidays.

    `exceptions` are days of which somebody said otherwise: true for one on which the desk works, whatever day it is.
    """

    hours: tuple[tuple[time, time], ...]
    zone: tzinfo
    is_holiday: Callable[[date], bool] = no_holidays
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    exceptions: Mapping[date, bool] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        flat = [moment for span in self.hours for moment in span]
        if not flat or not self.weekdays or any(a >= b for a, b in pairwise(flat)):
            raise ValueError("El horario necesita al menos un tramo, en orden y sin cruces.")

    @classmethod
    def of(cls, hours: str, zone: tzinfo, is_holiday: Callable[[date], bool] = no_holidays) -> "Calendar":
        """Read hours such as `08:30-12:30,14:30-18:30`, Monday to Friday; ValueError says what is wrong."""
        spans = []
        for part in hours.split(","):
            found = HOURS.fullmatch(part)
            if found is None:
                raise ValueError(f"«{part.strip()}» no es un tramo como 08:30-12:30.")
            h1, m1, h2, m2 = map(int, found.groups())
            spans.append((time(h1, m1), time(h2, m2)))
        return cls(tuple(spans), zone, is_holiday)

    def works_on(self, day: date) -> bool:
        """Say whether the desk works on a day."""
        said = self.exceptions.get(day)
        return day.weekday() in self.weekdays and not self.is_holiday(day) if said is None else said

    def add_working(self, start: datetime, amount: timedelta, pauses: Iterable[Pause] = ()) -> datetime:
        """Return the first moment, in UTC, by which `amount` of working time has passed since `start`.

        ValueError for a negative amount, a pause without an end, or a calendar that never works.
        """
        if amount < ZERO:
            raise ValueError("El tiempo de trabajo no puede ser negativo.")
        closed = _merged(pauses)
        if any(end == FOREVER for _, end in closed):
            raise ValueError("Una pausa sin fin no deja llegar a ningún plazo.")
        moment, left = _utc(start), amount
        if left == ZERO:
            return moment
        for begin, end in self._spans(moment, FOREVER, closed):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise ValueError("El calendario no tiene horas de trabajo.")

    def working_between(self, a: datetime, b: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """Return the working time from `a` to `b` without the pauses; negative if `b` comes first."""
        start, end = _utc(a), _utc(b)
        if end < start:
            return -self.working_between(end, start, pauses)
        return sum((till - since for since, till in self._spans(start, end, _merged(pauses))), ZERO)

    def target(
        self, started: datetime, amount: timedelta, now: datetime, pauses: Sequence[Pause] = ()
    ) -> Target:
        """Set a target `amount` of working time ahead; while a pause lasts the target moves with `now`."""
        until_now = tuple(Pause(p.start, p.end or max(p.start, now)) for p in pauses)
        return Target(started, self.add_working(started, amount, until_now), until_now)

    def state(self, target: Target, now: datetime) -> ClockState:
        """Say whether a target is past, in the last quarter of its working time, or further off."""
        if now > target.due:
            return ClockState.LATE
        whole = self.working_between(target.started, target.due, target.pauses)
        left = self.working_between(now, target.due, target.pauses)
        return ClockState.NEAR if left * NEAR <= whole else ClockState.ON_TIME

    def _spans(self, start: datetime, end: datetime, pauses: Sequence[Span]) -> Iterator[Span]:
        """Give the stretches of working time between two moments, in order, without the pauses."""
        idle = 0
        day = start.astimezone(self.zone).date()
        while idle < PATIENCE:
            works = self.works_on(day)
            idle = 0 if works else idle + 1
            for opens, closes in self.hours if works else ():
                since = max(start, datetime.combine(day, opens, self.zone).astimezone(UTC))
                till = min(end, datetime.combine(day, closes, self.zone).astimezone(UTC))
                yield from _without(since, till, pauses)
            if datetime.combine(day, time(), self.zone).astimezone(UTC) >= end:
                return
            day += DAY


FOREVER = datetime.max.replace(tzinfo=UTC)


def _without(since: datetime, till: datetime, pauses: Sequence[Span]) -> Iterator[Span]:
    """Give what is left of a stretch once the pauses, merged and in order, are taken out."""
    for begin, end in pauses:
        if since < min(begin, till):
            yield since, min(begin, till)
        since = max(since, end)
    if since < till:
        yield since, till


def _merged(pauses: Iterable[Pause]) -> list[Span]:
    """Put pauses in order and overlapping ones together; one without an end lasts for ever."""
    merged: list[Span] = []
    for begin, end in sorted((_utc(p.start), FOREVER if p.end is None else _utc(p.end)) for p in pauses):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif begin < end:
            merged.append((begin, end))
    return merged


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("Falta la zona horaria.")
    return moment.astimezone(UTC)

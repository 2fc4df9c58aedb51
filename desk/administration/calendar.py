"""The working calendar: what the settings and the country's holidays say, and the days of which an administrator says otherwise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cases.errors import Invalid, NotFound
from cases.model import Account
from cases.rights import Action, demand
from desk.administration.book import note
from desk.desk import Desk
from store.governing import CalendarDay
from store.work import StoreWork
from workflow.clocks import Calendar

LONGEST = 120
FURTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday; `works` if the desk works on it all the same, `weekend` if it would not have worked anyway."""

    day: date
    name: str
    works: bool
    weekend: bool


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The calendar as it counts now; `years` are this one and the next with their holidays."""

    calendar: Calendar
    today: date
    years: Sequence[tuple[int, Sequence[Holiday]]]
    days: Sequence[CalendarDay]


def calendar_of(work: StoreWork, before: Calendar) -> Calendar:
    """Return a calendar with the days that are kept now."""
    return replace(before, exceptions={kept.day: kept.works for kept in work.governing.days()})


async def refresh_calendar(desk: Desk) -> None:
    """Reckon with the days that are kept now."""
    desk.calendar = await desk.database.read(lambda work: calendar_of(work, desk.calendar))


async def calendar_view(desk: Desk, account: Account, language: str = "es") -> CalendarView:
    """Return the calendar, the names of its holidays in a language."""
    demand(account, Action.ADMINISTER)
    days = await desk.database.read(lambda work: work.governing.days())
    calendar, today = desk.calendar, _today(desk)
    return CalendarView(
        calendar=calendar,
        today=today,
        years=[
            (
                year,
                [
                    Holiday(day, name, calendar.works_on(day), day.weekday() not in calendar.weekdays)
                    for day, name in sorted(desk.named_holidays(year, language).items())
                ],
            )
            for year in (today.year, today.year + 1)
        ],
        days=days,
    )


async def set_day(desk: Desk, account: Account, day: date, *, works: bool, name: str) -> int:
    """Open or close a day that is still to come, or today; returns how many running limits moved with it.

    Limits of steps keep the working time that they still have; an estimate is a promise and stays. Raises Invalid.
    """
    demand(account, Action.ADMINISTER)
    name, today = " ".join(name.split()), _today(desk)
    faults = {}
    if day < today:
        faults["day"] = "Los días que pasaron no se cambian: sus plazos ya corrieron."
    elif day > today + FURTHEST:
        faults["day"] = "Es un día demasiado lejano: a lo sumo tres años."
    elif desk.calendar.works_on(day) is works:
        faults["day"] = "Ese día ya se trabaja." if works else "Ese día ya no se trabaja."
    if not name or len(name) > LONGEST:
        faults["name"] = "Diga por qué."
    if faults:
        raise Invalid("Revise los campos marcados.", faults)

    def act(work: StoreWork) -> int:
        now = desk.now()
        work.governing.put_day(CalendarDay(day, works, name, account.username, now))
        moved = _move_limits(desk, work, now)
        data = {"day": day.isoformat(), "name": name, "limits": moved}
        note(work, account, "day-opened" if works else "day-closed", data, now)
        return moved

    return await _changed(desk, act)


async def drop_day(desk: Desk, account: Account, day: date) -> int:
    """Let a day be again what the week and the holidays make of it; returns how many running limits moved."""
    demand(account, Action.ADMINISTER)
    if day < _today(desk):
        raise Invalid("Los días que pasaron no se cambian: sus plazos ya corrieron.")

    def act(work: StoreWork) -> int:
        now = desk.now()
        if not work.governing.drop_day(day):
            raise NotFound("Ese día ya no está en la lista.")
        moved = _move_limits(desk, work, now)
        note(work, account, "day-removed", {"day": day.isoformat(), "limits": moved}, now)
        return moved

    return await _changed(desk, act)


def ends(desk: Desk, start: datetime, hours: int) -> datetime:
    """Say when so many working hours from a moment end."""
    return desk.calendar.add_working(start, timedelta(hours=hours))


async def _changed(desk: Desk, act: Callable[[StoreWork], int]) -> int:
    moved = await desk.database.write(act)
    await refresh_calendar(desk)
    return moved


def _move_limits(desk: Desk, work: StoreWork, now: datetime) -> int:
    """Let the limits of the steps that run keep the working time that they have left."""
    old, new, moved = desk.calendar, calendar_of(work, desk.calendar), 0
    for clock in work.clocks.ahead(now):
        since = clock.paused or now
        near, due = (
            limit if limit <= since else new.add_working(since, old.working_between(since, limit))
            for limit in (clock.near, clock.due)
        )
        if (near, due) != (clock.near, clock.due):
            work.clocks.move(clock, near, due)
            moved += 1
    return moved


def _today(desk: Desk) -> date:
    return desk.now().astimezone(desk.timezone).date()

"""The picker of a working moment: the next days with their hours, the holidays by name, and the nearest moment that will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date
from markupsafe import Markup

from cases.errors import Invalid
from cases.procedure import Value
from console import language, times
from console.language import gettext as _
from desk.desk import Desk
from workflow.definition import Answer

DAYS = 14
"""How many days the picker shows, today the first."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """One moment that can be chosen, as an input takes it and as it is said."""

    value: str
    said: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the picker; without `slots` nobody works then, and `why` says why."""

    date: date
    name: str
    slots: tuple[Slot, ...]
    why: str

    @property
    def buttons(self) -> Markup:
        """The moments to press."""
        return _buttons(self.slots)


def days(desk: Desk) -> Sequence[Day]:
    """Return the next days with the full hours that are still to come."""
    now = desk.now()
    today = now.astimezone(desk.timezone).date()
    return [_day(desk, today + DAY * n, now) for n in range(DAYS)]


def _day(desk: Desk, day: date, now: datetime) -> Day:
    name = format_date(day, "EEE d MMM", locale=language.locale())
    if not desk.calendar.works_on(day):
        return Day(day, name, (), holiday(desk, day) or _("no se trabaja"))
    slots = [at for at in _moments(desk, day) if at > now]
    shown = tuple(
        Slot(times.for_input(at, desk.timezone), f"{at.astimezone(desk.timezone):%H:%M}") for at in slots
    )
    return Day(day, name, shown, "" if shown else _("ya terminó"))


@lru_cache(256)
def _buttons(slots: tuple[Slot, ...]) -> Markup:
    """Write a day's buttons; a case's page holds some hundreds, the same all day."""
    return Markup("").join(
        Markup('<button type="button" class="little" data-at="{}" aria-pressed="false">{}</button>').format(
            slot.value, slot.said
        )
        for slot in slots
    )


def _moments(desk: Desk, day: date) -> Sequence[datetime]:
    """Return the moments of a working day that the picker offers: hour by hour, and the end of each stretch."""
    found: list[datetime] = []
    for opens, closes in desk.calendar.hours:
        at, end = (datetime.combine(day, edge, desk.timezone).astimezone(UTC) for edge in (opens, closes))
        while at < end:
            found.append(at)
            at += HOUR
        found.append(end)
    return found


def holiday(desk: Desk, day: date) -> str:
    """Name a day's holiday, in the language in use where it is known; nothing for a day that is none."""
    return desk.named_holidays(day.year, language.code()).get(day, "")


def works_at(desk: Desk, at: datetime) -> bool:
    """Say whether somebody works at a moment, its very end included."""
    local = at.astimezone(desk.timezone)
    return desk.calendar.works_on(local.date()) and any(
        opens <= local.time() <= closes for opens, closes in desk.calendar.hours
    )


def nearest(desk: Desk, at: datetime) -> datetime:
    """Return the working moment still to come that is nearest to one at which nobody works; the later of two as near."""
    local = at.astimezone(desk.timezone)
    later = desk.calendar.add_working(max(at, desk.now()), timedelta(microseconds=1)).replace(microsecond=0)
    day = local.date()
    for _n in range(DAYS):
        ends = [
            end
            for _opens, closes in desk.calendar.hours
            if desk.now() < (end := datetime.combine(day, closes, desk.timezone).astimezone(UTC)) <= at
        ]
        if ends and desk.calendar.works_on(day):
            return ends[-1] if at - ends[-1] < later - at else later
        day -= DAY
    return later


def demand_working(desk: Desk, name: str, at: datetime) -> None:
    """Raise Invalid at a field whose moment is none at which somebody works; its sentence names the nearest that is one."""
    if at <= desk.now() or works_at(desk, at):
        return
    day = at.astimezone(desk.timezone).date()
    why = holiday(desk, day) if not desk.calendar.works_on(day) else ""
    said = times.moment(nearest(desk, at), desk.timezone)
    sentence = (
        _("Ese día no se trabaja (%(why)s). Lo más cercano: %(at)s.") % {"why": why, "at": said}
        if why
        else _("A esa hora no se trabaja. Lo más cercano: %(at)s.") % {"at": said}
    )
    raise Invalid(_("Revise los campos marcados."), {name: sentence})


def check(desk: Desk, answer: Answer, values: dict[str, Value | None]) -> None:
    """Demand working moments of a step's moments (see `demand_working`)."""
    for field in answer.fields:
        at = values.get(field.name)
        if field.type == "datetime" and isinstance(at, datetime):
            demand_working(desk, field.name, at)


def offer(desk: Desk, typed: str) -> Slot | None:
    """Return the nearest working moment to what was typed, to be taken with one press; None where it will do as it is."""
    try:
        at = times.from_input(typed, desk.timezone)
    except ValueError:
        return None
    if at <= desk.now() or works_at(desk, at):
        return None
    best = nearest(desk, at)
    return Slot(times.for_input(best, desk.timezone), times.moment(best, desk.timezone))

"""The working calendar: hours, holidays by name, days that are otherwise, and when so many hours from a moment end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from aiohttp import web
from babel.dates import get_day_names

from cases.errors import Invalid, NotFound
from cases.model import Account
from console import language
from console.administering import administrator, day_word, do
from console.forms import Form, Typed
from console.language import gettext as _
from console.rendering import render
from console.times import from_input
from desk.administration import calendar
from desk.administration.calendar import CalendarView
from desk.desk import Desk

ADDRESS = "/administracion/calendario"
USUAL, MOST = 2, 500
"""Working hours that are reckoned with unless others are asked for, and the most."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day with its words; `works`: the desk works on it; `soft`: it would not have anyway."""

    iso: str
    words: str
    name: str
    works: bool
    soft: bool
    by: str
    past: bool


@dataclass(frozen=True, slots=True)
class YearLines:
    """A year's holidays."""

    year: int
    days: Sequence[DayLine]


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The calendar as it counts now, and one reckoning with it; `ends` is None for a moment that cannot be read."""

    template: ClassVar[str] = "admin_calendar.html"
    hours: str
    weekdays: str
    today: str
    years: Sequence[YearLines]
    kept: Sequence[DayLine]
    start: datetime
    asked: int
    ends: datetime | None
    done: str
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show the calendar."""
    return await _page(request)


async def _page(request: web.Request, *, typed: Typed | None = None, status: int = 200) -> web.Response:
    desk, account = administrator(request)
    view = await calendar.calendar_view(desk, account, language.code())
    start, asked = _asked(request, desk)
    page = CalendarPage(
        hours=", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in view.calendar.hours),
        weekdays=", ".join(_weekday(day) for day in sorted(view.calendar.weekdays)),
        today=view.today.isoformat(),
        years=[_year(view, year) for year in range(len(view.years))],
        kept=[
            DayLine(
                iso=kept.day.isoformat(),
                words=day_word(kept.day),
                name=kept.name,
                works=kept.works,
                soft=False,
                by=kept.by,
                past=kept.day < view.today,
            )
            for kept in view.days
        ],
        start=start or desk.now(),
        asked=asked,
        ends=calendar.ends(desk, start, asked) if start else None,
        done="" if typed else request.query.get("hecho", ""),
        typed=typed or Typed(),
    )
    fresh = request.path_qs if request.method == "GET" else ADDRESS
    return render(request, page, status=status, live=("administration-changed",), fresh=fresh)


def _year(view: CalendarView, place: int) -> YearLines:
    year, holidays = view.years[place]
    lines = [
        DayLine(
            iso=one.day.isoformat(),
            words=day_word(one.day),
            name=one.name,
            works=one.works,
            soft=one.weekend,
            by="",
            past=one.day < view.today,
        )
        for one in holidays
    ]
    return YearLines(year, lines)


def _weekday(day: int) -> str:
    return str(get_day_names("wide", locale=language.locale())[day])


def _asked(request: web.Request, desk: Desk) -> tuple[datetime | None, int]:
    """Read from when and how many hours are to be reckoned; without a moment, from now."""
    typed, hours = request.query.get("desde", ""), request.query.get("horas", "")
    amount = int(hours) if hours.isdecimal() and len(hours) <= len(str(MOST)) else USUAL
    try:
        start = from_input(typed, desk.timezone) if typed else desk.now()
    except ValueError:
        return None, amount
    near = abs(start - desk.now()) < timedelta(days=3660)
    return (start if near else None), min(max(amount, 1), MOST)


async def add(request: web.Request) -> web.Response:
    """Open or close a day."""

    async def act(desk: Desk, account: Account, form: Form) -> None:
        try:
            day = date.fromisoformat(form.get("day", ""))
        except ValueError:
            raise Invalid(_("Revise los campos marcados."), {"day": _("Elija el día.")}) from None
        if form.get("works") not in ("yes", "no"):
            raise Invalid(_("Revise los campos marcados."), {"works": _("Diga si ese día se trabaja.")})
        works = form["works"] == "yes"
        await calendar.set_day(desk, account, day, works=works, name=form.get("name", ""))

    return await do(request, "day", act, _page, ADDRESS)


async def drop(request: web.Request) -> web.Response:
    """Let a day be again what the week and the holidays make of it."""

    async def act(desk: Desk, account: Account, _form: Form) -> None:
        try:
            day = date.fromisoformat(request.match_info["day"])
        except ValueError:
            raise NotFound(_("Ese día no existe.")) from None
        await calendar.drop_day(desk, account, day)

    return await do(request, "drop", act, _page, ADDRESS)

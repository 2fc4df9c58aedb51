"""The words of the reports: durations, days, steps, and the addresses of the cases behind a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web
from babel.dates import format_date

from cases.errors import Invalid
from cases.vocabulary import Category, Channel, Role, Unit
from console import words
from console.forms import clean
from console.language import gettext as _
from console.language import locale
from console.rendering import query
from desk.report_shapes import Asked
from store.report_scope import NONE, Figure

HOUR = 60
PERIODS = ("hoy", "7", "30", "90", "mes", "fechas")
USUAL = "30"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for, as the filter's form shows it again."""

    asked: Asked
    period: str
    typed: Mapping[str, str]

    @property
    def filters(self) -> dict[str, str]:
        """The filters alone, as an address has them."""
        return {name: self.typed[name] for name in ("canal", "sistema", "categoria", "unidad")}

    def address(self, path: str) -> str:
        """Return an address that asks for the same."""
        dates = {"desde": self.asked.since.isoformat(), "hasta": self.asked.until.isoformat()}
        return f"{path}{query(periodo='fechas', **dates, **self.filters)}"

    def cases(self, figure: Figure, value: str = "", **narrower: str) -> str:
        """Return the address of the cases behind a figure; `narrower` replaces parts of what was asked."""
        dates = {"desde": self.asked.since.isoformat(), "hasta": self.asked.until.isoformat()}
        given = {**dates, **self.filters, **narrower}
        return f"/reportes/casos{query(**given, cifra=figure.value, valor=value)}"


def wanted(request: web.Request, today: date) -> Wanted:
    """Read what the address asks for; what means nothing is as if it were not there. Raises Invalid for dates that are none."""
    names = ("periodo", "desde", "hasta", "canal", "sistema", "categoria", "unidad")
    typed = {name: clean(request.query.get(name, "")).strip() for name in names}
    period = typed["periodo"] if typed["periodo"] in PERIODS else ""
    if not period:
        period = "fechas" if typed["desde"] or typed["hasta"] else USUAL
    since, until = _dates(period, typed, today)
    typed |= {"desde": since.isoformat(), "hasta": until.isoformat()}
    for name, known in (("canal", Channel), ("unidad", Unit)):
        typed[name] = typed[name] if typed[name] in [str(one) for one in known] else ""
    if typed["categoria"] not in (*map(str, Category), NONE):
        typed["categoria"] = ""
    asked = Asked(
        since,
        until,
        Channel(typed["canal"]) if typed["canal"] else None,
        typed["sistema"] or None,
        typed["categoria"] or None,
        Unit(typed["unidad"]) if typed["unidad"] else None,
    )
    return Wanted(asked, period, typed)


def _dates(period: str, typed: Mapping[str, str], today: date) -> tuple[date, date]:
    match period:
        case "hoy":
            return today, today
        case "mes":
            return today.replace(day=1), today
        case "fechas":
            try:
                until = date.fromisoformat(typed["hasta"]) if typed["hasta"] else today
                since = date.fromisoformat(typed["desde"]) if typed["desde"] else until
            except ValueError:
                raise Invalid(_("Escriba las fechas como 2026-03-02.")) from None
            return since, until
        case _:
            return today - timedelta(days=int(period) - 1), today


def month(first: date) -> Wanted:
    """Return a whole month without filters."""
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Wanted(
        Asked(first, last), "fechas", dict.fromkeys(("canal", "sistema", "categoria", "unidad"), "")
    )


def duration(minutes: float | None) -> str:
    """Write a duration of work briefly."""
    if minutes is None:
        return "—"
    hours, rest = divmod(round(minutes), HOUR)
    if not hours:
        return _("%(num)s min") % {"num": rest}
    return (
        _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
        if rest
        else _("%(num)s h") % {"num": hours}
    )


def day(value: date) -> str:
    """Write a day without its year."""
    return format_date(value, "d MMM", locale=locale())


def month_name(value: date) -> str:
    """Write a month with its year."""
    return format_date(value, "MMMM y", locale=locale())


def role(value: str) -> str:
    """Name who is responsible; nothing for a step that is not known any more."""
    return words.role(Role(value)) if value else ""


def weekdays() -> list[str]:
    """Name the days of the week, Monday first."""
    monday = date(2026, 3, 2)
    return [format_date(monday + timedelta(days=n), "EEE", locale=locale()) for n in range(7)]

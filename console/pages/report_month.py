"""The monthly report, to be printed or kept as PDF by the browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from aiohttp import web

from cases.errors import NotFound
from console.language import gettext as _
from console.pages.reports import drawing_of, today
from console.rendering import render
from console.report_panels import Headline, headlines, on_paper, panels, with_table
from console.report_tables import Panel
from console.report_words import month, month_name
from console.visitor import desk_of

EARLIEST = 2000


@dataclass(frozen=True, slots=True)
class ReportMonthPage:
    """One month of the desk's work on paper."""

    template: ClassVar[str] = "report_month.html"
    title: str
    name: str
    since: date
    until: date
    headlines: Sequence[Headline]
    panels: Sequence[Panel]
    tables: frozenset[str]
    made: datetime
    earlier: str
    later: str


async def show(request: web.Request) -> web.Response:
    """Show a month; raises NotFound for one that is none or has not begun."""
    try:
        first = date.fromisoformat(f"{request.match_info['month']}-01")
    except ValueError:
        raise NotFound(_("No existe ese mes.")) from None
    if first > today(request) or first.year < EARLIEST:
        raise NotFound(_("Ese mes todavía no empezó o es demasiado antiguo."))
    asked = month(first)
    drawing = await drawing_of(request, asked)
    shown = on_paper(panels(drawing))
    following = asked.asked.until + timedelta(days=1)
    page = ReportMonthPage(
        title=_("Informe mensual"),
        name=month_name(first),
        since=asked.asked.since,
        until=asked.asked.until,
        headlines=headlines(drawing),
        panels=shown,
        tables=with_table(shown),
        made=desk_of(request).now(),
        earlier=f"/reportes/mes/{first - timedelta(days=1):%Y-%m}",
        later=f"/reportes/mes/{following:%Y-%m}" if following <= today(request) else "",
    )
    return render(request, page)

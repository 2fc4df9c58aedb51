"""The supervisors' reports: a period and filters, every figure with its chart, its table and its cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from aiohttp import web

from cases.errors import NotFound
from cases.model import System
from console import reads
from console.language import gettext as _
from console.rendering import render
from console.report_files import as_csv, as_workbook
from console.report_panels import Headline, headlines, panels
from console.report_tables import Drawing, Panel
from console.report_words import Wanted, wanted
from console.visitor import desk_of, who
from desk.reports import report

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The desk's work in a period."""

    template: ClassVar[str] = "reports.html"
    period: str
    typed: Mapping[str, str]
    since: date
    until: date
    headlines: Sequence[Headline]
    panels: Sequence[Panel]
    systems: Sequence[System]
    files: Mapping[str, str]
    workbook: str
    month: str


def today(request: web.Request) -> date:
    """Return the day that it is at the desk."""
    desk = desk_of(request)
    return desk.now().astimezone(desk.timezone).date()


async def drawing_of(request: web.Request, asked: Wanted) -> Drawing:
    """Read the report that was asked for; raises Forbidden or Invalid."""
    desk, account = desk_of(request), who(request)
    found = await report(desk, account, asked.asked)
    return Drawing(found, asked, {system.id: system.name for system in await reads.systems(desk)})


async def show(request: web.Request) -> web.Response:
    """Show the report."""
    asked = wanted(request, today(request))
    drawing = await drawing_of(request, asked)
    shown = panels(drawing)
    page = ReportsPage(
        period=asked.period,
        typed=asked.typed,
        since=asked.asked.since,
        until=asked.asked.until,
        headlines=headlines(drawing),
        panels=shown,
        systems=await reads.systems(desk_of(request)),
        files={panel.name: asked.address(f"/reportes/{panel.name}.csv") for panel in shown},
        workbook=asked.address("/reportes/todo.xlsx"),
        month=f"/reportes/mes/{asked.asked.until:%Y-%m}",
    )
    return render(request, page)


async def table(request: web.Request) -> web.Response:
    """Send one table as CSV; raises NotFound for a name that no table has."""
    asked = wanted(request, today(request))
    found = {panel.name: panel for panel in panels(await drawing_of(request, asked))}
    name = request.match_info["table"]
    if name not in found:
        raise NotFound(_("No existe esa tabla."))
    return _file(as_csv(found[name].table), "text/csv", f"{name}_{_dates(asked)}.csv")


async def workbook(request: web.Request) -> web.Response:
    """Send every table as one workbook."""
    asked = wanted(request, today(request))
    drawing = await drawing_of(request, asked)
    about = [(name, asked.typed[name]) for name in ("desde", "hasta", *asked.filters) if asked.typed[name]]
    data = as_workbook(panels(drawing), f"Ventanilla, {_dates(asked)}", about)
    return _file(data, XLSX, f"reporte_{_dates(asked)}.xlsx")


def _dates(asked: Wanted) -> str:
    return f"{asked.asked.since}_{asked.asked.until}"


def _file(data: bytes, media_type: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=data, content_type=media_type, headers=headers)

"""The cases behind one figure of a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from aiohttp import web

from cases.errors import NotFound
from console import reads
from console.forms import clean, number
from console.language import gettext as _
from console.pages.reports import today
from console.rendering import render
from console.report_words import wanted
from console.visitor import desk_of, who
from desk.reports import cases_behind
from store.report_scope import Figure, Listed

LIMIT = 50
HOURS, WEEKDAYS = 24, 7


@dataclass(frozen=True, slots=True)
class ReportCasesPage:
    """The cases that a figure counts, newest first."""

    template: ClassVar[str] = "report_cases.html"
    title: str
    value: str
    since: date
    until: date
    rows: Sequence[Listed]
    names: Mapping[str, str]
    back: str
    older: str


async def show(request: web.Request) -> web.Response:
    """List a figure's cases; raises NotFound for a figure that there is none of."""
    desk, asked = desk_of(request), wanted(request, today(request))
    given = request.query.get("cifra", "")
    if given not in list(Figure):
        raise NotFound(_("No existe esa cifra."))
    figure, value = Figure(given), clean(request.query.get("valor", ""))
    weekday, hour = number(request.query.get("dia", "")), number(request.query.get("hora", ""))
    slot = None
    if weekday is not None and hour is not None and weekday < WEEKDAYS and hour < HOURS:
        slot = (weekday, hour)
    rows = await cases_behind(
        desk,
        who(request),
        asked.asked,
        figure,
        value,
        slot=slot,
        before=number(request.query.get("antes", "")),
        limit=LIMIT + 1,
    )
    narrower = {"dia": str(slot[0]), "hora": str(slot[1])} if slot else {}
    here = asked.cases(figure, value, **narrower)
    page = ReportCasesPage(
        title=title(figure),
        value="" if figure in (Figure.ARTICLE, Figure.BACKLOG, Figure.JUDGED) else value,
        since=asked.asked.since,
        until=asked.asked.until,
        rows=rows[:LIMIT],
        names={system.id: system.name for system in await reads.systems(desk)},
        back=asked.address("/reportes"),
        older=f"{here}&antes={rows[LIMIT - 1].id}" if len(rows) > LIMIT else "",
    )
    return render(request, page)


def title(figure: Figure) -> str:
    """Say which cases a figure counts."""
    return {
        Figure.OPENED: _("Casos abiertos"),
        Figure.CLOSED: _("Casos cerrados"),
        Figure.BACKLOG: _("Casos pendientes"),
        Figure.STEP: _("Casos que dejaron el paso"),
        Figure.LATE: _("Casos cerrados después de su estimación"),
        Figure.KEPT: _("Casos cerrados dentro de su estimación"),
        Figure.RETURNED: _("Casos devueltos desde el paso"),
        Figure.JUDGED: _("Casos con esa propuesta y esa confirmación"),
        Figure.TENTH: _("Casos propuestos con esa confianza, en décimas"),
        Figure.ARTICLE: _("Casos en que se usó el artículo"),
        Figure.RATED: _("Casos con nota de la encuesta"),
        Figure.SELF_SOLVED: _("Casos que la persona resolvió con el asistente"),
        Figure.ANSWERED: _("Casos abiertos que una persona ya respondió"),
    }[figure]

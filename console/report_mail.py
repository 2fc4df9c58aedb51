"""A report as a mail: its figures in words, the tables as a workbook, the paper as a page that needs nothing from elsewhere."""

import asyncio
from collections.abc import Sequence
from functools import cache, partial

import jinja2
from babel.dates import format_date
from markupsafe import Markup

from cases.model import Attachment
from console import language, times
from console.assets import OWN
from console.language import gettext as _
from console.language import load_catalogues
from console.rendering import TEMPLATES
from console.report_files import as_workbook
from console.report_panels import Headline, headlines, on_paper, panels, with_table
from console.report_tables import Drawing, Panel
from console.report_words import Wanted, month_name
from desk.desk import Desk
from desk.report_shapes import Asked, Report
from desk.scheduled_reports import Letter, Write
from store.schedules import Every, Schedule

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STYLES = ("console.css", "reports.css")


def letters(desk: Desk) -> Write:
    """Return what writes reports in the language of their schedule, in a thread of its own; nothing is loaded before the first."""
    environment, catalogues = cache(partial(_environment, desk)), cache(load_catalogues)

    def write(schedule: Schedule, report: Report, systems: Sequence[tuple[str, str]]) -> Letter:
        language.speak(catalogues(), schedule.language)
        plain = dict.fromkeys(("canal", "sistema", "categoria", "unidad"), "")
        drawing = Drawing(report, Wanted(report.asked, "fechas", plain), dict(systems))
        return _letter(desk, environment(), schedule, drawing)

    async def in_thread(schedule: Schedule, report: Report, systems: Sequence[tuple[str, str]]) -> Letter:
        return await asyncio.to_thread(write, schedule, report, systems)

    return in_thread


def _environment(desk: Desk) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        language.gettext, language.ngettext, newstyle=True
    )
    environment.filters["moment"] = partial(times.moment, zone=desk.timezone)
    return environment


def _letter(desk: Desk, environment: jinja2.Environment, schedule: Schedule, drawing: Drawing) -> Letter:
    asked = drawing.wanted.asked
    heads, shown = headlines(drawing), panels(drawing)
    title, name = _title(schedule.every), _period(schedule.every, asked)
    dates = f"{asked.since}_{asked.until}"
    about = [("desde", asked.since.isoformat()), ("hasta", asked.until.isoformat())]
    book = as_workbook(shown, f"Ventanilla, {dates}", about)
    page = _page(desk, environment, (title, name), drawing, heads, on_paper(shown))
    return Letter(
        subject=f"{title}: {name}",
        text=_words(desk, drawing, heads, (title, name)),
        attachments=(
            Attachment(f"reporte_{dates}.xlsx", XLSX, book),
            Attachment(f"informe_{dates}.html", "text/html", page.encode()),
        ),
    )


def _title(every: Every) -> str:
    return {
        "day": _("Informe del día"),
        "week": _("Informe semanal"),
        "month": _("Informe mensual"),
    }[every]


def _period(every: Every, asked: Asked) -> str:
    if every == "month":
        return month_name(asked.since)
    said = [format_date(day, "d MMM y", locale=language.locale()) for day in (asked.since, asked.until)]
    return said[0] if every == "day" else f"{said[0]} – {said[1]}"


def _words(desk: Desk, drawing: Drawing, heads: Sequence[Headline], named: tuple[str, str]) -> str:
    """Say the figures in words, and where the rest is."""
    volume = drawing.report.volume
    opened, closed = sum(volume.opened), sum(volume.closed)
    lead = _("Llegaron %(opened)s casos y se cerraron %(closed)s.") % {"opened": opened, "closed": closed}
    figures = "\n".join(f"{one.name}: {one.said}{f' ({one.more})' if one.more else ''}" for one in heads)
    where = desk.public_url.rstrip("/") + drawing.wanted.address("/reportes")
    return "\n\n".join(
        (
            f"{named[0]}: {named[1]}",
            lead,
            figures,
            _("Adjunto van todas las tablas (XLSX) y el informe para imprimir (HTML)."),
            _("Cada número con sus casos:") + f"\n{where}",
            _("Este envío se quita en: %(address)s")
            % {"address": desk.public_url.rstrip("/") + "/reportes/envios"},
        )
    )


def _page(
    desk: Desk,
    environment: jinja2.Environment,
    named: tuple[str, str],
    drawing: Drawing,
    heads: Sequence[Headline],
    shown: Sequence[Panel],
) -> str:
    """Return the paper with its styles inside; its figures lead to the desk."""
    asked = drawing.wanted.asked
    paper = environment.get_template("parts/report_paper.html").render(
        title=named[0],
        name=named[1],
        since=asked.since,
        until=asked.until,
        headlines=heads,
        panels=shown,
        tables=with_table(shown),
        made=desk.now(),
    )
    away = desk.public_url.rstrip("/")
    return Markup(
        '<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}: {name}</title>'
        "<style>{style}</style></head>\n<body><main>{paper}</main></body></html>\n"
    ).format(
        language=language.code(),
        title=named[0],
        name=named[1],
        style=Markup("\n".join((OWN / name).read_text("utf-8") for name in STYLES)),  # noqa: S704 - our own
        paper=Markup(paper.replace('href="/', f'href="{away}/')),  # noqa: S704 - escaped by its template
    )

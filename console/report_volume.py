"""The panels on volume: cases by day, channel, system, category, weekday and hour."""

from collections.abc import Mapping, Sequence

from cases.vocabulary import Category, Channel
from console import charts, words
from console.language import gettext as _
from console.rendering import percent
from console.report_tables import Drawing, Panel, Table, count, head
from console.report_words import day, weekdays
from desk.report_shapes import Series
from store.report_scope import NONE, Figure


def by_day(drawing: Drawing) -> Panel:
    """Show what came in and what was closed each day."""
    volume, wanted = drawing.report.volume, drawing.wanted
    title = _("Casos por día")
    opened, closed = _("abiertos"), _("cerrados")
    drawn = charts.lines(
        "dias",
        title,
        [day(each) for each in volume.days],
        [charts.Line(opened, "first", volume.opened), charts.Line(closed, "second", volume.closed)],
    )
    rows = []
    for each, came, went in zip(volume.days, volume.opened, volume.closed, strict=True):
        here = {"desde": each.isoformat(), "hasta": each.isoformat()}
        rows.append(
            [
                head(day(each), each),
                count(came, wanted.cases(Figure.OPENED, **here)),
                count(went, wanted.cases(Figure.CLOSED, **here)),
            ]
        )
    lead = _("Línea continua: abiertos. Línea de trazos: cerrados.")
    empty = not sum(volume.opened) and not sum(volume.closed)
    return Panel(
        "por-dia", title, lead, Table([_("Día"), opened, closed], rows), [drawn], wide=True, empty=empty
    )


def by_channel(drawing: Drawing) -> Panel:
    """Show the channels that cases came by."""
    names = {str(one): words.channel(one) for one in Channel}
    return _breakdown(drawing, "por-canal", _("Por canal"), "canal", drawing.report.volume.channels, names)


def by_system(drawing: Drawing) -> Panel:
    """Show the systems that cases are about."""
    return _breakdown(
        drawing, "por-sistema", _("Por sistema"), "sistema", drawing.report.volume.systems, drawing.systems
    )


def by_category(drawing: Drawing) -> Panel:
    """Show what the cases are."""
    names = {str(one): words.category_short(one) for one in Category}
    return _breakdown(
        drawing, "por-categoria", _("Por categoría"), "categoria", drawing.report.volume.categories, names
    )


def _breakdown(
    drawing: Drawing, name: str, title: str, by: str, series: Sequence[Series], names: Mapping[str, str]
) -> Panel:
    volume, wanted = drawing.report.volume, drawing.wanted
    whole = sum(one.total for one in series)
    named = [names.get(one.value or "", one.value or _("sin dato")) for one in series]
    bars = [
        charts.Bar(said, one.total, f"{one.total} · {percent(one.total / whole)}")
        for said, one in zip(named, series, strict=True)
    ]
    drawn = [charts.bars(name, title, bars)] if bars else []
    if bars and len(volume.days) > 1:
        about = _("%(title)s, cada día") % {"title": title}
        shown = [day(each) for each in volume.days]
        drawn.append(charts.heat(name, about, named, shown, [one.by_day for one in series]))
    total = [head(_("Todo el período"))]
    total += [count(one.total, wanted.cases(Figure.OPENED, **{by: one.value or NONE})) for one in series]
    rows = [total]
    for place, each in enumerate(volume.days):
        here = {"desde": each.isoformat(), "hasta": each.isoformat()}
        cells = [
            count(one.by_day[place], wanted.cases(Figure.OPENED, **{by: one.value or NONE}, **here))
            for one in series
        ]
        rows.append([head(day(each), each), *cells])
    lead = (
        _("Casos abiertos en el período; abajo, cada día: cuanto más fuerte el color, más casos.")
        if len(drawn) > 1
        else ""
    )
    return Panel(name, title, lead, Table([_("Día"), *named], rows), drawn, empty=not whole)


def by_hour(drawing: Drawing) -> Panel:
    """Show when cases come in."""
    volume, wanted = drawing.report.volume, drawing.wanted
    title = _("Por día de la semana y hora")
    hours = [f"{hour:02}" for hour in range(24)]
    drawn = charts.heat("horas", title, weekdays(), hours, volume.hours)
    rows = [
        [
            head(name),
            *(
                count(number, wanted.cases(Figure.OPENED, dia=str(place), hora=str(hour)))
                for hour, number in enumerate(volume.hours[place])
            ),
        ]
        for place, name in enumerate(weekdays())
    ]
    lead = _("Casos abiertos, a la hora de la mesa de ayuda.")
    return Panel(
        "por-hora",
        title,
        lead,
        Table([_("Día"), *hours], rows),
        [drawn],
        empty=not sum(volume.opened),
    )

"""The panels on time: first answers and solutions, estimates, steps and units against their targets, the backlog's age."""

from cases.vocabulary import Role
from console import charts, words
from console.language import gettext as _
from console.report_tables import Cell, Drawing, Panel, Table, barred, count, head, share, spread_cells
from console.report_words import duration, role
from desk.report_shapes import StepTime
from store.report_scope import Figure

BEGINNING = 90
"""Characters of a step's activity that a page shows; a file has all."""
TOP = 12
"""How many steps are drawn; the table has all."""
UNTOLD = 480
"""Minutes in place of a target for a step that has none: a day of work."""


def overall(drawing: Drawing) -> Panel:
    """Show how long people waited for an answer and for the solution."""
    times, wanted = drawing.report.times, drawing.wanted
    title = _("Primera respuesta y solución")
    kinds = (
        (_("Primera respuesta de una persona"), times.first_answer, Figure.OPENED),
        (_("Solución (hasta el cierre)"), times.solution, Figure.CLOSED),
    )
    bars = [
        charts.Bar(name, found.median or 0, duration(found.median), found.p90)
        for name, found, _figure in kinds
        if found.count
    ]
    rows = []
    for name, found, figure in kinds:
        number, *rest = spread_cells(found)
        rows.append([head(name, href=wanted.cases(figure)), number, *rest])
    lead = _("Barra: la mediana. Raya: el plazo en que se resolvieron 9 de cada 10. En tiempo de trabajo.")
    if times.every > 1:
        lead += " " + _("Medido en uno de cada %(num)s casos.") % {"num": times.every}
    columns = [_("Tiempo"), _("Casos"), _("Mediana"), _("9 de 10 en")]
    return barred("tiempos", title, lead, Table(columns, rows), bars, empty=not bars)


def estimates(drawing: Drawing) -> Panel:
    """Show how many cases were closed by their estimate."""
    times, wanted = drawing.report.times, drawing.wanted
    title = _("Estimaciones cumplidas")
    whole = times.estimates_kept + times.estimates_late
    kinds = (
        (_("Cerrados a tiempo"), times.estimates_kept, Figure.KEPT),
        (_("Cerrados después"), times.estimates_late, Figure.LATE),
    )
    rows = [
        [head(name), count(number, wanted.cases(figure)), share(number, whole)]
        for name, number, figure in kinds
    ]
    bars = [
        charts.Bar(row[0].said, float(number), row[2].said)
        for row, (_n, number, _f) in zip(rows, kinds, strict=True)
    ]
    lead = _("Casos cerrados en el período que tenían una fecha estimada.")
    columns = [_("Cierre"), _("Casos"), _("Parte")]
    return barred("estimaciones", title, lead, Table(columns, rows), bars if whole else [], empty=not whole)


def steps(drawing: Drawing) -> Panel:
    """Show how long cases stood at each step, beside its target."""
    found, wanted = drawing.report.times.steps, drawing.wanted
    title = _("Tiempo por paso, frente a su meta")
    bars = [
        charts.Bar(
            f"{one.step} · {role(one.role)}", one.spread.median or 0, duration(one.spread.median), one.target
        )
        for one in sorted(found, key=_strain, reverse=True)[:TOP]
    ]
    rows = [
        [
            head(one.step, href=wanted.cases(Figure.STEP, one.step.partition(" (")[0])),
            Cell(one.activity, _beginning(one.activity)),
            Cell(role(one.role), role(one.role)),
            *spread_cells(one.spread),
            Cell(one.target, duration(one.target)),
            share(one.within, one.spread.count if one.target is not None else 0),
        ]
        for one in found
    ]
    columns = [
        _("Paso"),
        _("Actividad"),
        _("Responsable"),
        _("Veces"),
        _("Mediana"),
        _("9 de 10 en"),
        _("Meta"),
        _("Dentro de la meta"),
    ]
    lead = _(
        "Los pasos más cargados frente a su meta. Barra: la mediana en tiempo de trabajo, sin la espera por la persona. Raya: la meta."
    )
    return barred("pasos", title, lead, Table(columns, rows), bars, empty=not bars, wide=True)


def _beginning(said: str) -> str:
    return said if len(said) <= BEGINNING else said[:BEGINNING].rsplit(" ", 1)[0] + "…"


def _strain(step: StepTime) -> tuple[float, int]:
    """Order steps by how much of their target the slowest tenth takes, then by how often they are taken."""
    return (step.spread.p90 or 0) / (step.target or UNTOLD), step.spread.count


def units(drawing: Drawing) -> Panel:
    """Show how many steps each unit took within their targets."""
    found = drawing.report.times.units
    title = _("Pasos dentro de la meta, por responsable")
    bars = [
        charts.Bar(role(one.role), one.within / one.with_target, share(one.within, one.with_target).said, 1.0)
        for one in found
        if one.with_target
    ]
    rows = [
        [head(role(one.role)), *spread_cells(one.spread), share(one.within, one.with_target)] for one in found
    ]
    columns = [_("Responsable"), _("Pasos"), _("Mediana"), _("9 de 10 en"), _("Dentro de la meta")]
    return barred("responsables", title, "", Table(columns, rows), bars, empty=not found)


def backlog(drawing: Drawing) -> Panel:
    """Show how old the open cases are."""
    found, wanted = drawing.report.backlog, drawing.wanted
    title = _("Pendientes por antigüedad")
    names = [_("hasta %(num)s d") % {"num": days} for days in found.limits]
    names.append(_("más de %(num)s d") % {"num": found.limits[-1]})
    bars = [charts.Bar(name, number, str(number)) for name, number in zip(names, found.bands, strict=True)]
    units = [
        words.role(Role(one.unit.value)) if one.unit.value in list(Role) else one.unit.upper()
        for one in found.units
    ]
    rows = [
        [
            head(name),
            count(found.bands[place], wanted.cases(Figure.BACKLOG, str(place))),
            *(count(one.bands[place]) for one in found.units),
        ]
        for place, name in enumerate(names)
    ]
    lead = _(
        "Casos que seguían abiertos al final del período (o ahora), por días corridos desde que llegaron."
    )
    whole = sum(found.bands)
    return barred(
        "pendientes",
        title,
        lead,
        Table([_("Antigüedad"), _("Casos"), *units], rows),
        bars if whole else [],
        empty=not whole,
    )

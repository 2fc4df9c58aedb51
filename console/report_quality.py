"""The panels on quality: returns, the classifier's agreement and calibration, articles, the survey."""

from cases.vocabulary import Category
from console import charts, words
from console.language import gettext as _
from console.rendering import percent
from console.report_tables import Cell, Drawing, Panel, Table, barred, count, exact, head, share
from console.report_words import day
from store.report_scope import Figure
from store.reports import ReturnedFor

LONGEST_REASON = 300
TOP = 12


def returns(drawing: Drawing) -> Panel:
    """Show what was given back, and why."""
    found, wanted = drawing.report.returns.returns, drawing.wanted
    title = _("Devoluciones por motivo")
    bars = [charts.Bar(_why(one), one.count, f"{one.step} · {one.count}") for one in found[:TOP]]
    rows = [
        [
            head(_why(one)),
            Cell(one.step, one.step),
            count(one.count, wanted.cases(Figure.RETURNED, _returned(one))),
        ]
        for one in found
    ]
    return barred(
        "devoluciones",
        title,
        _("El paso que devolvió el caso y lo que observó."),
        Table([_("Motivo"), _("Paso"), _("Veces")], rows),
        bars,
        empty=not found,
    )


def _why(one: ReturnedFor) -> str:
    """Say why a case was given back: a code in its words, or else the words that were written."""
    return words.return_reason(one.reason) if one.reason else _("sin motivo")


def _returned(one: ReturnedFor) -> str:
    """Name what was given back: by step and reason, or by the step alone where the reason is too long for an address."""
    return one.step if len(one.reason) > LONGEST_REASON else f"{one.step}: {one.reason}"


def agreement(drawing: Drawing) -> Panel:
    """Show what was proposed and what was confirmed."""
    found, wanted = drawing.report.agreement, drawing.wanted
    title = _("Lo propuesto y lo confirmado")
    names = [words.category_short(one) for one in Category]
    counts = {(one.proposed, one.confirmed): one.count for one in found.pairs}
    values = [[counts.get((a, b), 0) for b in Category] for a in Category]
    rows = [
        [
            head(names[place]),
            *(
                count(counts.get((a, b), 0), wanted.cases(Figure.JUDGED, f"{a.value}>{b.value}"))
                for b in Category
            ),
            share(counts.get((a, a), 0), sum(values[place])),
        ]
        for place, a in enumerate(Category)
    ]
    lead = _("Filas: lo que propuso el clasificador. Columnas: lo que confirmó el operador.")
    return Panel(
        "clasificador",
        title,
        lead,
        Table([_("Propuesto"), *names, _("Acuerdo")], rows),
        [charts.heat("clasificador", title, names, names, values)] if found.total else [],
        empty=not found.total,
    )


def calibration(drawing: Drawing) -> Panel:
    """Show whether proposals are right as often as they say."""
    found, wanted = drawing.report.agreement, drawing.wanted
    title = _("Calibración del clasificador")
    named = [f"{one.tenth * 10}–{one.tenth * 10 + 10} %" for one in found.tenths]
    bars = [
        charts.Bar(
            name,
            one.right / one.count,
            f"{percent(one.right / one.count)} ({one.right}/{one.count})",
            one.confidence,
        )
        for name, one in zip(named, found.tenths, strict=True)
    ]
    rows = [
        [
            head(name),
            count(one.count, wanted.cases(Figure.TENTH, str(one.tenth))),
            Cell(one.confidence, exact(one.confidence)),
            share(one.right, one.count),
        ]
        for name, one in zip(named, found.tenths, strict=True)
    ]
    lead = _("Barra: cuántas propuestas acertaron. Raya: cuánta confianza decían. Bien calibrado, coinciden.")
    if found.error is not None:
        lead += " " + _("Error de calibración: %(num)s.") % {"num": f"{found.error:.3f}"}
    columns = [_("Confianza"), _("Casos"), _("Confianza media"), _("Acertaron")]
    return barred("calibracion", title, lead, Table(columns, rows), bars, empty=not bars)


def articles(drawing: Drawing) -> Panel:
    """Show how articles were used."""
    found, wanted = drawing.report.articles.articles, drawing.wanted
    title = _("Uso de artículos")
    bars = [
        charts.Bar(
            one.title,
            one.offered,
            _("%(num)s · resolvió %(solved)s") % {"num": one.offered, "solved": one.solved},
            one.solved,
        )
        for one in found[:TOP]
    ]
    rows = []
    for one in found:
        hows = (("offered", one.offered), ("opened", one.opened), ("sent", one.sent), ("solved", one.solved))
        cells = [count(number, wanted.cases(Figure.ARTICLE, f"{one.article}:{how}")) for how, number in hows]
        rows.append([head(one.title, href=f"/articulos/{one.article}"), *cells])
    columns = [_("Artículo"), _("Ofrecido"), _("Abierto"), _("Enviado o vinculado"), _("Resolvió")]
    return barred(
        "articulos",
        title,
        _("Barra: en cuántos casos se ofreció. Raya: cuántos resolvió."),
        Table(columns, rows),
        bars,
        empty=not found,
    )


def survey(drawing: Drawing) -> Panel:
    """Show the marks that people gave."""
    found, wanted = drawing.report.survey, drawing.wanted
    title = _("Encuesta: notas")
    bars = [
        charts.Bar(_("%(num)s de 5") % {"num": one.mark}, one.count, str(one.count))
        for one in reversed(found.marks)
    ]
    rows = [
        [
            head(_("%(num)s de 5") % {"num": one.mark}, one.mark),
            count(one.count, wanted.cases(Figure.RATED, str(one.mark))),
            share(one.count, found.answers),
        ]
        for one in reversed(found.marks)
    ]
    lead = _("Media: %(mean)s de 5.") % {"mean": f"{found.mean:.2f}"} if found.mean is not None else ""
    return barred(
        "encuesta",
        title,
        lead,
        Table([_("Nota"), _("Casos"), _("Parte")], rows),
        bars if found.answers else [],
        empty=not found.answers,
    )


def comments(drawing: Drawing) -> Panel:
    """Show what people said."""
    found = drawing.report.survey.comments
    rows = [
        [
            head(one.case, href=f"/casos/{one.case}"),
            Cell(one.at.date(), day(one.at.date())),
            Cell(one.text, one.text),
        ]
        for one in found
    ]
    return Panel(
        "comentarios",
        _("Encuesta: comentarios"),
        "",
        Table([_("Caso"), _("Día"), _("Comentario")], rows),
        empty=not found,
    )

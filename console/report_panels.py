"""A report as its page shows it: the figures at its head, and every panel in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console import report_quality as quality
from console import report_tempo as tempo
from console import report_volume as volume
from console.language import gettext as _
from console.rendering import percent
from console.report_tables import Drawing, Panel
from console.report_words import duration
from desk.report_times import Spread
from store.report_scope import Figure


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure at the head of a report."""

    name: str
    said: str
    more: str = ""
    href: str = ""


def headlines(drawing: Drawing) -> Sequence[Headline]:
    """Return the figures that somebody looks at first."""
    report, wanted = drawing.report, drawing.wanted
    times, agreement, survey = report.times, report.agreement, report.survey
    return [
        Headline(_("Abiertos"), str(sum(report.volume.opened)), "", wanted.cases(Figure.OPENED)),
        Headline(_("Cerrados"), str(sum(report.volume.closed)), "", wanted.cases(Figure.CLOSED)),
        Headline(_("Pendientes al final"), str(sum(report.backlog.bands)), "", wanted.cases(Figure.BACKLOG)),
        Headline(_("Primera respuesta"), duration(times.first_answer.median), _p90(times.first_answer)),
        Headline(_("Solución"), duration(times.solution.median), _p90(times.solution)),
        Headline(
            _("Acuerdo con el clasificador"),
            percent(agreement.agreed / agreement.total) if agreement.total else "—",
            _("%(part)s de %(all)s") % {"part": agreement.agreed, "all": agreement.total},
        ),
        Headline(
            _("Nota de la encuesta"),
            f"{survey.mean:.1f}" if survey.mean is not None else "—",
            _("%(num)s notas") % {"num": survey.answers},
        ),
    ]


def _p90(spread: Spread) -> str:
    return _("9 de 10 en %(time)s") % {"time": duration(spread.p90)} if spread.count else ""


def panels(drawing: Drawing) -> Sequence[Panel]:
    """Return every panel of a report, in order."""
    made: tuple[Callable[[Drawing], Panel], ...] = (
        volume.by_day,
        volume.by_channel,
        volume.by_category,
        volume.by_system,
        volume.by_hour,
        tempo.overall,
        tempo.estimates,
        tempo.steps,
        tempo.units,
        tempo.backlog,
        quality.returns,
        quality.agreement,
        quality.calibration,
        quality.articles,
        quality.survey,
        quality.comments,
    )
    return [make(drawing) for make in made]


def on_paper(found: Sequence[Panel]) -> Sequence[Panel]:
    """Leave out what people wrote: it stays on the screen."""
    return [panel for panel in found if panel.name != "comentarios"]


def with_table(found: Sequence[Panel]) -> frozenset[str]:
    """Name the panels whose table is printed; where it has a line for each day, its chart is enough."""
    return frozenset(panel.name for panel in found if not panel.name.startswith("por-"))

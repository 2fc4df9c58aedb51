"""How the classifier learns: the model in use, how often operators agreed with it, what they corrected, the trainings."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import ClassVar

from aiohttp import web

from cases.errors import Conflict, Invalid, NotFound
from cases.vocabulary import Category
from console import forms, reads, words
from console.forms import Form, Typed
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk.desk import Desk
from desk.learning import (
    DAYS,
    EVERY,
    Comparison,
    LearningView,
    Side,
    ask_retraining,
    go_back,
    learning_view,
    withdraw,
)
from desk.masking import masked
from store.learning import Confirmed, Run

BEGINNING = 160
LISTED = 50
WIDE, HIGH = 10, 48
"""A day's width and the greatest height of a bar, in the drawing's own units."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a category as it is drawn: the agreed part stands on the ground, the other on top of it."""

    left: int
    agreed_top: float
    agreed: float
    differing_top: float
    differing: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of a category's confirmations were proposed so, and the days' bars."""

    category: Category
    agreed: int
    total: int
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Day:
    """One day's confirmations: for each category how many agree, of how many."""

    day: date
    counts: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Differing:
    """A confirmation that is not what was proposed."""

    confirmed: Confirmed
    beginning: str
    form: str


@dataclass(frozen=True, slots=True)
class RunLine:
    """One training with what it found."""

    run: Run
    outcome: str
    why: str
    found: Comparison | None


@dataclass(frozen=True, slots=True)
class LearningPage:
    """The classifier's learning, for those who answer for it; `figures` are the running model's, where it was measured."""

    template: ClassVar[str] = "learning.html"
    view: LearningView
    figures: Side | None
    measured_on: int
    every: int
    days: int
    high: int
    wide: int
    agreements: Sequence[Agreement]
    table: Sequence[Day]
    differing: Sequence[Differing]
    runs: Sequence[RunLine]
    names: Mapping[str, str]
    typed: Typed
    done: str


async def show(request: web.Request) -> web.Response:
    """Show how the classifier learns."""
    return await _page(request, done=request.query.get("hecho", ""))


async def _page(
    request: web.Request, *, typed: Typed | None = None, done: str = "", status: int = 200
) -> web.Response:
    desk = desk_of(request)
    view = await learning_view(desk, who(request))
    figures, measured_on = figures_of(view)
    told = [confirmed for confirmed in view.confirmed if confirmed.proposed and not confirmed.withdrawn]
    page = LearningPage(
        view=view,
        figures=figures,
        measured_on=measured_on,
        every=EVERY,
        days=DAYS.days,
        high=HIGH,
        wide=WIDE,
        agreements=agreements(told, _day(desk, desk.now()), desk),
        table=table(told, desk),
        differing=[_differing(each) for each in view.confirmed if differs(each)][:LISTED],
        runs=[_line(run) for run in view.runs],
        names={system.id: system.name for system in await reads.systems(desk)},
        typed=typed or Typed(),
        done=done,
    )
    return render(request, page, status=status, live=("learning-changed",), fresh="/aprendizaje")


def figures_of(view: LearningView) -> tuple[Side | None, int]:
    """Return the running model's figures and on how many messages they were measured."""
    version = view.in_use.model.version if view.in_use.model else view.version
    for run in view.runs:
        found = Comparison.read(run.figures)
        if found is not None and version in (run.version, run.running):
            return (found.new if version == run.version else found.running), found.held_out
    return None, 0


def differs(confirmed: Confirmed) -> bool:
    """Say whether an operator corrected what was proposed."""
    system = confirmed.system is not None and confirmed.system != confirmed.proposed_system
    return confirmed.proposed is not None and (confirmed.category != confirmed.proposed or system)


def agreements(told: Sequence[Confirmed], today: date, desk: Desk) -> Sequence[Agreement]:
    """Count and draw each category's last days, all to one scale."""
    counted = {
        (category, day): _count([each for each in told if each.category == category], day, desk)
        for category in Category
        for day in (today - timedelta(days=back) for back in range(DAYS.days))
    }
    most = max((total for _, total in counted.values()), default=0) or 1
    found = []
    for category in Category:
        days = [counted[category, today - timedelta(days=back)] for back in reversed(range(DAYS.days))]
        bars = [_bar(place, agreed, total, most) for place, (agreed, total) in enumerate(days) if total]
        found.append(
            Agreement(category, sum(agreed for agreed, _ in days), sum(total for _, total in days), bars)
        )
    return found


def _bar(place: int, agreed: int, total: int, most: int) -> Bar:
    one = HIGH / most
    return Bar(
        left=place * WIDE,
        agreed_top=round(HIGH - agreed * one, 2),
        agreed=round(agreed * one, 2),
        differing_top=round(HIGH - total * one, 2),
        differing=round((total - agreed) * one, 2),
    )


def table(told: Sequence[Confirmed], desk: Desk) -> Sequence[Day]:
    """Count the days on which something was confirmed, the newest first."""
    days = sorted({_day(desk, each.at) for each in told}, reverse=True)
    return [
        Day(
            day,
            [_count([e for e in told if e.category == category], day, desk) for category in Category],
        )
        for day in days
    ]


def _count(told: Sequence[Confirmed], day: date, desk: Desk) -> tuple[int, int]:
    those = [each for each in told if _day(desk, each.at) == day]
    return sum(each.category == each.proposed for each in those), len(those)


def _day(desk: Desk, at: datetime) -> date:
    return at.astimezone(desk.timezone).date()


def _differing(confirmed: Confirmed) -> Differing:
    """Show the text as it is learnt: without its person."""
    said = " ".join(masked(f"{confirmed.subject or ''} {confirmed.text or ''}", [confirmed.name]).split())
    beginning = said if len(said) <= BEGINNING else said[:BEGINNING].rstrip() + "…"
    return Differing(confirmed, beginning, f"withdraw:{confirmed.case}")


def _line(run: Run) -> RunLine:
    return RunLine(
        run, words.training(run.outcome), words.training_why(run.reason), Comparison.read(run.figures)
    )


async def train(request: web.Request) -> web.Response:
    """Ask for a training now."""

    async def act(_form: Form) -> None:
        await ask_retraining(desk_of(request), who(request))

    return await _do(request, "train", "entrenamiento", act)


async def back(request: web.Request) -> web.Response:
    """Bring the earlier model into use again."""

    async def act(form: Form) -> None:
        await go_back(desk_of(request), who(request), forms.whole(form, "model"), form.get("reason", ""))

    return await _do(request, "back", "anterior", act)


async def withdraw_one(request: web.Request) -> web.Response:
    """Let a confirmation count no more."""
    form = await forms.read(request)
    name = f"withdraw:{form.get('number', '')}" if form.get("listed") else "withdraw"

    async def act(form: Form) -> None:
        number = form.get("number", "").strip()
        try:
            await withdraw(desk_of(request), who(request), number, form.get("reason", ""))
        except NotFound as missing:
            raise Invalid(_("Revise los campos marcados."), {"number": str(missing)}) from None

    return await _do(request, name, "retiro", act)


async def _do(
    request: web.Request, name: str, done: str, act: Callable[[Form], Awaitable[None]]
) -> web.Response:
    """Do an act and come back to the page; if it is refused, with what was typed."""
    form = await forms.read(request)
    try:
        await act(form)
    except Invalid as refused:
        typed = Typed.refused(name, form, refused)
        return await _page(request, typed=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except Conflict as refused:
        return await _page(request, typed=Typed(name, form, {}, str(refused)), status=HTTPStatus.CONFLICT)
    return web.Response(status=303, headers={"Location": f"/aprendizaje?hecho={done}"})

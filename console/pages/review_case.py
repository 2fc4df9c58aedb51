"""One case for review: its whole story on one page, to be approved or given back, and the next with one key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web
from markupsafe import Markup

from cases.errors import Forbidden, NotFound, Refused
from cases.model import Message
from console import forms, reads, words
from console.acts import read_move
from console.forms import Typed
from console.language import gettext as _
from console.record import Line, earlier_values, lines
from console.rendering import render
from console.report_words import duration
from console.security import status_of
from console.times import for_input
from console.visitor import desk_of, who
from desk.desk import Desk
from desk.review import Story, Turn, story, turn
from desk.steps import move
from desk.views import case_view
from workflow.definition import UnknownPlaceError
from workflow.drawing import draw


@dataclass(frozen=True, slots=True)
class Fills:
    """What the fields of a step start with and choose from."""

    prefills: Mapping[str, str]
    offers: Sequence[reads.Offer]
    soonest: str


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay at a step as the page says it."""

    place: str
    activity: str
    answer: str
    actor: str
    returned: bool
    lasted: str
    target: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class ReviewCasePage:
    """The story of one case and what may be done with it now."""

    template: ClassVar[str] = "review_case.html"
    told: Story
    messages: Sequence[Message]
    stays: Sequence[Stay]
    bot: Sequence[Line]
    record: Sequence[Line]
    reasons: Mapping[str, str]
    names: Mapping[str, str]
    drawing: Markup
    turn: Turn
    sides: Fills
    typed: Typed
    done: str


async def show(request: web.Request) -> web.Response:
    """Show a case's story."""
    return await _page(request, done=request.query.get("hecho", ""))


async def _page(
    request: web.Request, *, typed: Typed | None = None, done: str = "", status: int = 200
) -> web.Response:
    desk, account, number = desk_of(request), who(request), request.match_info["number"]
    told = await story(desk, account, number)
    names = {system.id: system.name for system in await reads.systems(desk)}
    page = ReviewCasePage(
        told=told,
        messages=told.messages,
        stays=_stays(told),
        bot=lines(desk, told.bot, names),
        record=lines(desk, told.entries, names),
        reasons=dict(words.return_reasons()),
        names=names,
        drawing=_drawing(desk, told),
        turn=await turn(desk, account, number),
        sides=Fills(
            prefills=earlier_values(told.entries),
            offers=await reads.offers(desk, account, told.view.suggestions),
            soonest=for_input(desk.now(), desk.timezone),
        ),
        typed=typed or Typed(),
        done=done,
    )
    live = (f"case-{number}", "queue-changed")
    return render(request, page, status=status, live=live, fresh=f"/revision/{number}")


def _stays(told: Story) -> Sequence[Stay]:
    return [
        Stay(
            place=str(one.place),
            activity=one.activity,
            answer=one.answer or (_("está aquí") if one.ended is None else ""),
            actor=one.actor,
            returned=one.returned,
            lasted=duration(one.minutes),
            target=duration(one.target) if one.target is not None else "",
            met=one.met,
        )
        for one in told.passages
    ]


def _drawing(desk: Desk, told: Story) -> Markup:
    """Draw the procedure with the case's place and its way; nothing for a version that is not here any more."""
    case = told.view.case
    current = case.place.step if case.place is not None else None
    try:
        return Markup(  # noqa: S704 - drawn by us, its words escaped by ElementTree
            draw(desk.library, case.procedure, case.version, current=current, path=list(told.taken))
        )
    except UnknownPlaceError:
        return Markup("")


async def act(request: web.Request) -> web.Response:
    """Take a reviewer's step, and go on: to the same case while it stays with the supervisor, else to the next one."""
    desk, account, number = desk_of(request), who(request), request.match_info["number"]
    form = await forms.read(request)
    chosen = form.get("move", "")
    place = await turn(desk, account, number)
    try:
        answer = next(
            (each for each in (await case_view(desk, account, number)).moves if each.id == chosen), None
        )
        values = read_move(desk, answer, form) if answer is not None else {}
        case = await move(desk, account, number, chosen, values, forms.whole(form, "revision"))
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        typed = Typed.refused(f"step:{chosen}", form, refused)
        return await _page(request, typed=typed, status=status_of(refused))
    onward = number if account.acts_as(case.role) else place.after or place.before
    address = f"/revision/{onward}" if onward else "/revision"
    return web.Response(status=303, headers={"Location": f"{address}?hecho={number}"})

"""The supervisors' monitor: who waits and how today goes, and one conversation read live beside it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web
from markupsafe import Markup

from cases.errors import Forbidden, NotFound, Refused
from cases.model import Account, Message
from cases.rights import Action, demand
from cases.vocabulary import Channel
from console import charts, forms, reads
from console.forms import Form, Typed
from console.language import gettext as _
from console.language import ngettext
from console.reach import channel_named
from console.rendering import percent, query, render
from console.report_words import duration
from console.security import status_of
from console.visitor import desk_of, who
from desk.assignment import assign as assign_case
from desk.desk import Desk
from desk.monitor import Monitor, Mood, Talk, View, monitor, take_over, talk
from desk.notes import write_note
from desk.views import messages_of

Act = Callable[[Desk, Account, str, Form], Awaitable[object]]
VIEWS = {
    "esperan": View.WAITING,
    "persona": View.PERSON,
    "asistente": View.BOT,
    "no-salio": View.UNDELIVERED,
    "todas": View.ALL,
}
"""The views by the name that they have in an address, in the order of the tabs."""
NEWEST = 40
"""How many messages of a conversation are shown; the rest is in the case."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One view as a tab: its address keeps the channel and the open conversation."""

    view: View
    address: str
    count: int | None
    here: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of today and where its cases are."""

    name: str
    said: str
    more: str
    href: str


@dataclass(frozen=True, slots=True)
class Pane:
    """The conversation that is open beside the list, and who could have it instead."""

    talk: Talk
    messages: Sequence[Message]
    earlier: int
    colleagues: Sequence[Account]
    mine: bool


@dataclass(frozen=True, slots=True)
class MonitorPage:
    """The open conversations of one view, today's figures, and the conversation that is read; `asked` is the view's address."""

    template: ClassVar[str] = "monitor.html"
    found: Monitor
    figures: Sequence[Figure]
    tabs: Sequence[Tab]
    channel: str
    channels: Mapping[str, str]
    arrivals: Markup
    pane: Pane | None
    asked: str
    typed: Typed
    done: str


async def show(request: web.Request) -> web.Response:
    """Show the monitor."""
    return await _page(request, request.query.get("caso", ""), done=request.query.get("hecho", ""))


async def moved(request: web.Request) -> web.Response:
    """Lead on from the address that the list of conversations had."""
    demand(who(request), Action.MONITOR)
    return web.Response(status=303, headers={"Location": "/monitor?ver=todas"})


async def _page(
    request: web.Request, number: str, *, typed: Typed | None = None, done: str = "", status: int = 200
) -> web.Response:
    desk, account = desk_of(request), who(request)
    asked = _asked(request)
    found = await monitor(desk, account, VIEWS[asked["ver"]], channel_named(asked["canal"]))
    pane = await _pane(desk, account, number) if number else None
    kept = {"caso": number if pane is not None else ""}
    page = MonitorPage(
        found=found,
        figures=_figures(found.mood),
        tabs=[
            Tab(
                view,
                f"/monitor{query(ver=name, canal=asked['canal'], **kept)}",
                found.mood.waiting if view is View.WAITING else None,
                name == asked["ver"],
            )
            for name, view in VIEWS.items()
        ],
        channel=asked["canal"],
        channels={
            name: f"/monitor{query(ver=asked['ver'], canal=name, **kept)}"
            for name in ("", *map(str, Channel))
        },
        arrivals=_arrivals(found.mood, desk.now().astimezone(desk.timezone).hour),
        pane=pane,
        asked=query(**asked),
        typed=typed or Typed(),
        done=done,
    )
    live = ("case-changed", "queue-changed", "people-changed")
    return render(request, page, status=status, live=live, fresh=f"/monitor{query(**asked, **kept)}")


def _asked(request: web.Request) -> dict[str, str]:
    view, channel = request.query.get("ver", ""), request.query.get("canal", "")
    return {
        "ver": view if view in VIEWS else next(iter(VIEWS)),
        "canal": channel if channel_named(channel) is not None else "",
    }


async def _pane(desk: Desk, account: Account, number: str) -> Pane | None:
    """Return the conversation of a case; none for a case that there is none of, so that the list stays."""
    try:
        found = await talk(desk, account, number)
    except NotFound:
        return None
    said = await messages_of(desk, account, number)
    return Pane(
        talk=found,
        messages=said[-NEWEST:],
        earlier=max(0, len(said) - NEWEST),
        colleagues=await reads.colleagues(desk, account, found.row.role),
        mine=found.row.assignee == account.name,
    )


def _figures(mood: Mood) -> Sequence[Figure]:
    day = mood.day.isoformat()
    opened = f"/reportes/casos{query(desde=day, hasta=day, cifra='opened')}"
    solved = f"/reportes/casos{query(desde=day, hasta=day, cifra='self_solved')}"
    usual = mood.usual_by_now
    return [
        Figure(
            _("Llegaron hoy"),
            str(mood.opened),
            _("a esta hora, lo usual: %(num)s") % {"num": round(usual)} if usual is not None else "",
            opened,
        ),
        Figure(
            _("Primera respuesta hoy"),
            duration(mood.first_answer),
            ngettext(
                "%(num)s caso, en horas de trabajo",
                "la mediana de %(num)s casos, en horas de trabajo",
                mood.answered,
            )
            % {"num": mood.answered}
            if mood.answered
            else "",
            f"/reportes/casos{query(desde=day, hasta=day, cifra='answered')}" if mood.answered else "",
        ),
        Figure(
            _("Resolvió el asistente hoy"),
            percent(min(1.0, mood.solved_by_bot / mood.opened)) if mood.opened else "—",
            _("%(part)s de %(all)s que llegaron") % {"part": mood.solved_by_bot, "all": mood.opened},
            solved if mood.solved_by_bot else "",
        ),
    ]


def _arrivals(mood: Mood, hour: int) -> Markup:
    """Draw the day's arrivals by the hour, up to the present one, beside the usual ones."""
    hours = mood.hours[: max(hour, 1) + 1]
    names = [f"{one.hour}" for one in hours]
    lines = [charts.Line(_("Hoy"), "first", [one.count for one in hours])]
    if any(one.usual is not None for one in hours):
        lines.append(charts.Line(_("Lo usual"), "second", [one.usual or 0 for one in hours]))
    return charts.lines("llegadas", _("Llegadas por hora"), names, lines)


async def whisper(request: web.Request) -> web.Response:
    """Say something to whoever has the conversation, unheard by the person."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> object:
        return await write_note(desk, account, number, form.get("text", ""), whisper=True)

    return await _do(request, "whisper", act)


async def take(request: web.Request) -> web.Response:
    """Take the conversation over."""

    async def act(desk: Desk, account: Account, number: str, _form: Form) -> object:
        return await take_over(desk, account, number)

    return await _do(request, "take", act)


async def assign(request: web.Request) -> web.Response:
    """Give the conversation to somebody else."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> object:
        return await assign_case(desk, account, number, form.get("user") or None)

    return await _do(request, "assign", act)


async def _do(request: web.Request, name: str, act: Act) -> web.Response:
    """Do an act and come back to the monitor as it was looked at; if it is refused, with what was typed."""
    number, form = request.match_info["number"], await forms.read(request)
    try:
        await act(desk_of(request), who(request), number, form)
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        return await _page(
            request, number, typed=Typed.refused(name, form, refused), status=status_of(refused)
        )
    address = f"/monitor{query(**_asked(request), caso=number, hecho=name)}#conversacion"
    return web.Response(status=303, headers={"Location": address})

"""The calls to make: whom, when, the text to read out, and what came of each attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from aiohttp import web

from cases.errors import Conflict, Invalid
from cases.model import Account
from cases.vocabulary import Channel
from console import forms
from console.forms import Typed
from console.language import gettext as _
from console.rendering import query, render
from console.security import status_of
from console.times import from_input
from console.visitor import desk_of, who
from desk.desk import Desk
from desk.telephone import ToCall, call_made, calls_to_make, stop_calling, write_instead
from store.callbacks import CallResult

SHOWN = 100
MINE = "mias"
TRIED = (CallResult.ANSWERED, CallResult.NO_ANSWER, CallResult.BUSY, CallResult.WRONG_NUMBER)
"""What an attempt may come to, as the page offers it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt as it is listed."""

    result: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One call with its attempts so far."""

    to: ToCall
    tried: Sequence[Tried]


@dataclass(frozen=True, slots=True)
class CallsPage:
    """The calls, the one due first at the top; `all` and `own` count them, `mine` shows one's own alone."""

    template: ClassVar[str] = "calls.html"
    calls: Sequence[Line]
    all: int
    own: int
    mine: bool
    now: datetime
    results: Sequence[tuple[CallResult, str]]
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show the calls to make, everybody's or one's own."""
    return await _page(request, Typed(), 200, mine=request.query.get("de") == MINE)


async def record(request: web.Request) -> web.Response:
    """Record what came of one call, or take it off the list for a reason or for another channel."""
    desk, account, form = desk_of(request), who(request), await forms.read(request)
    call, mine = int(request.match_info["call"]), form.get("de") == MINE
    ending = "end" if form.get("then") in ("stop", "write") else "call"
    try:
        await _act(desk, account, call, form)
    except (Invalid, Conflict) as refused:
        return await _page(
            request, Typed.refused(f"{ending}-{call}", form, refused), status_of(refused), mine=mine
        )
    return web.Response(status=303, headers={"Location": _address(mine=mine)})


async def _act(desk: Desk, account: Account, call: int, form: forms.Form) -> None:
    match form.get("then"):
        case "stop":
            await stop_calling(desk, account, call, form.get("reason", ""))
        case "write":
            await write_instead(desk, account, call, _channel(form))
        case _:
            result, again = _outcome(form, desk.timezone)
            text, seen = form.get("text", ""), forms.number(form.get("seen", ""))
            await call_made(desk, account, call, result, text=text, again=again, seen=seen)


def _channel(form: forms.Form) -> Channel:
    if form.get("channel") not in list(Channel):
        raise Invalid(_("Falta el canal."), {"channel": _("Elija por dónde se le escribe.")})
    return Channel(form["channel"])


def _outcome(form: forms.Form, zone: ZoneInfo) -> tuple[CallResult, datetime | None]:
    if form.get("result") not in TRIED:
        raise Invalid(_("Falta el resultado."), {"result": _("Diga qué pasó al llamar.")})
    result, typed = CallResult(form["result"]), form.get("again_at", "")
    try:
        return result, from_input(typed, zone) if typed else None
    except ValueError:
        raise Invalid(_("La hora no vale."), {"again_at": _("Escriba la fecha y la hora.")}) from None


def _address(*, mine: bool) -> str:
    return f"/llamadas{query(de=MINE if mine else '')}"


async def _page(request: web.Request, typed: Typed, status: int, *, mine: bool) -> web.Response:
    desk = desk_of(request)
    calls, everybodys, own = await calls_to_make(desk, who(request), mine=mine, limit=SHOWN)
    words = _words()
    page = CallsPage(
        calls=[Line(call, _tried(call, words)) for call in calls],
        all=everybodys,
        own=own,
        mine=mine,
        now=desk.now(),
        results=[(result, words[result]) for result in TRIED],
        typed=typed,
    )
    return render(request, page, status=status, live=("callbacks-changed",), fresh=_address(mine=mine))


def _tried(call: ToCall, words: Mapping[str, str]) -> list[Tried]:
    return [
        Tried(
            # The first release kept only whether somebody was reached.
            words[said.get("result") or ("answered" if said["reached"] else "no_answer")],
            said["text"],
            said["by"],
            datetime.fromisoformat(said["at"]),
        )
        for said in call.row.call.outcomes
    ]


def _words() -> dict[str, str]:
    return {
        CallResult.ANSWERED: _("Atendió y se le leyó"),
        CallResult.NO_ANSWER: _("No contesta"),
        CallResult.BUSY: _("Ocupado"),
        CallResult.WRONG_NUMBER: _("Número equivocado"),
        CallResult.CLOSED: _("Se dejó de llamar"),
    }

"""Who of the desk is there now, what each has, and handing over all that somebody absent has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from console import forms
from console.forms import Typed
from console.language import gettext as _
from console.language import ngettext
from console.rendering import render
from console.visitor import desk_of, who
from desk.assignment import hand_over_all
from desk.attendance import OnDuty, people_now


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Everybody who takes steps; `done` says what a hand-over did."""

    template: ClassVar[str] = "team.html"
    people: Sequence[OnDuty]
    typed: Typed
    done: str


async def show(request: web.Request) -> web.Response:
    """Show who is there."""
    moved = forms.number(request.query.get("entregados", ""))
    stayed = forms.number(request.query.get("quedan", "")) or 0
    return await _page(request, done=_said(moved, stayed) if moved is not None else "")


async def hand_over(request: web.Request) -> web.Response:
    """Hand over all open cases of somebody."""
    username, form = request.match_info["username"], await forms.read(request)
    try:
        done = await hand_over_all(
            desk_of(request), who(request), username, form.get("to") or None, form.get("note", "")
        )
    except Invalid as refused:
        typed = Typed.refused(f"all-{username}", form, refused)
        return await _page(request, typed=typed, status=422)
    address = f"/equipo?entregados={len(done.moved)}&quedan={done.stayed}"
    return web.Response(status=303, headers={"Location": address})


async def _page(
    request: web.Request, *, typed: Typed | None = None, done: str = "", status: int = 200
) -> web.Response:
    people = await people_now(desk_of(request), who(request))
    page = TeamPage(people, typed or Typed(), done)
    return render(request, page, status=status, live=("people-changed", "queue-changed"), fresh="/equipo")


def _said(moved: int, stayed: int) -> str:
    said = ngettext("Se entregó %(num)s caso.", "Se entregaron %(num)s casos.", moved) % {"num": moved}
    if stayed:
        said += " " + _("Los que hoy tocan a otro rol quedaron donde estaban: %(num)s.") % {"num": stayed}
    return said

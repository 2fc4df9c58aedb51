"""The calls to make: whom, when, the text to read out, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from aiohttp import web

from cases.errors import Invalid
from cases.model import Callback
from console import forms
from console.forms import Typed
from console.language import gettext as _
from console.rendering import render
from console.times import from_input
from console.visitor import desk_of, who
from desk.telephone import call_outcome
from desk.views import callbacks


@dataclass(frozen=True, slots=True)
class CallsPage:
    """The calls, the one due first at the top."""

    template: ClassVar[str] = "calls.html"
    calls: Sequence[Callback]
    now: datetime
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show the calls to make."""
    return await _page(request, Typed(), 200)


async def record(request: web.Request) -> web.Response:
    """Record what came of one call."""
    desk, account, form = desk_of(request), who(request), await forms.read(request)
    call = int(request.match_info["call"])
    try:
        reached, again = _outcome(form, desk.timezone)
        await call_outcome(desk, account, call, reached=reached, text=form.get("text", ""), again=again)
    except Invalid as refused:
        return await _page(request, Typed(f"call-{call}", form, forms.fault_of(refused), str(refused)), 422)
    return web.Response(status=303, headers={"Location": "/llamadas"})


def _outcome(form: forms.Form, zone: ZoneInfo) -> tuple[bool, datetime | None]:
    if form.get("reached") not in ("yes", "no"):
        raise Invalid(_("Falta el resultado."), {"reached": _("Diga si contestó.")})
    typed = form.get("again_at", "")
    try:
        return form["reached"] == "yes", from_input(typed, zone) if typed else None
    except ValueError:
        raise Invalid(_("La hora no vale."), {"again_at": _("Escriba la fecha y la hora.")}) from None


async def _page(request: web.Request, typed: Typed, status: int) -> web.Response:
    desk = desk_of(request)
    page = CallsPage(await callbacks(desk, who(request)), desk.now(), typed)
    return render(request, page, status=status, live=("callbacks-changed",), fresh="/llamadas")

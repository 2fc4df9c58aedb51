"""The reports that go out by mail by themselves: to whom, how often, how the last one went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from console import forms
from console.forms import Typed
from console.language import LANGUAGES
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk import scheduled_reports
from desk.scheduled_reports import EVERY
from store.schedules import Schedule

MAIL_GOES_OUT = web.AppKey("mail_goes_out", bool)
"""Whether this desk can send mail; who builds the application knows it."""
HERE = "/reportes/envios"


@dataclass(frozen=True, slots=True)
class SchedulesPage:
    """Every schedule and the form for another; `mail` is None where this node does not know whether mail goes out."""

    template: ClassVar[str] = "schedules.html"
    rows: Sequence[Schedule]
    rhythms: Mapping[str, str]
    languages: Mapping[str, str]
    mail: bool | None
    typed: Typed
    done: str


async def show(request: web.Request) -> web.Response:
    """Show the schedules."""
    return await _page(request, done=request.query.get("hecho", ""))


async def _page(
    request: web.Request, *, typed: Typed | None = None, done: str = "", status: int = 200
) -> web.Response:
    page = SchedulesPage(
        rows=await scheduled_reports.schedules(desk_of(request), who(request)),
        rhythms={every: rhythm(every) for every in EVERY},
        languages=LANGUAGES,
        mail=request.app.get(MAIL_GOES_OUT),
        typed=typed or Typed(),
        done=done,
    )
    return render(request, page, status=status, live=("schedules-changed",), fresh=HERE)


def rhythm(every: str) -> str:
    """Say how often a report goes out, and what it tells."""
    return {
        "day": _("cada día: el día anterior"),
        "week": _("cada lunes: la semana anterior"),
        "month": _("cada día 1: el mes anterior"),
    }[every]


async def add(request: web.Request) -> web.Response:
    """Let a report go out from the next usual time on."""
    form = await forms.read(request)
    language = form.get("language", "")
    try:
        await scheduled_reports.schedule(
            desk_of(request),
            who(request),
            form.get("address", "").strip(),
            form.get("every", ""),
            language if language in LANGUAGES else next(iter(LANGUAGES)),
        )
    except Invalid as refused:
        typed = Typed.refused("schedule", form, refused)
        return await _page(request, typed=typed, status=422)
    return _back("agregado")


async def send(request: web.Request) -> web.Response:
    """Let one go out at once."""
    await scheduled_reports.send_now(desk_of(request), who(request), int(request.match_info["schedule"]))
    return _back("enviando")


async def stop(request: web.Request) -> web.Response:
    """Send one no more."""
    await scheduled_reports.stop(desk_of(request), who(request), int(request.match_info["schedule"]))
    return _back("quitado")


def _back(done: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"{HERE}?hecho={done}"})

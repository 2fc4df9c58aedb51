"""A citizen's own page: how their case goes, what was said, and their mail address if they give one; nothing internal."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid, NotFound, Refused
from cases.vocabulary import Stage
from console import forms
from console.forms import Form, Typed
from console.language import gettext as _
from console.reach import at_field
from console.rendering import render
from console.visitor import desk_of
from desk.desk import Desk
from desk.identities import ask_for_code, type_code
from desk.public import PublicCase, case_page
from desk.surveys import rate

Act = Callable[[Desk, str, Form], Awaitable[None]]
SIX = re.compile(r"\d{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TrackPage:
    """The case as its own person may see it; `done` is what they just did with their mail address."""

    template: ClassVar[str] = "track.html"
    case: PublicCase
    stages: Sequence[Stage]
    typed: Typed
    done: str


async def show(request: web.Request) -> web.Response:
    """Show the case that the token opens."""
    return await _page(request, done=request.query.get("hecho", ""))


async def _page(
    request: web.Request, *, typed: Typed | None = None, done: str = "", status: int = 200
) -> web.Response:
    """Answer with the page; its address is a secret, so no search engine keeps it."""
    found = await case_page(desk_of(request), request.match_info["token"])
    page = TrackPage(found, tuple(Stage), typed or Typed(), done)
    response = render(request, page, status=status, fresh=f"/caso/{found.token}")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


async def ask(request: web.Request) -> web.Response:
    """Send a code to the mail address that the person gives."""

    async def act(desk: Desk, token: str, form: Form) -> None:
        with at_field("address"):
            await ask_for_code(desk, token, form.get("address", ""))

    return await _do(request, "mail", act, "codigo#correo")


async def prove(request: web.Request) -> web.Response:
    """Take the code that came by mail; blanks and hyphens between the numbers do not count."""

    async def act(desk: Desk, token: str, form: Form) -> None:
        typed = re.sub(r"[\s-]", "", form.get("code", ""))
        if not SIX.fullmatch(typed):
            raise Invalid(_("El código no vale."), {"code": _("El código tiene seis números.")})
        await type_code(desk, token, typed)

    return await _do(request, "code", act, "correo#correo")


async def mark(request: web.Request) -> web.Response:
    """Take the mark that a person gives for how they were served, with a comment if they like."""

    async def act(desk: Desk, token: str, form: Form) -> None:
        await rate(desk, token, form.get("rating", ""), form.get("comment", ""))

    return await _do(request, "rating", act, "nota#encuesta")


async def _do(request: web.Request, name: str, act: Act, done: str) -> web.Response:
    """Do what a form asks and come back to its part of the page; if it is refused, with what was typed."""
    token, form = request.match_info["token"], await forms.read(request)
    try:
        await act(desk_of(request), token, form)
    except NotFound:
        raise
    except Refused as refused:
        return await _page(request, typed=Typed.refused(name, form, refused), status=422)
    return web.Response(status=303, headers={"Location": f"/caso/{token}?hecho={done}"})

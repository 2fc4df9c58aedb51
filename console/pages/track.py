"""A citizen's own page: how their case goes, what was said, and their mail address if they give one; nothing internal."""

import re
from collections.abc import Sequence
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
from desk.identities import ask_for_code, type_code
from desk.public import PublicCase, case_page
from desk.surveys import rate

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
    form = await forms.read(request)
    try:
        with at_field("address"):
            await ask_for_code(desk_of(request), request.match_info["token"], form.get("address", ""))
    except NotFound:
        raise
    except Refused as refused:
        return await _refused(request, "mail", form, refused)
    return _onward(request, "codigo")


async def prove(request: web.Request) -> web.Response:
    """Take the code that came by mail; blanks and hyphens between the numbers do not count."""
    form = await forms.read(request)
    typed = re.sub(r"[\s-]", "", form.get("code", ""))
    try:
        if not SIX.fullmatch(typed):
            raise Invalid(_("El código no vale."), {"code": _("El código tiene seis números.")})
        await type_code(desk_of(request), request.match_info["token"], typed)
    except NotFound:
        raise
    except Refused as refused:
        return await _refused(request, "code", form, refused)
    return _onward(request, "correo")


async def mark(request: web.Request) -> web.Response:
    """Take the mark that a person gives for how they were served, with a comment if they like."""
    form = await forms.read(request)
    try:
        await rate(
            desk_of(request), request.match_info["token"], form.get("rating", ""), form.get("comment", "")
        )
    except NotFound:
        raise
    except Refused as refused:
        return await _refused(request, "rating", form, refused)
    return web.Response(
        status=303, headers={"Location": f"/caso/{request.match_info['token']}?hecho=nota#encuesta"}
    )


async def _refused(request: web.Request, name: str, form: Form, refused: Refused) -> web.Response:
    faults = forms.fault_of(refused) if isinstance(refused, Invalid) else {}
    return await _page(request, typed=Typed(name, form, faults, str(refused)), status=422)


def _onward(request: web.Request, done: str) -> web.Response:
    address = f"/caso/{request.match_info['token']}?hecho={done}#correo"
    return web.Response(status=303, headers={"Location": address})

"""Getting in and out, and choosing a language."""

from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Forbidden
from console import forms, language
from console.rendering import render
from console.visitor import COOKIE, desk_of, let_in, local
from desk import entrance


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The way in, and the page that was asked for."""

    template: ClassVar[str] = "login.html"
    username: str
    message: str
    onward: str


async def show(request: web.Request) -> web.Response:
    """Ask who it is."""
    return render(request, LoginPage(username="", message="", onward=local(request.query.get("next", "/"))))


async def log_in(request: web.Request) -> web.Response:
    """Start a session and go on to the page that was asked for."""
    desk, form = desk_of(request), await forms.read(request)
    username, onward = form.get("username", ""), local(form.get("next") or request.query.get("next", "/"))
    try:
        _, key = await entrance.log_in(desk, username, form.get("password", ""))
    except Forbidden as refused:
        return render(request, LoginPage(username, str(refused), onward), status=403)
    response = web.Response(status=303, headers={"Location": onward})
    let_in(response, desk, key)
    return response


async def log_out(request: web.Request) -> web.Response:
    """End the session."""
    key = request.cookies.get(COOKIE)
    if key:
        await entrance.log_out(desk_of(request), key)
    response = web.Response(status=303, headers={"Location": "/login"})
    response.del_cookie(COOKIE)
    return response


async def choose_language(request: web.Request) -> web.Response:
    """Keep the language that somebody chose, and go back to where they were."""
    form = await forms.read(request)
    response = web.Response(status=303, headers={"Location": local(form.get("next", "/"))})
    if form.get("lang") in language.LANGUAGES:
        response.set_cookie(language.COOKIE, form["lang"], max_age=language.YEAR, samesite="Lax")
    return response

"""The colours that somebody chose over those of their computer."""

from aiohttp import web

from console import forms
from console.language import YEAR
from console.visitor import local

COOKIE = "theme"
THEMES = ("light", "dark")


def chosen(request: web.Request) -> str:
    """Return the chosen colours, or nothing where the computer's own setting holds."""
    theme = request.cookies.get(COOKIE, "")
    return theme if theme in THEMES else ""


async def choose(request: web.Request) -> web.Response:
    """Keep the choice, or forget it, and go back to where somebody was."""
    form = await forms.read(request)
    response = web.Response(status=303, headers={"Location": local(form.get("next", "/"))})
    if form.get("theme") in THEMES:
        response.set_cookie(COOKIE, form["theme"], max_age=YEAR, samesite="Lax")
    else:
        response.del_cookie(COOKIE)
    return response

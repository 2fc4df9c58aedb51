"""Who else looks at a case and writes in it: the signs that open pages give, and the part of the page that shows them."""

from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from console import forms
from console.rendering import render
from console.visitor import desk_of, who
from desk import presence
from desk.around import Around, around


@dataclass(frozen=True, slots=True)
class CasePeoplePage:
    """The part of a case's page that says who else is there; the page puts it in place of its own."""

    template: ClassVar[str] = "case_people.html"
    around: Around


async def show(request: web.Request) -> web.Response:
    """Show who else is at a case now."""
    number = request.match_info["number"]
    return render(request, CasePeoplePage(await around(desk_of(request), who(request), number)))


async def beat(request: web.Request) -> web.Response:
    """Take a page's sign; the answer names who else is there, so that a page which heard of no change sees one."""
    desk, account, number = desk_of(request), who(request), request.match_info["number"]
    form = await forms.read(request)
    if form.get("here") == "no":
        await presence.leave(desk, account, number)
        return web.Response(status=204)
    others = await presence.beat(desk, account, number, writing=form.get("writing") == "yes")
    return web.json_response({"who": presence.named(others)})


async def everywhere(request: web.Request) -> web.Response:
    """Name who looks at which case now, for the lists."""
    return web.json_response(await presence.looked_at(desk_of(request), who(request)))

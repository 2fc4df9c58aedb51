"""The views of the queue that somebody keeps: name them, share them, begin the day with one, let them go."""

from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from console import forms, queue_filter
from console.forms import Typed
from console.rendering import render
from console.visitor import desk_of, who
from desk import saved_views
from desk.saved_views import Views

PAGE = "/vistas"


@dataclass(frozen=True, slots=True)
class ViewsPage:
    """A person's views and the shared ones; `typed` is what a refused form held, `filtered` the filter that it would keep."""

    template: ClassVar[str] = "views.html"
    views: Views
    typed: Typed
    filtered: str
    done: str


async def show(request: web.Request) -> web.Response:
    """List the views."""
    return await _page(request)


async def _page(
    request: web.Request, *, typed: Typed | None = None, filtered: str = "", status: int = 200
) -> web.Response:
    views = await saved_views.views_of(desk_of(request), who(request))
    page = ViewsPage(views, typed or Typed(), filtered, request.query.get("hecho", ""))
    return render(request, page, status=status)


async def save(request: web.Request) -> web.Response:
    """Keep the filter that the queue showed, and come back to it."""
    form, desk, account = await forms.read(request), desk_of(request), who(request)
    query = queue_filter.kept(form.get("query", ""))
    try:
        view = await saved_views.save(
            desk, account, form.get("name", ""), query, shared=form.get("shared") == "yes"
        )
    except Invalid as refused:
        typed = Typed.refused("save", form, refused)
        return await _page(request, typed=typed, filtered=query, status=422)
    if form.get("default") == "yes":
        await saved_views.open_with(desk, account, view.id)
    return _to(f"/casos?{query}&hecho=vista" if query else "/casos?hecho=vista")


async def change(request: web.Request) -> web.Response:
    """Rename a view, share it or keep it for oneself."""
    form, number = await forms.read(request), int(request.match_info["view"])
    try:
        await saved_views.change(
            desk_of(request),
            who(request),
            number,
            form.get("name", ""),
            shared=form.get("shared") == "yes",
        )
    except Invalid as refused:
        typed = Typed.refused(f"change:{number}", form, refused)
        return await _page(request, typed=typed, status=422)
    return _to(f"{PAGE}?hecho=cambio")


async def remove(request: web.Request) -> web.Response:
    """Let a view go."""
    await saved_views.remove(desk_of(request), who(request), int(request.match_info["view"]))
    return _to(f"{PAGE}?hecho=borrada")


async def begin(request: web.Request) -> web.Response:
    """Begin the day with a view, or with none of them."""
    form = await forms.read(request)
    await saved_views.open_with(desk_of(request), who(request), forms.number(form.get("view", "")))
    return _to(f"{PAGE}?hecho=inicio")


def _to(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})

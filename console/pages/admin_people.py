"""The people of the desk: everybody who may come in, and a form for one more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Refused
from console import forms
from console.administering import Secret, administrator, again, role_in, roles, unit_in, units
from console.forms import Typed
from console.rendering import render
from desk.administration.people import Wanted, add_person, people
from store.staff import Member


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Everybody, the active ones first; `secret` is a first password, shown once."""

    template: ClassVar[str] = "admin_people.html"
    members: Sequence[Member]
    programs: Sequence[Member]
    roles: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]
    secret: Secret | None
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show everybody."""
    return await _page(request)


async def _page(
    request: web.Request, *, typed: Typed | None = None, status: int = 200, secret: Secret | None = None
) -> web.Response:
    found = await people(*administrator(request))
    page = PeoplePage(
        members=[one for one in found if not one.program],
        programs=[one for one in found if one.program],
        roles=roles(),
        units=units(),
        secret=secret,
        typed=typed or Typed(),
    )
    # a page with a password on it stays as it is
    live = () if secret else ("administration-changed",)
    return render(request, page, status=status, live=live, fresh="/administracion/personas")


async def add(request: web.Request) -> web.Response:
    """Open an account and show its first password, once."""
    desk, account = administrator(request)
    form = await forms.read(request)
    try:
        wanted = Wanted(form.get("name", ""), role_in(form), unit_in(form))
        opened, password = await add_person(desk, account, form.get("username", ""), wanted)
    except Refused as refused:
        return await again(request, "person", form, refused, _page)
    return await _page(request, secret=Secret(opened.username, password))

"""One person of the desk: what they may do, their sessions, the cases in their hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Refused
from cases.model import Account
from console import forms
from console.administering import Secret, administrator, again, do, role_in, roles, unit_in, units
from console.forms import Form, Typed
from console.rendering import render
from desk.administration import people
from desk.administration.people import PersonView, Wanted
from desk.desk import Desk


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One account; `secret` is a new password, shown once; `oneself`: it is who looks."""

    template: ClassVar[str] = "admin_person.html"
    view: PersonView
    oneself: bool
    roles: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]
    secret: Secret | None
    done: str
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show one person."""
    return await _page(request)


def _number(request: web.Request) -> int:
    return int(request.match_info["user"])


def _address(request: web.Request) -> str:
    return f"/administracion/personas/{_number(request)}"


async def _page(
    request: web.Request, *, typed: Typed | None = None, status: int = 200, secret: Secret | None = None
) -> web.Response:
    desk, account = administrator(request)
    view = await people.person(desk, account, _number(request))
    page = PersonPage(
        view=view,
        oneself=view.member.account.id == account.id,
        roles=roles(),
        units=units(),
        secret=secret,
        done=request.query.get("hecho", "") if status == web.HTTPOk.status_code and not secret else "",
        typed=typed or Typed(),
    )
    live = () if secret else ("administration-changed",)
    return render(request, page, status=status, live=live, fresh=_address(request))


async def change(request: web.Request) -> web.Response:
    """Change name, role and unit."""

    async def act(desk: Desk, account: Account, form: Form) -> None:
        wanted = Wanted(form.get("name", ""), role_in(form), unit_in(form))
        await people.change_person(desk, account, _number(request), wanted)

    return await do(request, "person", act, _page, _address(request))


async def deactivate(request: web.Request) -> web.Response:
    """Close the account and hand its cases over."""

    async def act(desk: Desk, account: Account, form: Form) -> None:
        await people.deactivate(desk, account, _number(request), form.get("heir") or None)

    return await do(request, "deactivate", act, _page, _address(request))


async def reactivate(request: web.Request) -> web.Response:
    """Open the account again."""

    async def act(desk: Desk, account: Account, _form: Form) -> None:
        await people.reactivate(desk, account, _number(request))

    return await do(request, "reactivate", act, _page, _address(request))


async def reset_password(request: web.Request) -> web.Response:
    """Give the account a new password and show it, once."""
    desk, account = administrator(request)
    form = await forms.read(request)
    try:
        password = await people.reset_password(desk, account, _number(request))
    except Refused as refused:
        return await again(request, "password", form, refused, _page)
    view = await people.person(desk, account, _number(request))
    return await _page(request, secret=Secret(view.member.account.username, password))


async def end_sessions(request: web.Request) -> web.Response:
    """End one session, or all of them."""

    async def act(desk: Desk, account: Account, form: Form) -> None:
        await people.end_sessions(desk, account, _number(request), form.get("session") or None)

    return await do(request, "sessions", act, _page, _address(request))

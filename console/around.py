"""What people do around a case from its page: note, hand it over, leave it, put it off."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from aiohttp import web

from cases.errors import Forbidden, NotFound, Refused
from cases.model import Account
from console import forms
from console.forms import Form, Typed
from console.pages.case import case_page
from console.security import status_of
from console.snoozing import chosen
from console.visitor import desk_of, who
from desk import assignment, notes, snooze
from desk.desk import Desk

Act = Callable[[Desk, Account, str, Form], Awaitable[dict[str, str]]]


async def _do(request: web.Request, name: str, act: Act, part: str = "") -> web.Response:
    """Do an act and come back to the case with what it says; if it is refused, with what was typed."""
    number, form = request.match_info["number"], await forms.read(request)
    try:
        said = await act(desk_of(request), who(request), number, form)
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        return await case_page(
            request, number, typed=Typed.refused(name, form, refused), status=status_of(refused)
        )
    address = f"/casos/{number}?{urlencode({'hecho': name, **said})}{part}"
    return web.Response(status=303, headers={"Location": address})


async def note(request: web.Request) -> web.Response:
    """Write an internal note, for everybody or whispered to the one who has the case."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> dict[str, str]:
        noted = await notes.write_note(
            desk, account, number, form.get("text", ""), whisper=form.get("whisper") == "yes"
        )
        said = {"nadie": ",".join(noted.unknown), "sin-acceso": ",".join(noted.barred)}
        return {name: value for name, value in said.items() if value}

    return await _do(request, "note", act, "#conversacion")


async def assign(request: web.Request) -> web.Response:
    """Hand the case to somebody, or to nobody, with a note for the colleague if there is one."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> dict[str, str]:
        await assignment.assign(desk, account, number, form.get("user") or None, form.get("note", ""))
        return {}

    return await _do(request, "assign", act)


async def give_back(request: web.Request) -> web.Response:
    """Leave a case that one has to whoever takes it."""

    async def act(desk: Desk, account: Account, number: str, _form: Form) -> dict[str, str]:
        await assignment.give_back(desk, account, number)
        return {}

    return await _do(request, "leave", act)


async def put_off(request: web.Request) -> web.Response:
    """Put the case off until a moment."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> dict[str, str]:
        until = chosen(form, desk.now(), desk.timezone)
        await snooze.snooze(desk, account, number, until, form.get("reason", ""))
        return {}

    return await _do(request, "snooze", act)


async def bring_back(request: web.Request) -> web.Response:
    """Bring the case back before its time."""

    async def act(desk: Desk, account: Account, number: str, _form: Form) -> dict[str, str]:
        await snooze.bring_back(desk, account, number)
        return {}

    return await _do(request, "back", act)

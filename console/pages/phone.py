"""The note of a call, made for typing while somebody talks: who calls and what may help appear as one types."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from cases.model import System
from cases.rights import Action, demand
from console import forms, reads
from console.forms import Form, Typed
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk.callers import Caller, Help, caller, help_with
from desk.telephone import NONCE, Beside, phone_note, settled_call
from intake.channels.phone.translate import NumberFault

FORM = "phone"


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, and the open case that was chosen to write into."""

    caller: Caller
    wrong: str
    into: str


@dataclass(frozen=True, slots=True)
class Hints:
    """What may help, the names of the systems, and which articles were read out."""

    found: Help
    names: Mapping[str, str]
    ticked: Sequence[int]
    asked: bool


@dataclass(frozen=True, slots=True)
class PhonePage:
    """The form, with who calls and the helps for what is typed so far; `nonce` names this one filling-in of it."""

    template: ClassVar[str] = "phone.html"
    typed: Typed
    systems: Sequence[System]
    call: Call
    hints: Hints
    nonce: str
    done: str


@dataclass(frozen=True, slots=True)
class PhoneCaller:
    """Who calls, alone, fetched as the number is typed."""

    template: ClassVar[str] = "phone_caller.html"
    call: Call


@dataclass(frozen=True, slots=True)
class PhoneHints:
    """The helps alone, fetched as the note is typed."""

    template: ClassVar[str] = "phone_hints.html"
    hints: Hints


async def show(request: web.Request) -> web.Response:
    """Show the form; an address with `phone`, which a softphone may open, comes filled in."""
    demand(who(request), Action.PHONE_NOTE)
    return await _page(request, Typed(FORM, dict(request.query)), (), 200)


async def save(request: web.Request) -> web.Response:
    """Register the call and go to its case, or keep it without one; or only look, where that is what was pressed.

    To look is a POST as well: what somebody said on the telephone does not belong into an address.
    """
    form, read = await forms.read(request), await forms.read_many(request, "article")
    match form.get("then"):
        case "caller":
            return render(request, PhoneCaller(await _call(request, form)))
        case "hints":
            return render(request, PhoneHints(await _hints(request, form, read)))
        case "look":
            return await _page(request, Typed(FORM, form), read, 200)
    try:
        onward = await _keep(request, form, tuple(read))
    except Invalid as refused:
        return await _page(request, Typed.refused(FORM, form, refused), read, 422)
    return web.Response(status=303, headers={"Location": onward})


async def _keep(request: web.Request, form: Form, read: tuple[int, ...]) -> str:
    desk, account = desk_of(request), who(request)
    phone, name, text = form.get("phone", ""), form.get("name"), form.get("text", "")
    beside = Beside(
        nonce=form.get("nonce", ""),
        into=form.get("into") or None,
        read=read,
        whatsapp="whatsapp" in form,
        mail=form.get("mail", ""),
    )
    if form.get("then") == "settled":
        await settled_call(desk, account, phone, name, text, beside)
        return "/telefono?hecho=settled"
    noted = await phone_note(desk, account, phone, name, text, form.get("system") or None, beside)
    return f"/casos/{noted.case.number}?hecho=phone"


async def _page(request: web.Request, typed: Typed, read: Sequence[int], status: int) -> web.Response:
    nonce = typed.values.get("nonce", "")
    page = PhonePage(
        typed=typed,
        systems=await reads.systems(desk_of(request)),
        call=await _call(request, typed.values),
        hints=await _hints(request, typed.values, read),
        nonce=nonce if NONCE.fullmatch(nonce) else secrets.token_hex(16),
        done=request.query.get("hecho", ""),
    )
    return render(request, page, status=status)


async def _call(request: web.Request, form: Form) -> Call:
    found = await caller(desk_of(request), who(request), form.get("phone", ""))
    return Call(found, _wrong(found.fault) if found.fault is not None else "", form.get("into", ""))


async def _hints(request: web.Request, form: Form, read: Sequence[int]) -> Hints:
    desk, account, text = desk_of(request), who(request), form.get("text", "")
    found = await help_with(desk, account, text, read)
    names = {system.id: system.name for system in await reads.systems(desk)}
    return Hints(found, names, read, bool(text.strip()))


def _wrong(fault: NumberFault) -> str:
    return {
        NumberFault.NOT_A_NUMBER: _("Hay algo que no es de un número: use solo cifras, espacios y el +."),
        NumberFault.TOO_SHORT: _("Le faltan cifras."),
        NumberFault.TOO_LONG: _("Le sobran cifras."),
        NumberFault.COUNTRY: _("Ese código de país no existe."),
        NumberFault.UNLIKELY: _("Nadie suele tener un número así: vuelva a preguntarlo."),
    }[fault]

"""The note of a call, made for typing while somebody talks: what may help appears as one types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from cases.model import System
from cases.rights import Action, demand
from console import forms, reads
from console.forms import Typed
from console.rendering import render
from console.visitor import desk_of, who
from desk.telephone import phone_note
from desk.views import suggest
from store.queries import CaseRow

FORM = "phone"


@dataclass(frozen=True, slots=True)
class PhonePage:
    """The form, and the helps for what is typed so far."""

    template: ClassVar[str] = "phone.html"
    typed: Typed
    systems: Sequence[System]
    offers: Sequence[reads.Offer]
    earlier: Sequence[CaseRow]
    asked: bool


@dataclass(frozen=True, slots=True)
class PhoneHints:
    """The helps alone, fetched as one types."""

    template: ClassVar[str] = "phone_hints.html"
    offers: Sequence[reads.Offer]
    earlier: Sequence[CaseRow]
    asked: bool


async def show(request: web.Request) -> web.Response:
    """Show the form; what its search button sends comes back filled in."""
    demand(who(request), Action.PHONE_NOTE)
    return await _page(request, Typed(FORM, dict(request.query)), 200)


async def hints(request: web.Request) -> web.Response:
    """Show articles for the words, and earlier cases for the number, that are typed so far."""
    offers, earlier = await _helps(request, request.query)
    return render(request, PhoneHints(offers, earlier, _asked(request.query)))


async def save(request: web.Request) -> web.Response:
    """Register the call and go to its case."""
    form = await forms.read(request)
    try:
        received = await phone_note(
            desk_of(request),
            who(request),
            form.get("phone", ""),
            form.get("name"),
            form.get("text", ""),
            form.get("system") or None,
        )
    except Invalid as refused:
        return await _page(request, Typed(FORM, form, forms.fault_of(refused), str(refused)), 422)
    return web.Response(status=303, headers={"Location": f"/casos/{received.case.number}?hecho=phone"})


async def _page(request: web.Request, typed: Typed, status: int) -> web.Response:
    offers, earlier = await _helps(request, typed.values)
    systems = await reads.systems(desk_of(request))
    page = PhonePage(typed, systems, offers, earlier, _asked(typed.values))
    return render(request, page, status=status)


async def _helps(
    request: web.Request, form: Mapping[str, str]
) -> tuple[Sequence[reads.Offer], Sequence[CaseRow]]:
    desk, account = desk_of(request), who(request)
    found = await suggest(desk, account, form.get("text", "")[:2000])
    earlier = await reads.cases_of_caller(desk, account, form.get("phone", ""))
    return await reads.offers(desk, account, found), earlier


def _asked(form: Mapping[str, str]) -> bool:
    return bool(form.get("text", "").strip() or form.get("phone", "").strip())

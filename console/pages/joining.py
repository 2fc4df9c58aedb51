"""The dialogues that make two cases of one and one of two; each is a page of its own that a script shows as a dialogue."""

from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Conflict, Invalid, NotFound
from console import forms
from console.forms import Typed
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk import acts
from desk.joining import Merging, Splitting, merging, splitting


@dataclass(frozen=True, slots=True)
class SplitPage:
    """The messages that may go to a new case; `ticked` are those that a refused form had chosen."""

    template: ClassVar[str] = "split.html"
    splitting: Splitting
    ticked: frozenset[int]
    typed: Typed


@dataclass(frozen=True, slots=True)
class MergePage:
    """The cases that this one may be joined to."""

    template: ClassVar[str] = "merge.html"
    merging: Merging
    typed: Typed


async def ask_split(request: web.Request) -> web.Response:
    """Ask which messages go."""
    found = await splitting(desk_of(request), who(request), request.match_info["number"])
    return render(request, SplitPage(found, frozenset(), Typed()))


async def split(request: web.Request) -> web.Response:
    """Make a case of its own out of the chosen messages, and go to it."""
    desk, account, number = desk_of(request), who(request), request.match_info["number"]
    ticked, form = await forms.read_many(request, "messages"), await forms.read(request)
    try:
        new = await acts.split(desk, account, number, ticked)
    except (Invalid, Conflict) as refused:
        typed = Typed("split", form, getattr(refused, "fields", {}), str(refused))
        found = await splitting(desk, account, number)
        return render(request, SplitPage(found, frozenset(ticked), typed), status=_status(refused))
    return _to(f"/casos/{new.number}?hecho=split&de={number}")


async def ask_merge(request: web.Request) -> web.Response:
    """Ask which case goes on."""
    found = await merging(desk_of(request), who(request), request.match_info["number"])
    return render(request, MergePage(found, Typed()))


async def merge(request: web.Request) -> web.Response:
    """Join the case to the chosen one, and go to that one."""
    desk, account, number = desk_of(request), who(request), request.match_info["number"]
    form = await forms.read(request)
    try:
        joined = await acts.merge(desk, account, number, form.get("into", "").strip())
    except (Invalid, Conflict, NotFound) as refused:
        found = await merging(desk, account, number)
        unknown = str(refused) if form.get("into") else _("Elija el caso que sigue.")
        faults = {"into": unknown} if isinstance(refused, NotFound) else getattr(refused, "fields", {})
        typed = Typed("merge", form, faults, str(refused))
        return render(request, MergePage(found, typed), status=_status(refused))
    return _to(f"/casos/{joined.number}?hecho=merge&de={number}")


def _status(refused: Exception) -> int:
    return 409 if isinstance(refused, Conflict) else 422


def _to(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})

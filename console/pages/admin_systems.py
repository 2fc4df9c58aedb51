"""The systems that the desk supports: their names, what people call them, which unit owns each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from cases.model import Account, System
from cases.vocabulary import Unit
from console.administering import administrator, do, units
from console.forms import Form, Typed
from console.language import gettext as _
from console.rendering import render
from desk.administration import systems
from desk.desk import Desk
from store.governing import KeptSystem

ADDRESS = "/administracion/sistemas"


@dataclass(frozen=True, slots=True)
class SystemsPage:
    """Every system with how much points at it."""

    template: ClassVar[str] = "admin_systems.html"
    kept: Sequence[KeptSystem]
    units: Sequence[tuple[str, str]]
    done: str
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show the systems."""
    return await _page(request)


async def _page(request: web.Request, *, typed: Typed | None = None, status: int = 200) -> web.Response:
    page = SystemsPage(
        kept=await systems.kept_systems(*administrator(request)),
        units=units(with_area=True),
        done="" if typed else request.query.get("hecho", "").partition(":")[0],
        typed=typed or Typed(),
    )
    return render(request, page, status=status, live=("administration-changed",), fresh=ADDRESS)


def _wanted(ident: str, form: Form) -> System:
    if form.get("unit") not in list(Unit):
        raise Invalid(_("Revise los campos marcados."), {"unit": _("Elija la unidad.")})
    aliases = systems.read_aliases(form.get("aliases", ""))
    return System(ident, form.get("name", ""), aliases, Unit(form["unit"]))


async def add(request: web.Request) -> web.Response:
    """Add a system."""

    async def act(desk: Desk, account: Account, form: Form) -> None:
        await systems.add_system(desk, account, _wanted(form.get("id", "").strip().lower(), form))

    return await do(request, "system", act, _page, ADDRESS)


async def change(request: web.Request) -> web.Response:
    """Change a system."""
    ident = request.match_info["system"]

    async def act(desk: Desk, account: Account, form: Form) -> None:
        await systems.change_system(desk, account, _wanted(ident, form))

    return await do(request, f"change:{ident}", act, _page, ADDRESS)


async def remove(request: web.Request) -> web.Response:
    """Remove a system at which nothing points."""
    ident = request.match_info["system"]

    async def act(desk: Desk, account: Account, _form: Form) -> None:
        await systems.remove_system(desk, account, ident)

    return await do(request, f"remove:{ident}", act, _page, ADDRESS)

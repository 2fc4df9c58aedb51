"""A unit's tray: its cases, the longest waiting first, and those that passed through it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Forbidden
from cases.vocabulary import AccountRole, Role, Unit
from console import reads
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk.views import list_cases
from store.accounts import UNIT_NAMES
from store.queries import CaseFilter, CaseRow

LIMIT = 100


@dataclass(frozen=True, slots=True)
class UnitPage:
    """What the unit has, and what it had."""

    template: ClassVar[str] = "unit.html"
    unit: Unit
    unit_name: str
    mine: Sequence[CaseRow]
    passed: Sequence[CaseRow]
    names: Mapping[str, str]


async def show(request: web.Request) -> web.Response:
    """Show a unit's person their tray."""
    desk, account = desk_of(request), who(request)
    if account.role is not AccountRole.UNIDAD:
        raise Forbidden(_("La bandeja es de las unidades; su cuenta no es de ninguna."))
    role = Role(account.unit)
    mine = await list_cases(desk, account, CaseFilter(role=role), limit=LIMIT, oldest=True)
    seen = await list_cases(desk, account, CaseFilter(), limit=LIMIT)
    page = UnitPage(
        unit=account.unit,
        unit_name=UNIT_NAMES[account.unit],
        mine=mine,
        passed=[row for row in seen if row.role is not role],
        names={system.id: system.name for system in await reads.systems(desk)},
    )
    return render(request, page, live=("queue-changed",))

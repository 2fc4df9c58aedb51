"""A unit's tray: its cases by the clock, what each needs, those that came back on top, and those that passed through it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.vocabulary import Role, Unit
from console import reads, words
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk.tray import Shelf, When, tray
from desk.views import list_cases
from store.accounts import UNIT_NAMES
from store.queries import CaseFilter, CaseRow

LIMIT = 30


@dataclass(frozen=True, slots=True)
class UnitPage:
    """What the unit has, by when it is due, and what it had."""

    template: ClassVar[str] = "unit.html"
    unit: Unit
    unit_name: str
    shelves: Sequence[Shelf]
    titles: Mapping[When, str]
    count: int
    passed: Sequence[CaseRow]
    names: Mapping[str, str]
    reasons: Mapping[str, str]
    only: When | None


async def show(request: web.Request) -> web.Response:
    """Show a unit's person their tray."""
    desk, account = desk_of(request), who(request)
    asked = request.query.get("estante", "")
    only = When(asked) if asked in list(When) else None
    shelves = await tray(desk, account, only)
    role = Role(account.unit)
    seen = await list_cases(desk, account, CaseFilter(), limit=LIMIT)
    page = UnitPage(
        unit=account.unit,
        unit_name=UNIT_NAMES[account.unit],
        shelves=shelves,
        titles={when: title(when) for when in When},
        count=sum(shelf.count for shelf in shelves),
        passed=[row for row in seen if row.role is not role],
        names={system.id: system.name for system in await reads.systems(desk)},
        reasons=dict(words.return_reasons()),
        only=only,
    )
    return render(request, page, live=("queue-changed",))


def title(when: When) -> str:
    """Name a shelf of the tray."""
    return {
        When.RETURNED: _("Devueltos a la unidad"),
        When.LATE: _("Vencidos"),
        When.TODAY: _("Para hoy"),
        When.WEEK: _("Esta semana"),
        When.LATER: _("Más adelante"),
        When.NEVER: _("Sin plazo"),
    }[when]

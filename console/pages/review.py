"""The supervisors' review: what waits to be approved, returned or closed, the longest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.rights import Action, demand
from cases.vocabulary import Role
from console import reads
from console.rendering import render
from console.visitor import desk_of, who
from desk.views import list_cases
from store.queries import CaseFilter, CaseRow

LIMIT = 100


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The cases that stand with the supervisors; `done` is one that was just reviewed."""

    template: ClassVar[str] = "review.html"
    rows: Sequence[CaseRow]
    names: Mapping[str, str]
    done: str


async def show(request: web.Request) -> web.Response:
    """Show what waits for a supervisor."""
    desk, account = desk_of(request), who(request)
    demand(account, Action.MONITOR)
    rows = await list_cases(desk, account, CaseFilter(role=Role.SUPERVISOR), limit=LIMIT, oldest=True)
    names = {system.id: system.name for system in await reads.systems(desk)}
    page = ReviewPage(rows, names, request.query.get("hecho", ""))
    return render(request, page, live=("queue-changed",), fresh="/revision")

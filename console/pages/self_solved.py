"""The cases that their people solved with an article: passed on many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from console import reads
from console.rendering import render
from console.visitor import desk_of, who
from desk.selfservice import Passed, pass_on, self_solved
from store.self_service import SelfSolved


@dataclass(frozen=True, slots=True)
class SelfSolvedPage:
    """What waits here, what the last act did with each, and what was wrong with it."""

    template: ClassVar[str] = "self_solved.html"
    rows: Sequence[SelfSolved]
    names: Mapping[str, str]
    passed: Passed | None
    message: str


async def show(request: web.Request) -> web.Response:
    """Show the cases that wait for this account."""
    return await _page(request)


async def _page(
    request: web.Request, passed: Passed | None = None, message: str = "", status: int = 200
) -> web.Response:
    desk = desk_of(request)
    rows = await self_solved(desk, who(request))
    names = {system.id: system.name for system in await reads.systems(desk)}
    page = SelfSolvedPage(rows, names, passed, message)
    return render(request, page, status=status, live=("queue-changed",))


async def act(request: web.Request) -> web.Response:
    """Pass on the chosen cases, and say what became of each."""
    chosen = [str(value) for value in (await request.post()).getall("case", [])]
    try:
        passed = await pass_on(desk_of(request), who(request), chosen)
    except Invalid as refused:
        return await _page(request, message=str(refused), status=422)
    return await _page(request, passed)

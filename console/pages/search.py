"""The search over everything, as one types: cases, people with their cases, articles."""

from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from console.forms import clean
from console.rendering import render
from console.visitor import desk_of, who
from desk.search import Found, find

FEW, MANY = 6, 40
KINDS = ("casos", "personas", "articulos")


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What a search found; `kind` is the one kind that is shown, or nothing for the best of each."""

    template: ClassVar[str] = "search.html"
    q: str
    kind: str
    found: Found


async def show(request: web.Request) -> web.Response:
    """Search; the address holds what was asked, so that it can be kept and sent."""
    typed = clean(request.query.get("q", "")).strip()[:200]
    kind = request.query.get("tipo", "")
    kind = kind if kind in KINDS else ""
    cases, people, articles = (MANY if kind == each else 0 if kind else FEW for each in KINDS)
    found = await find(desk_of(request), who(request), typed, cases=cases, people=people, articles=articles)
    return render(request, SearchPage(typed, kind, found))

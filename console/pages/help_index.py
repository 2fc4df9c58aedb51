"""The public knowledge base: search and list, on any phone, without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.model import Article
from console import reads
from console.forms import clean
from console.rendering import render
from console.visitor import desk_of
from desk.public import help_articles


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles about one system."""

    name: str
    articles: Sequence[Article]


@dataclass(frozen=True, slots=True)
class HelpPage:
    """What a search finds, or every public article by system."""

    template: ClassVar[str] = "help.html"
    q: str
    found: Sequence[Article]
    shelves: Sequence[Shelf]


async def show(request: web.Request) -> web.Response:
    """Show the public articles."""
    desk, q = desk_of(request), clean(request.query.get("q", "")).strip()
    found = await help_articles(desk, q)
    shelves = [] if q else _shelved(found, {system.id: system.name for system in await reads.systems(desk)})
    return render(request, HelpPage(q, found, shelves))


def _shelved(found: Sequence[Article], names: dict[str, str]) -> list[Shelf]:
    by_system: dict[str, list[Article]] = {}
    for article in found:
        by_system.setdefault(article.system, []).append(article)
    shelves = [Shelf(names.get(system, system), articles) for system, articles in by_system.items()]
    return sorted(shelves, key=lambda shelf: shelf.name)

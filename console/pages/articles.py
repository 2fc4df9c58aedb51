"""The knowledge base as the desk's people see it: every article, and the search over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.model import Article
from console import reads
from console.forms import clean
from console.rendering import render
from console.visitor import desk_of, who
from desk.knowledge import articles
from desk.views import suggest
from store.search import fold

HITS = 30


@dataclass(frozen=True, slots=True)
class ArticlesPage:
    """The articles that a search finds, or all of them by title."""

    template: ClassVar[str] = "articles.html"
    q: str
    articles: Sequence[Article]
    drafts: int
    names: Mapping[str, str]


async def show(request: web.Request) -> web.Response:
    """Show the articles; drafts come first, they wait for somebody."""
    desk, account = desk_of(request), who(request)
    q = clean(request.query.get("q", "")).strip()
    everything = {article.id: article for article in await articles(desk, account)}
    drafts = sum(not article.approved for article in everything.values())
    found = sorted(everything.values(), key=lambda article: (article.approved, fold(article.title)))
    if q:
        hits = await suggest(desk, account, q, HITS)
        named = [article for article in found if not article.approved and fold(q) in fold(article.title)]
        found = [*named, *(everything[hit.article] for hit in hits if hit.article in everything)]
    names = {system.id: system.name for system in await reads.systems(desk)}
    return render(request, ArticlesPage(q, found, drafts, names))

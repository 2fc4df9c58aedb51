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
from desk.knowledge import COUNTED, Shelf, shelf
from desk.views import suggest
from store.search import fold

HITS = 30


@dataclass(frozen=True, slots=True)
class ArticlesPage:
    """The articles that a search finds, or all of them by title; `shelf` says what each did and which need somebody."""

    template: ClassVar[str] = "articles.html"
    q: str
    articles: Sequence[Article]
    drafts: int
    lapsed: int
    soon: int
    days: int
    shelf: Shelf
    names: Mapping[str, str]


async def show(request: web.Request) -> web.Response:
    """Show the articles; those that wait for a supervisor come first, then those whose time is over or ends soon."""
    desk, account = desk_of(request), who(request)
    q = clean(request.query.get("q", "")).strip()
    whole = await shelf(desk, account)
    everything = {article.id: article for article in whole.articles}

    def urgency(article: Article) -> tuple[bool, bool, bool, str]:
        waits = article.id in whole.waiting
        return (not waits, article.approved, article.id not in whole.ending, fold(article.title))

    found = sorted(everything.values(), key=urgency)
    if q:
        hits = await suggest(desk, account, q, HITS)
        named = [article for article in found if not article.approved and fold(q) in fold(article.title)]
        found = [*named, *(everything[hit.article] for hit in hits if hit.article in everything)]
    page = ArticlesPage(
        q=q,
        articles=found,
        drafts=len(whole.waiting & everything.keys()),
        lapsed=sum(expiry.lapsed for expiry in whole.ending.values()),
        soon=sum(not expiry.lapsed for expiry in whole.ending.values()),
        days=COUNTED.days,
        shelf=whole,
        names={system.id: system.name for system in await reads.systems(desk)},
    )
    return render(request, page)

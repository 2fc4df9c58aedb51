"""One public article."""

from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.model import Article
from console.rendering import render
from console.visitor import desk_of
from desk.public import help_article


@dataclass(frozen=True, slots=True)
class HelpArticlePage:
    """The article as citizens read it."""

    template: ClassVar[str] = "help_article.html"
    article: Article


async def show(request: web.Request) -> web.Response:
    """Show one public article by its external id."""
    found = await help_article(desk_of(request), request.match_info["article"])
    return render(request, HelpArticlePage(found))

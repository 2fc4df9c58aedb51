"""The knowledge base: articles, their versions, search."""

import secrets
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.models.common import Page, Text
from api.models.knowledge import ArticleGiven, ArticleShown, HitShown
from api.moving import number_of
from api.reading import Paging
from api.routing import Call, Route
from api.shaping import article_shown
from cases.errors import Invalid, NotFound
from cases.model import Article, ArticleText
from desk.knowledge import article, articles, write_article
from desk.views import suggest


class SearchQuery(BaseModel):
    """What to search for."""

    model_config = ConfigDict(extra="forbid")
    q: Annotated[Text, Field(max_length=10_000, description="As a citizen would write it.")]
    top: Annotated[int, Field(ge=1, le=100, description="Articles at most.")] = 5


async def get_articles(call: Call) -> Page[ArticleShown]:
    """List the articles that are not retired, drafts too, the oldest first."""
    found = await articles(call.desk, call.account)
    return call.asked(Paging).page_after(found, article_shown, lambda one: (one.id,))


async def get_article(call: Call) -> ArticleShown:
    """Show one article, by its number or its external id."""
    return article_shown(await _named(call))


async def search_articles(call: Call) -> Page[HitShown]:
    """Search the knowledge base; the nearest first."""
    query = call.asked(SearchQuery)
    found = await suggest(call.desk, call.account, query.q, query.top)
    return Page[HitShown](items=[HitShown.model_validate(hit) for hit in found], next=None)


async def post_article(call: Call) -> ArticleShown:
    """Write an article; it is a draft unless its author may approve."""
    given = call.given(ArticleGiven)
    external_id = given.id or f"v-{secrets.token_hex(6)}"
    return article_shown(await write_article(call.desk, call.account, _text(given, external_id)))


async def put_article(call: Call) -> ArticleShown:
    """Write a new version of an article; the one that is shown stays until somebody who may approves the new one."""
    given, known = call.given(ArticleGiven), await _named(call)
    if given.id not in (None, known.external_id):
        raise Invalid(
            "El artículo no vale.", {"id": f"Es el artículo {known.external_id}; eso no se cambia."}
        )
    text = _text(given, known.external_id)
    return article_shown(await write_article(call.desk, call.account, text, known.id))


async def _named(call: Call) -> Article:
    """Return the article that the path names: by its number, else by its external id. Raises NotFound."""
    word = call.name("article")
    if word.isascii() and word.isdecimal():
        try:
            return await article(call.desk, call.account, call.row("article"))
        except NotFound:
            pass  # an importer's ids may be numbers as well
    try:
        return await article(call.desk, call.account, await number_of(call.desk, call.account, word))
    except Invalid:
        raise NotFound(f"No existe el artículo {word}.") from None


def _text(given: ArticleGiven, external_id: str) -> ArticleText:
    return ArticleText(
        external_id=external_id,
        title=given.title,
        body=given.body,
        category=given.category,
        system=given.system,
        keywords=tuple(given.keywords),
        audience=given.audience,
        solved_by=given.solved_by,
    )


_ONE = "/articles/{article}"
ROUTES = (
    Route("GET", "/articles", "List articles", get_articles, Page[ArticleShown], query=Paging),
    Route(
        "GET",
        "/articles/search",
        "Search the knowledge base",
        search_articles,
        Page[HitShown],
        query=SearchQuery,
    ),
    Route("GET", _ONE, "Show an article", get_article, ArticleShown, refuses=(404,)),
    Route(
        "POST",
        "/articles",
        "Write an article",
        post_article,
        ArticleShown,
        ArticleGiven,
        status=201,
        refuses=(403,),
    ),
    Route("PUT", _ONE, "Write a new version", put_article, ArticleShown, ArticleGiven, refuses=(403, 404)),
)

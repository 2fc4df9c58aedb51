"""Articles and procedures."""

import secrets
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.models.common import Page, Shown
from api.models.knowledge import (
    ArticleGiven,
    ArticleShown,
    HitShown,
    HitsShown,
    ProcedureRowShown,
    ProcedureVersionShown,
    StepShown,
)
from api.problems import Problem
from api.routing import Call, Route
from cases.model import Article, ArticleText
from cases.rights import Action, demand
from desk.knowledge import article, articles, write_article
from desk.procedures import activate
from desk.views import suggest
from workflow.bpmn import to_bpmn
from workflow.definition import Library, Procedure, UnknownPlaceError
from workflow.drawing import draw


class SearchQuery(BaseModel):
    """What to search for."""

    model_config = ConfigDict(extra="forbid")
    q: Annotated[str, Field(max_length=10_000)]
    top: Annotated[int, Field(ge=1, le=100)] = 5


async def get_articles(call: Call) -> Page[ArticleShown]:
    """List the articles, drafts too."""
    found = await articles(call.desk, call.account)
    return Page[ArticleShown](items=[_article(one) for one in found], next=None)


async def get_article(call: Call) -> ArticleShown:
    """Show one article."""
    return _article(await article(call.desk, call.account, call.number("article")))


async def search_articles(call: Call) -> HitsShown:
    """Search the knowledge base."""
    query = call.asked(SearchQuery)
    found = await suggest(call.desk, call.account, query.q, query.top)
    return HitsShown(items=[HitShown.model_validate(hit) for hit in found])


async def post_article(call: Call) -> ArticleShown:
    """Write an article; it is a draft unless its author may approve."""
    given = call.given(ArticleGiven)
    return _article(await write_article(call.desk, call.account, _text(given, given.id or f"v-{secrets.token_hex(6)}")))


async def put_article(call: Call) -> ArticleShown:
    """Write a new version of an article."""
    given, number = call.given(ArticleGiven), call.number("article")
    known = await article(call.desk, call.account, number)
    return _article(await write_article(call.desk, call.account, _text(given, known.external_id), number))


def _text(given: ArticleGiven, external_id: str) -> ArticleText:
    return ArticleText(
        external_id=external_id, title=given.title, body=given.body, category=given.category, system=given.system,
        keywords=tuple(given.keywords), audience=given.audience, solved_by=given.solved_by,
    )


def _article(found: Article) -> ArticleShown:
    return ArticleShown.model_validate(found)


async def get_procedures(call: Call) -> Page[ProcedureRowShown]:
    """List every version of every procedure."""
    demand(call.account, Action.SEE_PROCEDURES)
    library = call.desk.library
    rows = [ProcedureRowShown(**_head(library, procedure)) for procedure in library]
    return Page[ProcedureRowShown](items=rows, next=None)


async def get_procedure(call: Call) -> ProcedureVersionShown:
    """Show one version in the manual's words."""
    procedure = _procedure(call)
    steps = [
        StepShown(
            number=step.number, activity=step.activity, responsible=step.responsible, role=step.role,
            output=step.output, stage=str(step.stage), extension=step.extension,
        )
        for step in procedure.steps
    ]
    return ProcedureVersionShown(**_head(call.desk.library, procedure), objective=procedure.objective, steps=steps)


async def get_bpmn(call: Call) -> str:
    """Draw one version as BPMN 2.0."""
    procedure = _procedure(call)
    return to_bpmn(call.desk.library, procedure.code, procedure.version)


async def get_svg(call: Call) -> str:
    """Draw one version as SVG."""
    procedure = _procedure(call)
    return draw(call.desk.library, procedure.code, procedure.version)


class Activated(Shown):
    """The version on which cases begin from now on."""

    code: str
    version: str


async def post_activation(call: Call) -> Activated:
    """Let new cases begin on a version; an administrator's act, on record."""
    await activate(call.desk, call.account, call.path["code"], call.path["version"])
    return Activated(code=call.path["code"], version=call.path["version"])


def _procedure(call: Call) -> Procedure:
    demand(call.account, Action.SEE_PROCEDURES)
    try:
        return call.desk.library.procedure(call.path["code"], call.path["version"])
    except UnknownPlaceError as unknown:
        raise Problem(404, str(unknown)) from unknown


def _head(library: Library, procedure: Procedure) -> dict[str, object]:
    return {
        "code": procedure.code, "version": procedure.version, "title": procedure.title,
        "resolution": procedure.resolution, "active": library.active.get(procedure.code) == procedure.version,
    }


_ONE = "/procedures/{code}/{version}"
ROUTES = (
    Route("GET", "/articles", "List articles", get_articles, Page[ArticleShown]),
    Route("GET", "/articles/search", "Search the knowledge base", search_articles, HitsShown, query=SearchQuery, refuses=(422,)),
    Route("GET", "/articles/{article}", "Show an article", get_article, ArticleShown, refuses=(404,)),
    Route("POST", "/articles", "Write an article", post_article, ArticleShown, ArticleGiven, status=201, refuses=(403, 422)),
    Route("PUT", "/articles/{article}", "Write a new version", put_article, ArticleShown, ArticleGiven, refuses=(403, 404, 422)),
    Route("GET", "/procedures", "List procedures", get_procedures, Page[ProcedureRowShown]),
    Route("GET", _ONE, "Show a procedure", get_procedure, ProcedureVersionShown, refuses=(404,)),
    Route("GET", f"{_ONE}/diagram.bpmn", "Draw as BPMN 2.0", get_bpmn, "application/xml", refuses=(404,)),
    Route("GET", f"{_ONE}/diagram.svg", "Draw as SVG", get_svg, "image/svg+xml", refuses=(404,)),
    Route("POST", f"{_ONE}/activation", "Activate a version", post_activation, Activated, refuses=(403, 404)),
)

"""Writing an article: a new one, also from a case, or a new version of one."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from cases.model import Article, ArticleText, System
from cases.rights import RIGHTS, Action, demand
from cases.vocabulary import Category
from console import forms, reads
from console.forms import Typed
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk.knowledge import ArticleView, article_view, draft_from_case, write_article

FORM = "article"
SOLVERS = ("operador", "uit", "upat", "acgii", "adt")


@dataclass(frozen=True, slots=True)
class ArticleEditPage:
    """The form; `article` is None for a new one, `approves` whether saving publishes at once.

    `text` is what the fields start with: the newest version, returned or not, or what a `case` says.
    """

    template: ClassVar[str] = "article_edit.html"
    article: Article | None
    text: ArticleText | None
    note: str | None
    case: str | None
    typed: Typed
    systems: Sequence[System]
    categories: Sequence[Category]
    solvers: Sequence[str]
    approves: bool


async def new(request: web.Request) -> web.Response:
    """Show an empty form, or one that a case has filled."""
    demand(who(request), Action.WRITE_ARTICLE)
    case = request.query.get("caso", "")
    draft = await draft_from_case(desk_of(request), who(request), case) if case else None
    return await _page(request, None, Typed(), 200, draft=draft, case=case or None)


async def edit(request: web.Request) -> web.Response:
    """Show an article's form, with its newest version."""
    demand(who(request), Action.WRITE_ARTICLE)
    return await _page(request, await _known(request), Typed(), 200)


async def add(request: web.Request) -> web.Response:
    """Store a new article."""
    return await _save(request, None)


async def revise(request: web.Request) -> web.Response:
    """Store a new version of an article."""
    return await _save(request, await _known(request))


async def _known(request: web.Request) -> ArticleView:
    return await article_view(desk_of(request), who(request), int(request.match_info["article"]))


async def _save(request: web.Request, known: ArticleView | None) -> web.Response:
    form = await forms.read(request)
    case = form.get("case") or None
    try:
        written = await write_article(
            desk_of(request),
            who(request),
            _text(form, known.article if known else None),
            known.article.id if known else None,
            case=case,
        )
    except Invalid as refused:
        typed = Typed.refused(FORM, form, refused)
        return await _page(request, known, typed, 422, case=case)
    return web.Response(status=303, headers={"Location": f"/articulos/{written.id}"})


def _text(form: forms.Form, known: Article | None) -> ArticleText:
    category = form.get("category", "")
    if category not in list(Category):
        raise Invalid(_("Revise los campos marcados."), {"category": _("Elija la categoría.")})
    return ArticleText(
        external_id=known.external_id if known else f"v-{secrets.token_hex(6)}",
        title=form.get("title", "").strip(),
        body=form.get("body", "").strip(),
        category=Category(category),
        system=form.get("system", ""),
        keywords=tuple(word.strip() for word in form.get("keywords", "").split(",") if word.strip()),
        audience=form.get("audience", ""),
        solved_by=form.get("solved_by", ""),
    )


async def _page(
    request: web.Request,
    known: ArticleView | None,
    typed: Typed,
    status: int,
    *,
    draft: ArticleText | None = None,
    case: str | None = None,
) -> web.Response:
    newest = known.versions[0] if known else None
    page = ArticleEditPage(
        article=known.article if known else None,
        text=newest.text if newest else draft,
        note=newest.note if newest and newest.returned else None,
        case=case,
        typed=typed,
        systems=await reads.systems(desk_of(request)),
        categories=tuple(Category),
        solvers=SOLVERS,
        approves=who(request).role in RIGHTS[Action.APPROVE_ARTICLE],
    )
    return render(request, page, status=status)

"""Writing an article: a new one, or a new version of one."""

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
from desk.knowledge import article, write_article

FORM = "article"
SOLVERS = ("operador", "uit", "upat", "acgii", "adt")


@dataclass(frozen=True, slots=True)
class ArticleEditPage:
    """The form; `article` is None for a new one, `approves` whether saving publishes at once."""

    template: ClassVar[str] = "article_edit.html"
    article: Article | None
    typed: Typed
    systems: Sequence[System]
    categories: Sequence[Category]
    solvers: Sequence[str]
    approves: bool


async def new(request: web.Request) -> web.Response:
    """Show an empty form."""
    demand(who(request), Action.WRITE_ARTICLE)
    return await _page(request, None, Typed(), 200)


async def edit(request: web.Request) -> web.Response:
    """Show an article's form."""
    demand(who(request), Action.WRITE_ARTICLE)
    found = await article(desk_of(request), who(request), int(request.match_info["article"]))
    return await _page(request, found, Typed(), 200)


async def add(request: web.Request) -> web.Response:
    """Store a new article."""
    return await _save(request, None)


async def revise(request: web.Request) -> web.Response:
    """Store a new version of an article."""
    return await _save(
        request, await article(desk_of(request), who(request), int(request.match_info["article"]))
    )


async def _save(request: web.Request, known: Article | None) -> web.Response:
    form = await forms.read(request)
    try:
        written = await write_article(
            desk_of(request), who(request), _text(form, known), known.id if known else None
        )
    except Invalid as refused:
        return await _page(request, known, Typed(FORM, form, forms.fault_of(refused), str(refused)), 422)
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


async def _page(request: web.Request, known: Article | None, typed: Typed, status: int) -> web.Response:
    page = ArticleEditPage(
        article=known,
        typed=typed,
        systems=await reads.systems(desk_of(request)),
        categories=tuple(Category),
        solvers=SOLVERS,
        approves=who(request).role in RIGHTS[Action.APPROVE_ARTICLE],
    )
    return render(request, page, status=status)

"""One article as its readers will see it, with its versions, what it did, and until when it holds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar
from zoneinfo import ZoneInfo

from aiohttp import web

from cases.errors import Conflict, Invalid
from cases.model import Article
from console import forms, reads
from console.forms import Typed
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk.knowledge import (
    COUNTED,
    ArticleView,
    approve_article,
    article,
    article_view,
    keep_article,
    return_article,
)
from kb.compare import Line, compare
from kb.markdown import to_plain
from store.articles import ArticleVersion

RETURN, KEEP = "return", "keep"


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The article; `waiting` is a later version, or the first one, that waits for approval; `returned` was given back."""

    template: ClassVar[str] = "article.html"
    view: ArticleView
    system_name: str
    waiting: ArticleVersion | None
    returned: ArticleVersion | None
    days: int
    until: str
    typed: Typed


@dataclass(frozen=True, slots=True)
class ArticleVersionsPage:
    """The versions of an article, and two of them compared line by line."""

    template: ClassVar[str] = "article_versions.html"
    article: Article
    versions: Sequence[ArticleVersion]
    old: int
    new: int
    title: Sequence[Line]
    lines: Sequence[Line]


async def show(request: web.Request) -> web.Response:
    """Show one article."""
    return await _page(request, _number(request), Typed(), 200)


async def _page(request: web.Request, number: int, typed: Typed, status: int) -> web.Response:
    desk, account = desk_of(request), who(request)
    view = await article_view(desk, account, number)
    newest, shown = view.versions[0], view.article
    names = {system.id: system.name for system in await reads.systems(desk)}
    page = ArticlePage(
        view=view,
        system_name=names.get(shown.system, shown.system),
        waiting=newest if newest.waits else None,
        returned=newest if newest.returned else None,
        days=COUNTED.days,
        until=view.expiry.at.astimezone(desk.timezone).date().isoformat() if view.expiry.at else "",
        typed=typed,
    )
    return render(request, page, status=status)


async def versions(request: web.Request) -> web.Response:
    """List an article's versions and compare two of them, the last two unless said otherwise."""
    view = await article_view(desk_of(request), who(request), _number(request))
    by_number = {version.version: version for version in view.versions}
    newest = view.versions[0].version
    new = _chosen(request, "a", by_number.keys(), newest)
    old = _chosen(request, "de", by_number.keys(), new - 1 if new - 1 in by_number else new)
    before, after = by_number[old].text, by_number[new].text
    page = ArticleVersionsPage(
        article=view.article,
        versions=view.versions,
        old=old,
        new=new,
        title=compare(before.title, after.title),
        lines=compare(before.body, after.body),
    )
    return render(request, page)


def _chosen(request: web.Request, name: str, known: Collection[int], otherwise: int) -> int:
    number = forms.number(request.query.get(name, ""))
    return number if number is not None and number in known else otherwise


async def text(request: web.Request) -> web.Response:
    """Give the words of an article that may be sent, to put them into an answer."""
    found = await article(desk_of(request), who(request), _number(request))
    return web.Response(text=sendable(found), content_type="text/plain", charset="utf-8")


def sendable(found: Article) -> str:
    """Return an article's words as plain text; raises Conflict for one that must not leave the desk."""
    if not found.approved or found.audience != "public":
        raise Conflict(_("Ese artículo es interno o aún no está aprobado: no puede enviarse."))
    return f"{found.title}\n\n{to_plain(found.body)}"


async def approve(request: web.Request) -> web.Response:
    """Make the version that was read the one that is shown."""
    number, form = _number(request), await forms.read(request)
    read = forms.number(form.get("version", ""))
    await approve_article(desk_of(request), who(request), number, read)
    return _back(number)


async def give_back(request: web.Request) -> web.Response:
    """Return a draft to its author."""
    number, form = _number(request), await forms.read(request)
    try:
        await return_article(
            desk_of(request), who(request), number, forms.whole(form, "version"), form.get("note", "")
        )
    except Invalid as refused:
        return await _page(request, number, Typed.refused(RETURN, form, refused), 422)
    return _back(number)


async def keep(request: web.Request) -> web.Response:
    """Confirm that an article still holds, to the end of a day or without end."""
    number, form, desk = _number(request), await forms.read(request), desk_of(request)
    try:
        await keep_article(desk, who(request), number, _end_of(form.get("until", ""), desk.timezone))
    except Invalid as refused:
        return await _page(request, number, Typed.refused(KEEP, form, refused), 422)
    return _back(number)


def _end_of(typed: str, zone: ZoneInfo) -> datetime | None:
    """Return the end of a day as a date input gives it, or None for none; raises Invalid."""
    try:
        return datetime.combine(date.fromisoformat(typed), time(23, 59), zone) if typed.strip() else None
    except ValueError:
        raise Invalid(_("Revise los campos marcados."), {"until": _("Escriba la fecha.")}) from None


def _number(request: web.Request) -> int:
    return int(request.match_info["article"])


def _back(number: int) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/articulos/{number}"})

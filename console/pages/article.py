"""One article as its readers will see it, with what the desk knows about it."""

from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Conflict
from cases.model import Article
from console import reads
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk.knowledge import approve_article, article
from kb.markdown import to_plain


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The article; `newest` is a later version that waits for approval, if there is one."""

    template: ClassVar[str] = "article.html"
    article: Article
    system_name: str
    waits: bool


async def show(request: web.Request) -> web.Response:
    """Show one article."""
    desk, account = desk_of(request), who(request)
    found = await article(desk, account, int(request.match_info["article"]))
    newest = await reads.newest_version(desk, account, found.id)
    names = {system.id: system.name for system in await reads.systems(desk)}
    waits = not found.approved or newest > found.version
    return render(request, ArticlePage(found, names.get(found.system, found.system), waits))


async def text(request: web.Request) -> web.Response:
    """Give the words of an article that may be sent, to put them into an answer."""
    found = await article(desk_of(request), who(request), int(request.match_info["article"]))
    return web.Response(text=sendable(found), content_type="text/plain", charset="utf-8")


def sendable(found: Article) -> str:
    """Return an article's words as plain text; raises Conflict for one that must not leave the desk."""
    if not found.approved or found.audience != "public":
        raise Conflict(_("Ese artículo es interno o aún no está aprobado: no puede enviarse."))
    return f"{found.title}\n\n{to_plain(found.body)}"


async def approve(request: web.Request) -> web.Response:
    """Make the newest version the one that is shown."""
    number = int(request.match_info["article"])
    await approve_article(desk_of(request), who(request), number)
    return web.Response(status=303, headers={"Location": f"/articulos/{number}"})

"""What the editor asks while somebody writes: keep the draft, show how it will arrive, texts and articles to insert, undo."""

import json
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from aiohttp import web

from cases.errors import Conflict
from cases.model import Account
from console import forms, reads
from console.editor import AsShown, shown
from console.forms import Form, Typed
from console.pages.article import sendable
from console.pages.case import case_page
from console.reach import channel_named
from console.rendering import render
from console.visitor import desk_of, who
from desk.desk import Desk
from desk.drafts import keep_draft
from desk.knowledge import article
from desk.preview import preview
from desk.texts import texts_for
from desk.views import suggest
from desk.withdrawal import withdraw
from store.drafts import DraftKind

HITS = 8
MOST_NAMES = 20
_dumps = partial(json.dumps, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class PreviewPart:
    """The part of the page that shows the answer as it will arrive; None while there is nothing to show."""

    template: ClassVar[str] = "reply_preview.html"
    preview: AsShown | None


async def keep(request: web.Request) -> web.Response:
    """Keep a draft, with a text or an article put below it if asked; a script gets the preview, a form the page again."""
    number, form = request.match_info["number"], await forms.read(request)
    desk, account = desk_of(request), who(request)
    kind = DraftKind.NOTE if form.get("kind") == DraftKind.NOTE else DraftKind.REPLY
    channel = channel_named(form.get("channel", ""))
    text = await _with_inserted(desk, account, number, form)
    await keep_draft(desk, account, number, kind, text, channel)
    if "HX-Request" not in request.headers:
        part = "#fold-note" if kind is DraftKind.NOTE else "#responder"
        address = f"/casos/{number}?hecho=draft{part}"
        return web.Response(status=303, headers={"Location": address})
    if kind is DraftKind.NOTE:
        return web.Response(status=204)
    names = form.get("names", "").split("\n")[:MOST_NAMES]
    plan = await preview(desk, account, number, text, channel, [name for name in names if name])
    return render(request, PreviewPart(shown(plan)))


async def _with_inserted(desk: Desk, account: Account, number: str, form: Form) -> str:
    """Return what was typed, with what was asked for below it."""
    more = ""
    if form.get("insert") == "text":
        wanted = forms.number(form.get("text_id", ""))
        more = next((one.text for one in await texts_for(desk, account, number) if one.id == wanted), "")
    elif form.get("insert") == "article":
        chosen = forms.number(form.get("article_id", ""))
        more = sendable(await article(desk, account, chosen)) if chosen is not None else ""
    return "\n\n".join(filter(None, (form.get("text", "").rstrip() if more else form.get("text", ""), more)))


async def texts(request: web.Request) -> web.Response:
    """Give the texts in use, filled in for this case."""
    found = await texts_for(desk_of(request), who(request), request.match_info["number"])
    return web.json_response(
        [{"shortcut": one.shortcut, "title": one.title, "text": one.text} for one in found], dumps=_dumps
    )


async def articles(request: web.Request) -> web.Response:
    """Give the articles nearest to what is typed that may be sent, with the address of their words."""
    desk, account = desk_of(request), who(request)
    hits = await suggest(desk, account, forms.clean(request.query.get("q", "")), HITS)
    found = await reads.offers(desk, account, hits)
    return web.json_response(
        [
            {"title": offer.title, "words": f"/articulos/{offer.article}/texto"}
            for offer in found
            if offer.sendable
        ],
        dumps=_dumps,
    )


async def undo(request: web.Request) -> web.Response:
    """Take an answer back before it leaves; its words are in the editor again."""
    number = request.match_info["number"]
    try:
        await withdraw(desk_of(request), who(request), number, int(request.match_info["message"]))
    except Conflict as late:
        return await case_page(request, number, typed=Typed("undo", {}, {}, str(late)), status=409)
    return web.Response(status=303, headers={"Location": f"/casos/{number}?hecho=undo#responder"})

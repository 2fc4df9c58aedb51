"""The administrators' book: every act, filtered, with a check of its chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from console import forms
from console.administering import Told, administrator, kinds, told
from console.rendering import query, render
from desk.administration.book import Checked, book


@dataclass(frozen=True, slots=True)
class BookPage:
    """A page of the book; `older` leads to the acts before, `checked` is what the check found if it was asked for."""

    template: ClassVar[str] = "admin_book.html"
    lines: Sequence[Told]
    kinds: Mapping[str, str]
    actors: Sequence[str]
    kind: str
    actor: str
    older: str
    checked: Checked | None


async def show(request: web.Request) -> web.Response:
    """Show what administrators did."""
    desk, account = administrator(request)
    asked = request.query
    kind, actor = asked.get("acto", ""), asked.get("quien", "")
    view = await book(
        desk,
        account,
        kinds=(kind,) if kind else (),
        actor=actor or None,
        before=forms.number(asked.get("antes", "")),
        check="comprobar" in asked,
    )
    older = query(acto=kind, quien=actor, antes=view.entries[-1].id) if view.more else ""
    page = BookPage(
        lines=[told(entry) for entry in view.entries],
        kinds=dict(sorted(kinds().items(), key=lambda pair: pair[1])),
        actors=view.actors,
        kind=kind,
        actor=actor,
        older=older,
        checked=view.checked,
    )
    return render(request, page, live=("administration-changed",))

"""The texts that the desk answers with again and again: the list, and the form to add or change one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from console import forms
from console.forms import Typed
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk.texts import LONGEST_TEXT, LONGEST_TITLE, all_texts, keep_text, switch_text, text_of
from store.search import fold
from store.texts import CannedText

FORM = "text"


@dataclass(frozen=True, slots=True)
class TextsPage:
    """The texts that a search finds, or all of them; below, for those who may write, the form of a new one."""

    template: ClassVar[str] = "texts.html"
    q: str
    texts: Sequence[CannedText]
    variables: Mapping[str, str]
    longest: int
    longest_title: int
    typed: Typed
    done: str


@dataclass(frozen=True, slots=True)
class TextPage:
    """One text to change."""

    template: ClassVar[str] = "text.html"
    text: CannedText
    variables: Mapping[str, str]
    longest: int
    longest_title: int
    typed: Typed


def variables() -> Mapping[str, str]:
    """Return what a text may leave open, and what is put there."""
    return {
        "nombre": _("el nombre de la persona"),
        "caso": _("el número del caso"),
        "sistema": _("el sistema del que trata"),
        "operador": _("el nombre de quien responde"),
        "etapa": _("la etapa en que está el caso"),
        "estimacion": _("la fecha estimada de solución"),
        "enlace": _("la página donde la persona sigue su caso"),
    }


async def show(request: web.Request) -> web.Response:
    """List the texts."""
    return await _list(request, Typed(), 200)


async def _list(request: web.Request, typed: Typed, status: int) -> web.Response:
    found = await all_texts(desk_of(request), who(request))
    q = forms.clean(request.query.get("q", "")).strip()
    page = TextsPage(
        q=q,
        texts=[one for one in found if _matches(one, q)],
        variables=variables(),
        longest=LONGEST_TEXT,
        longest_title=LONGEST_TITLE,
        typed=typed,
        done=request.query.get("hecho", ""),
    )
    return render(request, page, status=status)


def _matches(text: CannedText, q: str) -> bool:
    """Say whether a text has every word of a search, without accents."""
    words = fold(f"{text.shortcut} {text.title} {text.text}")
    return all(word in words for word in fold(q).split())


async def add(request: web.Request) -> web.Response:
    """Add a text."""
    form = await forms.read(request)
    try:
        kept = await keep_text(
            desk_of(request),
            who(request),
            None,
            form.get("shortcut", ""),
            form.get("title", ""),
            form.get("text", ""),
        )
    except Invalid as refused:
        return await _list(request, Typed.refused(FORM, form, refused), 422)
    return _back(f"alta#texto-{kept.id}")


async def edit(request: web.Request) -> web.Response:
    """Show one text to change it."""
    return await _one(request, Typed(), 200)


async def _one(request: web.Request, typed: Typed, status: int) -> web.Response:
    found = await text_of(desk_of(request), who(request), _number(request))
    page = TextPage(found, variables(), LONGEST_TEXT, LONGEST_TITLE, typed)
    return render(request, page, status=status)


async def change(request: web.Request) -> web.Response:
    """Change a text."""
    form, number = await forms.read(request), _number(request)
    try:
        await keep_text(
            desk_of(request),
            who(request),
            number,
            form.get("shortcut", ""),
            form.get("title", ""),
            form.get("text", ""),
        )
    except Invalid as refused:
        return await _one(request, Typed.refused(FORM, form, refused), 422)
    return _back(f"cambio#texto-{number}")


async def switch(request: web.Request) -> web.Response:
    """Take a text out of use, or put it back."""
    form, number = await forms.read(request), _number(request)
    active = form.get("active") == "yes"
    await switch_text(desk_of(request), who(request), number, active=active)
    return _back(f"{'activo' if active else 'apagado'}#texto-{number}")


def _number(request: web.Request) -> int:
    return int(request.match_info["text"])


def _back(done: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/textos?hecho={done}"})

"""The operators' queue: open cases by what they need now, filters that stay in the address, and saved views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from urllib.parse import parse_qsl

from aiohttp import web

from cases.model import Account, System
from cases.vocabulary import Role, Status
from console import queue_filter, reads, words
from console.forms import number
from console.language import gettext as _
from console.queue_filter import ALL, MINE, NOBODY, SECTIONS, Asked
from console.rendering import query, render
from console.snoozing import Choice, choices
from console.visitor import desk_of, who
from desk.saved_views import Views, views_of
from store.queries import COUNTED, FINDS, CaseRow
from store.saved_views import SavedView
from store.sections import Section
from store.worklist import Signs

LIMIT = 50
CONFIRMED_AT = "PR01 3"


@dataclass(frozen=True, slots=True)
class Tab:
    """One section as a tab: its address keeps the filter."""

    section: Section | None
    address: str
    count: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class ViewTab:
    """One saved view as a tab, with how many cases it has."""

    view: SavedView
    address: str
    count: str
    here: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the queue: what to do next, how its clock stands (`late`, `near` or on time), what is new in it."""

    row: CaseRow
    signs: Signs
    next: str
    clock: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The cases of one section, or all that a search finds; `whose` are the three sides of the switch."""

    template: ClassVar[str] = "queue.html"
    tabs: Sequence[Tab]
    views: Sequence[ViewTab]
    whose: Sequence[tuple[str, str, bool]]
    lines: Sequence[Line]
    asked: Asked
    systems: Sequence[System]
    names: Mapping[str, str]
    steps: Sequence[tuple[str, str]]
    colleagues: Sequence[Account]
    snoozing: Sequence[Choice]
    older: str
    here: str
    saved: str


async def show(request: web.Request) -> web.Response:
    """Show the queue; without anything in the address, as the person's default view has it."""
    desk, account = desk_of(request), who(request)
    views = await views_of(desk, account)
    if not request.query and views.first is not None:
        return web.Response(status=303, headers={"Location": f"/casos?{views.first.query}"})
    asked = queue_filter.read(request.query, account, desk)
    counted = {view.id: _of(view, account, request) for view in views.all}
    before = number(request.query.get("antes", ""))
    found = await reads.queue(
        desk,
        account,
        asked.wanted,
        before=before,
        limit=LIMIT,
        views={view: one.wanted for view, one in counted.items()},
    )
    now = desk.now()
    older = found.rows[-1].id if found.more and asked.section is None else None
    page = QueuePage(
        tabs=_tabs(asked, found),
        views=_view_tabs(views, asked, found),
        whose=_whose(asked),
        lines=[_line(row, found.signs[row.id], now) for row in found.rows],
        asked=asked,
        systems=found.systems,
        names={system.id: system.name for system in found.systems},
        steps=queue_filter.steps(desk),
        colleagues=found.colleagues,
        snoozing=choices(now, desk.timezone),
        older=f"/casos{query(**{**asked.typed, 'seccion': ALL, 'antes': older})}" if older else "",
        here=queue_filter.kept(query(seccion=asked.name, **asked.typed).removeprefix("?")),
        saved=request.query.get("hecho", ""),
    )
    return render(request, page, live=("queue-changed",))


def _of(view: SavedView, account: Account, request: web.Request) -> Asked:
    return queue_filter.read(dict(parse_qsl(view.query)), account, desk_of(request))


def _tabs(asked: Asked, found: reads.Queue) -> Sequence[Tab]:
    tabs = [
        Tab(
            each,
            f"/casos{query(**{**asked.typed, 'seccion': word})}",
            _counted(found.counts[each], COUNTED),
            word == asked.name,
        )
        for word, each in SECTIONS.items()
    ]
    everything = f"/casos{query(**{**asked.typed, 'seccion': ALL})}"
    return [*tabs, Tab(None, everything, _counted(found.matching, FINDS), asked.name == ALL)]


def _counted(count: int | None, most: int) -> str | None:
    """Write a count; from where nobody counted further on it says so."""
    return None if count is None else str(count) if count < most else f"{most - 1}+"


def _view_tabs(views: Views, asked: Asked, found: reads.Queue) -> Sequence[ViewTab]:
    here = queue_filter.kept(query(seccion=asked.name, **asked.typed).removeprefix("?"))
    return [
        ViewTab(
            view,
            f"/casos?{view.query}",
            _counted(found.view_counts[view.id], COUNTED) or "",
            view.query == here,
        )
        for view in views.all
    ]


def _whose(asked: Asked) -> Sequence[tuple[str, str, bool]]:
    chosen = asked.typed["quien"]
    sides = (("", _("De todos")), (MINE, _("Míos")), (NOBODY, _("De nadie")))
    return [
        (words, f"/casos{query(**{**asked.typed, 'seccion': asked.name, 'quien': side})}", side == chosen)
        for side, words in sides
    ]


def _line(row: CaseRow, signs: Signs, now: datetime) -> Line:
    late = signs.due is not None and signs.due <= now
    near = signs.near is not None and signs.near <= now
    return Line(row, signs, _next(row, signs), "late" if late else "near" if near else "on-time")


def _next(row: CaseRow, signs: Signs) -> str:
    """Say in few words what the case waits for; the first that holds."""
    elsewhere = _("Lo tiene: %s") % words.role(row.role) if row.role is not None else ""
    unconfirmed = row.step == CONFIRMED_AT and not row.confirmed
    waits: tuple[tuple[bool, str], ...] = (
        (row.role is None, _("Cerrado")),
        (row.role is not Role.OPERADOR, elsewhere),
        (signs.returned, _("Ver por qué lo devolvieron")),
        (unconfirmed, _("Confirmar la clasificación")),
        (row.status is Status.WAITING, _("Esperar a la persona")),
        (signs.unanswered is not None, _("Responder a la persona")),
    )
    return next((said for holds, said in waits if holds), _("Seguir con el paso"))

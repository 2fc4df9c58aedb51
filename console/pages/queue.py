"""The operators' queue: open cases by what they need now, and the search over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeVar

from aiohttp import web

from cases.model import System
from cases.vocabulary import Category, Channel
from console import reads
from console.forms import clean, number
from console.rendering import query, render
from console.visitor import desk_of, who
from store.queries import CaseFilter, CaseRow, Section

LIMIT = 50
ALL = "todos"
SECTIONS = {
    "por-confirmar": Section.CONFIRM,
    "devueltos": Section.RETURNED,
    "en-curso": Section.CURRENT,
    "pidio-persona": Section.PERSON,
    "esperando": Section.WAITING,
}
"""The sections by the name that they have in an address, in the order of the tabs."""

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Tab:
    """One section as a tab: its address keeps the filter."""

    section: Section | None
    address: str
    count: int | None
    here: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The cases of one section, or all that a search finds."""

    template: ClassVar[str] = "queue.html"
    tabs: Sequence[Tab]
    rows: Sequence[CaseRow]
    asked: Mapping[str, str]
    section: Section | None
    section_name: str
    systems: Sequence[System]
    names: Mapping[str, str]
    older: str


async def show(request: web.Request) -> web.Response:
    """Show the queue; a search without a section looks at every case."""
    desk, account = desk_of(request), who(request)
    asked = {
        name: clean(request.query.get(name, "")).strip() for name in ("q", "canal", "categoria", "sistema")
    }
    name = request.query.get("seccion", "")
    if name not in SECTIONS:
        name = ALL if name == ALL or asked["q"] else next(iter(SECTIONS))
    section = SECTIONS.get(name)
    wanted = CaseFilter(
        q=asked["q"] or None,
        channel=_one(Channel, asked["canal"]),
        category=_one(Category, asked["categoria"]),
        system=asked["sistema"] or None,
        section=section,
    )
    before = number(request.query.get("antes", ""))
    found = await reads.queue(desk, account, wanted, before=before, limit=LIMIT)
    tabs = [
        Tab(each, f"/casos{query(seccion=word, **asked)}", found.counts[each], word == name)
        for word, each in SECTIONS.items()
    ]
    older = found.rows[-1].id if found.more and section is None else None
    systems = await reads.systems(desk)
    page = QueuePage(
        tabs=[*tabs, Tab(None, f"/casos{query(seccion=ALL, **asked)}", found.matching, name == ALL)],
        rows=found.rows,
        asked=asked,
        section=section,
        section_name=name,
        systems=systems,
        names={system.id: system.name for system in systems},
        older=f"/casos{query(seccion=ALL, antes=older, **asked)}" if older else "",
    )
    return render(request, page, live=("queue-changed",))


def _one(words: type[E], typed: str) -> E | None:
    return words(typed) if typed in list(words) else None

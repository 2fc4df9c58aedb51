"""What the queue's address asks for: read the same for a page of cases, a saved view and its count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from cases.model import Account
from cases.vocabulary import AccountRole, Category, Channel, Unit
from console.forms import clean
from desk.desk import Desk
from store.queries import CaseFilter
from store.sections import Section

ALL = "todos"
SECTIONS = {
    "por-confirmar": Section.CONFIRM,
    "por-responder": Section.ANSWER,
    "devueltos": Section.RETURNED,
    "por-vencer": Section.DUE,
    "pidio-persona": Section.PERSON,
    "en-curso": Section.CURRENT,
    "esperando": Section.WAITING,
    "pospuestos": Section.SNOOZED,
}
"""The sections by the name that they have in an address, in the order of the tabs."""

FILTERS = (
    "q",
    "quien",
    "canal",
    "categoria",
    "sistema",
    "paso",
    "unidad",
    "desde",
    "hasta",
    "vencido",
)
MINE, NOBODY = "yo", "-"
"""How an address says "mine" and "nobody's"; an account's name cannot be the second."""

LONGEST = 200

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """One address of the queue: its section, its filter as it was typed, and what both ask of the store."""

    name: str
    section: Section | None
    typed: Mapping[str, str]
    wanted: CaseFilter

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered beside the section and whose cases they are."""
        return any(value for name, value in self.typed.items() if name not in ("q", "quien"))


def read(query: Mapping[str, str], account: Account, desk: Desk) -> Asked:
    """Read an address; what makes no sense in it is overlooked. A search without a section looks at every case."""
    typed = {name: clean(query.get(name, "")).strip()[:LONGEST] for name in FILTERS}
    name = query.get("seccion", "")
    if name not in SECTIONS and name != ALL:
        name = ALL if typed["q"] or account.role is AccountRole.UNIDAD else next(iter(SECTIONS))
    since, until = _day(typed["desde"]), _day(typed["hasta"])
    whose = typed["quien"]
    wanted = CaseFilter(
        q=typed["q"] or None,
        channel=_one(Channel, typed["canal"]),
        category=_one(Category, typed["categoria"]),
        system=typed["sistema"] or None,
        step=typed["paso"] or None,
        unit=_one(Unit, typed["unidad"]),
        assignee=account.username if whose == MINE else (whose if whose not in ("", NOBODY) else None),
        unassigned=whose == NOBODY,
        opened_from=_begins(since, desk) if since is not None else None,
        opened_before=_begins(until + timedelta(days=1), desk) if until is not None else None,
        overdue=bool(typed["vencido"]),
        section=SECTIONS.get(name),
        now=desk.now(),
    )
    return Asked(name, SECTIONS.get(name), typed, wanted)


def kept(query: str) -> str:
    """Return the part of an address that a saved view keeps: its section and filter, nothing else, in one order."""
    given = dict(parse_qsl(query))
    return urlencode([(name, given[name]) for name in ("seccion", *FILTERS) if given.get(name)])


def steps(desk: Desk) -> Sequence[tuple[str, str]]:
    """Return the steps of the active procedures at which somebody acts, each as an address and as a person reads it."""
    procedures = [desk.library.procedure(code) for code in sorted(desk.library.active)]
    return [
        (f"{procedure.code} {step.number}", f"{procedure.code} {step.number}")
        for procedure in procedures
        for step in procedure.steps
        if not step.automatic
    ]


def _one(words: type[E], typed: str) -> E | None:
    return words(typed) if typed in list(words) else None


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day < date(9999, 1, 1) else None


def _begins(day: date, desk: Desk) -> datetime:
    return datetime.combine(day, time.min, desk.timezone)

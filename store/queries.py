"""What the screens and the API's lists read: rows made for reading, not the aggregates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.model import Account, Case
from cases.vocabulary import AccountRole, Category, Channel, Role, Stage, Status, Unit
from store.cases import to_case
from store.finding import spellings
from store.search import INDEX, fold, found_by
from store.sections import Section, has_clock, in_section
from store.tables import (
    case_units,
    cases,
    clocks,
    conversations,
    messages,
    persons,
    proposals,
    users,
)

COUNTED = 500
"""Nobody counts further: no screen says more than that."""
FINDS = 200
"""So many cases that hold some words are looked up, and counted, at once."""
WITHIN = 2000
"""So many of the newest cases that hold some words are looked through for those of a section."""
LONG_NUMBER = re.compile(r"(\d+ )*\d{6,}")
_CASE = cases.c.id


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases asks for; None asks nothing. `now` is when clocks and postponements are looked at."""

    status: Status | None = None
    step: str | None = None
    unit: Unit | None = None
    role: Role | None = None
    category: Category | None = None
    system: str | None = None
    channel: Channel | None = None
    assignee: str | None = None
    incident: str | None = None
    q: str | None = None
    section: Section | None = None
    unassigned: bool = False
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    overdue: bool = False
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list of cases."""

    id: int
    number: str
    subject: str
    person_id: int
    person: str | None
    channel: Channel
    status: Status
    stage: Stage
    step: str | None
    role: Role | None
    unit: Unit
    category: Category | None
    confirmed: bool
    system: str | None
    assignee: str | None
    opened: datetime
    updated: datetime
    estimate: datetime | None
    wants_person: bool
    confidence: float | None


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One line of the supervisors' list of conversations."""

    id: int
    person: str | None
    channel: Channel
    address: str
    case: str | None
    last_message: int
    last_text: str
    last_at: datetime
    waiting_since: datetime | None
    wants_person: bool


class Queries:
    """Reads for screens and lists."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._found: dict[tuple[CaseFilter, int, int | None, int], Sequence[int]] = {}

    def cases(
        self,
        wanted: CaseFilter,
        viewer: Account,
        *,
        before: int | None = None,
        limit: int = 50,
        oldest: bool = False,
    ) -> Sequence[CaseRow]:
        """Return the cases that a person may see and asks for, newest first unless `oldest`.

        Words within a section are looked for in the newest `WITHIN` cases that hold them.
        """
        if _only_words(wanted):
            found = self._finds(wanted, viewer, before, max(limit, FINDS))[:limit]
            query = self._list().where(cases.c.id.in_(found))
        else:
            query = self._filtered(self._visible(self._list(), viewer), wanted)
            if before is not None:
                query = query.where(cases.c.id < before)
        newest = case_units.c.case_id if _of_unit(viewer) and not _only_words(wanted) else cases.c.id
        order = cases.c.updated_at.asc() if oldest else newest.desc()
        rows = self._connection.execute(query.order_by(order).limit(limit)).mappings()
        return [_case_row(row) for row in rows]

    def count(self, wanted: CaseFilter, viewer: Account) -> int:
        """Return how many cases a person may see and asks for; nobody counts further than `COUNTED`, or `FINDS` for words alone."""
        if _only_words(wanted):
            return len(self._finds(wanted, viewer, None, FINDS))
        query = self._filtered(self._visible(sa.select(cases.c.id), viewer), wanted)
        counted = sa.select(sa.func.count()).select_from(query.limit(COUNTED).subquery())
        return int(self._connection.execute(counted).scalar_one())

    def _finds(self, wanted: CaseFilter, viewer: Account, before: int | None, most: int) -> Sequence[int]:
        """Return the newest cases that hold the words that are looked for; a page asks for them more than once."""
        key = (wanted, viewer.id, before, most)
        if key not in self._found:
            query = self._filtered(self._visible(sa.select(INDEX.c.rowid), viewer, INDEX.c.rowid), wanted)
            query = query.where(self._holds(wanted.q or ""))
            if replace(wanted, q=None, now=None) != CaseFilter():
                # only then: to look up every case that holds some words takes longer than to find them
                query = query.join(cases, cases.c.id == INDEX.c.rowid)
            if before is not None:
                query = query.where(INDEX.c.rowid < before)
            rows = self._connection.execute(query.order_by(self._newest_find(wanted.q or "")).limit(most))
            self._found[key] = rows.scalars().all()
        return self._found[key]

    def _newest_find(self, typed: str) -> sa.ColumnElement[int]:
        """Order finds; PostgreSQL takes any beginning of a word for common and would read all cases for a long number."""
        if self._connection.dialect.name == "postgresql" and LONG_NUMBER.fullmatch(fold(typed)):
            return (INDEX.c.rowid + 0).desc()
        return INDEX.c.rowid.desc()

    def _list(self) -> sa.Select[Any]:
        confidence = (
            sa.select(proposals.c.confidence)
            .where(proposals.c.case_id == cases.c.id)
            .order_by(proposals.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        return (
            sa.select(
                cases,
                persons.c.name,
                users.c.username,
                conversations.c.state.label("dialogue"),
                confidence.label("confidence"),
            )
            .join(persons, persons.c.id == cases.c.person_id)
            .join(conversations, conversations.c.id == cases.c.conversation_id)
            .outerjoin(users, users.c.id == cases.c.assignee_id)
        )

    def _visible(
        self, query: sa.Select[Any], viewer: Account, case: sa.ColumnElement[int] = _CASE
    ) -> sa.Select[Any]:
        if not _of_unit(viewer):
            return query
        return query.join(case_units, sa.and_(case_units.c.case_id == case, case_units.c.unit == viewer.unit))

    def _filtered(self, query: sa.Select[Any], wanted: CaseFilter) -> sa.Select[Any]:
        equal = {
            "status": wanted.status,
            "unit": wanted.unit,
            "role": wanted.role,
            "category": wanted.category,
            "system": wanted.system,
            "channel": wanted.channel,
        }
        for column, value in equal.items():
            if value is not None:
                query = query.where(cases.c[column] == value)
        if wanted.step is not None:
            procedure, _, step = wanted.step.rpartition(" ")
            query = query.where(cases.c.step == step)
            if procedure:
                query = query.where(cases.c.procedure == procedure)
        if wanted.assignee is not None:
            query = query.where(
                cases.c.assignee_id
                == sa.select(users.c.id).where(users.c.username == wanted.assignee).scalar_subquery()
            )
        if wanted.incident is not None:
            mother = sa.select(cases.c.id).where(cases.c.number == wanted.incident).scalar_subquery()
            query = query.where(cases.c.parent_id == mother)
        if wanted.q and not _only_words(wanted):
            newest = sa.select(INDEX.c.rowid).where(self._holds(wanted.q)).order_by(INDEX.c.rowid.desc())
            query = query.where(cases.c.id.in_(newest.limit(WITHIN)))
        if wanted.section is not None:
            query = query.where(*in_section(wanted.section, wanted.now))
        return query.where(*_as_narrow(wanted))

    def _holds(self, typed: str) -> sa.ColumnElement[bool]:
        return found_by(self._connection.dialect.name, spellings(typed))

    def solved_like(self, case: Case, limit: int) -> Sequence[Case]:
        """Return closed cases of the same system and category with their solutions, newest first."""
        query = sa.select(cases).where(
            cases.c.status == Status.CLOSED,
            cases.c.solution.is_not(None),
            cases.c.system == case.system,
            cases.c.id != case.id,
        )
        if case.category is not None:
            query = query.where(cases.c.category == case.category)
        rows = self._connection.execute(query.order_by(cases.c.id.desc()).limit(limit)).mappings()
        return [to_case(row) for row in rows]

    def of_person(self, person: int, but: int, limit: int) -> Sequence[Case]:
        """Return a person's other cases, newest first."""
        rows = self._connection.execute(
            sa.select(cases)
            .where(cases.c.person_id == person, cases.c.id != but)
            .order_by(cases.c.id.desc())
            .limit(limit)
        ).mappings()
        return [to_case(row) for row in rows]

    def conversations(self, before: int | None, limit: int) -> Sequence[ConversationRow]:
        """Return the conversations with their last message, newest first."""
        later = messages.alias()
        newer = sa.select(later.c.id).where(
            later.c.conversation_id == messages.c.conversation_id,
            later.c.id > messages.c.id,
            later.c.direction != "note",
            later.c.withdrawn_at.is_(None),
        )
        query = (
            sa.select(conversations, persons.c.name, messages, cases.c.number, messages.c.id.label("last_id"))
            .select_from(messages)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .join(persons, persons.c.id == conversations.c.person_id)
            .outerjoin(cases, cases.c.id == messages.c.case_id)
            .where(messages.c.direction != "note", messages.c.withdrawn_at.is_(None), ~newer.exists())
        )
        if before is not None:
            query = query.where(messages.c.id < before)
        rows = self._connection.execute(query.order_by(messages.c.id.desc()).limit(limit)).all()
        return [_conversation_row(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def _only_words(wanted: CaseFilter) -> bool:
    """Say that words are looked for in all cases, not in those of a section."""
    return bool(wanted.q) and wanted.section is None


def _of_unit(viewer: Account) -> bool:
    return viewer.role is AccountRole.UNIDAD


def _as_narrow(wanted: CaseFilter) -> Sequence[sa.ColumnElement[bool]]:
    """Return the conditions of the fields that compare no single column with a value."""
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.unassigned:
        conditions.append(cases.c.assignee_id.is_(None))
    if wanted.opened_from is not None:
        conditions.append(cases.c.opened_at >= wanted.opened_from)
    if wanted.opened_before is not None:
        conditions.append(cases.c.opened_at < wanted.opened_before)
    if wanted.overdue:
        conditions.append(has_clock(clocks.c.due_at, wanted.now))
    return conditions


def _case_row(row: RowMapping) -> CaseRow:
    return CaseRow(
        id=row["id"],
        number=row["number"],
        subject=row["subject"],
        person_id=row["person_id"],
        person=row["name"],
        channel=Channel(row["channel"]),
        status=Status(row["status"]),
        stage=Stage(row["stage"]),
        step=f"{row['procedure']} {row['step']}" if row["step"] else None,
        role=Role(row["role"]) if row["role"] else None,
        unit=Unit(row["unit"]),
        category=Category(row["category"]) if row["category"] else None,
        confirmed=row["facts"] is not None,
        system=row["system"],
        assignee=row["username"],
        opened=row["opened_at"],
        updated=row["updated_at"],
        estimate=row["estimate_at"],
        wants_person=bool(row["dialogue"].get("wants_person")),
        confidence=row["confidence"],
    )


def _conversation_row(row: Any) -> ConversationRow:
    incoming = row[messages.c.direction] == "in"
    return ConversationRow(
        id=row[conversations.c.id],
        person=row[persons.c.name],
        channel=Channel(row[conversations.c.channel]),
        address=row[conversations.c.address],
        case=row[cases.c.number],
        last_message=row[messages.c.id],
        last_text=row[messages.c.text],
        last_at=row[messages.c.at],
        waiting_since=row[messages.c.at] if incoming else None,
        wants_person=bool(row[conversations.c.state].get("wants_person")),
    )

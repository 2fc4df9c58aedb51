"""What the screens and the API's lists read: rows made for reading, not the aggregates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.model import Account, Case
from cases.vocabulary import AccountRole, Category, Channel, Role, Stage, Status, Unit
from store.cases import to_case
from store.search import cases_matching
from store.tables import (
    case_units,
    cases,
    conversations,
    entries,
    messages,
    persons,
    proposals,
    users,
)


class Section(StrEnum):
    """What an operator's open cases need: each is in one of the first four, and those who ask for a person also in the last."""

    CONFIRM = "confirm"
    RETURNED = "returned"
    CURRENT = "current"
    WAITING = "waiting"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases asks for; None asks nothing."""

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


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list of cases."""

    id: int
    number: str
    subject: str
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

    def cases(
        self,
        wanted: CaseFilter,
        viewer: Account,
        *,
        before: int | None = None,
        limit: int = 50,
        oldest: bool = False,
    ) -> Sequence[CaseRow]:
        """Return the cases that a person may see and asks for, newest first unless `oldest`."""
        query = self._visible(self._list(), viewer)
        query = self._filtered(query, wanted)
        if before is not None:
            query = query.where(cases.c.id < before)
        order = cases.c.updated_at.asc() if oldest else cases.c.id.desc()
        rows = self._connection.execute(query.order_by(order).limit(limit)).mappings()
        return [_case_row(row) for row in rows]

    def count(self, wanted: CaseFilter, viewer: Account) -> int:
        """Return how many cases a person may see and asks for."""
        query = self._filtered(self._visible(sa.select(sa.func.count()).select_from(cases), viewer), wanted)
        return int(self._connection.execute(query).scalar_one())

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

    def _visible(self, query: sa.Select[Any], viewer: Account) -> sa.Select[Any]:
        if viewer.role is not AccountRole.UNIDAD:
            return query
        seen = sa.select(case_units.c.case_id).where(
            case_units.c.case_id == cases.c.id, case_units.c.unit == viewer.unit
        )
        return query.where(seen.exists())

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
        if wanted.q:
            matching = cases_matching(self._connection.dialect.name, wanted.q)
            query = query.where(
                sa.false() if matching is None else cases.c.id.in_(matching.scalar_subquery())
            )
        if wanted.section is not None:
            query = query.where(cases.c.role == Role.OPERADOR, *_in_section(wanted.section))
        return query

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
        last = (
            sa.select(sa.func.max(messages.c.id).label("id"))
            .where(messages.c.direction != "note")
            .group_by(messages.c.conversation_id)
            .subquery()
        )
        query = (
            sa.select(conversations, persons.c.name, messages, cases.c.number, messages.c.id.label("last_id"))
            .select_from(last)
            .join(messages, messages.c.id == last.c.id)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .join(persons, persons.c.id == conversations.c.person_id)
            .outerjoin(cases, cases.c.id == messages.c.case_id)
        )
        if before is not None:
            query = query.where(messages.c.id < before)
        rows = self._connection.execute(query.order_by(messages.c.id.desc()).limit(limit)).all()
        return [_conversation_row(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def _in_section(section: Section) -> Sequence[sa.ColumnElement[bool]]:
    is_open = cases.c.status == Status.OPEN
    unconfirmed = sa.and_(cases.c.procedure == "PR01", cases.c.step == "3", cases.c.facts.is_(None))
    moved_last = (
        sa.select(entries.c.kind)
        .where(
            entries.c.case_id == cases.c.id,
            entries.c.kind.in_(("step", "interpretation", "return", "reopening")),
        )
        .order_by(entries.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    returned = moved_last == "return"
    match section:
        case Section.CONFIRM:
            return (is_open, unconfirmed, ~returned)
        case Section.RETURNED:
            return (is_open, returned)
        case Section.CURRENT:
            return (is_open, ~unconfirmed, ~returned)
        case Section.WAITING:
            return (cases.c.status == Status.WAITING,)
        case Section.PERSON:
            asks = sa.select(conversations.c.id).where(
                conversations.c.id == cases.c.conversation_id,
                conversations.c.state["wants_person"].as_boolean(),
            )
            return (cases.c.status != Status.CLOSED, asks.correlate(cases).exists())


def _case_row(row: RowMapping) -> CaseRow:
    return CaseRow(
        id=row["id"],
        number=row["number"],
        subject=row["subject"],
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

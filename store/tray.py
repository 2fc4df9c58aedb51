"""What a unit's tray reads: each of its cases with the limit that comes first and the return that brought it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cases.vocabulary import Channel, Role, Status
from store.tables import cases, clocks, entries, persons, users

MOVES = ("step", "interpretation", "return", "reopening")


@dataclass(frozen=True, slots=True)
class Back:
    """The return that brought a case: by whom, when, and why."""

    by: str
    at: datetime
    code: str | None
    words: str


@dataclass(frozen=True, slots=True)
class TrayRow:
    """One case of a unit; `due` is the first limit that runs, None where none does; `paused` while one stands still."""

    number: str
    subject: str
    person: str | None
    channel: Channel
    status: Status
    procedure: str
    version: str
    step: str
    system: str | None
    priority: str | None
    assignee: str | None
    came: datetime | None
    updated: datetime
    estimate: datetime | None
    due: datetime | None
    paused: bool
    back: Back | None


class TrayRows:
    """A unit's cases by their clocks, on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, role: Role, limit: int) -> Sequence[TrayRow]:
        """Return the cases that stand with a role, the first limit first, then those without one by how long they lie."""
        due = (
            sa.select(sa.func.min(clocks.c.due_at, type_=clocks.c.due_at.type))
            .where(clocks.c.case_id == cases.c.id, clocks.c.paused_at.is_(None))
            .correlate(cases)
            .scalar_subquery()
        )
        paused = (
            sa.select(clocks.c.case_id)
            .where(clocks.c.case_id == cases.c.id, clocks.c.paused_at.is_not(None))
            .correlate(cases)
            .exists()
        )
        last = (
            sa.select(sa.func.max(entries.c.seq))
            .where(entries.c.case_id == cases.c.id, entries.c.kind.in_(MOVES))
            .correlate(cases)
            .scalar_subquery()
        )
        # which cases are shown is found first: what a line says is read for those alone
        first = (
            sa.select(cases.c.id, due.label("due"), cases.c.updated_at)
            .where(cases.c.role == role)
            .order_by(sa.literal_column("due").asc().nulls_last(), cases.c.updated_at)
            .limit(limit)
            .subquery("shown")
        )
        rows = self._connection.execute(
            sa.select(
                cases,
                persons.c.name,
                users.c.name.label("assigned"),
                first.c.due,
                paused.label("paused"),
                entries.c.kind,
                entries.c.actor,
                entries.c.at,
                entries.c.data,
            )
            .select_from(first)
            .join(cases, cases.c.id == first.c.id)
            .join(persons, persons.c.id == cases.c.person_id)
            .outerjoin(users, users.c.id == cases.c.assignee_id)
            .outerjoin(entries, sa.and_(entries.c.case_id == cases.c.id, entries.c.seq == last))
            .order_by(first.c.due.asc().nulls_last(), first.c.updated_at)
        ).mappings()
        return [_row(row) for row in rows]


def _row(row: Any) -> TrayRow:
    return TrayRow(
        number=row["number"],
        subject=row["subject"],
        person=row["name"],
        channel=Channel(row["channel"]),
        status=Status(row["status"]),
        procedure=row["procedure"],
        version=row["version"],
        step=row["step"],
        system=row["system"],
        priority=row["priority"],
        assignee=row["assigned"],
        came=row["at"],
        updated=row["updated_at"],
        estimate=row["estimate_at"],
        due=row["due"],
        paused=bool(row["paused"]),
        back=_back(row) if row["kind"] == "return" else None,
    )


def _back(row: Any) -> Back:
    data = row["data"]
    said = data.get("observation") or data.get("reason") or ""
    return Back(row["actor"], row["at"], data.get("reason_code"), said)

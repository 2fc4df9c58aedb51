"""What the supervisors' monitor reads: the open conversations, who waits, and how today goes.

Only open cases and their newest messages are looked at, each over an index, so that it stays as fast with a million closed ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cases.vocabulary import ASSISTANT, Channel, DeliveryState, Direction, Role, Status
from store.tables import (
    cases,
    conversations,
    deliveries,
    entries,
    messages,
    persons,
    users,
    waits,
)

TROUBLED = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)
NEWEST = 400
"""How many of the newest answers that did not arrive are looked at."""


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One open conversation; `last_by` is who wrote last, `state` the dialogue's own, `failed` how the last answer went if it did not arrive."""

    id: int
    number: str
    subject: str
    person: str | None
    address: str
    channel: Channel
    status: Status
    step: str | None
    role: Role | None
    assignee: str | None
    waits_since: datetime | None
    updated: datetime
    last_text: str
    last_at: datetime | None
    last_direction: Direction | None
    last_by: str
    state: dict[str, Any]
    failed: DeliveryState | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and the case that has waited the longest."""

    count: int
    longest: str | None
    since: datetime | None


_SPOKEN = sa.or_(
    messages.c.direction == Direction.IN,
    sa.and_(messages.c.direction == Direction.OUT, ~messages.c.automatic, messages.c.author != ASSISTANT),
)
"""What people said to one another: neither the assistant's words nor notes."""


class MonitorRows:
    """The open conversations and today's figures, on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def waiting(self) -> Waiting:
        """Return how many people wait for an answer of a person, and who the longest."""
        count = int(self._connection.execute(sa.select(sa.func.count()).select_from(waits)).scalar_one())
        first = self._connection.execute(
            sa.select(cases.c.number, waits.c.since)
            .join(cases, cases.c.id == waits.c.case_id)
            .order_by(waits.c.since)
            .limit(1)
        ).first()
        return Waiting(count, first.number if first else None, first.since if first else None)

    def who_waits(self, channel: Channel | None, limit: int) -> Sequence[TalkRow]:
        """Return the conversations in which somebody waits, the longest first."""
        query = sa.select(waits.c.case_id).order_by(waits.c.since).limit(limit)
        if channel is not None:
            query = query.join(cases, cases.c.id == waits.c.case_id).where(cases.c.channel == channel)
        return self._talks(list(self._connection.execute(query).scalars()))

    def latest(self, channel: Channel | None, limit: int) -> Sequence[TalkRow]:
        """Return the open conversations, the one that changed last first."""
        found: list[tuple[datetime, int]] = []
        for role in Role:
            query = sa.select(cases.c.updated_at, cases.c.id).where(cases.c.role == role)
            if channel is not None:
                query = query.where(cases.c.channel == channel)
            rows = self._connection.execute(query.order_by(cases.c.updated_at.desc()).limit(limit))
            found += [(row.updated_at, row.id) for row in rows]
        return self._talks([case for _, case in sorted(found, reverse=True)[:limit]])

    def undelivered(self, channel: Channel | None, limit: int) -> Sequence[TalkRow]:
        """Return the open conversations among whose newest answers one did not arrive, the newest first."""
        newest = (
            sa.select(deliveries.c.message_id)
            .where(deliveries.c.state.in_(TROUBLED))
            .order_by(deliveries.c.id.desc())
            .limit(NEWEST)
            .subquery()
        )
        query = (
            sa.select(cases.c.id)
            .join_from(newest, messages, messages.c.id == newest.c.message_id)
            .join(cases, cases.c.id == messages.c.case_id)
            .where(cases.c.role.is_not(None), messages.c.withdrawn_at.is_(None))
            .order_by(messages.c.id.desc())
        )
        if channel is not None:
            query = query.where(cases.c.channel == channel)
        found = dict.fromkeys(self._connection.execute(query).scalars())
        return [row for row in self._talks(list(found)[:limit]) if row.failed is not None]

    def talk(self, number: str) -> TalkRow | None:
        """Return one conversation by its case, closed or not."""
        case = self._connection.execute(sa.select(cases.c.id).where(cases.c.number == number)).scalar()
        rows = self._talks([case]) if case is not None else ()
        return rows[0] if rows else None

    def _talks(self, wanted: Sequence[int]) -> Sequence[TalkRow]:
        """Read conversations in the order of their cases."""
        if not wanted:
            return ()
        stands = messages.c.withdrawn_at.is_(None)
        last = (
            sa.select(sa.func.max(messages.c.id))
            .where(messages.c.case_id == cases.c.id, stands, _SPOKEN)
            .correlate(cases)
            .scalar_subquery()
        )
        answer = (
            sa.select(sa.func.max(messages.c.id))
            .where(messages.c.case_id == cases.c.id, messages.c.direction == Direction.OUT, stands)
            .correlate(cases)
            .scalar_subquery()
        )
        failed = (
            sa.select(sa.func.min(deliveries.c.state))
            .where(deliveries.c.message_id == answer, deliveries.c.state.in_(TROUBLED))
            .correlate(cases)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            sa.select(
                cases,
                persons.c.name,
                users.c.name.label("assigned"),
                conversations.c.address,
                conversations.c.state,
                waits.c.since,
                messages.c.text,
                messages.c.at.label("last_at"),
                messages.c.direction,
                messages.c.author,
                failed.label("failed"),
            )
            .join(persons, persons.c.id == cases.c.person_id)
            .join(conversations, conversations.c.id == cases.c.conversation_id)
            .outerjoin(users, users.c.id == cases.c.assignee_id)
            .outerjoin(waits, waits.c.case_id == cases.c.id)
            .outerjoin(messages, messages.c.id == last)
            .where(cases.c.id.in_(wanted))
        ).mappings()
        found = {row["id"]: _talk(row) for row in rows}
        return [found[case] for case in wanted if case in found]

    def first_answers(self, since: datetime, until: datetime) -> Sequence[tuple[datetime, datetime]]:
        """Return from when to when people waited for their first answer of a person, of the cases opened in a span."""
        first = (
            sa.select(sa.func.min(messages.c.at, type_=messages.c.at.type))
            .where(
                messages.c.case_id == cases.c.id,
                messages.c.direction == Direction.OUT,
                messages.c.author != ASSISTANT,
                ~messages.c.automatic,
                messages.c.withdrawn_at.is_(None),
            )
            .correlate(cases)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            sa.select(cases.c.opened_at, first.label("first")).where(
                cases.c.opened_at >= since, cases.c.opened_at < until
            )
        )
        return [(row.opened_at, row.first) for row in rows if row.first is not None]

    def self_solved(self, since: datetime, until: datetime) -> int:
        """Count the cases whose people said in a span that an article of the assistant solved them."""
        return int(
            self._connection.execute(
                sa.select(sa.func.count(entries.c.case_id.distinct())).where(
                    entries.c.kind == "self_solved", entries.c.at >= since, entries.c.at < until
                )
            ).scalar_one()
        )


def _talk(row: Any) -> TalkRow:
    return TalkRow(
        id=row["id"],
        number=row["number"],
        subject=row["subject"],
        person=row["name"],
        address=row["address"],
        channel=Channel(row["channel"]),
        status=Status(row["status"]),
        step=f"{row['procedure']} {row['step']}" if row["step"] else None,
        role=Role(row["role"]) if row["role"] else None,
        assignee=row["assigned"],
        waits_since=row["since"],
        updated=row["updated_at"],
        last_text=row["text"] or "",
        last_at=row["last_at"],
        last_direction=Direction(row["direction"]) if row["direction"] else None,
        last_by=row["author"] or "",
        state=row["state"],
        failed=DeliveryState(row["failed"]) if row["failed"] else None,
    )

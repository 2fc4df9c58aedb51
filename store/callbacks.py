"""Calls to make for cases that came by phone."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import Conflict, NotFound
from cases.model import Callback
from cases.vocabulary import DeliveryState
from store.tables import callbacks, cases, deliveries, messages, persons


class CallbackRows:
    """The calls, each with the text to read out and what came of it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._wanted = (
            sa.select(callbacks, cases.c.number, messages.c.text, persons.c.name)
            .join(cases, cases.c.id == callbacks.c.case_id)
            .join(messages, messages.c.id == callbacks.c.message_id)
            .join(persons, persons.c.id == cases.c.person_id)
        )

    def waiting(self, limit: int) -> Sequence[Callback]:
        """Return the calls to make, the one due first at the top."""
        rows = self._connection.execute(
            self._wanted.where(~callbacks.c.done).order_by(callbacks.c.due_at, callbacks.c.id).limit(limit)
        ).mappings()
        return [_callback(row) for row in rows]

    def of(self, case: int) -> Sequence[Callback]:
        """Return the calls of one case."""
        rows = self._connection.execute(self._wanted.where(callbacks.c.case_id == case)).mappings()
        return [_callback(row) for row in rows]

    def outcome(
        self, callback: int, *, reached: bool, text: str, by: str, again: datetime, now: datetime
    ) -> Callback:
        """Record one call; the person was reached, or it is made again. Raises `NotFound` or `Conflict`."""
        row = self._connection.execute(self._wanted.where(callbacks.c.id == callback)).mappings().first()
        if row is None:
            raise NotFound("No existe esa llamada.")
        if row["done"]:
            raise Conflict("Esa llamada ya se hizo.")
        outcome = {"at": now.isoformat(), "by": by, "reached": reached, "text": text}
        self._connection.execute(
            callbacks.update()
            .where(callbacks.c.id == callback)
            .values(
                done=reached,
                attempts=row["attempts"] + 1,
                due_at=row["due_at"] if reached else again,
                outcomes=[*row["outcomes"], outcome],
            )
        )
        self._connection.execute(
            deliveries.update()
            .where(deliveries.c.message_id == row["message_id"])
            .values(
                state=DeliveryState.DELIVERED if reached else DeliveryState.QUEUED,
                attempts=row["attempts"] + 1,
                reason=None if reached else text or "No contesta",
                updated_at=now,
            )
        )
        done = self._connection.execute(self._wanted.where(callbacks.c.id == callback)).mappings().one()
        return _callback(done)


def _callback(row: RowMapping) -> Callback:
    return Callback(
        id=row["id"],
        case=row["number"],
        person=row["name"],
        phone=row["phone"],
        text=row["text"],
        due=row["due_at"],
        attempts=row["attempts"],
        done=row["done"],
        outcomes=tuple(row["outcomes"]),
    )

"""The clocks of cases: what should be done by when, and which of them to look at next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from store.tables import cases, clocks

Kind = Literal["step", "estimate"]

_PUT = sa.text(
    "INSERT INTO clocks (case_id, kind, started_at, near_at, due_at, level, next_at)"
    " VALUES (:case_id, :kind, :started, :near, :due, 0, :near)"
    " ON CONFLICT (case_id, kind) DO UPDATE SET started_at = excluded.started_at, near_at = excluded.near_at,"
    " due_at = excluded.due_at, level = 0, next_at = excluded.next_at, paused_at = NULL"
).bindparams(*(sa.bindparam(name, type_=clocks.c.due_at.type) for name in ("started", "near", "due")))


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock; `level` is 0 on time, 1 near (the unit was told), 2 past (the supervisor was told)."""

    case: int
    number: str
    kind: Kind
    started: datetime
    near: datetime
    due: datetime
    paused: datetime | None
    level: int


class ClockRows:
    """At most one clock of a kind per case; one without `next_at` waits for nothing."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, case: int, kind: Kind, started: datetime, near: datetime, due: datetime) -> None:
        """Start a clock, in place of the one of its kind."""
        self._connection.execute(
            _PUT, {"case_id": case, "kind": kind, "started": started, "near": near, "due": due}
        )

    def remove(self, case: int, kind: Kind | None = None) -> None:
        """Take a clock away, or all of a case's."""
        which = clocks.delete().where(clocks.c.case_id == case)
        self._connection.execute(which if kind is None else which.where(clocks.c.kind == kind))

    def pause(self, case: int, now: datetime) -> None:
        """Stop a case's clocks while it waits for the citizen."""
        self._connection.execute(
            clocks.update()
            .where(clocks.c.case_id == case, clocks.c.paused_at.is_(None))
            .values(paused_at=now, next_at=None)
        )

    def go_on(self, clock: ClockRow, near: datetime, due: datetime) -> None:
        """Let a paused clock go on with moved limits."""
        ahead = {0: near, 1: due}.get(clock.level)
        self._set(clock, near_at=near, due_at=due, paused_at=None, next_at=ahead)

    def move(self, clock: ClockRow, near: datetime, due: datetime) -> None:
        """Give a clock other limits; one that stands goes on standing."""
        ahead = None if clock.paused is not None else {0: near, 1: due}.get(clock.level)
        self._set(clock, near_at=near, due_at=due, next_at=ahead)

    def ahead(self, now: datetime) -> Sequence[ClockRow]:
        """Return the clocks of steps whose limit is still to come, and those that stand."""
        open_still = sa.or_(clocks.c.due_at > now, clocks.c.paused_at.is_not(None))
        return self._rows(sa.and_(clocks.c.kind == "step", open_still), limit=None)

    def tell(self, clock: ClockRow) -> None:
        """Note that somebody was told: the unit first, then the supervisor."""
        self._set(clock, level=clock.level + 1, next_at=clock.due if clock.level == 0 else None)

    def _set(self, clock: ClockRow, **values: object) -> None:
        self._connection.execute(
            clocks.update()
            .where(clocks.c.case_id == clock.case, clocks.c.kind == clock.kind)
            .values(**values)
        )

    def of(self, case: int) -> Sequence[ClockRow]:
        """Return a case's clocks."""
        return self._rows(clocks.c.case_id == case)

    def striking(self, now: datetime, limit: int) -> Sequence[ClockRow]:
        """Return the clocks whose next limit has come, the longest ago first."""
        return self._rows(clocks.c.next_at <= now, limit=limit)

    def _rows(self, condition: sa.ColumnElement[bool], limit: int | None = 100) -> Sequence[ClockRow]:
        rows = self._connection.execute(
            sa.select(clocks, cases.c.number)
            .join(cases, cases.c.id == clocks.c.case_id)
            .where(condition)
            .order_by(clocks.c.next_at)
            .limit(limit)
        ).mappings()
        return [_clock(row) for row in rows]


def _clock(row: RowMapping) -> ClockRow:
    return ClockRow(
        row["case_id"],
        row["number"],
        row["kind"],
        row["started_at"],
        row["near_at"],
        row["due_at"],
        row["paused_at"],
        row["level"],
    )

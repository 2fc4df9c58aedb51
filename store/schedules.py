"""The reports that go out by mail by themselves: to whom, how often, when next, and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from cases.errors import NotFound
from store.tables import report_schedules, users

Every = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """One report that is sent again and again; `fault` says why the last one did not go out, or may not have."""

    id: int
    user: int
    by: str
    address: str
    every: Every
    language: str
    next: datetime
    last: datetime | None
    fault: str | None


class ScheduleRows:
    """The schedules, on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[Schedule]:
        """Return every schedule, the next to go out first."""
        rows = self._connection.execute(_ALL.order_by(report_schedules.c.next_at, report_schedules.c.id))
        return [_schedule(row) for row in rows.mappings()]

    def get(self, number: int) -> Schedule:
        """Return one schedule; raises `NotFound`."""
        row = self._connection.execute(_ALL.where(report_schedules.c.id == number)).mappings().first()
        if row is None:
            raise NotFound("No existe ese envío.")
        return _schedule(row)

    def add(self, user: int, address: str, every: Every, language: str, first: datetime) -> int:
        """Keep a schedule and return its number."""
        return int(
            self._connection.execute(
                report_schedules.insert()
                .values(user_id=user, address=address, every=every, language=language, next_at=first)
                .returning(report_schedules.c.id)
            ).scalar_one()
        )

    def remove(self, number: int) -> None:
        """Send this one no more."""
        self._connection.execute(report_schedules.delete().where(report_schedules.c.id == number))

    def hurry(self, number: int, at: datetime) -> None:
        """Let this one go out at a moment that is none of its usual ones."""
        self._set(number, next_at=at)

    def due(self, now: datetime) -> Schedule | None:
        """Return the schedule whose time came first, held for this transaction; None while none is due."""
        row = (
            self._connection.execute(
                _ALL.where(report_schedules.c.next_at <= now)
                .order_by(report_schedules.c.next_at)
                .limit(1)
                .with_for_update(skip_locked=True, of=report_schedules)
            )
            .mappings()
            .first()
        )
        return _schedule(row) if row is not None else None

    def is_due(self, now: datetime) -> bool:
        """Say whether some schedule's time has come."""
        found = sa.select(report_schedules.c.id).where(report_schedules.c.next_at <= now).limit(1)
        return self._connection.execute(found).first() is not None

    def claim(self, number: int, following: datetime, meanwhile: str) -> None:
        """Set the next time before anything is sent; until it is known how it went, `meanwhile` is what is known."""
        self._set(number, next_at=following, fault=meanwhile)

    def sent(self, number: int, at: datetime) -> None:
        """Note that it went out."""
        self._set(number, last_at=at, fault=None)

    def failed(self, number: int, why: str) -> None:
        """Note why it did not go out."""
        self._set(number, fault=why)

    def _set(self, number: int, **values: object) -> None:
        self._connection.execute(
            report_schedules.update().where(report_schedules.c.id == number).values(**values)
        )


_ALL = sa.select(report_schedules, users.c.name).join(users, users.c.id == report_schedules.c.user_id)


def _schedule(row: Any) -> Schedule:
    return Schedule(
        id=row["id"],
        user=row["user_id"],
        by=row["name"],
        address=row["address"],
        every=row["every"],
        language=row["language"],
        next=row["next_at"],
        last=row["last_at"],
        fault=row["fault"],
    )

"""Who says that they are available, when they were last seen, and how many cases each has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.model import Account
from cases.vocabulary import AccountRole, Role, Unit
from store.tables import attendances, cases, users

_SAY = sa.text(
    "INSERT INTO attendances (user_id, available, since, seen_at) VALUES (:user_id, :available, :now, :now)"
    " ON CONFLICT (user_id) DO UPDATE SET available = excluded.available, seen_at = excluded.seen_at,"
    " since = CASE WHEN attendances.available = excluded.available THEN attendances.since"
    " ELSE excluded.since END"
).bindparams(sa.bindparam("now", type_=attendances.c.since.type), sa.bindparam("available", type_=sa.Boolean))
_SEEN = sa.text(
    "INSERT INTO attendances (user_id, available, since, seen_at) VALUES (:user_id, :no, :now, :now)"
    " ON CONFLICT (user_id) DO UPDATE SET seen_at = excluded.seen_at"
).bindparams(sa.bindparam("now", type_=attendances.c.since.type), sa.bindparam("no", type_=sa.Boolean))


@dataclass(frozen=True, slots=True)
class Attendance:
    """What somebody said, since when, and when a page of theirs was last seen."""

    available: bool
    since: datetime
    seen: datetime | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the desk with what they have: `load` counts the open cases that are theirs."""

    account: Account
    attendance: Attendance | None
    load: int


class AttendanceRows:
    """One row a person, from the first time they were seen."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, user: int) -> Attendance | None:
        """Return what a person said last."""
        row = (
            self._connection.execute(sa.select(attendances).where(attendances.c.user_id == user))
            .mappings()
            .first()
        )
        return _attendance(row) if row is not None else None

    def say(self, user: int, now: datetime, *, available: bool) -> None:
        """Keep what a person says of themselves."""
        self._connection.execute(_SAY, {"user_id": user, "available": available, "now": now})

    def seen(self, user: int, now: datetime) -> None:
        """Note that a page of theirs is open; who was never heard counts as absent."""
        self._connection.execute(_SEEN, {"user_id": user, "no": False, "now": now})

    def given(self, user: int, now: datetime) -> None:
        """Note that a case was given to a person in turn."""
        self._connection.execute(
            attendances.update().where(attendances.c.user_id == user).values(given_at=now)
        )

    def next_for(self, role: Role, since: datetime) -> Account | None:
        """Return who of a role is available, was seen since then and has the fewest open cases; ties go by turn."""
        row = (
            self._connection.execute(
                sa.select(users)
                .join(attendances, attendances.c.user_id == users.c.id)
                .where(
                    users.c.active, attendances.c.available, attendances.c.seen_at >= since, *_stands_as(role)
                )
                .order_by(_load(), attendances.c.given_at.asc().nulls_first(), users.c.id)
                .limit(1)
            )
            .mappings()
            .first()
        )
        return _account(row) if row is not None else None

    def everyone(self) -> Sequence[Colleague]:
        """Return the people who take steps, those who are available first."""
        rows = self._connection.execute(
            sa.select(
                users,
                attendances.c.available,
                attendances.c.since,
                attendances.c.seen_at,
                _load().label("load"),
            )
            .outerjoin(attendances, attendances.c.user_id == users.c.id)
            .where(users.c.active, users.c.role != AccountRole.ADMIN)
            .order_by(sa.func.coalesce(attendances.c.available, sa.false()).desc(), users.c.name)
        ).mappings()
        return [
            Colleague(_account(row), _attendance(row) if row["since"] is not None else None, row["load"])
            for row in rows
        ]

    def open_of(self, user: int) -> Sequence[str]:
        """Return the numbers of the open cases that a person has, the oldest first."""
        return list(
            self._connection.execute(
                sa.select(cases.c.number)
                .where(cases.c.assignee_id == user, cases.c.role.is_not(None))
                .order_by(cases.c.id)
            ).scalars()
        )


def _load() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(cases)
        .where(cases.c.assignee_id == users.c.id, cases.c.role.is_not(None))
        .correlate(users)
        .scalar_subquery()
    )


def _stands_as(role: Role) -> Sequence[sa.ColumnElement[bool]]:
    """Return which accounts may take the steps of a procedure's role."""
    if role.value in set(AccountRole):
        return (users.c.role == role.value,)
    return (users.c.role == AccountRole.UNIDAD, users.c.unit == role.value)


def _attendance(row: RowMapping) -> Attendance:
    return Attendance(row["available"], row["since"], row["seen_at"])


def _account(row: RowMapping) -> Account:
    return Account(row["id"], row["username"], row["name"], AccountRole(row["role"]), Unit(row["unit"]))

"""People of the desk as an administrator sees them, and the tokens of programs: also those that may not act any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import NotFound
from cases.model import Account
from cases.vocabulary import AccountRole, Unit
from store.tables import api_tokens, attendances, cases, sessions, users

HANDLE = 12
"""Characters of a session's digest by which a page names it; too few to be of use as anything else."""


@dataclass(frozen=True, slots=True)
class Member:
    """One account with what is known of its use; `program`: nobody can log in with it, only a token acts for it."""

    account: Account
    active: bool
    program: bool
    created: datetime
    last_login: datetime | None
    available: bool | None
    sessions: int
    cases: int
    tokens: int


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser that is logged in."""

    handle: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """One API token; what it opens is not kept."""

    id: int
    name: str
    account: Account
    created: datetime
    revoked: datetime | None


class StaffRows:
    """Accounts, sessions and tokens."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def members(self, now: datetime) -> Sequence[Member]:
        """Return every account, the active ones first, by name."""
        rows = self._connection.execute(
            _members(now).order_by(users.c.active.desc(), users.c.name, users.c.id)
        )
        return [_member(row) for row in rows.mappings()]

    def member(self, user: int, now: datetime) -> Member:
        """Return one account, active or not; raises `NotFound`."""
        row = self._connection.execute(_members(now).where(users.c.id == user)).mappings().first()
        if row is None:
            raise NotFound("No existe esa cuenta.")
        return _member(row)

    def administrators(self) -> Sequence[int]:
        """Return the active administrators, held so that no other transaction takes one away meanwhile."""
        rows = self._connection.execute(
            sa.select(users.c.id)
            .where(users.c.role == AccountRole.ADMIN, users.c.active, users.c.password_hash.is_not(None))
            .order_by(users.c.id)
            .with_for_update()
        )
        return list(rows.scalars())

    def change(self, user: int, **values: Any) -> None:
        """Change an account's columns (`name`, `role`, `unit`, `active`, `password_hash`)."""
        self._connection.execute(users.update().where(users.c.id == user).values(**values))

    def sessions(self, user: int, now: datetime) -> Sequence[OpenSession]:
        """Return the sessions that still run, the newest first."""
        rows = self._connection.execute(
            sa.select(sessions)
            .where(sessions.c.user_id == user, sessions.c.expires_at > now)
            .order_by(sessions.c.created_at.desc(), sessions.c.token_hash)
        )
        return [OpenSession(row.token_hash[:HANDLE], row.created_at, row.expires_at) for row in rows]

    def end_sessions(self, user: int, handle: str | None = None) -> int:
        """End one session of an account, or all; returns how many."""
        wanted = [sessions.c.user_id == user]
        if handle is not None:
            wanted.append(sa.func.substr(sessions.c.token_hash, 1, HANDLE) == handle)
        return self._connection.execute(sessions.delete().where(*wanted)).rowcount

    def assigned(self, user: int) -> Sequence[int]:
        """Return the open cases that are in somebody's hands, by row."""
        rows = self._connection.execute(
            sa.select(cases.c.id)
            .where(cases.c.assignee_id == user, cases.c.step.is_not(None))
            .order_by(cases.c.id)
        )
        return list(rows.scalars())

    def tokens(self) -> Sequence[Token]:
        """Return every API token, those that work first, by name."""
        rows = self._connection.execute(
            sa.select(
                api_tokens.c.id,
                api_tokens.c.name,
                api_tokens.c.created_at,
                api_tokens.c.revoked_at,
                users.c.id.label("user"),
                users.c.username,
                users.c.name.label("full_name"),
                users.c.role,
                users.c.unit,
            )
            .join(users, users.c.id == api_tokens.c.user_id)
            .order_by(api_tokens.c.revoked_at.is_not(None), api_tokens.c.name)
        )
        return [
            Token(
                row.id,
                row.name,
                Account(row.user, row.username, row.full_name, AccountRole(row.role), Unit(row.unit)),
                row.created_at,
                row.revoked_at,
            )
            for row in rows
        ]

    def revoke(self, token: int, now: datetime) -> None:
        """Let a token open nothing any more."""
        self._connection.execute(
            api_tokens.update()
            .where(api_tokens.c.id == token, api_tokens.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )

    def per_unit(self) -> Mapping[Unit, int]:
        """Return how many people each unit has."""
        rows = self._connection.execute(
            sa.select(users.c.unit, sa.func.count())
            .where(users.c.active, users.c.password_hash.is_not(None))
            .group_by(users.c.unit)
        )
        return {Unit(unit): int(count) for unit, count in rows}

    def open_per_unit(self) -> Mapping[Unit, int]:
        """Return how many open cases each unit has."""
        rows = self._connection.execute(
            sa.select(cases.c.unit, sa.func.count()).where(cases.c.step.is_not(None)).group_by(cases.c.unit)
        )
        return {Unit(unit): int(count) for unit, count in rows}


def _members(now: datetime) -> "sa.Select[Any]":
    """Select accounts with what is counted of each."""

    def counted(of: sa.Table, *where: "sa.ColumnElement[bool]") -> "sa.ScalarSelect[Any]":
        return sa.select(sa.func.count()).select_from(of).where(*where).scalar_subquery()

    return sa.select(
        users,
        attendances.c.available,
        counted(sessions, sessions.c.user_id == users.c.id, sessions.c.expires_at > now).label("sessions"),
        counted(cases, cases.c.assignee_id == users.c.id, cases.c.step.is_not(None)).label("cases"),
        counted(api_tokens, api_tokens.c.user_id == users.c.id, api_tokens.c.revoked_at.is_(None)).label(
            "tokens"
        ),
    ).outerjoin(attendances, attendances.c.user_id == users.c.id)


def _member(row: RowMapping) -> Member:
    return Member(
        account=Account(row["id"], row["username"], row["name"], AccountRole(row["role"]), Unit(row["unit"])),
        active=row["active"],
        program=row["password_hash"] is None,
        created=row["created_at"],
        last_login=row["last_login_at"],
        available=row["available"],
        sessions=row["sessions"],
        cases=row["cases"],
        tokens=row["tokens"],
    )

"""What people of the desk are told about their cases, and how they want to hear it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import NotFound
from cases.model import Account
from cases.vocabulary import AccountRole
from store.tables import case_units, cases, notices

Kind = Literal["mention", "whisper", "assigned", "returned", "wrote", "due", "back"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; `message` is where in the case it leads, `by` who caused it."""

    id: int
    kind: Kind
    case: int
    number: str
    subject: str
    message: int | None
    by: str
    at: datetime
    read: datetime | None


class NoticeRows:
    """Each person's own notices."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, user: int, kind: Kind, case: int, message: int | None, by: str, now: datetime) -> None:
        """Keep a notice in place of an unread one of the same kind and case: nobody is told twice what they did not read."""
        if kind not in ("mention", "whisper"):
            self._connection.execute(
                notices.delete().where(
                    notices.c.user_id == user,
                    notices.c.case_id == case,
                    notices.c.kind == kind,
                    notices.c.read_at.is_(None),
                )
            )
        self._connection.execute(
            notices.insert().values(user_id=user, kind=kind, case_id=case, message_id=message, by=by, at=now)
        )

    def newest(self, user: int) -> int:
        """Return the number of a person's newest notice, or 0."""
        query = sa.select(sa.func.max(notices.c.id)).where(notices.c.user_id == user)
        return int(self._connection.execute(query).scalar() or 0)

    def unread(self, account: Account) -> int:
        """Return how many notices of cases that they may see a person has not read."""
        query = sa.select(sa.func.count()).where(notices.c.user_id == account.id, notices.c.read_at.is_(None))
        if account.role is AccountRole.UNIDAD:
            query = query.where(_seen_by(account, notices.c.case_id))
        return int(self._connection.execute(query).scalar_one())

    def of(
        self, account: Account, *, before: int | None = None, after: int | None = None, limit: int = 50
    ) -> Sequence[Notice]:
        """Return a person's notices, newest first, of cases that they may see."""
        query = self._list(account)
        if before is not None:
            query = query.where(notices.c.id < before)
        if after is not None:
            query = query.where(notices.c.id > after)
        rows = self._connection.execute(query.order_by(notices.c.id.desc()).limit(limit)).mappings()
        return [_notice(row) for row in rows]

    def get(self, account: Account, notice: int) -> Notice:
        """Return one of a person's notices; raises NotFound."""
        row = self._connection.execute(self._list(account).where(notices.c.id == notice)).mappings().first()
        if row is None:
            raise NotFound("No existe ese aviso.")
        return _notice(row)

    def read(self, user: int, now: datetime, *, notice: int | None = None, case: int | None = None) -> bool:
        """Mark a person's notices as read: one, those of a case, or all; says whether any was unread."""
        query = notices.update().where(notices.c.user_id == user, notices.c.read_at.is_(None))
        if notice is not None:
            query = query.where(notices.c.id == notice)
        if case is not None:
            query = query.where(notices.c.case_id == case)
        return bool(self._connection.execute(query.values(read_at=now).returning(notices.c.id)).first())

    def waits(self, user: int, case: int) -> bool:
        """Say whether a person has unread notices of a case."""
        query = sa.select(notices.c.id).where(
            notices.c.user_id == user, notices.c.case_id == case, notices.c.read_at.is_(None)
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def forget(self, before: datetime) -> int:
        """Take away what was read before then; returns how many."""
        return self._connection.execute(notices.delete().where(notices.c.read_at < before)).rowcount

    def _list(self, account: Account) -> sa.Select[tuple[object, ...]]:
        query = sa.select(notices, cases.c.number, cases.c.subject).join(
            cases, cases.c.id == notices.c.case_id
        )
        if account.role is AccountRole.UNIDAD:
            query = query.where(_seen_by(account, cases.c.id))
        return query.where(notices.c.user_id == account.id)


def _seen_by(account: Account, case: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Say that the account's unit has or has had a case."""
    seen = sa.select(case_units.c.case_id).where(
        case_units.c.case_id == case, case_units.c.unit == account.unit
    )
    return seen.exists()


def _notice(row: RowMapping) -> Notice:
    return Notice(
        row["id"],
        row["kind"],
        row["case_id"],
        row["number"],
        row["subject"],
        row["message_id"],
        row["by"],
        row["at"],
        row["read_at"],
    )

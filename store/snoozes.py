"""Cases that somebody put off until a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.tables import snoozes

_PUT = sa.text(
    'INSERT INTO snoozes (case_id, until, reason, "by", at) VALUES (:case_id, :until, :reason, :who, :at)'
    " ON CONFLICT (case_id) DO UPDATE SET until = excluded.until, reason = excluded.reason,"
    ' "by" = excluded."by", at = excluded.at'
).bindparams(*(sa.bindparam(name, type_=snoozes.c.at.type) for name in ("until", "at")))


@dataclass(frozen=True, slots=True)
class Snooze:
    """Until when a case is put off, why and by whom."""

    until: datetime
    reason: str
    by: str


class SnoozeRows:
    """At most one row a case; lists compare `until` with the present, a worker takes away what is over."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, case: int, until: datetime, reason: str, by: str, now: datetime) -> None:
        """Put a case off, or put it off anew."""
        self._connection.execute(
            _PUT, {"case_id": case, "until": until, "reason": reason, "who": by, "at": now}
        )

    def of(self, case: int, now: datetime) -> Snooze | None:
        """Return until when a case is put off, unless that is over."""
        row = self._connection.execute(
            sa.select(snoozes).where(snoozes.c.case_id == case, snoozes.c.until > now)
        ).first()
        return Snooze(row.until, row.reason, row.by) if row is not None else None

    def remove(self, case: int) -> bool:
        """Bring a case back; says whether it was put off."""
        gone = snoozes.delete().where(snoozes.c.case_id == case).returning(snoozes.c.case_id)
        return self._connection.execute(gone).first() is not None

    def end(self, case: int, now: datetime) -> bool:
        """Bring a case back whose moment has come; another node may have been faster, or somebody put it off anew."""
        gone = snoozes.delete().where(snoozes.c.case_id == case, snoozes.c.until <= now)
        return self._connection.execute(gone.returning(snoozes.c.case_id)).first() is not None

    def over(self, now: datetime, limit: int) -> Sequence[int]:
        """Return the cases whose moment has come, the longest ago first."""
        query = (
            sa.select(snoozes.c.case_id).where(snoozes.c.until <= now).order_by(snoozes.c.until).limit(limit)
        )
        return list(self._connection.execute(query).scalars())

"""Who looks at which case now, and who writes in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.tables import case_units, cases, presences, users

_PUT = sa.text(
    "INSERT INTO presences (case_id, user_id, seen_at, writing_at) VALUES (:case_id, :user_id, :seen, :writing)"
    " ON CONFLICT (case_id, user_id) DO UPDATE SET seen_at = excluded.seen_at, writing_at = excluded.writing_at"
).bindparams(*(sa.bindparam(name, type_=presences.c.seen_at.type) for name in ("seen", "writing")))


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who looks at a case; `writing` an answer or not."""

    user: int
    name: str
    writing: bool


class PresenceRows:
    """One row a person and case; a row that is not renewed is swept away."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(self, case: int, user: int, now: datetime, since: datetime, *, writing: bool) -> bool:
        """Note that somebody is there; says whether others see a difference."""
        known = self._connection.execute(
            sa.select(presences.c.seen_at, presences.c.writing_at).where(
                presences.c.case_id == case, presences.c.user_id == user
            )
        ).first()
        self._connection.execute(
            _PUT, {"case_id": case, "user_id": user, "seen": now, "writing": now if writing else None}
        )
        return known is None or known.seen_at < since or (known.writing_at is not None) != writing

    def leave(self, case: int, user: int) -> bool:
        """Note that somebody has gone; says whether they were there."""
        gone = presences.delete().where(presences.c.case_id == case, presences.c.user_id == user)
        return bool(self._connection.execute(gone.returning(presences.c.user_id)).first())

    def of(self, case: int, since: datetime, *, but: int) -> Sequence[Looker]:
        """Return the others who were seen at a case since then, those who write first."""
        rows = self._connection.execute(
            sa.select(users.c.id, users.c.name, presences.c.writing_at)
            .join(users, users.c.id == presences.c.user_id)
            .where(presences.c.case_id == case, presences.c.seen_at >= since, users.c.id != but)
            .order_by(presences.c.writing_at.is_(None), users.c.name)
        )
        return [Looker(row.id, row.name, row.writing_at is not None) for row in rows]

    def everywhere(self, since: datetime, *, but: int) -> Sequence[tuple[int, str, str]]:
        """Return (case, its number, name) of all others who were seen at some case since then."""
        rows = self._connection.execute(
            sa.select(cases.c.id, cases.c.number, users.c.name)
            .select_from(presences)
            .join(users, users.c.id == presences.c.user_id)
            .join(cases, cases.c.id == presences.c.case_id)
            .where(presences.c.seen_at >= since, users.c.id != but)
            .order_by(users.c.name)
        )
        return [(row.id, row.number, row.name) for row in rows]

    def sweep(self, before: datetime) -> Sequence[int]:
        """Take away who was not seen since then; returns the cases where somebody was missed."""
        gone = presences.delete().where(presences.c.seen_at < before).returning(presences.c.case_id)
        return sorted(set(self._connection.execute(gone).scalars()))

    def stale(self, before: datetime) -> bool:
        """Say whether there is anything to sweep."""
        query = sa.select(presences.c.case_id).where(presences.c.seen_at < before).limit(1)
        return self._connection.execute(query).first() is not None

    def units(self, case: int) -> Iterable[str]:
        """Return the units that may see a case."""
        return self._connection.execute(
            sa.select(case_units.c.unit).where(case_units.c.case_id == case).order_by(case_units.c.unit)
        ).scalars()

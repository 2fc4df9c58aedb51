"""Procedure versions beside the shipped ones, which are active, and the chained book of administrators' acts."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cases.chain import GENESIS, digest_of, link
from cases.procedure import Place
from store.tables import active_procedures, administration, cases, entries, procedures, switched_off

BOOK = "administration"


class ProcedureRows:
    """What administrators decided about procedures."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def added(self) -> Sequence[tuple[str, str]]:
        """Return (name, source) of every version that was added to the shipped ones."""
        rows = self._connection.execute(
            sa.select(procedures).order_by(procedures.c.code, procedures.c.version)
        )
        return [(f"{row.code}-{row.version}.toml", row.source) for row in rows]

    def add(self, code: str, version: str, source: str, by: str, now: datetime) -> None:
        """Keep the source of a new version."""
        self._connection.execute(
            procedures.insert().values(code=code, version=version, source=source, added_by=by, added_at=now)
        )

    def active(self) -> dict[str, str]:
        """Return the active version of each procedure for which one was chosen."""
        return {row.code: row.version for row in self._connection.execute(sa.select(active_procedures))}

    def activate(self, code: str, version: str) -> None:
        """Choose the version on which cases begin from now on."""
        self._connection.execute(active_procedures.delete().where(active_procedures.c.code == code))
        self._connection.execute(active_procedures.insert().values(code=code, version=version))

    def fingerprint(self) -> tuple[object, ...]:
        """Return what changes when a procedure is added or activated or an extension is switched."""
        count = self._connection.execute(sa.select(sa.func.count()).select_from(procedures)).scalar_one()
        return count, tuple(sorted(self.active().items())), tuple(sorted(self.switched_off()))

    def switched_off(self) -> frozenset[str]:
        """Return the extensions that are switched off."""
        return frozenset(self._connection.execute(sa.select(switched_off.c.answer)).scalars())

    def switch(self, answer: str, *, on: bool) -> None:
        """Switch an extension on or off."""
        self._connection.execute(switched_off.delete().where(switched_off.c.answer == answer))
        if not on:
            self._connection.execute(switched_off.insert().values(answer=answer))

    def occupied(self, code: str, version: str) -> dict[Place, int]:
        """Return the places of a version where open cases stand or to which they may return, with how many."""
        rows = self._connection.execute(
            sa.select(cases.c.procedure, cases.c.version, cases.c.step, cases.c.stack).where(
                cases.c.step.is_not(None)
            )
        )
        counted: dict[Place, int] = {}
        for row in rows:
            places = [Place(row.procedure, row.version, row.step), *(Place(**place) for place in row.stack)]
            for place in places:
                if (place.procedure, place.version) == (code, version):
                    counted[place] = counted.get(place, 0) + 1
        return counted

    def on_version(self, code: str, version: str, after: int, limit: int) -> Sequence[int]:
        """Return open cases that stand on a version, or may return to it, by row after `after`."""
        waits = sa.cast(cases.c.stack, sa.Text).like(f'%"{code}"%"{version}"%')
        here = sa.and_(cases.c.procedure == code, cases.c.version == version)
        rows = self._connection.execute(
            sa.select(cases.c.id)
            .where(cases.c.step.is_not(None), cases.c.id > after, sa.or_(here, waits))
            .order_by(cases.c.id)
            .limit(limit)
        )
        return rows.scalars().all()

    def record(self, actor: str, kind: str, data: Mapping[str, Any], now: datetime) -> None:
        """Write an administrator's act into the book, chained to the one before."""
        last = self._connection.execute(
            sa.select(administration.c.hash).order_by(administration.c.id.desc()).limit(1)
        ).scalar()
        previous, salt = last or GENESIS, secrets.token_hex(16)
        digest = digest_of(data, salt)
        self._connection.execute(
            administration.insert().values(
                at=now,
                actor=actor,
                kind=kind,
                data=dict(data),
                salt=salt,
                data_digest=digest,
                previous=previous,
                hash=link(previous, BOOK, {"actor": actor, "kind": kind}, now, digest),
            )
        )

    def recorded(self) -> Sequence[Mapping[str, Any]]:
        """Return the entries of all cases that replaying needs, case by case in order."""
        rows = self._connection.execute(
            sa.select(
                cases.c.number,
                entries.c.procedure,
                entries.c.version,
                entries.c.step,
                entries.c.kind,
                entries.c.data,
                entries.c.at,
            )
            .join(cases, cases.c.id == entries.c.case_id)
            .order_by(entries.c.case_id, entries.c.seq)
        ).mappings()
        return [dict(row) for row in rows]

"""The case records (expedientes): appended, never changed, each entry chained to the one before."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from cases.chain import GENESIS, digest_of, link
from cases.model import Case, Entry
from cases.procedure import EntryDraft, Value
from store import waits
from store.tables import cases, entries

_LAST = (
    sa.select(entries.c.seq, entries.c.hash)
    .where(entries.c.case_id == sa.bindparam("case"))
    .order_by(entries.c.seq.desc())
    .limit(1)
)
_ADD = entries.insert()
SELF_SOLVED = "self_solved"
"""The kind of entry that says that the person needs no answer any more."""


class RecordRows:
    """Implements `cases.ports.Record`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def append(
        self, case: Case, draft: EntryDraft, words: tuple[str, str], actor: str, now: datetime
    ) -> Entry:
        """Add one entry; `words` are the step's responsible and output."""
        last = self._connection.execute(_LAST, {"case": case.id}).first()
        row = _row(case, (last.seq, last.hash) if last else (0, GENESIS), draft, words, actor, now)
        self._connection.execute(_ADD, row)
        if draft.kind == SELF_SOLVED:
            waits.end(self._connection, case.id)
        return _entry(row)

    def append_all(
        self, drafts: Sequence[tuple[Case, EntryDraft, tuple[str, str]]], actor: str, now: datetime
    ) -> None:
        """Add one entry to each of many cases (see `append`)."""
        if not drafts:
            return
        numbers = [case.id for case, _, _ in drafts]
        newest = (
            sa.select(entries.c.case_id, sa.func.max(entries.c.seq).label("seq"))
            .where(entries.c.case_id.in_(numbers))
            .group_by(entries.c.case_id)
            .subquery()
        )
        last = self._connection.execute(
            sa.select(entries.c.case_id, entries.c.seq, entries.c.hash).join(
                newest, sa.and_(newest.c.case_id == entries.c.case_id, newest.c.seq == entries.c.seq)
            )
        )
        ends = {row.case_id: (row.seq, row.hash) for row in last}
        self._connection.execute(
            _ADD,
            [
                _row(case, ends.get(case.id, (0, GENESIS)), draft, words, actor, now)
                for case, draft, words in drafts
            ],
        )

    def of(self, case: int) -> Sequence[Entry]:
        """Return a case's entries in order."""
        rows = self._connection.execute(
            sa.select(entries).where(entries.c.case_id == case).order_by(entries.c.seq)
        ).mappings()
        return [_entry(dict(row)) for row in rows]

    def broken(self, case: int) -> str | None:
        """Say which entry of a case's chain is the first that does not hold, or None."""
        number = self._connection.execute(sa.select(cases.c.number).where(cases.c.id == case)).scalar_one()
        rows = self._connection.execute(
            sa.select(entries).where(entries.c.case_id == case).order_by(entries.c.seq)
        ).mappings()
        previous = GENESIS
        for expected, row in enumerate(rows, start=1):
            head = _head(**{name: row[name] for name in _HEAD})
            if row["seq"] != expected:
                return f"{number}: falta la entrada {expected}"
            if row["data"] and digest_of(row["data"], row["salt"]) != row["data_digest"]:
                return f"{number}: los datos de la entrada {expected} no son los que se registraron"
            if (
                row["previous"] != previous
                or link(previous, number, head, row["at"], row["data_digest"]) != row["hash"]
            ):
                return f"{number}: la entrada {expected} no sigue a la anterior"
            previous = row["hash"]
        return None


def _row(
    case: Case, last: tuple[int, str], draft: EntryDraft, words: tuple[str, str], actor: str, now: datetime
) -> dict[str, Any]:
    """Make the row of the entry that follows `last` (its number and hash)."""
    seq, previous = last
    salt = secrets.token_hex(16)
    data = {name: stored(value) for name, value in draft.data.items()}
    head = _head(
        seq=seq + 1,
        procedure=draft.place.procedure,
        version=draft.place.version,
        step=draft.place.step,
        responsible=words[0],
        output=words[1],
        actor=actor,
        kind=draft.kind,
        internal=draft.internal,
    )
    digest = digest_of(data, salt)
    return {
        "case_id": case.id,
        "at": now,
        "data": data,
        "salt": salt,
        "data_digest": digest,
        "previous": previous,
        "hash": link(previous, case.number, head, now, digest),
        **head,
    }


_HEAD = ("seq", "procedure", "version", "step", "responsible", "output", "actor", "kind", "internal")


def _head(**said: Any) -> dict[str, Any]:
    return said


def stored(value: Value) -> Any:
    """Write a field's value as JSON keeps it; a moment in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        at=row["at"],
        data=row["data"],
        hash=row["hash"],
        previous=row["previous"],
        **{name: row[name] for name in _HEAD},
    )

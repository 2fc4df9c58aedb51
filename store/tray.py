"""What a unit's tray reads: each of its cases with the limit that comes first and the return that brought it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from cases.vocabulary import PLACINGS, Channel, Role, Status
from store.tables import cases, clocks, entries, persons, users

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
SAID = (
    "number",
    "subject",
    "channel",
    "status",
    "procedure",
    "version",
    "step",
    "system",
    "priority",
    "estimate_at",
    "updated_at",
)
"""What a line says of the case itself."""


@dataclass(frozen=True, slots=True)
class Back:
    """The return that brought a case: by whom, when, and why."""

    by: str
    at: datetime
    code: str | None
    words: str


@dataclass(frozen=True, slots=True)
class TrayRow:
    """One case of a unit; `due` is the first limit that runs, None where none does; `paused` while one stands still."""

    number: str
    subject: str
    person: str | None
    channel: Channel
    status: Status
    procedure: str
    version: str
    step: str
    system: str | None
    priority: str | None
    assignee: str | None
    came: datetime | None
    updated: datetime
    estimate: datetime | None
    due: datetime | None
    paused: bool
    back: Back | None


class TrayRows:
    """A unit's cases by their clocks, on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def shelves(
        self, role: Role, ends: Sequence[datetime], limit: int, only: int | None = None
    ) -> Sequence[tuple[int, int, Sequence[TrayRow]]]:
        """Return a role's cases on shelves: each shelf's place, how many it holds, and at most `limit` of them.

        What came back stands on the first shelf, then what is due before each of `ends`, what is due later, and what
        has no limit; on each the first limit comes first, then what lies there longest. An empty shelf is left out.
        """
        due = (
            sa.select(sa.func.min(clocks.c.due_at, type_=clocks.c.due_at.type))
            .where(clocks.c.case_id == cases.c.id, clocks.c.paused_at.is_(None))
            .correlate(cases)
            .scalar_subquery()
        )
        # all of a role's cases are put on shelves, so this reads nothing but indexes (`ix_cases_role`, `ix_clocks_running`)
        standing = (
            sa.select(cases.c.id, cases.c.updated_at, cases.c.last_move, due.label("due"))
            # every case is newer than that; so asked, SQLite takes the index that holds all that is read here
            .where(cases.c.role == role, cases.c.updated_at > LONG_AGO)
            .cte("standing")
            .prefix_with("MATERIALIZED")
        )
        shelf = sa.case(
            (standing.c.last_move == "return", 0),
            (standing.c.due.is_(None), len(ends) + 2),
            *((standing.c.due < end, place) for place, end in enumerate(ends, start=1)),
            else_=len(ends) + 1,
        )
        placed = sa.select(standing, shelf.label("shelf")).cte("placed")
        sizes = sa.select(placed.c.shelf, sa.func.count().label("many")).group_by(placed.c.shelf).cte("sizes")
        # the first of each shelf by itself: to number all cases within their shelves takes twice as long
        firsts = [
            sa.select(
                sa.select(placed)
                .where(placed.c.shelf == place)
                .order_by(placed.c.due.asc().nulls_last(), placed.c.updated_at, placed.c.id)
                .limit(limit)
                .subquery()
            )
            for place in ([only] if only is not None else range(len(ends) + 3))
        ]
        first = sa.union_all(*firsts).subquery("first")
        shown = sa.select(first, sizes.c.many).join(sizes, sizes.c.shelf == first.c.shelf).subquery("shown")
        found: dict[int, tuple[int, list[TrayRow]]] = {}
        for row in self._connection.execute(_lines(shown)).mappings():
            found.setdefault(row["shelf"], (row["many"], []))[1].append(_row(row))
        return [(place, many, rows) for place, (many, rows) in found.items()]


def _lines(shown: sa.Subquery) -> sa.Select[Any]:
    """Read what the lines say, for those cases alone that are shown."""
    # asked for with max(), for PostgreSQL would read all clocks to say whether one exists
    paused = (
        sa.select(sa.func.max(clocks.c.paused_at))
        .where(clocks.c.case_id == cases.c.id)
        .correlate(cases)
        .scalar_subquery()
    )
    last = (
        sa.select(sa.func.max(entries.c.seq))
        .where(entries.c.case_id == cases.c.id, entries.c.kind.in_(PLACINGS))
        .correlate(cases)
        .scalar_subquery()
    )
    return (
        sa.select(
            *(cases.c[name] for name in SAID),
            persons.c.name,
            users.c.name.label("assigned"),
            shown.c.due,
            shown.c.shelf,
            shown.c.many,
            paused.is_not(None).label("paused"),
            entries.c.kind,
            entries.c.actor,
            entries.c.at,
            entries.c.data,
        )
        .select_from(shown)
        .join(cases, cases.c.id == shown.c.id)
        .join(persons, persons.c.id == cases.c.person_id)
        .outerjoin(users, users.c.id == cases.c.assignee_id)
        .outerjoin(entries, sa.and_(entries.c.case_id == cases.c.id, entries.c.seq == last))
        .order_by(shown.c.shelf, shown.c.due.asc().nulls_last(), shown.c.updated_at, shown.c.id)
    )


def _row(row: Any) -> TrayRow:
    return TrayRow(
        number=row["number"],
        subject=row["subject"],
        person=row["name"],
        channel=Channel(row["channel"]),
        status=Status(row["status"]),
        procedure=row["procedure"],
        version=row["version"],
        step=row["step"],
        system=row["system"],
        priority=row["priority"],
        assignee=row["assigned"],
        came=row["at"],
        updated=row["updated_at"],
        estimate=row["estimate_at"],
        due=row["due"],
        paused=bool(row["paused"]),
        back=_back(row) if row["kind"] == "return" else None,
    )


def _back(row: Any) -> Back:
    data = row["data"]
    said = data.get("observation") or data.get("reason") or ""
    return Back(row["actor"], row["at"], data.get("reason_code"), said)

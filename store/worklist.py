"""What the lines of the queue and of a search show beside the case itself, read for the few that are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from cases.vocabulary import Channel, Direction
from store.sections import moved_last
from store.tables import cases, clocks, drafts, identities, messages, snoozes, waits

SAID = 400
"""Messages at most that are looked through for the words of a search."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a line says of a case: since when the person waits for an answer, the nearest running clock, until when it is postponed.

    `near` is from when the clock is close to its end; `drafted` says that whoever looks has begun an answer.
    """

    unanswered: datetime | None
    returned: bool
    near: datetime | None
    due: datetime | None
    snoozed: datetime | None
    drafted: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a person can be reached, and who they are."""

    person: int
    channel: Channel
    address: str


class WorklistRows:
    """Reads for a page of cases; each method looks only at the cases that it is given."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def signs(self, shown: Sequence[int], viewer: int, now: datetime) -> dict[int, Signs]:
        """Return what the lines of these cases say, by case."""
        if not shown:
            return {}
        ticking = {
            row.case_id: (row.near_at, row.due_at)
            for row in self._connection.execute(
                sa.select(clocks.c.case_id, clocks.c.near_at, clocks.c.due_at)
                .where(clocks.c.case_id.in_(shown), clocks.c.paused_at.is_(None))
                .order_by(clocks.c.due_at.desc())
            )
        }
        asleep = {
            row.case_id: row.until
            for row in self._connection.execute(
                sa.select(snoozes.c.case_id, snoozes.c.until).where(
                    snoozes.c.case_id.in_(shown), snoozes.c.until > now
                )
            )
        }
        begun = set(
            self._connection.execute(
                sa.select(drafts.c.case_id).where(drafts.c.case_id.in_(shown), drafts.c.user_id == viewer)
            ).scalars()
        )
        rows = self._connection.execute(
            sa.select(cases.c.id, waits.c.since, (moved_last() == "return").label("returned"))
            .outerjoin(waits, waits.c.case_id == cases.c.id)
            .where(cases.c.id.in_(shown))
        )
        return {
            row.id: Signs(
                row.since,
                bool(row.returned),
                *ticking.get(row.id, (None, None)),
                asleep.get(row.id),
                row.id in begun,
            )
            for row in rows
        }

    def said_in(self, shown: Sequence[int]) -> dict[int, list[str]]:
        """Return what people wrote in each of these cases, the newest first, for a search to show where it matched."""
        if not shown:
            return {}
        rows = self._connection.execute(
            sa.select(messages.c.case_id, messages.c.text)
            .where(
                messages.c.case_id.in_(shown),
                messages.c.direction != Direction.NOTE,
                ~messages.c.automatic,
                messages.c.withdrawn_at.is_(None),
            )
            .order_by(messages.c.id.desc())
            .limit(SAID)
        )
        found: dict[int, list[str]] = {}
        for row in rows:
            found.setdefault(row.case_id, []).append(row.text)
        return found

    def persons_at(self, written: Sequence[str]) -> Sequence[int]:
        """Return who is reached at any of these addresses, on whatever channel."""
        rows = self._connection.execute(
            sa.select(identities.c.person_id)
            .where(identities.c.channel.in_([str(channel) for channel in Channel]))
            .where(identities.c.address.in_(written))
            .distinct()
        )
        return rows.scalars().all()

    def addresses(self, of: Sequence[int]) -> dict[int, list[Reached]]:
        """Return where these persons can be reached, by person."""
        if not of:
            return {}
        rows = self._connection.execute(
            sa.select(identities.c.person_id, identities.c.channel, identities.c.address)
            .where(identities.c.person_id.in_(of))
            .order_by(identities.c.id)
        )
        found: dict[int, list[Reached]] = {}
        for row in rows:
            found.setdefault(row.person_id, []).append(
                Reached(row.person_id, Channel(row.channel), row.address)
            )
        return found

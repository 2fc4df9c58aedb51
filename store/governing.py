"""What administrators rule beside people and procedures: systems, days of the calendar, and the book of their acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cases.chain import GENESIS, digest_of, link
from cases.model import System
from cases.vocabulary import Channel, Direction, Unit
from store.procedures import BOOK
from store.tables import (
    administration,
    articles,
    calendar_days,
    cases,
    confirmations,
    messages,
    quarantine,
    systems,
)


@dataclass(frozen=True, slots=True)
class KeptSystem:
    """A system and how much points at it; `added_by` and `edited_by` are empty for what stands as the file says."""

    system: System
    cases: int
    articles: int
    confirmations: int
    added_by: str | None
    edited_by: str | None

    @property
    def used(self) -> bool:
        """Whether anything points at it."""
        return bool(self.cases or self.articles or self.confirmations)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day that is not what the week and the holidays would make of it."""

    day: date
    works: bool
    name: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BookEntry:
    """One act of an administrator, chained to the one before."""

    id: int
    at: datetime
    actor: str
    kind: str
    data: Mapping[str, Any]
    hash: str


class GoverningRows:
    """Systems, days, and the administrators' book."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def systems(self) -> Sequence[KeptSystem]:
        """Return every system with how much points at it, by name."""

        def pointing(column: "sa.Column[Any]") -> "sa.ScalarSelect[int]":
            return sa.select(sa.func.count()).where(column == systems.c.id).scalar_subquery()

        rows = self._connection.execute(
            sa.select(
                systems,
                pointing(cases.c.system).label("cases"),
                pointing(articles.c.system).label("articles"),
                pointing(confirmations.c.system).label("confirmations"),
            ).order_by(systems.c.name, systems.c.id)
        )
        return [
            KeptSystem(
                System(row.id, row.name, tuple(row.aliases), Unit(row.unit)),
                row.cases,
                row.articles,
                row.confirmations,
                row.added_by,
                row.edited_by,
            )
            for row in rows
        ]

    def add_system(self, system: System, by: str) -> None:
        """Add a system by hand."""
        self._connection.execute(
            systems.insert().values(
                id=system.id, name=system.name, aliases=list(system.aliases), unit=system.unit, added_by=by
            )
        )

    def change_system(self, system: System, by: str) -> None:
        """Change a system by hand; from then on the file says nothing about it."""
        self._connection.execute(
            systems.update()
            .where(systems.c.id == system.id)
            .values(name=system.name, aliases=list(system.aliases), unit=system.unit, edited_by=by)
        )

    def remove_system(self, ident: str) -> None:
        """Remove a system at which nothing points."""
        self._connection.execute(systems.delete().where(systems.c.id == ident))

    def days(self) -> Sequence[CalendarDay]:
        """Return the days that were set by hand, in order."""
        rows = self._connection.execute(sa.select(calendar_days).order_by(calendar_days.c.day))
        return [CalendarDay(row.day, row.works, row.name, row.by, row.at) for row in rows]

    def put_day(self, day: CalendarDay) -> None:
        """Say what a day is, whatever was said before."""
        self.drop_day(day.day)
        self._connection.execute(
            calendar_days.insert().values(day=day.day, works=day.works, name=day.name, by=day.by, at=day.at)
        )

    def drop_day(self, day: date) -> bool:
        """Let a day be what the week and the holidays make of it; false if it was so already."""
        gone = self._connection.execute(calendar_days.delete().where(calendar_days.c.day == day))
        return bool(gone.rowcount)

    def book(
        self,
        limit: int,
        *,
        before: int | None = None,
        kinds: Sequence[str] = (),
        actor: str | None = None,
    ) -> Sequence[BookEntry]:
        """Return the newest acts, of these kinds and by this account if any are named."""
        wanted = sa.select(administration).order_by(administration.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(administration.c.id < before)
        if kinds:
            wanted = wanted.where(administration.c.kind.in_(kinds))
        if actor:
            wanted = wanted.where(administration.c.actor == actor)
        return [
            BookEntry(row.id, row.at, row.actor, row.kind, row.data, row.hash)
            for row in self._connection.execute(wanted)
        ]

    def actors(self) -> Sequence[str]:
        """Return who has acted, by name."""
        rows = self._connection.execute(
            sa.select(administration.c.actor).distinct().order_by(administration.c.actor)
        )
        return list(rows.scalars())

    def check_book(self) -> tuple[int, str | None]:
        """Return how many acts the book holds and which is the first whose chain does not hold, if any."""
        previous, counted = GENESIS, 0
        for row in self._connection.execute(sa.select(administration).order_by(administration.c.id)):
            head = {"actor": row.actor, "kind": row.kind}
            if digest_of(row.data, row.salt) != row.data_digest:
                return counted, f"Los datos del acto {row.id} no son los que se registraron."
            if row.previous != previous or link(previous, BOOK, head, row.at, row.data_digest) != row.hash:
                return counted, f"El acto {row.id} no sigue al anterior."
            previous, counted = row.hash, counted + 1
        return counted, None

    def open_on(self, code: str, version: str) -> int:
        """Return how many open cases stand on a version of a procedure, or may return to it."""
        waits = sa.cast(cases.c.stack, sa.Text).like(f'%"{code}"%"{version}"%')
        here = sa.and_(cases.c.procedure == code, cases.c.version == version)
        counted = sa.select(sa.func.count()).where(cases.c.step.is_not(None), sa.or_(here, waits))
        return int(self._connection.execute(counted).scalar_one())

    def quarantined(self) -> int:
        """Return how much waits in quarantine."""
        kept = sa.select(sa.func.count()).select_from(quarantine).where(quarantine.c.state == "kept")
        return int(self._connection.execute(kept).scalar_one())

    def last_messages(self, channel: Channel, since: datetime) -> dict[Direction, datetime | None]:
        """Return when the last message came in and went out on a channel since then."""
        rows = self._connection.execute(
            sa.select(messages.c.direction, sa.func.max(messages.c.at).label("at"))
            .where(
                messages.c.channel == channel,
                messages.c.at >= since,
                messages.c.direction.in_((Direction.IN, Direction.OUT)),
            )
            .group_by(messages.c.direction)
        )
        found = {Direction(row.direction): row.at for row in rows}
        return {direction: found.get(direction) for direction in (Direction.IN, Direction.OUT)}

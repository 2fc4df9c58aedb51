"""What operators confirmed as something to learn from, the runs that trained a model, and which model is in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import Conflict
from cases.vocabulary import Category, Channel, Direction, Unit
from store.tables import (
    activations,
    case_units,
    cases,
    confirmations,
    messages,
    models,
    persons,
    proposals,
    users,
    withdrawals,
)

KEPT = 4
"""How many activated models beside the one in use keep their bytes, to go back to."""

# Made once: to name a table anew costs a page more than to read from it.
_first, _solved = messages.alias(), cases.alias()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Why a confirmation counts no more."""

    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A case's newest confirmation, with the proposal that stood before it and the message that this was made from.

    Where there was no proposal, or its message went to another case, that is the case's first. `text` is None where nobody wrote, or a machine did.
    """

    id: int
    case: str
    category: Category
    system: str | None
    by: str
    at: datetime
    person: int
    name: str | None
    channel: Channel
    subject: str | None
    text: str | None
    proposed: Category | None
    proposed_system: str | None
    model: str | None
    withdrawn: Withdrawn | None

    @property
    def counts(self) -> bool:
        """Say whether this is something to learn from."""
        return self.withdrawn is None and bool(self.text and self.text.strip())


@dataclass(frozen=True, slots=True)
class Run:
    """One training: asked for, running, or done with its outcome; the figures are `desk.learning`'s own."""

    id: int
    by: str
    asked: datetime
    started: datetime | None
    finished: datetime | None
    outcome: str
    reason: str | None
    detail: str | None
    version: str | None
    running: str | None
    examples: int | None
    confirmations: int | None
    last_confirmation: int | None
    seconds: float | None
    figures: Mapping[str, Any]
    kept: bool


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved case with its first message."""

    number: str
    subject: str
    solution: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class InUse:
    """Which model the desk uses: one that was trained here, or the shipped one (`model` is None)."""

    activation: int
    model: Run | None
    by: str
    reason: str
    at: datetime | None


class LearningRows:
    """Confirmations to learn from, training runs, activations."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def confirmed(self, *, since: datetime | None = None, case: str | None = None) -> Sequence[Confirmed]:
        """Return each case's newest confirmation, oldest first: all, those since a moment, or one case's."""
        newest = sa.select(sa.func.max(confirmations.c.id)).group_by(confirmations.c.case_id)
        said = messages.alias()
        classified = (
            sa.select(said.c.id)
            .where(said.c.id == proposals.c.message_id, said.c.case_id == confirmations.c.case_id)
            .correlate(proposals, confirmations)
            .scalar_subquery()
        )
        first = _first_message(confirmations.c.case_id)
        stood = (
            sa.select(sa.func.max(proposals.c.id))
            .where(proposals.c.case_id == confirmations.c.case_id, proposals.c.at <= confirmations.c.at)
            .correlate(confirmations)
            .scalar_subquery()
        )
        who_withdrew = users.alias()
        query = (
            sa.select(
                confirmations,
                cases.c.number,
                cases.c.person_id,
                cases.c.channel,
                persons.c.name,
                users.c.username,
                messages.c.subject,
                messages.c.text,
                messages.c.automatic,
                proposals.c.category.label("proposed"),
                proposals.c.system.label("proposed_system"),
                proposals.c.model,
                withdrawals.c.reason,
                withdrawals.c.at.label("withdrawn_at"),
                who_withdrew.c.username.label("withdrawn_by"),
            )
            .join(cases, cases.c.id == confirmations.c.case_id)
            .join(persons, persons.c.id == cases.c.person_id)
            .join(users, users.c.id == confirmations.c.user_id)
            .outerjoin(proposals, proposals.c.id == stood)
            .outerjoin(messages, messages.c.id == sa.func.coalesce(classified, first))
            .outerjoin(withdrawals, withdrawals.c.confirmation_id == confirmations.c.id)
            .outerjoin(who_withdrew, who_withdrew.c.id == withdrawals.c.user_id)
            .where(confirmations.c.id.in_(newest))
            .order_by(confirmations.c.id)
        )
        if since is not None:
            query = query.where(confirmations.c.at >= since)
        if case is not None:
            query = query.where(cases.c.number == case)
        return [_confirmed(row) for row in self._connection.execute(query).mappings()]

    def solved_by_uit(self, system: str | None, but: int, limit: int) -> Sequence[Solved]:
        """Return solved cases of a system that the UIT had, newest first: what can be evidence for fact H."""
        # Chosen by index alone before anything of theirs is read: PostgreSQL else walks all cases from the newest on.
        newest = (
            sa.select(_solved.c.id)
            .join(case_units, case_units.c.case_id == _solved.c.id)
            .where(
                _solved.c.system == system,
                case_units.c.unit == Unit.UIT,
                _solved.c.solution.is_not(None),
                _solved.c.id != but,
            )
            .order_by(_solved.c.id.desc())
            .limit(limit)
        )
        query = (
            sa.select(cases.c.number, cases.c.subject, cases.c.solution, cases.c.updated_at, messages.c.text)
            .select_from(cases)
            .join(messages, messages.c.id == _first_message(cases.c.id))
            .where(cases.c.id.in_(newest))
            .order_by(cases.c.id.desc())
        )
        return [
            Solved(row["number"], row["subject"], row["solution"], row["updated_at"], row["text"])
            for row in self._connection.execute(query).mappings()
        ]

    def newest(self) -> int:
        """Return the row of the newest confirmation, or 0."""
        return self._connection.execute(sa.select(sa.func.max(confirmations.c.id))).scalar() or 0

    def count_after(self, confirmation: int) -> int:
        """Count the cases that were confirmed after a confirmation, without what was withdrawn."""
        gone = sa.select(withdrawals.c.confirmation_id)
        query = sa.select(sa.func.count(sa.distinct(confirmations.c.case_id))).where(
            confirmations.c.id > confirmation, confirmations.c.id.not_in(gone)
        )
        return int(self._connection.execute(query).scalar_one())

    def withdraw(self, confirmation: int, by: int, reason: str, now: datetime) -> None:
        """Note that a confirmation counts no more; raises Conflict if that was noted already."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(
                    withdrawals.insert().values(
                        confirmation_id=confirmation, user_id=by, reason=reason, at=now
                    )
                )
        except sa.exc.IntegrityError:
            raise Conflict("Esa confirmación ya estaba retirada.") from None

    def ask(self, by: str, now: datetime) -> int:
        """Ask for a training; raises Conflict while another is asked for or running."""
        try:
            with self._connection.begin_nested():
                return int(
                    self._connection.execute(
                        models.insert()
                        .values(by=by, asked_at=now, under_way=True, outcome="asked", figures={})
                        .returning(models.c.id)
                    ).scalar_one()
                )
        except sa.exc.IntegrityError:
            raise Conflict("Ya hay un entrenamiento pedido o en marcha.") from None

    def under_way(self) -> Run | None:
        """Return the training that is asked for or running."""
        return self._run(models.c.under_way.is_(sa.true()))

    def claim(self, run: int, now: datetime) -> bool:
        """Begin a training that was asked for; false if another node was faster."""
        done = self._connection.execute(
            models.update()
            .where(models.c.id == run, models.c.outcome == "asked")
            .values(outcome="training", started_at=now)
        )
        return done.rowcount == 1

    def put_back(self, run: int) -> None:
        """Leave a training that had begun to whoever starts next."""
        self._connection.execute(
            models.update()
            .where(models.c.id == run, models.c.outcome == "training")
            .values(outcome="asked", started_at=None)
        )

    def finish(self, run: int, outcome: str, now: datetime, **found: Any) -> None:
        """End a training with its outcome and what was found."""
        self._connection.execute(
            models.update()
            .where(models.c.id == run)
            .values(outcome=outcome, finished_at=now, under_way=None, **found)
        )

    def last_run(self) -> Run | None:
        """Return the newest training that is done."""
        return self._run(models.c.under_way.is_(None))

    def runs(self, limit: int) -> Sequence[Run]:
        """Return the newest trainings."""
        query = sa.select(*_SHOWN).order_by(models.c.id.desc()).limit(limit)
        return [_run(row) for row in self._connection.execute(query).mappings()]

    def _run(self, *conditions: sa.ColumnElement[bool]) -> Run | None:
        query = sa.select(*_SHOWN).where(*conditions).order_by(models.c.id.desc()).limit(1)
        row = self._connection.execute(query).mappings().first()
        return _run(row) if row is not None else None

    def in_use(self) -> InUse:
        """Return which model is in use; the shipped one until another is activated."""
        row = self._connection.execute(
            sa.select(activations).order_by(activations.c.id.desc()).limit(1)
        ).first()
        if row is None:
            return InUse(0, None, "", "", None)
        model = self._run(models.c.id == row.model_id) if row.model_id is not None else None
        return InUse(row.id, model, row.by, row.reason, row.at)

    def data(self, model: int) -> bytes | None:
        """Return a model's bytes, if they are still kept."""
        return self._connection.execute(sa.select(models.c.data).where(models.c.id == model)).scalar()

    def activate(self, model: int | None, by: str, reason: str, now: datetime) -> None:
        """Bring a model into use (None: the shipped one), and let go of the bytes of those long gone."""
        self._connection.execute(activations.insert().values(model_id=model, by=by, reason=reason, at=now))
        kept = sa.select(models.c.id).where(models.c.data.is_not(None), models.c.id != (model or 0))
        newest = self._connection.execute(kept.order_by(models.c.id.desc()).limit(KEPT)).scalars().all()
        self._connection.execute(
            models.update()
            .where(models.c.data.is_not(None), models.c.id.not_in([*newest, model or 0]))
            .values(data=None)
        )

    def before(self, model: int) -> Run | None:
        """Return the model that was activated before this one and is still kept."""
        return self._run(models.c.id < model, models.c.data.is_not(None))


_SHOWN = (*(column for column in models.c if column.name != "data"), models.c.data.is_not(None).label("kept"))


def _first_message(case: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.min(_first.c.id))
        .where(_first.c.case_id == case, _first.c.direction == Direction.IN)
        .scalar_subquery()
    )


def _run(row: RowMapping) -> Run:
    return Run(
        id=row["id"],
        by=row["by"],
        asked=row["asked_at"],
        started=row["started_at"],
        finished=row["finished_at"],
        outcome=row["outcome"],
        reason=row["reason"],
        detail=row["detail"],
        version=row["version"],
        running=row["running"],
        examples=row["examples"],
        confirmations=row["confirmations"],
        last_confirmation=row["last_confirmation"],
        seconds=row["seconds"],
        figures=row["figures"],
        kept=bool(row["kept"]),
    )


def _confirmed(row: RowMapping) -> Confirmed:
    withdrawn = None
    if row["withdrawn_at"] is not None:
        withdrawn = Withdrawn(row["withdrawn_by"], row["reason"], row["withdrawn_at"])
    return Confirmed(
        id=row["id"],
        case=row["number"],
        category=Category(row["category"]),
        system=row["system"],
        by=row["username"],
        at=row["at"],
        person=row["person_id"],
        name=row["name"],
        channel=Channel(row["channel"]),
        subject=row["subject"],
        text=None if row["automatic"] else row["text"],
        proposed=Category(row["proposed"]) if row["proposed"] else None,
        proposed_system=row["proposed_system"],
        model=row["model"],
        withdrawn=withdrawn,
    )

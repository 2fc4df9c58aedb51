"""Calls: those to make, with what came of each attempt, and those that people made and that needed no case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import Conflict, NotFound
from cases.model import Account, Callback
from cases.vocabulary import Channel, DeliveryState, Direction
from store.tables import (
    attempts,
    callbacks,
    cases,
    conversations,
    deliveries,
    identities,
    messages,
    persons,
    users,
)


class CallResult(StrEnum):
    """What came of a call that the desk made; `closed`: nobody spoke to the person, and nobody will call again."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    CLOSED = "closed"

    @property
    def ends(self) -> bool:
        """Say whether nobody has to call any more."""
        return self in (CallResult.ANSWERED, CallResult.CLOSED)


SAID = {
    CallResult.ANSWERED: "Atendió",
    CallResult.NO_ANSWER: "No contesta",
    CallResult.BUSY: "Ocupado",
    CallResult.WRONG_NUMBER: "Número equivocado",
    CallResult.CLOSED: "Se cerró sin hablar",
}
"""What the message, its proof and the record say of a call."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call to make as a list shows it: `channels` are where else the person can be written to."""

    call: Callback
    assignee: str | None
    unreachable: str | None
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class CallWithoutCase:
    """A call that was settled while it lasted."""

    message: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A number that calls were noted from: its conversation, and why nobody is reached there."""

    conversation: int
    unreachable: str | None


def told(result: CallResult, text: str) -> str:
    """Say what came of a call in one line: the result, then what the operator added."""
    said = SAID[result]
    if not text or text.casefold().rstrip(".").startswith(said.casefold()):
        return text or said
    return f"{said}: {text}"


class CallbackRows:
    """The calls, each with the text to read out and what came of it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._wanted = (
            sa.select(callbacks, cases.c.number, messages.c.text, persons.c.name)
            .join(cases, cases.c.id == callbacks.c.case_id)
            .join(messages, messages.c.id == callbacks.c.message_id)
            .join(persons, persons.c.id == cases.c.person_id)
        )

    def waiting(self, limit: int) -> Sequence[Callback]:
        """Return the calls to make, the one due first at the top."""
        rows = self._connection.execute(
            self._wanted.where(~callbacks.c.done).order_by(callbacks.c.due_at, callbacks.c.id).limit(limit)
        ).mappings()
        return [_callback(row) for row in rows]

    def waiting_at(self, phone: str) -> Sequence[Callback]:
        """Return the calls to make to one number: somebody who calls can be told at once."""
        rows = self._connection.execute(
            self._wanted.where(~callbacks.c.done, callbacks.c.phone == phone).order_by(callbacks.c.id)
        ).mappings()
        return [_callback(row) for row in rows]

    def rows(self, of: Account | None, limit: int) -> Sequence[CallRow]:
        """Return the calls to make, the one due first at the top; of one account, those of its cases and answers."""
        rows = (
            self._connection.execute(
                self._wanted.add_columns(
                    users.c.username, conversations.c.unreachable, cases.c.person_id.label("person")
                )
                .join(conversations, conversations.c.id == messages.c.conversation_id)
                .outerjoin(users, users.c.id == cases.c.assignee_id)
                .where(*_to_make(of))
                .order_by(callbacks.c.due_at, callbacks.c.id)
                .limit(limit)
            )
            .mappings()
            .all()
        )
        channels = self._channels({row["person"] for row in rows})
        return [
            CallRow(_callback(row), row["username"], row["unreachable"], channels.get(row["person"], ()))
            for row in rows
        ]

    def count(self, of: Account | None) -> int:
        """Return how many calls there are to make (see `rows`)."""
        return int(
            self._connection.execute(
                sa.select(sa.func.count())
                .select_from(callbacks)
                .join(cases, cases.c.id == callbacks.c.case_id)
                .join(messages, messages.c.id == callbacks.c.message_id)
                .where(*_to_make(of))
            ).scalar_one()
        )

    def _channels(self, people: set[int]) -> dict[int, tuple[Channel, ...]]:
        rows = self._connection.execute(
            sa.select(identities.c.person_id, identities.c.channel)
            .distinct()
            .where(identities.c.person_id.in_(people), identities.c.channel != Channel.PHONE)
            .order_by(identities.c.person_id, identities.c.channel)
        )
        found: dict[int, tuple[Channel, ...]] = {}
        for row in rows:
            found[row.person_id] = (*found.get(row.person_id, ()), Channel(row.channel))
        return found

    def of(self, case: int) -> Sequence[Callback]:
        """Return the calls of one case."""
        rows = self._connection.execute(self._wanted.where(callbacks.c.case_id == case)).mappings()
        return [_callback(row) for row in rows]

    def get(self, callback: int) -> Callback:
        """Return one call; raises `NotFound`."""
        row = self._connection.execute(self._wanted.where(callbacks.c.id == callback)).mappings().first()
        if row is None:
            raise NotFound("No existe esa llamada.")
        return _callback(row)

    def outcome(
        self, callback: int, result: CallResult, *, text: str, by: str, again: datetime, now: datetime
    ) -> Callback:
        """Record one call; unless that ends it, it is made again. A wrong number is marked. `NotFound` or `Conflict`."""
        held = sa.select(callbacks).where(callbacks.c.id == callback).with_for_update()
        row = self._connection.execute(held).mappings().first()
        if row is None:
            raise NotFound("No existe esa llamada.")
        if row["done"]:
            raise Conflict("Esa llamada ya se hizo.")
        reached = result is CallResult.ANSWERED
        outcome = {"at": now.isoformat(), "by": by, "reached": reached, "text": text, "result": str(result)}
        tries = row["attempts"] + (result is not CallResult.CLOSED)
        self._connection.execute(
            callbacks.update()
            .where(callbacks.c.id == callback)
            .values(
                done=result.ends,
                attempts=tries,
                due_at=row["due_at"] if result.ends else again,
                outcomes=[*row["outcomes"], outcome],
            )
        )
        self._prove(row["message_id"], result, text, tries, now)
        self._mark(row["message_id"], result)
        return self.get(callback)

    def _prove(self, message: int, result: CallResult, text: str, tries: int, now: datetime) -> None:
        """Note at the message how far it got, and this attempt among its others."""
        state = DeliveryState.QUEUED
        if result.ends:
            state = DeliveryState.DELIVERED if result is CallResult.ANSWERED else DeliveryState.FAILED
        parts = (
            self._connection.execute(
                deliveries.update()
                .where(deliveries.c.message_id == message)
                .values(
                    state=state,
                    attempts=tries,
                    reason=None if result is CallResult.ANSWERED else told(result, text),
                    updated_at=now,
                )
                .returning(deliveries.c.id)
            )
            .scalars()
            .all()
        )
        logged = [
            {"delivery_id": part, "at": now, "outcome": state, "detail": told(result, text)} for part in parts
        ]
        self._connection.execute(attempts.insert(), logged)

    def _mark(self, message: int, result: CallResult) -> None:
        """Mark a number that is somebody else's, for every later answer; who answers there proves it right."""
        if result not in (CallResult.ANSWERED, CallResult.WRONG_NUMBER):
            return
        wrong = result is CallResult.WRONG_NUMBER
        talk = sa.select(messages.c.conversation_id).where(messages.c.id == message).scalar_subquery()
        self._connection.execute(
            conversations.update()
            .where(conversations.c.id == talk)
            .values(unreachable=f"{SAID[result]}." if wrong else None)
        )

    def line(self, phone: str) -> Line | None:
        """Return a number's conversation, or None if nobody called from it yet."""
        row = self._connection.execute(
            sa.select(conversations.c.id, conversations.c.unreachable).where(
                conversations.c.channel == Channel.PHONE, conversations.c.address == phone
            )
        ).first()
        return None if row is None else Line(row.id, row.unreachable)

    def without_case(self, people: Sequence[int], limit: int) -> Sequence[CallWithoutCase]:
        """Return the calls of these people that needed no case, newest first."""
        rows = self._connection.execute(
            sa.select(messages.c.id, messages.c.text, messages.c.at)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(
                conversations.c.person_id.in_(list(people)),
                messages.c.channel == Channel.PHONE,
                messages.c.direction == Direction.IN,
                messages.c.case_id.is_(None),
            )
            .order_by(messages.c.id.desc())
            .limit(limit)
        )
        return [CallWithoutCase(row.id, row.text, row.at) for row in rows]


def _to_make(of: Account | None) -> list[sa.ColumnElement[bool]]:
    waiting: list[sa.ColumnElement[bool]] = [~callbacks.c.done]
    if of is not None:
        waiting.append(sa.or_(cases.c.assignee_id == of.id, messages.c.author == of.name))
    return waiting


def _callback(row: RowMapping) -> Callback:
    return Callback(
        id=row["id"],
        case=row["number"],
        person=row["name"],
        phone=row["phone"],
        text=row["text"],
        due=row["due_at"],
        attempts=row["attempts"],
        done=row["done"],
        outcomes=tuple(row["outcomes"]),
    )

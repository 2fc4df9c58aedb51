"""How the channels do: what came and went, what waits, what did not arrive; and which answers of a case are held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from cases.vocabulary import Channel, DeliveryState, Direction
from store.messages import MessageRows
from store.tables import callbacks, cases, conversations, deliveries, messages

_UNSENT = (DeliveryState.QUEUED, DeliveryState.SENDING)
_HELD = (
    deliveries.c.state == DeliveryState.QUEUED,
    deliveries.c.next_at.is_(None),
    deliveries.c.reason.is_not(None),
)
"""What waits for its person to write again: no time to try it, and a reason."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An answer that did not arrive, or of which nobody knows, and its case."""

    case: str | None
    message: int
    state: DeliveryState
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """An answer that waits until its person writes again, and its case."""

    case: str | None
    message: int
    reason: str


@dataclass(frozen=True, slots=True)
class Talk:
    """What an answer by a conversation has to reckon with."""

    last_inbound: datetime | None
    unreachable: str | None
    noticed: bool


class TrafficReport:
    """Reads for the page of the channels and for the conversation of a case."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def counted(self, channel: Channel, since: datetime) -> dict[Direction, int]:
        """Return how many messages came in and went out since then."""
        rows = self._connection.execute(
            sa.select(messages.c.direction, sa.func.count())
            .where(
                messages.c.channel == channel,
                messages.c.at >= since,
                messages.c.direction.in_((Direction.IN, Direction.OUT)),
                messages.c.withdrawn_at.is_(None),
            )
            .group_by(messages.c.direction)
        )
        found = {Direction(direction): int(number) for direction, number in rows}
        return {direction: found.get(direction, 0) for direction in (Direction.IN, Direction.OUT)}

    def waiting(self, channel: Channel) -> tuple[int, datetime | None]:
        """Return how many answers wait in the outbox to be sent, and since when the oldest does."""
        row = self._connection.execute(
            sa.select(sa.func.count(messages.c.id.distinct()), sa.func.min(messages.c.at))
            .join(deliveries, deliveries.c.message_id == messages.c.id)
            .where(
                deliveries.c.channel == channel,
                deliveries.c.state.in_(_UNSENT),
                deliveries.c.next_at.is_not(None),
            )
        ).one()
        return int(row[0]), row[1]

    def calls(self) -> tuple[int, datetime | None]:
        """Return how many calls are to be made, and when the first is due."""
        row = self._connection.execute(
            sa.select(sa.func.count(), sa.func.min(callbacks.c.due_at)).where(~callbacks.c.done)
        ).one()
        return int(row[0]), row[1]

    def troubles(self, channel: Channel, since: datetime, limit: int) -> Sequence[Trouble]:
        """Return the answers that failed or are uncertain since then, newest first, each once."""
        rows = self._connection.execute(
            sa.select(
                cases.c.number,
                deliveries.c.message_id,
                deliveries.c.state,
                deliveries.c.reason,
                deliveries.c.updated_at,
            )
            .join(messages, messages.c.id == deliveries.c.message_id)
            .outerjoin(cases, cases.c.id == messages.c.case_id)
            .where(
                deliveries.c.channel == channel,
                deliveries.c.state.in_((DeliveryState.FAILED, DeliveryState.UNCERTAIN)),
                deliveries.c.updated_at >= since,
                messages.c.withdrawn_at.is_(None),
            )
            .order_by(deliveries.c.updated_at.desc(), deliveries.c.id.desc())
            .limit(limit)
        )
        found: dict[tuple[int, str], Trouble] = {}
        for row in rows:
            trouble = Trouble(
                row.number, row.message_id, DeliveryState(row.state), row.reason, row.updated_at
            )
            found.setdefault((row.message_id, row.state), trouble)
        return list(found.values())

    def held(self, channel: Channel, limit: int) -> Sequence[Held]:
        """Return the answers that wait until their person writes again, newest first."""
        rows = self._connection.execute(
            sa.select(
                cases.c.number, deliveries.c.message_id, sa.func.min(deliveries.c.reason).label("reason")
            )
            .join(messages, messages.c.id == deliveries.c.message_id)
            .outerjoin(cases, cases.c.id == messages.c.case_id)
            .where(deliveries.c.channel == channel, *_HELD)
            .group_by(cases.c.number, deliveries.c.message_id)
            .order_by(deliveries.c.message_id.desc())
            .limit(limit)
        )
        return [Held(row.number, row.message_id, row.reason) for row in rows]

    def held_parts(self, message: int) -> Sequence[int]:
        """Return the deliveries of a message that wait until its person writes again."""
        rows = self._connection.execute(
            sa.select(deliveries.c.id).where(deliveries.c.message_id == message, *_HELD)
        )
        return list(rows.scalars())

    def held_of(self, case: int) -> frozenset[int]:
        """Return which messages of a case wait until its person writes again."""
        rows = self._connection.execute(
            sa.select(messages.c.id)
            .join(deliveries, deliveries.c.message_id == messages.c.id)
            .where(messages.c.case_id == case, *_HELD)
        )
        return frozenset(rows.scalars())

    def talk(self, channel: Channel, address: str) -> Talk:
        """Return what an answer to an address has to reckon with; nobody has written from one that is not known."""
        row = self._connection.execute(
            sa.select(conversations.c.id, conversations.c.last_inbound_at, conversations.c.unreachable).where(
                conversations.c.channel == channel, conversations.c.address == address
            )
        ).first()
        if row is None:
            return Talk(None, None, noticed=False)
        noticed = MessageRows(self._connection).noticed_since(row.id, row.last_inbound_at)
        return Talk(row.last_inbound_at, row.unreachable, noticed)

"""The outbox: parts of answers that wait to be sent, and what became of each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from cases.errors import Conflict, NotFound
from cases.model import Attachment, Parcel
from cases.traffic import Attempt, Choice, DeliveryProof, TemplateUse
from cases.vocabulary import Channel, DeliveryState
from store.tables import attachments, attempts, cases, conversations, deliveries, messages, status_reports

LEASE = timedelta(minutes=2)
"""How long a send may take; longer than any channel's time-out."""

_UNSENT = (DeliveryState.QUEUED, DeliveryState.SENDING)


class OutboxRows:
    """Deliveries as the sending worker and the providers' reports move them; a report never moves one back."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def claim(self, owner: str, limit: int, now: datetime) -> Sequence[Parcel]:
        """Mark due parts as being sent and return them: in order per recipient, one at a time."""
        earlier = deliveries.alias("earlier")
        waits = (
            sa.select(earlier.c.id)
            .where(
                earlier.c.state.in_(_UNSENT),
                earlier.c.id < deliveries.c.id,
                earlier.c.next_at.is_not(None),
                earlier.c.channel == deliveries.c.channel,
                earlier.c.address == deliveries.c.address,
            )
            .exists()
        )
        due = (
            sa.select(deliveries.c.id)
            .where(deliveries.c.state == DeliveryState.QUEUED, deliveries.c.next_at <= now, ~waits)
            .order_by(deliveries.c.next_at, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = (
            self._connection.execute(
                deliveries.update()
                .where(deliveries.c.id.in_(due.scalar_subquery()))
                .values(
                    state=DeliveryState.SENDING,
                    lease_owner=owner,
                    lease_until=now + LEASE,
                    attempts=deliveries.c.attempts + 1,
                    updated_at=now,
                )
                .returning(deliveries.c.id)
            )
            .scalars()
            .all()
        )
        return self._parcels(taken)

    def next_due(self, now: datetime) -> datetime | None:
        """Return when the first part is due of those that wait for their time."""
        return self._connection.execute(
            sa.select(sa.func.min(deliveries.c.next_at, type_=deliveries.c.next_at.type)).where(
                deliveries.c.state == DeliveryState.QUEUED, deliveries.c.next_at > now
            )
        ).scalar()

    def _parcels(self, numbers: Sequence[int]) -> Sequence[Parcel]:
        rows = self._connection.execute(
            sa.select(
                deliveries.c.id,
                deliveries.c.message_id,
                deliveries.c.part,
                deliveries.c.channel,
                deliveries.c.address,
                deliveries.c.body,
                deliveries.c.attempts,
                deliveries.c.choices,
                deliveries.c.template,
                deliveries.c.attachment_id,
                messages.c.subject,
                messages.c.automatic,
                messages.c.refs,
                cases.c.number,
                cases.c.reply_token,
                cases.c.token,
                conversations.c.desk_address,
                conversations.c.last_inbound_at,
            )
            .join(messages, messages.c.id == deliveries.c.message_id)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .outerjoin(cases, cases.c.id == messages.c.case_id)
            .where(deliveries.c.id.in_(numbers))
            .order_by(deliveries.c.id)
        ).all()
        return [
            Parcel(
                delivery=row.id,
                message=row.message_id,
                part=row.part,
                channel=Channel(row.channel),
                address=row.address,
                desk_address=row.desk_address,
                body=row.body,
                subject=row.subject,
                automatic=row.automatic,
                references=tuple(row.refs),
                case=row.number,
                attempts=row.attempts,
                attachments=self._files(row),
                choices=tuple(Choice(**choice) for choice in row.choices or ()),
                template=TemplateUse(**row.template) if row.template else None,
                reply_token=row.reply_token,
                case_page=f"/caso/{row.token}" if row.token else None,
                last_inbound=row.last_inbound_at,
            )
            for row in rows
        ]

    def _files(self, part: Any) -> tuple[Attachment, ...]:
        """Return a part's own file; the first part of a message whose files have no parts carries them all."""
        if part.attachment_id is not None:
            wanted = attachments.c.id == part.attachment_id
        elif part.part == 0:
            apart = sa.select(deliveries.c.attachment_id).where(
                deliveries.c.message_id == part.message_id, deliveries.c.attachment_id.is_not(None)
            )
            wanted = sa.and_(attachments.c.message_id == part.message_id, attachments.c.id.not_in(apart))
        else:
            return ()
        rows = self._connection.execute(
            sa.select(attachments).where(wanted).order_by(attachments.c.id)
        ).mappings()
        return tuple(Attachment(row["name"], row["media_type"], row["content"], row["id"]) for row in rows)

    def sent(self, delivery: int, provider_id: str, now: datetime) -> None:
        """Note that the provider took a part; a report that came before this is applied now."""
        self._connection.execute(
            deliveries.update()
            .where(deliveries.c.id == delivery)
            .values(
                state=DeliveryState.SENT,
                provider_id=provider_id,
                reason=None,
                lease_owner=None,
                lease_until=None,
                updated_at=now,
            )
        )
        row = self._connection.execute(
            sa.select(deliveries.c.message_id, deliveries.c.channel, deliveries.c.part).where(
                deliveries.c.id == delivery
            )
        ).one()
        if row.part == 0:
            self._connection.execute(
                messages.update().where(messages.c.id == row.message_id).values(provider_id=provider_id)
            )
        self._log(delivery, DeliveryState.SENT, provider_id, now)
        early = (
            self._connection.execute(
                sa.select(status_reports)
                .where(status_reports.c.channel == row.channel, status_reports.c.provider_id == provider_id)
                .order_by(status_reports.c.id)
            )
            .mappings()
            .all()
        )
        for report in early:
            self._move(delivery, DeliveryState(report["state"]), report["reason"], now)

    def again(self, delivery: int, reason: str, at: datetime, now: datetime) -> None:
        """Let a part wait for another attempt."""
        self._settle(delivery, DeliveryState.QUEUED, reason, at, now)

    def failed(self, delivery: int, reason: str, now: datetime) -> None:
        """Give a part up, visibly."""
        self._settle(delivery, DeliveryState.FAILED, reason, None, now)

    def hold(self, delivery: int, reason: str, now: datetime) -> None:
        """Let a part wait until its person writes again."""
        self._settle(delivery, DeliveryState.QUEUED, reason, None, now)

    def uncertain(self, delivery: int, reason: str, now: datetime) -> None:
        """Note that nobody knows whether a part was sent."""
        self._settle(delivery, DeliveryState.UNCERTAIN, reason, None, now)

    def _settle(
        self, delivery: int, state: DeliveryState, reason: str, next_at: datetime | None, now: datetime
    ) -> None:
        self._connection.execute(
            deliveries.update()
            .where(deliveries.c.id == delivery)
            .values(
                state=state,
                reason=reason,
                next_at=next_at,
                lease_owner=None,
                lease_until=None,
                updated_at=now,
            )
        )
        self._log(delivery, state, reason, now)

    def report(
        self, channel: Channel, provider_id: str, state: DeliveryState, reason: str | None, now: datetime
    ) -> str | None:
        """Take a provider's report in whatever order it comes; returns the case's number if it changed one."""
        self._connection.execute(
            status_reports.insert().values(
                channel=channel, provider_id=provider_id, state=state, reason=reason, at=now
            )
        )
        delivery = self._connection.execute(
            sa.select(deliveries.c.id).where(
                deliveries.c.channel == channel, deliveries.c.provider_id == provider_id
            )
        ).scalar()
        if delivery is None or not self._move(delivery, state, reason, now):
            return None
        return self.case_of(delivery)

    def conversation_of(self, delivery: int) -> int:
        """Return the conversation that a delivery belongs to."""
        return int(
            self._connection.execute(
                sa.select(messages.c.conversation_id)
                .join(deliveries, deliveries.c.message_id == messages.c.id)
                .where(deliveries.c.id == delivery)
            ).scalar_one()
        )

    def sent_as(self, channel: Channel, provider_ids: Sequence[str]) -> int | None:
        """Return the delivery that the provider knows by one of these ids, the first that is known."""
        rows = self._connection.execute(
            sa.select(deliveries.c.provider_id, deliveries.c.id).where(
                deliveries.c.channel == channel, deliveries.c.provider_id.in_(list(provider_ids))
            )
        )
        known = {row.provider_id: int(row.id) for row in rows}
        return next((known[name] for name in provider_ids if name in known), None)

    def proof(self, message: int) -> Sequence[DeliveryProof]:
        """Return how each part of a message went out, with every attempt and report."""
        return self.proofs([message]).get(message, ())

    def proofs(self, of: Sequence[int]) -> dict[int, Sequence[DeliveryProof]]:
        """Return how messages went out, by message (see `proof`)."""
        if not of:
            return {}
        parts = (
            self._connection.execute(
                sa.select(deliveries).where(deliveries.c.message_id.in_(of)).order_by(deliveries.c.part)
            )
            .mappings()
            .all()
        )
        logged = self._connection.execute(
            sa.select(attempts)
            .where(attempts.c.delivery_id.in_([part["id"] for part in parts]))
            .order_by(attempts.c.id)
        ).mappings()
        tries: dict[int, list[Attempt]] = {}
        for row in logged:
            tries.setdefault(row["delivery_id"], []).append(
                Attempt(row["at"], DeliveryState(row["outcome"]), row["detail"])
            )
        found: dict[int, list[DeliveryProof]] = {}
        for part in parts:
            proof = DeliveryProof(
                part=part["part"],
                body=part["body"],
                channel=Channel(part["channel"]),
                address=part["address"],
                why=part["why"],
                state=DeliveryState(part["state"]),
                reason=part["reason"],
                provider_id=part["provider_id"],
                attempts=tuple(tries.get(part["id"], ())),
            )
            found.setdefault(part["message_id"], []).append(proof)
        return dict(found)

    def _move(self, delivery: int, state: DeliveryState, reason: str | None, now: datetime) -> bool:
        known = DeliveryState(
            self._connection.execute(
                sa.select(deliveries.c.state).where(deliveries.c.id == delivery)
            ).scalar_one()
        )
        arrived = (DeliveryState.DELIVERED, DeliveryState.READ)
        if state.rank <= known.rank or (state is DeliveryState.FAILED and known in arrived):
            return False
        self._connection.execute(
            deliveries.update()
            .where(deliveries.c.id == delivery)
            .values(state=state, reason=reason, updated_at=now)
        )
        self._log(delivery, state, reason, now)
        return True

    def has_stranded(self, now: datetime) -> bool:
        """Say whether there are parts whose sender died while sending: its lease is over."""
        return (
            self._connection.execute(sa.select(deliveries.c.id).where(*_stranded(now)).limit(1)).first()
            is not None
        )

    def take_over(self, owner: str, now: datetime) -> Sequence[Parcel]:
        """Take over the parts of a dead sender, so that one node alone settles them."""
        left = sa.select(deliveries.c.id).where(*_stranded(now)).with_for_update(skip_locked=True)
        numbers = (
            self._connection.execute(
                deliveries.update()
                .where(deliveries.c.id.in_(left.scalar_subquery()))
                .values(lease_owner=owner, lease_until=now + LEASE)
                .returning(deliveries.c.id)
            )
            .scalars()
            .all()
        )
        return self._parcels(numbers)

    def known(self, channel: Channel, provider_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these ids belong to parts that are already marked as sent."""
        rows = self._connection.execute(
            sa.select(deliveries.c.provider_id).where(
                deliveries.c.channel == channel, deliveries.c.provider_id.in_(list(provider_ids))
            )
        )
        return frozenset(rows.scalars())

    def retry(self, message: int, now: datetime) -> None:
        """Send the parts of a message that did not arrive once more; raises `NotFound` or `Conflict`."""
        rows = self._connection.execute(
            sa.select(deliveries.c.id, deliveries.c.state).where(deliveries.c.message_id == message)
        ).all()
        if not rows:
            raise NotFound("Ese mensaje no tiene entrega.")
        missing = [row.id for row in rows if row.state in (DeliveryState.FAILED, DeliveryState.UNCERTAIN)]
        if not missing:
            raise Conflict("Ese mensaje ya salió o está saliendo; no hace falta reintentar.")
        self._connection.execute(
            deliveries.update()
            .where(deliveries.c.id.in_(missing))
            .values(
                state=DeliveryState.QUEUED,
                next_at=now,
                attempts=0,
                provider_id=None,
                reason=None,
                updated_at=now,
            )
        )

    def case_of(self, delivery: int) -> str | None:
        """Return the number of the case that a delivery belongs to."""
        return self._connection.execute(
            sa.select(cases.c.number)
            .join(messages, messages.c.case_id == cases.c.id)
            .join(deliveries, deliveries.c.message_id == messages.c.id)
            .where(deliveries.c.id == delivery)
        ).scalar()

    def _log(self, delivery: int, outcome: DeliveryState, detail: str | None, now: datetime) -> None:
        self._connection.execute(
            attempts.insert().values(delivery_id=delivery, at=now, outcome=outcome, detail=detail)
        )


def _stranded(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (deliveries.c.state == DeliveryState.SENDING, deliveries.c.lease_until < now)

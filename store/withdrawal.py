"""Taking an answer back before it leaves: none of its parts is sent, and nobody calls to read it out."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cases.errors import Conflict, NotFound
from cases.model import Attachment
from cases.vocabulary import DeliveryState
from intake.reply import WINDOW_CLOSED
from store import waits
from store.tables import attachments, callbacks, conversations, deliveries, messages

INSTEAD = "No salió por aquí: se respondió por"
"""How the reason begins with which a held answer gives way to one by another channel."""

TOO_LATE = "La respuesta ya está saliendo: no se puede deshacer. Si hace falta, escriba otra que la corrija."


class WithdrawalRows:
    """Answers that are taken back."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def withdraw(self, message: int, reason: str, now: datetime) -> None:
        """Mark an answer as never sent; raises `Conflict` where its time is over or any part of it has begun to go out.

        A notice that was to announce it goes with it; a held answer that had given way to it is held again, and the
        dialogue stands where it stood, unless it has gone on since.
        """
        found = (
            self._connection.execute(sa.select(messages).where(messages.c.id == message).with_for_update())
            .mappings()
            .one()
        )
        if found["withdrawn_at"] is not None:
            raise Conflict("Esa respuesta ya se retiró.")
        if found["undo_until"] is None or found["undo_until"] <= now:
            raise Conflict(TOO_LATE)
        self._stop(message, reason, now)
        notices = self._connection.execute(
            sa.select(messages.c.id)
            .join(deliveries, deliveries.c.message_id == messages.c.id)
            .where(
                messages.c.conversation_id == found["conversation_id"],
                messages.c.case_id == found["case_id"],
                messages.c.automatic,
                messages.c.withdrawn_at.is_(None),
                messages.c.undo_until == found["undo_until"],
                deliveries.c.template.is_not(None),
            )
        ).scalars()
        for notice in set(notices):
            self._stop(int(notice), reason, now)
        self._hold_again(found["case_id"], found["at"], now)
        if found["case_id"] is not None:
            waits.reckon(self._connection, found["case_id"])
        if found["talk_before"] is not None:
            self._talk_again(found["conversation_id"], found["talk_before"])

    def remember(self, message: int, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Note how the dialogue stood before an answer and after it."""
        self._connection.execute(
            messages.update()
            .where(messages.c.id == message)
            .values(talk_before={"before": before, "after": after})
        )

    def file(self, attachment: int) -> tuple[int | None, Attachment]:
        """Return a file of a withdrawn answer, and its case; raises `NotFound`."""
        row = (
            self._connection.execute(
                sa.select(attachments, messages.c.case_id)
                .join(messages, messages.c.id == attachments.c.message_id)
                .where(attachments.c.id == attachment, messages.c.withdrawn_at.is_not(None))
            )
            .mappings()
            .first()
        )
        if row is None:
            raise NotFound("No existe ese archivo.")
        return row["case_id"], Attachment(row["name"], row["media_type"], row["content"], row["id"])

    def _talk_again(self, conversation: int, states: dict[str, Any]) -> None:
        now_is = self._connection.execute(
            sa.select(conversations.c.state).where(conversations.c.id == conversation)
        ).scalar_one()
        if now_is == states["after"]:
            self._connection.execute(
                conversations.update()
                .where(conversations.c.id == conversation)
                .values(state=states["before"])
            )

    def _hold_again(self, case: int, at: datetime, now: datetime) -> None:
        of_case = sa.select(messages.c.id).where(messages.c.case_id == case)
        self._connection.execute(
            deliveries.update()
            .where(
                deliveries.c.message_id.in_(of_case),
                deliveries.c.state == DeliveryState.FAILED,
                deliveries.c.updated_at == at,
                deliveries.c.reason.startswith(INSTEAD),
            )
            .values(state=DeliveryState.QUEUED, reason=WINDOW_CLOSED, next_at=None, updated_at=now)
        )

    def _stop(self, message: int, reason: str, now: datetime) -> None:
        """Stop every part of a message, or none: the sender may have been faster."""
        mine = deliveries.c.message_id == message
        parts = self._connection.execute(
            sa.select(sa.func.count()).select_from(deliveries).where(mine)
        ).scalar_one()
        stopped = self._connection.execute(
            deliveries.update()
            .where(mine, deliveries.c.state == DeliveryState.QUEUED, deliveries.c.attempts == 0)
            .values(state=DeliveryState.FAILED, reason=reason, next_at=None, updated_at=now)
        )
        if stopped.rowcount != parts:
            raise Conflict(TOO_LATE)
        self._call_off(message)
        self._connection.execute(messages.update().where(messages.c.id == message).values(withdrawn_at=now))

    def _call_off(self, message: int) -> None:
        """Take the call off the list, unless somebody has begun to call."""
        tried = self._connection.execute(
            sa.select(callbacks.c.attempts, callbacks.c.done).where(callbacks.c.message_id == message)
        ).first()
        if tried is not None and (tried.attempts or tried.done):
            raise Conflict(TOO_LATE)
        self._connection.execute(callbacks.delete().where(callbacks.c.message_id == message))

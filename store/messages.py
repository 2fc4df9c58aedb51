"""Messages, their attachments, and the deliveries that an answer is made of."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import NotFound
from cases.model import (
    Attachment,
    Case,
    Conversation,
    Inbound,
    Message,
    Outgoing,
)
from cases.vocabulary import ASSISTANT, Channel, DeliveryState, Direction
from store import waits
from store.message_reading import whole
from store.tables import attachments, callbacks, deliveries, message_versions, messages

LOOKED_AT = 100
"""Messages of a conversation that are looked at for what went out since its person last wrote."""


class MessageRows:
    """Implements `cases.ports.Messages`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def take(
        self, inbound: Inbound, conversation: int, case: int | None, author: str, ledger: int | None
    ) -> Message:
        """Store an incoming message."""
        row = (
            self._connection.execute(
                messages.insert()
                .values(
                    conversation_id=conversation,
                    case_id=case,
                    direction=Direction.IN,
                    channel=inbound.channel,
                    author=author,
                    subject=inbound.subject,
                    text=inbound.text,
                    provider_id=inbound.provider_id,
                    refs=list(inbound.references),
                    automatic=inbound.automatic,
                    ledger_id=ledger,
                    at=inbound.at,
                    checks=asdict(inbound.checks) if inbound.checks else None,
                    album=inbound.album,
                )
                .returning(messages)
            )
            .mappings()
            .one()
        )
        self._attach(row["id"], inbound.attachments)
        if case is not None and not inbound.automatic:
            waits.begin(self._connection, case, inbound.at)
        return whole(self._connection, [row])[0]

    def say(
        self, case: Case | None, conversation: Conversation, outgoing: Outgoing, now: datetime
    ) -> Message:
        """Store an answer with its deliveries, or with the call to make, in one transaction with everything else."""
        row = (
            self._connection.execute(
                messages.insert()
                .values(
                    conversation_id=conversation.id,
                    case_id=case.id if case else None,
                    direction=Direction.OUT,
                    channel=conversation.channel,
                    author=outgoing.author,
                    subject=outgoing.subject,
                    text=outgoing.text,
                    refs=list(outgoing.references),
                    automatic=outgoing.automatic,
                    at=now,
                    undo_until=outgoing.leaves,
                )
                .returning(messages)
            )
            .mappings()
            .one()
        )
        files = self._attach(row["id"], outgoing.attachments)
        self._connection.execute(
            deliveries.insert(),
            [
                {
                    "message_id": row["id"],
                    "part": place,
                    "body": part.body,
                    "channel": conversation.channel,
                    "address": conversation.answer_to or conversation.address,
                    "state": DeliveryState.QUEUED,
                    "reason": outgoing.held,
                    "next_at": None if outgoing.by_voice or outgoing.held else outgoing.leaves or now,
                    "updated_at": now,
                    "why": outgoing.why,
                    "choices": [asdict(choice) for choice in part.choices] or None,
                    "template": asdict(part.template) if part.template else None,
                    "attachment_id": files[part.file] if part.file is not None else None,
                }
                for place, part in enumerate(outgoing.parts)
            ],
        )
        if case is not None and not outgoing.automatic and outgoing.author != ASSISTANT:
            waits.end(self._connection, case.id)
        if outgoing.by_voice and case is not None:
            self._connection.execute(
                callbacks.insert().values(
                    case_id=case.id,
                    message_id=row["id"],
                    phone=conversation.address,
                    due_at=outgoing.leaves or now,
                    outcomes=[],
                )
            )
        return whole(self._connection, [row])[0]

    def edit(self, inbound: Inbound, conversation: int) -> Message | None:
        """Give a message of this conversation its new text and file and keep the old ones; None if it is not known.

        What moves by itself (a live position) keeps no versions.
        """
        old = self.named(inbound.channel, (inbound.edits,)) if inbound.edits else None
        if old is None or old.conversation != conversation or old.direction is not Direction.IN:
            return None
        known = set(
            self._connection.execute(
                sa.select(attachments.c.sha256).where(attachments.c.message_id == old.id)
            ).scalars()
        )
        fresh = [f for f in inbound.attachments if hashlib.sha256(f.content).hexdigest() not in known]
        self._attach(old.id, fresh)
        if old.text != inbound.text:
            if not inbound.automatic:
                self._connection.execute(
                    message_versions.insert().values(message_id=old.id, text=old.text, until=inbound.at)
                )
            self._connection.execute(
                messages.update().where(messages.c.id == old.id).values(text=inbound.text)
            )
        return self.get(old.id)

    def add_to_album(self, inbound: Inbound, conversation: int) -> Message | None:
        """Put a file of a known album, and what was written under it, into that album's message."""
        if inbound.album is None:
            return None
        row = self._connection.execute(
            sa.select(messages.c.id, messages.c.text).where(
                messages.c.conversation_id == conversation, messages.c.album == inbound.album
            )
        ).first()
        if row is None:
            return None
        self._attach(row.id, inbound.attachments)
        text = "\n".join(filter(None, (row.text, inbound.text)))
        self._connection.execute(messages.update().where(messages.c.id == row.id).values(text=text))
        return self.get(row.id)

    def automatic_since(self, conversation: int, since: datetime) -> int:
        """Count what the desk sent by itself in a conversation since then."""
        return int(
            self._connection.execute(
                sa.select(sa.func.count())
                .select_from(messages)
                .where(
                    messages.c.conversation_id == conversation,
                    messages.c.direction == Direction.OUT,
                    messages.c.automatic,
                    messages.c.withdrawn_at.is_(None),
                    messages.c.at > since,
                )
            ).scalar_one()
        )

    def answered_after(self, message: int) -> bool:
        """Say whether a person of the desk wrote in a message's conversation after it."""
        later = messages.alias("later")
        return (
            self._connection.execute(
                sa.select(later.c.id)
                .join(messages, messages.c.conversation_id == later.c.conversation_id)
                .where(
                    messages.c.id == message,
                    later.c.id > message,
                    later.c.direction == Direction.OUT,
                    ~later.c.automatic,
                    later.c.withdrawn_at.is_(None),
                )
                .limit(1)
            ).first()
            is not None
        )

    def noticed_since(self, conversation: int, since: datetime | None) -> bool:
        """Say whether an approved template went out to the person since then; looks at the newest messages."""
        newest = (
            sa.select(messages.c.id)
            .where(messages.c.conversation_id == conversation)
            .order_by(messages.c.id.desc())
            .limit(LOOKED_AT)
        )
        found = (
            sa.select(deliveries.c.id)
            .join(messages, messages.c.id == deliveries.c.message_id)
            .where(
                messages.c.id.in_(newest.scalar_subquery()),
                deliveries.c.template.is_not(None),
                deliveries.c.state != DeliveryState.FAILED,
            )
        )
        if since is not None:
            found = found.where(messages.c.at > since)
        return self._connection.execute(found.limit(1)).first() is not None

    def release(self, conversation: int, now: datetime) -> None:
        """Let go out what was held until the person wrote again; what is to be read out goes on waiting for its call."""
        mine = sa.select(messages.c.id).where(
            messages.c.conversation_id == conversation,
            messages.c.id.not_in(sa.select(callbacks.c.message_id).where(~callbacks.c.done)),
        )
        self._connection.execute(
            deliveries.update()
            .where(
                deliveries.c.message_id.in_(mine.scalar_subquery()),
                deliveries.c.state == DeliveryState.QUEUED,
                deliveries.c.next_at.is_(None),
                deliveries.c.reason.is_not(None),
            )
            .values(next_at=now, reason=None, updated_at=now)
        )

    def note(
        self, case: Case, author: str, text: str, now: datetime, *, whisper_to: int | None = None
    ) -> Message:
        """Store an internal note, for everybody of the desk or for one account alone."""
        row = (
            self._connection.execute(
                messages.insert()
                .values(
                    conversation_id=case.conversation,
                    case_id=case.id,
                    direction=Direction.NOTE,
                    channel=case.channel,
                    author=author,
                    text=text,
                    refs=[],
                    whisper_to=whisper_to,
                    at=now,
                )
                .returning(messages)
            )
            .mappings()
            .one()
        )
        return whole(self._connection, [row])[0]

    def of(self, case: int) -> Sequence[Message]:
        """Return a case's messages in order."""
        return whole(self._connection, self._rows(messages.c.case_id == case))

    def get(self, message: int) -> Message:
        """Return one message; raises `NotFound`."""
        rows = self._rows(messages.c.id == message)
        if not rows:
            raise NotFound("No existe ese mensaje.")
        return whole(self._connection, rows)[0]

    def move(self, numbers: Iterable[int], case: int) -> None:
        """Put messages under another case of the same conversation."""
        moved = messages.c.id.in_(list(numbers))
        left = self._connection.execute(sa.select(messages.c.case_id).where(moved).distinct()).scalars().all()
        self._connection.execute(messages.update().where(moved).values(case_id=case))
        for one in {case, *left} - {None}:
            waits.reckon(self._connection, one)

    def named(self, channel: Channel, provider_ids: Sequence[str]) -> Message | None:
        """Return the newest message that carries one of these provider ids."""
        if not provider_ids:
            return None
        rows = (
            self._connection.execute(
                sa.select(messages)
                .where(messages.c.channel == channel, messages.c.provider_id.in_(provider_ids))
                .order_by(messages.c.id.desc())
                .limit(1)
            )
            .mappings()
            .all()
        )
        return whole(self._connection, rows)[0] if rows else None

    def content(self, attachment: int) -> tuple[int, Attachment]:
        """Return the case and the bytes of an attachment; raises `NotFound`."""
        row = (
            self._connection.execute(
                sa.select(attachments, messages.c.case_id)
                .join(messages, messages.c.id == attachments.c.message_id)
                .where(attachments.c.id == attachment)
            )
            .mappings()
            .first()
        )
        if row is None or row["case_id"] is None:
            raise NotFound("No existe ese archivo.")
        return row["case_id"], Attachment(row["name"], row["media_type"], row["content"], row["id"])

    def _attach(self, message: int, files: Sequence[Attachment]) -> list[int]:
        """Store files and return their rows, in order."""
        return [
            int(
                self._connection.execute(
                    attachments.insert()
                    .values(
                        message_id=message,
                        name=file.name,
                        media_type=file.media_type,
                        size=len(file.content),
                        sha256=hashlib.sha256(file.content).hexdigest(),
                        content=file.content,
                    )
                    .returning(attachments.c.id)
                ).scalar_one()
            )
            for file in files
        ]

    def _rows(self, condition: sa.ColumnElement[bool]) -> Sequence[RowMapping]:
        return (
            self._connection.execute(
                sa.select(messages).where(condition).order_by(messages.c.at, messages.c.id)
            )
            .mappings()
            .all()
        )

"""Messages read from their rows, with what belongs to each."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.model import Delivery, Message, StoredAttachment, Version
from cases.traffic import Checks
from cases.vocabulary import Channel, DeliveryState, Direction
from store.tables import attachments, deliveries, message_versions


def whole(connection: sa.Connection, rows: Sequence[RowMapping]) -> list[Message]:
    """Return messages, each with its files, how far it got and what it said before, in the rows' order."""
    numbers = [row["id"] for row in rows]
    came = [row["id"] for row in rows if row["direction"] == Direction.IN]
    sent = _deliveries(connection, [row["id"] for row in rows if row["direction"] == Direction.OUT])
    versions = _versions(connection, came)
    files = _files(connection, numbers)
    return [
        Message(
            id=row["id"],
            case=row["case_id"],
            conversation=row["conversation_id"],
            direction=Direction(row["direction"]),
            channel=Channel(row["channel"]),
            author=row["author"],
            subject=row["subject"],
            text=row["text"],
            at=row["at"],
            provider_id=row["provider_id"],
            references=tuple(row["refs"]),
            delivery=sent.get(row["id"]),
            attachments=tuple(files.get(row["id"], ())),
            automatic=row["automatic"],
            checks=Checks(**row["checks"]) if row["checks"] else None,
            versions=tuple(versions.get(row["id"], ())),
            whisper_to=row["whisper_to"],
            undo_until=row["undo_until"],
            withdrawn=row["withdrawn_at"],
        )
        for row in rows
    ]


def _deliveries(connection: sa.Connection, numbers: list[int]) -> dict[int, Delivery]:
    """Return how far answers got; only those have deliveries."""
    if not numbers:
        return {}
    rows = connection.execute(
        sa.select(deliveries).where(deliveries.c.message_id.in_(numbers)).order_by(deliveries.c.part)
    ).mappings()
    reached: dict[int, Delivery] = {}
    for row in rows:
        part = Delivery(DeliveryState(row["state"]), row["reason"], row["attempts"])
        known = reached.get(row["message_id"])
        reached[row["message_id"]] = part if known is None else least(known, part)
    return reached


def _versions(connection: sa.Connection, numbers: list[int]) -> dict[int, list[Version]]:
    """Return what incoming messages said before; only those change."""
    if not numbers:
        return {}
    rows = connection.execute(
        sa.select(message_versions)
        .where(message_versions.c.message_id.in_(numbers))
        .order_by(message_versions.c.id)
    )
    versions: dict[int, list[Version]] = {}
    for row in rows:
        versions.setdefault(row.message_id, []).append(Version(row.text, row.until))
    return versions


def _files(connection: sa.Connection, numbers: list[int]) -> dict[int, list[StoredAttachment]]:
    rows = connection.execute(
        sa.select(
            attachments.c.id,
            attachments.c.message_id,
            attachments.c.name,
            attachments.c.media_type,
            attachments.c.size,
        )
        .where(attachments.c.message_id.in_(numbers))
        .order_by(attachments.c.id)
    )
    files: dict[int, list[StoredAttachment]] = {}
    for row in rows:
        files.setdefault(row.message_id, []).append(
            StoredAttachment(row.id, row.name, row.media_type, row.size)
        )
    return files


def least(one: Delivery, other: Delivery) -> Delivery:
    """Return the delivery of a message in several parts: the one that got least far; a failed part fails it."""

    def reach(part: Delivery) -> int:
        return -1 if part.state is DeliveryState.FAILED else part.state.rank

    return min(one, other, key=reach)

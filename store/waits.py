"""Who waits for an answer of a person, and since when: one row per such open case, so that nobody has to search all messages."""

from datetime import datetime

import sqlalchemy as sa

from cases.vocabulary import ASSISTANT, Direction, Status
from store.tables import cases, messages, waits

_BEGIN = sa.text(
    "INSERT INTO waits (case_id, since) SELECT id, :since FROM cases WHERE id = :case_id AND status <> 'closed'"
    " ON CONFLICT (case_id) DO NOTHING"
).bindparams(sa.bindparam("since", type_=waits.c.since.type))


def begin(connection: sa.Connection, case: int, since: datetime) -> None:
    """Note that the person of a case wrote; who waits already has waited since then, and in a closed one nobody waits."""
    connection.execute(_BEGIN, {"case_id": case, "since": since})


def end(connection: sa.Connection, case: int) -> None:
    """Note that nobody waits in a case any more: somebody answered, or it is the person's turn."""
    connection.execute(waits.delete().where(waits.c.case_id == case))


def reckon(connection: sa.Connection, case: int) -> None:
    """Find out again who waits in a case whose messages are others now: nobody while it waits for its person."""
    end(connection, case)
    if connection.execute(sa.select(cases.c.status).where(cases.c.id == case)).scalar() == Status.WAITING:
        return
    answered = (
        sa.select(sa.func.coalesce(sa.func.max(messages.c.id), 0))
        .where(
            messages.c.case_id == case,
            messages.c.direction == Direction.OUT,
            messages.c.author != ASSISTANT,
            ~messages.c.automatic,
            messages.c.withdrawn_at.is_(None),
        )
        .scalar_subquery()
    )
    first = sa.select(sa.func.min(messages.c.at, type_=messages.c.at.type)).where(
        messages.c.case_id == case,
        messages.c.direction == Direction.IN,
        ~messages.c.automatic,
        messages.c.id > answered,
    )
    since = connection.execute(first).scalar()
    if since is not None:
        begin(connection, case, since)

"""What somebody has begun to write about a case: an answer or a note, theirs alone until it is sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from cases.vocabulary import Channel
from store.tables import drafts


class DraftKind(StrEnum):
    """What a draft is to become."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that wait for their author; `withdrawn` is the answer whose files may go out again with them."""

    kind: DraftKind
    text: str
    channel: Channel | None
    withdrawn: int | None
    at: datetime


class DraftRows:
    """One draft of each kind for each person and case."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, user: int, case: int) -> dict[DraftKind, Draft]:
        """Return what a person has begun to write about a case."""
        rows = self._connection.execute(
            sa.select(drafts).where(drafts.c.user_id == user, drafts.c.case_id == case)
        ).mappings()
        return {
            DraftKind(row["kind"]): Draft(
                DraftKind(row["kind"]),
                row["text"],
                Channel(row["channel"]) if row["channel"] else None,
                row["message_id"],
                row["at"],
            )
            for row in rows
        }

    def keep(self, user: int, case: int, draft: Draft) -> None:
        """Keep a draft in the place of the one before; the answer that was withdrawn stays with it unless it names another."""
        values: dict[str, Any] = {"text": draft.text, "channel": draft.channel, "at": draft.at}
        if draft.withdrawn is not None:
            values["message_id"] = draft.withdrawn
        mine = (drafts.c.user_id == user, drafts.c.case_id == case, drafts.c.kind == draft.kind)
        changed = self._connection.execute(drafts.update().where(*mine).values(values))
        if not changed.rowcount:
            self._connection.execute(
                drafts.insert().values(user_id=user, case_id=case, kind=draft.kind, **values)
            )

    def clear(self, user: int, case: int, kind: DraftKind) -> None:
        """Forget a draft."""
        self._connection.execute(
            drafts.delete().where(drafts.c.user_id == user, drafts.c.case_id == case, drafts.c.kind == kind)
        )

"""The texts that the desk answers with again and again, each known by a shortcut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import Conflict, NotFound
from store.tables import canned_texts


@dataclass(frozen=True, slots=True)
class CannedText:
    """One text; one that is not `active` is kept, but nobody can insert it."""

    id: int
    shortcut: str
    title: str
    text: str
    by: str
    at: datetime
    active: bool


class TextRows:
    """The texts, by shortcut."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def all(self, *, active: bool = False) -> Sequence[CannedText]:
        """Return the texts by their shortcuts; `active`: only those in use."""
        query = sa.select(canned_texts).order_by(canned_texts.c.shortcut)
        if active:
            query = query.where(canned_texts.c.active)
        return [_text(row) for row in self._connection.execute(query).mappings()]

    def get(self, text: int) -> CannedText:
        """Return one text; raises `NotFound`."""
        row = (
            self._connection.execute(sa.select(canned_texts).where(canned_texts.c.id == text))
            .mappings()
            .first()
        )
        if row is None:
            raise NotFound("No existe ese texto.")
        return _text(row)

    def keep(
        self, text: int | None, shortcut: str, title: str, words: str, by: str, now: datetime
    ) -> CannedText:
        """Store a new text, or change one; raises `Conflict` where another has the shortcut, `NotFound`."""
        other = self._connection.execute(
            sa.select(canned_texts.c.id).where(canned_texts.c.shortcut == shortcut)
        ).scalar()
        if other is not None and other != text:
            raise Conflict(f"Ya hay un texto con el atajo ;{shortcut}.")
        values = {"shortcut": shortcut, "title": title, "text": words, "by": by, "at": now}
        if text is None:
            statement = canned_texts.insert().values(values).returning(canned_texts.c.id)
            return self.get(int(self._connection.execute(statement).scalar_one()))
        self._connection.execute(canned_texts.update().where(canned_texts.c.id == text).values(values))
        return self.get(text)

    def switch(self, text: int, by: str, now: datetime, *, active: bool) -> None:
        """Put a text into use, or take it out of use; raises `NotFound`."""
        self.get(text)
        self._connection.execute(
            canned_texts.update().where(canned_texts.c.id == text).values(active=active, by=by, at=now)
        )


def _text(row: RowMapping) -> CannedText:
    return CannedText(
        row["id"], row["shortcut"], row["title"], row["text"], row["by"], row["at"], row["active"]
    )

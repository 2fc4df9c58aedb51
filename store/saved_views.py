"""Filters of the queue that somebody gave a name, and the one with which a person's queue opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import Conflict, NotFound
from store.tables import default_views, saved_views, users


@dataclass(frozen=True, slots=True)
class SavedView:
    """One named filter; `query` is the part of the queue's address that makes it again."""

    id: int
    owner: int
    by: str
    name: str
    query: str
    shared: bool


class SavedViewRows:
    """Each person's names are their own; a shared view is seen by all."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, user: int) -> Sequence[SavedView]:
        """Return what a person sees: their own views and the shared ones, by name."""
        rows = self._connection.execute(
            self._all()
            .where(sa.or_(saved_views.c.user_id == user, saved_views.c.shared))
            .order_by(sa.func.lower(saved_views.c.name), saved_views.c.id)
        ).mappings()
        return [_view(row) for row in rows]

    def get(self, view: int) -> SavedView:
        """Return one view; raises NotFound."""
        row = self._connection.execute(self._all().where(saved_views.c.id == view)).mappings().first()
        if row is None:
            raise NotFound("No existe esa vista.")
        return _view(row)

    def add(self, user: int, name: str, query: str, now: datetime, *, shared: bool) -> SavedView:
        """Keep a filter under a name; raises Conflict if the person has that name already."""
        self._free(user, name)
        made = self._connection.execute(
            saved_views.insert()
            .values(user_id=user, name=name, query=query, shared=shared, at=now)
            .returning(saved_views.c.id)
        ).scalar_one()
        return self.get(made)

    def change(self, view: SavedView, name: str, *, shared: bool) -> SavedView:
        """Rename a view, or share it; what is shared no more opens nobody else's queue."""
        self._free(view.owner, name, but=view.id)
        self._connection.execute(
            saved_views.update().where(saved_views.c.id == view.id).values(name=name, shared=shared)
        )
        if view.shared and not shared:
            self._connection.execute(
                default_views.delete().where(
                    default_views.c.view_id == view.id, default_views.c.user_id != view.owner
                )
            )
        return self.get(view.id)

    def remove(self, view: int) -> None:
        """Forget a view, for everyone whose queue opened with it too."""
        self._connection.execute(default_views.delete().where(default_views.c.view_id == view))
        self._connection.execute(saved_views.delete().where(saved_views.c.id == view))

    def default(self, user: int) -> int | None:
        """Return the view with which a person's queue opens."""
        return self._connection.execute(
            sa.select(default_views.c.view_id).where(default_views.c.user_id == user)
        ).scalar()

    def choose(self, user: int, view: int | None) -> None:
        """Let a person's queue open with a view, or with none."""
        self._connection.execute(default_views.delete().where(default_views.c.user_id == user))
        if view is not None:
            self._connection.execute(default_views.insert().values(user_id=user, view_id=view))

    def _all(self) -> sa.Select[tuple[object, ...]]:
        return sa.select(saved_views, users.c.name.label("by")).join(
            users, users.c.id == saved_views.c.user_id
        )

    def _free(self, user: int, name: str, *, but: int | None = None) -> None:
        taken = sa.select(saved_views.c.id).where(saved_views.c.user_id == user, saved_views.c.name == name)
        if but is not None:
            taken = taken.where(saved_views.c.id != but)
        if self._connection.execute(taken).first() is not None:
            raise Conflict(f"Ya tiene una vista que se llama «{name}».")


def _view(row: RowMapping) -> SavedView:
    return SavedView(row["id"], row["user_id"], row["by"], row["name"], row["query"], row["shared"])

"""Views of the queue: filters that people name, keep for themselves or share, and begin their day with."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.model import Account
from cases.rights import RIGHTS, Action, demand
from desk.desk import Desk
from store.saved_views import SavedView
from store.work import StoreWork

LONGEST_NAME = 64
LONGEST_QUERY = 2000
MOST = 30
"""Views that one person may keep; more would be a list to search in."""


@dataclass(frozen=True, slots=True)
class Views:
    """The views that a person sees, and which one their queue opens with."""

    all: Sequence[SavedView]
    default: int | None

    @property
    def first(self) -> SavedView | None:
        """The view with which the queue opens, if it is still there."""
        return next((view for view in self.all if view.id == self.default), None)


async def views_of(desk: Desk, account: Account) -> Views:
    """Return a person's own views and the shared ones."""
    demand(account, Action.SEE_CASES)
    return await desk.database.read(
        lambda work: Views(work.saved_views.of(account.id), work.saved_views.default(account.id))
    )


async def save(desk: Desk, account: Account, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep a filter under a name; raises Invalid without a name, or for one that the person has already."""
    demand(account, Action.SEE_CASES)
    named = _named(name)
    if len(query) > LONGEST_QUERY:
        raise Invalid("El filtro es demasiado largo para guardarlo.")
    if shared:
        demand(account, Action.SHARE_VIEW)

    def act(work: StoreWork) -> SavedView:
        mine = [view for view in work.saved_views.of(account.id) if view.owner == account.id]
        if len(mine) >= MOST:
            raise Conflict(f"Ya guardó {MOST} vistas; borre una que no use.")
        try:
            return work.saved_views.add(account.id, named, query, desk.now(), shared=shared)
        except Conflict as taken:
            raise Invalid("No se pudo guardar.", {"name": str(taken)}) from None

    return await desk.database.write(act)


async def change(desk: Desk, account: Account, view: int, name: str, *, shared: bool) -> SavedView:
    """Rename a view of one's own, share it or keep it for oneself again."""
    named = _named(name)

    def act(work: StoreWork) -> SavedView:
        found = _own(work, account, view)
        if shared and not found.shared:
            demand(account, Action.SHARE_VIEW)
        try:
            return work.saved_views.change(found, named, shared=shared)
        except Conflict as taken:
            raise Invalid("No se pudo guardar.", {"name": str(taken)}) from None

    return await desk.database.write(act)


async def remove(desk: Desk, account: Account, view: int) -> None:
    """Forget a view of one's own; whoever may share views may also take away a shared one."""

    def act(work: StoreWork) -> None:
        found = _seen(work, account, view)
        if found.owner != account.id and account.role not in RIGHTS[Action.SHARE_VIEW]:
            raise Forbidden("Esa vista es de otra persona.")
        work.saved_views.remove(found.id)

    await desk.database.write(act)


async def open_with(desk: Desk, account: Account, view: int | None) -> None:
    """Let the person's queue open with a view that they see, or with none."""
    demand(account, Action.SEE_CASES)

    def act(work: StoreWork) -> None:
        work.saved_views.choose(account.id, _seen(work, account, view).id if view is not None else None)

    await desk.database.write(act)


def _seen(work: StoreWork, account: Account, view: int) -> SavedView:
    found = work.saved_views.get(view)
    if found.owner != account.id and not found.shared:
        raise NotFound("No existe esa vista.")
    return found


def _own(work: StoreWork, account: Account, view: int) -> SavedView:
    found = _seen(work, account, view)
    if found.owner != account.id:
        raise Forbidden("Esa vista es de otra persona.")
    return found


def _named(name: str) -> str:
    named = " ".join(name.split())
    if not named:
        raise Invalid("Falta el nombre.", {"name": "Escriba un nombre para la vista."})
    if len(named) > LONGEST_NAME:
        raise Invalid("El nombre es muy largo.", {"name": f"Hasta {LONGEST_NAME} letras."})
    return named

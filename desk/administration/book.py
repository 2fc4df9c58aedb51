"""The administrators' book: what each of them did, chained so that a change to any entry shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.model import Account
from cases.rights import Action, demand
from desk.desk import Desk
from store.governing import BookEntry
from store.work import StoreWork


def note(work: StoreWork, account: Account, kind: str, data: Mapping[str, Any], now: datetime) -> None:
    """Write an act into the book and tell the screens."""
    work.procedures.record(account.username, kind, data, now)
    work.publish("administration-changed")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the whole book found: how many entries are whole, and the first that is not."""

    whole: int
    broken: str | None


@dataclass(frozen=True, slots=True)
class BookView:
    """A page of the book, the newest first, with everybody who has acted; `checked` if that was asked for."""

    entries: Sequence[BookEntry]
    more: bool
    actors: Sequence[str]
    checked: Checked | None


async def book(
    desk: Desk,
    account: Account,
    *,
    kinds: Sequence[str] = (),
    actor: str | None = None,
    before: int | None = None,
    limit: int = 50,
    check: bool = False,
) -> BookView:
    """Return what administrators did."""
    demand(account, Action.ADMINISTER)

    def read(work: StoreWork) -> BookView:
        found = work.governing.book(limit + 1, before=before, kinds=kinds, actor=actor)
        checked = Checked(*work.governing.check_book()) if check else None
        return BookView(found[:limit], len(found) > limit, work.governing.actors(), checked)

    return await desk.database.read(read)

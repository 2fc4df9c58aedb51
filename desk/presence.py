"""Who else looks at a case and writes in it now; a sign is renewed while a page is open and forgotten soon after."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cases.model import Account, Case
from desk.desk import Desk, open_to
from desk.notes import may_see
from desk.notices import read_about
from store.presences import Looker
from store.work import StoreWork

STAYS = timedelta(seconds=45)
"""How long after the last sign somebody still counts as there."""


async def beat(desk: Desk, account: Account, number: str, *, writing: bool) -> Sequence[Looker]:
    """Note that somebody looks at a case, or writes in it, and return the others who do.

    What they were told of the case counts as read. Others hear of it only when something changes for them.
    """

    def act(work: StoreWork) -> Sequence[Looker]:
        case, now = open_to(work, account, number), desk.now()
        if work.presences.keep(case.id, account.id, now, now - STAYS, writing=writing):
            _publish(work, case)
        read_about(work, account, case, now)
        return work.presences.of(case.id, now - STAYS, but=account.id)

    return await desk.database.write(act)


async def leave(desk: Desk, account: Account, number: str) -> None:
    """Note that somebody has left a case's page."""

    def act(work: StoreWork) -> None:
        case = open_to(work, account, number)
        if work.presences.leave(case.id, account.id):
            _publish(work, case)

    await desk.database.write(act)


async def lookers(desk: Desk, account: Account, number: str) -> Sequence[Looker]:
    """Return the others who look at a case now."""

    def read(work: StoreWork) -> Sequence[Looker]:
        return lookers_at(work, account, open_to(work, account, number), desk.now())

    return await desk.database.read(read)


def lookers_at(work: StoreWork, account: Account, case: Case, now: datetime) -> Sequence[Looker]:
    """Read who else looks at a case within a transaction."""
    return work.presences.of(case.id, now - STAYS, but=account.id)


def named(others: Sequence[Looker]) -> str:
    """Return a mark that differs whenever who looks, or who writes, does."""
    return " ".join(f"{one.user}{'w' if one.writing else ''}" for one in others)


async def looked_at(desk: Desk, account: Account) -> Mapping[str, Sequence[str]]:
    """Return the cases that others look at now, of those that this account may see, each with their names."""

    def read(work: StoreWork) -> Mapping[str, Sequence[str]]:
        return eyes(work, account, desk.now())

    return await desk.database.read(read)


def eyes(work: StoreWork, account: Account, now: datetime) -> Mapping[str, Sequence[str]]:
    """Read who looks at which case within a transaction (see `looked_at`)."""
    found: dict[str, list[str]] = {}
    for case, number, name in work.presences.everywhere(now - STAYS, but=account.id):
        if number in found or may_see(work, account, work.cases.by_id(case)):
            found.setdefault(number, []).append(name)
    return found


async def forget_absent(desk: Desk) -> int:
    """Take away those who gave no sign for long, and tell the pages that showed them."""
    before = desk.now() - STAYS
    if not await desk.database.read(lambda work: work.presences.stale(before)):
        return 0

    def act(work: StoreWork) -> int:
        missed = work.presences.sweep(before)
        for case in missed:
            _publish(work, work.cases.by_id(case))
        return len(missed)

    return await desk.database.write(act)


def _publish(work: StoreWork, case: Case) -> None:
    """Name the case to the screens; `units` are those whose people may hear it."""
    work.publish("presence-changed", case=case.number, units=" ".join(work.presences.units(case.id)))

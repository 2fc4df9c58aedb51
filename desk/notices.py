"""What people are told about their cases: written with the act that causes it, heard by their own browsers alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.model import Account, Case
from desk.desk import Desk
from store.notices import Kind, Notice
from store.work import StoreWork

KEPT = timedelta(days=90)
"""How long a notice stays after it was read."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody wants to hear of notices while they look elsewhere; both are off until they say so."""

    desktop: bool = False
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Notices:
    """Somebody's notices, newest first."""

    found: Sequence[Notice]
    unread: int
    more: bool
    ways: Ways


def tell(
    work: StoreWork,
    user: int | None,
    kind: Kind,
    case: Case,
    by: str,
    now: datetime,
    *,
    message: int | None = None,
) -> None:
    """Tell one person within the caller's transaction; nobody where there is nobody to tell."""
    if user is not None:
        work.notices.add(user, kind, case.id, message, by, now)
        work.publish("notices-changed", user=str(user))


def tell_wrote(work: StoreWork, case: Case, by: str, now: datetime, message: int | None) -> None:
    """Tell whose case it is that the citizen wrote."""
    tell(work, case.assignee, "wrote", case, by, now, message=message)


def tell_returned(work: StoreWork, case: Case, account: Account, now: datetime) -> None:
    """Tell whose case comes back: the one who has it, or else the last one who took a step with the role that gets it."""
    if case.role is None:
        return
    user = case.assignee
    if user is None or not work.accounts.get(user).acts_as(case.role):
        actors = dict.fromkeys(entry.actor for entry in reversed(work.record.of(case.id)))
        named = [found[0] for found in map(work.accounts.named, actors) if found is not None]
        user = next((one.id for one in named if one.acts_as(case.role)), None)
    if user != account.id:
        tell(work, user, "returned", case, account.name, now)


async def notices_of(desk: Desk, account: Account, *, before: int | None = None, limit: int = 50) -> Notices:
    """Return somebody's own notices."""

    def read(work: StoreWork) -> Notices:
        found = work.notices.of(account, before=before, limit=limit + 1)
        unread = work.notices.unread(account)
        return Notices(found[:limit], unread, len(found) > limit, ways_of(work, account))

    return await desk.database.read(read)


async def open_notice(desk: Desk, account: Account, notice: int) -> Notice:
    """Mark one of one's notices as read and return where it leads; raises NotFound."""

    def act(work: StoreWork) -> Notice:
        found = work.notices.get(account, notice)
        _read(work, account, desk.now(), notice=notice)
        return found

    return await desk.database.write(act)


async def read_notices(desk: Desk, account: Account, notice: int | None = None) -> None:
    """Mark one of one's notices, or all of them, as read."""
    await desk.database.write(lambda work: _read(work, account, desk.now(), notice=notice))


def read_about(work: StoreWork, account: Account, case: Case, now: datetime) -> None:
    """Mark what was told of a case as read: its page is open before the person's eyes."""
    if work.notices.waits(account.id, case.id):
        _read(work, account, now, case=case.id)


def _read(
    work: StoreWork, account: Account, now: datetime, *, notice: int | None = None, case: int | None = None
) -> None:
    if work.notices.read(account.id, now, notice=notice, case=case):
        work.publish("notices-changed", user=str(account.id))


async def choose_ways(desk: Desk, account: Account, ways: Ways) -> None:
    """Keep how somebody wants to hear of notices."""

    def act(work: StoreWork) -> None:
        work.preferences.keep(account.id, desktop=ways.desktop, sound=ways.sound)

    await desk.database.write(act)


def ways_of(work: StoreWork, account: Account) -> Ways:
    """Return how somebody wants to hear of notices."""
    chosen = work.preferences.of(account.id)
    return Ways(chosen.get("desktop") is True, chosen.get("sound") is True)


async def forget_old_notices(desk: Desk) -> int:
    """Take away what was read long ago."""
    return await desk.database.write(lambda work: work.notices.forget(desk.now() - KEPT))

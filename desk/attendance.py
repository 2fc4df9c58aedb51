"""Who says that they are available, what a person's header shows, and what a supervisor sees of everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cases.model import Account
from cases.rights import Action, demand
from desk.assignment import AT_DESK
from desk.desk import Desk
from desk.notices import Ways, ways_of
from store.attendances import Colleague
from store.work import StoreWork

STALE = timedelta(minutes=1)
"""How old the last sign of a person may be before it is written anew."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What every page's header says of the person who looks: their unread notices, and the number of the newest; `stale`: their last sign is to be written anew."""

    unread: int
    newest: int
    available: bool
    ways: Ways
    stale: bool


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody of the desk as a supervisor sees them: `there` says that they are available and a page of theirs is open."""

    colleague: Colleague
    there: bool


async def visit(desk: Desk, key: str) -> tuple[Account, Standing] | None:
    """Return whose session this is and what their header says, in one reading."""

    def read(work: StoreWork) -> tuple[Account, Standing] | None:
        now = desk.now()
        account = work.accounts.session(key, now)
        if account is None:
            return None
        attendance = work.attendances.of(account.id)
        seen = attendance.seen if attendance is not None else None
        return account, Standing(
            unread=work.notices.unread(account),
            newest=work.notices.newest(account.id),
            available=attendance is not None and attendance.available,
            ways=ways_of(work, account),
            stale=seen is None or now - seen >= STALE,
        )

    return await desk.database.read(read)


async def sign(desk: Desk, account: Account) -> None:
    """Note that a page of this person is open."""
    await desk.database.write(lambda work: work.attendances.seen(account.id, desk.now()))


async def declare(desk: Desk, account: Account, *, available: bool) -> None:
    """Keep whether a person says that they are available; nothing of theirs moves by it."""

    def act(work: StoreWork) -> None:
        work.attendances.say(account.id, desk.now(), available=available)
        work.publish("people-changed")

    await desk.database.write(act)


async def people_now(desk: Desk, account: Account) -> Sequence[OnDuty]:
    """Return everybody who takes steps, who of them is there and how many open cases each has."""
    demand(account, Action.MONITOR)
    return await desk.database.read(lambda work: people(desk, work))


def people(desk: Desk, work: StoreWork) -> Sequence[OnDuty]:
    """Read who is there within a transaction (see `people_now`)."""
    since = desk.now() - AT_DESK
    return [
        OnDuty(
            one, there=said is not None and said.available and said.seen is not None and said.seen >= since
        )
        for one in work.attendances.everyone()
        for said in (one.attendance,)
    ]

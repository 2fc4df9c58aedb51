"""The quarantine: what could not be trusted or understood, kept until somebody decides."""

from collections.abc import Sequence

from cases.errors import Conflict
from cases.model import Account, Quarantined
from cases.rights import Action, demand
from desk.desk import Desk
from store.work import StoreWork


async def quarantined(
    desk: Desk, account: Account, *, before: int | None = None, limit: int = 50
) -> Sequence[Quarantined]:
    """Return what is in quarantine, newest first."""
    demand(account, Action.QUARANTINE)
    return await desk.database.read(lambda work: work.ledger.quarantined(before, limit))


async def release(desk: Desk, account: Account, item: int) -> Quarantined:
    """Take something up again as if it had just arrived; a forged one cannot be, its sender is not known."""
    demand(account, Action.QUARANTINE)

    def act(work: StoreWork) -> Quarantined:
        settled = work.ledger.settle(item, "released", account.username, desk.now())
        if settled.arrival is None:
            raise Conflict("Nadie sabe quién envió esto (firma falsa): solo puede descartarse.")
        work.ledger.take_up_again(settled.arrival, desk.now())
        work.publish("ledger")
        work.publish("quarantine-changed")
        return settled

    return await desk.database.write(act)


async def discard(desk: Desk, account: Account, item: int) -> Quarantined:
    """Settle something as not worth a case; it stays in the ledger."""
    demand(account, Action.QUARANTINE)

    def act(work: StoreWork) -> Quarantined:
        settled = work.ledger.settle(item, "discarded", account.username, desk.now())
        work.publish("quarantine-changed")
        return settled

    return await desk.database.write(act)

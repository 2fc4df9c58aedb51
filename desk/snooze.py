"""Putting a case off: it leaves the lists of what to do now, and comes back at its time or when the citizen writes."""

from datetime import datetime, timedelta

from cases.errors import Conflict, Invalid
from cases.model import Account, Case
from cases.procedure import Value
from cases.rights import Action, demand
from cases.vocabulary import SYSTEM
from desk.desk import Desk, open_to
from desk.marks import still_open, write_entry
from desk.notices import tell
from store.work import StoreWork

LONGEST = timedelta(days=60)
BATCH = 100
PUT_OFF, BACK = "snooze", "snooze_over"
AT_ITS_TIME = "Llegó el momento."
CITIZEN_WROTE = "La persona escribió."


async def snooze(desk: Desk, account: Account, number: str, until: datetime, reason: str = "") -> Case:
    """Put an open case off until a moment; its clocks go on. Raises Invalid for a moment that is past or too far."""
    demand(account, Action.SNOOZE)

    def act(work: StoreWork) -> Case:
        case = still_open(open_to(work, account, number))
        put_off(desk, work, account, case, until, reason, desk.now())
        return case

    return await desk.database.write(act)


def put_off(
    desk: Desk, work: StoreWork, account: Account, case: Case, until: datetime, reason: str, now: datetime
) -> None:
    """Put a case off within the caller's transaction (see `snooze`)."""
    if until <= now:
        raise Invalid("No se puede posponer.", {"at": "El momento tiene que ser futuro."})
    if until - now > LONGEST:
        raise Invalid("No se puede posponer.", {"at": f"Se pospone hasta por {LONGEST.days} días."})
    work.snoozes.put(case.id, until, reason.strip(), account.name, now)
    data: dict[str, Value] = {"until": until, "reason": reason.strip()}
    write_entry(desk, work, case, PUT_OFF, data, account.username, now, internal=True)
    _publish(work, case)


async def bring_back(desk: Desk, account: Account, number: str) -> Case:
    """Bring a case back before its time; raises Conflict where nobody put it off."""
    demand(account, Action.SNOOZE)

    def act(work: StoreWork) -> Case:
        case, now = open_to(work, account, number), desk.now()
        if not work.snoozes.remove(case.id):
            raise Conflict("El caso no está pospuesto.")
        write_entry(desk, work, case, BACK, {}, account.username, now, internal=True)
        _publish(work, case)
        return case

    return await desk.database.write(act)


def wake_for_citizen(desk: Desk, work: StoreWork, case: Case, now: datetime) -> None:
    """Bring a case back because its person wrote, within the caller's transaction."""
    if work.snoozes.remove(case.id):
        write_entry(desk, work, case, BACK, {"reason": CITIZEN_WROTE}, SYSTEM, now, internal=True)


async def wake_all(desk: Desk) -> int:
    """Bring back whatever has reached its moment; most of the time that is nothing, and nothing is written."""
    if not await desk.database.read(lambda work: work.snoozes.over(desk.now(), 1)):
        return 0
    return await desk.database.write(lambda work: wake(desk, work, desk.now()))


def wake(desk: Desk, work: StoreWork, now: datetime) -> int:
    """Bring back the cases whose moment has come and tell whoever has them; returns how many came back."""
    over = [row for row in work.snoozes.over(now, BATCH) if work.snoozes.end(row, now)]
    for row in over:
        case = work.cases.by_id(row)
        if case.closed is None:
            write_entry(desk, work, case, BACK, {"reason": AT_ITS_TIME}, SYSTEM, now, internal=True)
            tell(work, case.assignee, "back", case, SYSTEM, now)
            _publish(work, case)
    return len(over)


def _publish(work: StoreWork, case: Case) -> None:
    work.publish("case-changed", case=case.number)
    work.publish("queue-changed")

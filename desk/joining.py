"""What the dialogues to split and to join cases choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.model import Account, Case, Message
from cases.rights import Action, demand
from desk.desk import Desk, open_to
from desk.marks import still_open
from desk.notes import may_hear
from store.work import StoreWork

MOST = 30


@dataclass(frozen=True, slots=True)
class Splitting:
    """A case that is to be split, and the messages that may go: what people said, not what a machine answered."""

    case: Case
    messages: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Target:
    """An open case that another one may be joined to, with what was said in it last."""

    case: Case
    last: str


@dataclass(frozen=True, slots=True)
class Merging:
    """A case that is to be joined, and the open cases of its person; a case of somebody else that it answered comes first."""

    case: Case
    targets: Sequence[Target]


async def splitting(desk: Desk, account: Account, number: str) -> Splitting:
    """Return what a case can be split by; raises Conflict for a closed one."""
    demand(account, Action.SPLIT)

    def read(work: StoreWork) -> Splitting:
        case = still_open(open_to(work, account, number))
        return Splitting(case, [message for message in may_go(work, account, case) if not message.automatic])

    return await desk.database.read(read)


async def merging(desk: Desk, account: Account, number: str) -> Merging:
    """Return what a case can be joined to; raises Conflict for a closed one."""
    demand(account, Action.MERGE)

    def read(work: StoreWork) -> Merging:
        case = still_open(open_to(work, account, number))
        found = list(work.queries.of_person(case.person, case.id, MOST))
        if case.parent is not None and case.parent not in {other.id for other in found}:
            found.insert(0, work.cases.by_id(case.parent))
        able = [other for other in found if other.closed is None]
        said = work.worklist.said_in([other.id for other in able])
        return Merging(case, [Target(other, (said.get(other.id) or [""])[0]) for other in able])

    return await desk.database.read(read)


def may_go(work: StoreWork, account: Account, case: Case) -> Sequence[Message]:
    """Return the messages that this account may put elsewhere: neither whispers to others nor what was never sent."""
    said = work.messages.of(case.id)
    return [message for message in said if message.withdrawn is None and may_hear(account, message)]

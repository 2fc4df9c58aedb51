"""What a case's page shows of the people around it: who has it, who else is there, whom a note can name, until when it is put off."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.model import Account
from cases.rights import RIGHTS, Action
from desk.desk import Desk, open_to
from desk.notes import may_see
from desk.presence import lookers_at, named
from store.presences import Looker
from store.snoozes import Snooze
from store.work import StoreWork


@dataclass(frozen=True, slots=True)
class Around:
    """The people around one case; `whispers_to` is the name of the one to whom this account may whisper."""

    number: str
    looking: Sequence[Looker]
    assignee: Account | None
    mine: bool
    snooze: Snooze | None
    known: Sequence[Account]
    whispers_to: str | None

    @property
    def mark(self) -> str:
        """What differs whenever who looks, or who writes, does."""
        return named(self.looking)

    @property
    def writers(self) -> Sequence[Looker]:
        """The others who write an answer now."""
        return [one for one in self.looking if one.writing]


async def around(desk: Desk, account: Account, number: str) -> Around:
    """Return the people around a case that the account may see."""
    return await desk.database.read(lambda work: around_of(desk, work, account, number))


def around_of(desk: Desk, work: StoreWork, account: Account, number: str) -> Around:
    """Read the people around a case within a transaction (see `around`)."""
    case, now = open_to(work, account, number), desk.now()
    assignee = work.accounts.get(case.assignee) if case.assignee is not None else None
    mine = case.assignee == account.id
    whispers = assignee is not None and not mine and account.role in RIGHTS[Action.WHISPER]
    return Around(
        number=case.number,
        looking=lookers_at(work, account, case, now),
        assignee=assignee,
        mine=mine,
        snooze=work.snoozes.of(case.id, now),
        known=[one for one in work.accounts.all() if one.id != account.id and may_see(work, one, case)],
        whispers_to=assignee.name if whispers and assignee is not None else None,
    )

"""What a case's page shows of the people around it: who has it, who else is there, whom a note can name, until when it is put off."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.model import Account, Case
from cases.rights import RIGHTS, Action
from cases.vocabulary import AccountRole
from desk.desk import Desk, open_to
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

    def read(work: StoreWork) -> Around:
        return around_of(desk, work, account, open_to(work, account, number), work.accounts.all())

    return await desk.database.read(read)


def around_of(
    desk: Desk, work: StoreWork, account: Account, case: Case, everyone: Sequence[Account]
) -> Around:
    """Read the people around a case within a transaction (see `around`); `everyone` are the desk's people."""
    now, seen_by = desk.now(), work.cases.units_of(case.id)
    assignee = next((one for one in everyone if one.id == case.assignee), None)
    if assignee is None and case.assignee is not None:
        assignee = work.accounts.get(case.assignee)  # an account that is closed
    mine = case.assignee == account.id
    whispers = assignee is not None and not mine and account.role in RIGHTS[Action.WHISPER]
    return Around(
        number=case.number,
        looking=lookers_at(work, account, case, now),
        assignee=assignee,
        mine=mine,
        snooze=work.snoozes.of(case.id, now),
        known=[
            one
            for one in everyone
            if one.id != account.id and (one.role is not AccountRole.UNIDAD or one.unit in seen_by)
        ],
        whispers_to=assignee.name if whispers and assignee is not None else None,
    )

"""Administration at a glance: what there is, and what needs a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.model import Account
from cases.rights import Action, demand
from cases.vocabulary import Unit
from desk.desk import Desk
from store.accounts import UNIT_NAMES
from store.governing import BookEntry
from store.work import StoreWork

LATEST = 8


@dataclass(frozen=True, slots=True)
class Overview:
    """How many of each thing there are, and the latest acts."""

    people: int
    logged_in: int
    administrators: int
    tokens: int
    systems: int
    versions: int
    days: int
    quarantined: int
    latest: Sequence[BookEntry]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit with its people, its open cases and its systems."""

    unit: Unit
    name: str
    people: Sequence[str]
    open_cases: int
    systems: Sequence[str]


async def overview(desk: Desk, account: Account) -> Overview:
    """Return administration at a glance."""
    demand(account, Action.ADMINISTER)
    now: datetime = desk.now()

    def read(work: StoreWork) -> Overview:
        members = [one for one in work.staff.members(now) if one.active and not one.program]
        return Overview(
            people=len(members),
            logged_in=sum(1 for one in members if one.sessions),
            administrators=len(work.staff.administrators()),
            tokens=sum(1 for token in work.staff.tokens() if token.revoked is None),
            systems=len(work.accounts.systems()),
            versions=len(list(desk.library)),
            days=len(work.governing.days()),
            quarantined=work.governing.quarantined(),
            latest=work.governing.book(LATEST),
        )

    return await desk.database.read(read)


async def units(desk: Desk, account: Account) -> Sequence[UnitLine]:
    """Return the manual's units, with who works in each and what each owns."""
    demand(account, Action.ADMINISTER)

    def read(work: StoreWork) -> Sequence[UnitLine]:
        members = [one for one in work.staff.members(desk.now()) if one.active and not one.program]
        open_cases, systems = work.staff.open_per_unit(), work.accounts.systems()
        return [
            UnitLine(
                unit=unit,
                name=UNIT_NAMES[unit],
                people=[one.account.name for one in members if one.account.unit is unit],
                open_cases=open_cases.get(unit, 0),
                systems=[system.name for system in systems if system.unit is unit],
            )
            for unit in Unit
        ]

    return await desk.database.read(read)

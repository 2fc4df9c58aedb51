"""A unit's tray: its cases by the clock, the late ones first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.errors import Forbidden
from cases.model import Account
from cases.procedure import Place
from cases.vocabulary import AccountRole, Role
from desk.desk import Desk
from store.tray import TrayRow
from workflow.definition import UnknownPlaceError

LIMIT = 200
WEEK = 7


class When(StrEnum):
    """When something is due, as a day's work is planned; what came back is looked at before all else."""

    RETURNED = "returned"
    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Task:
    """One case of a unit and what it needs: the activity of its step, in the manual's words."""

    row: TrayRow
    place: str
    activity: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cases that are due at one time."""

    when: When
    tasks: Sequence[Task]


async def tray(desk: Desk, account: Account) -> Sequence[Shelf]:
    """Return a unit's cases by when they are due, each shelf in the order of the clock; raises Forbidden for others."""
    if account.role is not AccountRole.UNIDAD:
        raise Forbidden("La bandeja es de las unidades; su cuenta no es de ninguna.")
    role, now = Role(account.unit), desk.now()
    rows = await desk.database.read(lambda work: work.tray.of(role, LIMIT))
    shelves: dict[When, list[Task]] = {when: [] for when in When}
    for row in rows:
        shelf = When.RETURNED if row.back is not None else when(desk, row.due, now)
        shelves[shelf].append(_task(desk, row))
    return [Shelf(each, tasks) for each, tasks in shelves.items() if tasks]


def when(desk: Desk, due: datetime | None, now: datetime) -> When:
    """Say when something is due: late, today, until the end of this week, later, or never."""
    if due is None:
        return When.NEVER
    if due < now:
        return When.LATE
    day, today = due.astimezone(desk.timezone).date(), now.astimezone(desk.timezone).date()
    sunday = today + timedelta(days=WEEK - 1 - today.weekday())
    if day == today:
        return When.TODAY
    return When.WEEK if day <= sunday else When.LATER


def _task(desk: Desk, row: TrayRow) -> Task:
    place = Place(row.procedure, row.version, row.step)
    try:
        activity = desk.library.step(place).activity
    except UnknownPlaceError:
        activity = ""
    return Task(row, str(place), activity)

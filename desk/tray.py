"""A unit's tray: its cases by the clock, the late ones first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from cases.errors import Forbidden
from cases.model import Account
from cases.procedure import Place
from cases.vocabulary import AccountRole, Role
from desk.desk import Desk
from store.tray import TrayRow
from workflow.definition import UnknownPlaceError

SHOWN = 20
"""Cases of a shelf that stand in the tray; the rest is one click away."""
LIMIT = 200
"""Cases of a shelf that is looked at by itself."""
WEEK = 7


class When(StrEnum):
    """When something is due, as a day's work is planned, in the tray's order; what came back is looked at before all else."""

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
    """The first cases that are due at one time, and how many there are in all."""

    when: When
    tasks: Sequence[Task]
    count: int


async def tray(desk: Desk, account: Account, only: When | None = None) -> Sequence[Shelf]:
    """Return the first of a unit's cases by when they are due, or more of one shelf, each in the order of the clock.

    Raises Forbidden for others.
    """
    if account.role is not AccountRole.UNIDAD:
        raise Forbidden("La bandeja es de las unidades; su cuenta no es de ninguna.")
    role, ends, order = Role(account.unit), _ends(desk), list(When)
    limit = SHOWN if only is None else LIMIT
    place = None if only is None else order.index(only)
    found = await desk.database.read(lambda work: work.tray.shelves(role, ends, limit, place))
    return [Shelf(order[at], [_task(desk, row) for row in rows], many) for at, many, rows in found]


def _ends(desk: Desk) -> Sequence[datetime]:
    """Return when what is due is late, when today ends, and when this week does."""
    now = desk.now()
    today = now.astimezone(desk.timezone).date()
    days = (today + timedelta(days=1), today + timedelta(days=WEEK - today.weekday()))
    return (now, *(datetime.combine(day, time(), desk.timezone).astimezone(UTC) for day in days))


def _task(desk: Desk, row: TrayRow) -> Task:
    place = Place(row.procedure, row.version, row.step)
    try:
        activity = desk.library.step(place).activity
    except UnknownPlaceError:
        activity = ""
    return Task(row, str(place), activity)

"""The supervisors' monitor: who waits, who speaks with whom, how today goes; whispering and taking over.

Every figure is counted from what is stored, over indexes that end at the open cases or at today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from cases.model import Account, Case
from cases.rights import Action, demand
from cases.vocabulary import Channel, Role
from desk.assignment import hand
from desk.attendance import OnDuty, people
from desk.desk import Desk, open_to
from desk.marks import still_open
from desk.report_times import WorkingTime, spread
from intake.dialogue.states import DialogueState
from store.monitor import TalkRow
from store.report_scope import Scope
from store.work import StoreWork

LIMIT = 60
LOOKED_AT = 300
"""How many conversations are looked through for those of a view that no index knows."""
WEEKS = 4
"""So many earlier days of the same weekday are what is usual."""
DAY = timedelta(days=1)
QUARTER = 900


class Speaks(StrEnum):
    """Who answers in a conversation now."""

    BOT = "bot"
    PERSON = "person"


class View(StrEnum):
    """Which conversations are looked at."""

    WAITING = "waiting"
    PERSON = "person"
    BOT = "bot"
    UNDELIVERED = "undelivered"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Talk:
    """One open conversation as the monitor shows it."""

    row: TalkRow
    speaks: Speaks
    wants_person: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """How many cases an hour of today brought, beside what is usual; `usual` is None where nothing is known."""

    hour: int
    count: int
    usual: float | None


@dataclass(frozen=True, slots=True)
class Mood:
    """How today goes: who waits, what came in against the usual, the first answers, what the assistant solved.

    `first_answer` is the middle one in minutes of working time, of the `answered` cases opened today.
    """

    day: date
    waiting: int
    longest: str | None
    longest_since: datetime | None
    hours: Sequence[Hour]
    opened: int
    usual_by_now: float | None
    first_answer: float | None
    answered: int
    solved_by_bot: int


@dataclass(frozen=True, slots=True)
class Monitor:
    """One look at the open conversations."""

    talks: Sequence[Talk]
    mood: Mood
    people: Sequence[OnDuty]


async def monitor(desk: Desk, account: Account, view: View, channel: Channel | None) -> Monitor:
    """Return what a supervisor sees now."""
    demand(account, Action.MONITOR)

    def read(work: StoreWork) -> Monitor:
        return Monitor(_talks(work, view, channel)[:LIMIT], mood(desk, work), people(desk, work))

    return await desk.database.read(read)


async def talk(desk: Desk, account: Account, number: str) -> Talk:
    """Return one conversation by its case; raises NotFound."""
    demand(account, Action.MONITOR)

    def read(work: StoreWork) -> Talk:
        case = open_to(work, account, number)
        row = work.monitor.talk(case.number)
        assert row is not None  # the case was just read
        return _seen(row)

    return await desk.database.read(read)


def _talks(work: StoreWork, view: View, channel: Channel | None) -> Sequence[Talk]:
    match view:
        case View.WAITING:
            rows = work.monitor.who_waits(channel, LIMIT)
        case View.PERSON:
            rows = work.monitor.who_waits(channel, LOOKED_AT)
        case View.UNDELIVERED:
            rows = work.monitor.undelivered(channel, LIMIT)
        case View.BOT:
            rows = work.monitor.latest(channel, LOOKED_AT)
        case View.ALL:
            rows = work.monitor.latest(channel, LIMIT)
    talks = [_seen(row) for row in rows]
    if view is View.PERSON:
        return [one for one in talks if one.wants_person]
    if view is View.BOT:
        return [one for one in talks if one.speaks is Speaks.BOT and one.row.role is Role.OPERADOR]
    return talks


def _seen(row: TalkRow) -> Talk:
    state = DialogueState.load(row.state)
    spoken = state.person_writes or row.channel is Channel.PHONE
    return Talk(row, Speaks.PERSON if spoken else Speaks.BOT, state.wants_person)


def mood(desk: Desk, work: StoreWork) -> Mood:
    """Count how today goes."""
    now = desk.now()
    today = now.astimezone(desk.timezone).date()
    start, end = _bounds(desk, today)
    waiting = work.monitor.waiting()
    hours, usual_by_now = _hours(desk, work, today, now)
    working = WorkingTime.of(desk.calendar, start, now)
    first = [working.minutes(began, ended) for began, ended in work.monitor.first_answers(start, end)]
    return Mood(
        day=today,
        waiting=waiting.count,
        longest=waiting.longest,
        longest_since=waiting.since,
        hours=hours,
        opened=sum(hour.count for hour in hours),
        usual_by_now=usual_by_now,
        first_answer=spread(first).median,
        answered=len(first),
        solved_by_bot=work.monitor.self_solved(start, end),
    )


def _bounds(desk: Desk, day: date) -> tuple[datetime, datetime]:
    start, end = (datetime.combine(one, time(), desk.timezone).astimezone(UTC) for one in (day, day + DAY))
    return start, end


def _hours(desk: Desk, work: StoreWork, today: date, now: datetime) -> tuple[Sequence[Hour], float | None]:
    """Put today's arrivals beside those of the same weekday in the weeks before, as far as the desk was open then."""
    mine = _arrivals(desk, work, today)
    earlier = _earlier(desk, work, [today - timedelta(weeks=week) for week in range(1, WEEKS + 1)])
    known = [day for day in earlier if day]
    told = [
        Hour(
            hour,
            sum(count for at, count in mine.items() if at.hour == hour),
            round(sum(count for day in known for at, count in day.items() if at.hour == hour) / len(known), 1)
            if known
            else None,
        )
        for hour in range(24)
    ]
    if not known:
        return told, None
    present = now.astimezone(desk.timezone).time()
    so_far = sum(count for day in known for at, count in day.items() if at <= present) / len(known)
    return told, round(so_far, 1)


def _earlier(desk: Desk, work: StoreWork, days: Sequence[date]) -> Sequence[Mapping[time, int]]:
    """Return what days that are over brought; each is counted once, for as long as it is looked at."""
    kept = desk.past_arrivals
    desk.past_arrivals = {day: kept[day] if day in kept else _arrivals(desk, work, day) for day in days}
    return list(desk.past_arrivals.values())


def _arrivals(desk: Desk, work: StoreWork, day: date) -> Mapping[time, int]:
    """Return how many cases each quarter of an hour of a day brought, by when it begins."""
    start, end = _bounds(desk, day)
    return {
        datetime.fromtimestamp(bucket.quarter * QUARTER, desk.timezone).time(): bucket.count
        for bucket in work.reports.counted(Scope(start, end, end))
    }


async def take_over(desk: Desk, account: Account, number: str) -> Case:
    """Take a conversation on oneself: the assistant is silent from here on, and the record says who has it.

    Raises Conflict for a closed case.
    """
    demand(account, Action.TAKE_OVER)

    def act(work: StoreWork) -> Case:
        case = still_open(open_to(work, account, number))
        conversation = work.people.conversation_of(case.conversation)
        state = DialogueState.load(conversation.state).taken_over()
        work.people.remember(conversation.id, state.dump())
        return hand(desk, work, account, case, account, desk.now())

    return await desk.database.write(act)

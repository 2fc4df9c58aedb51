"""The clocks of a case: a target for each step and the estimate, on the working calendar, paused while waiting.

Near its limit a clock tells the unit that has the case, past it the supervisor (entries of the record, and the screens).
"""

from datetime import datetime, timedelta

from cases.model import Case
from desk.desk import Desk
from desk.marks import write_entry
from desk.notices import tell
from store.clocks import ClockRow
from store.work import StoreWork

NEAR = 0.75
"""The part of the working time after which a limit is near."""

TOLD = {0: "clock-near", 1: "clock-late"}
BATCH = 100


def start_step(desk: Desk, work: StoreWork, case: Case, now: datetime) -> None:
    """Start the clock of the step where a case now stands; a closed case has no clocks."""
    if case.place is None:
        work.clocks.remove(case.id)
        return
    hours = desk.library.step(case.place).target_hours
    if hours is None:
        work.clocks.remove(case.id, "step")
        return
    whole = timedelta(hours=hours)
    near = desk.calendar.add_working(now, whole * NEAR)
    work.clocks.put(case.id, "step", now, near, desk.calendar.add_working(now, whole))


def start_estimate(desk: Desk, work: StoreWork, case: Case, at: datetime, now: datetime) -> None:
    """Start the clock of a case's estimate."""
    near = desk.calendar.add_working(now, desk.calendar.working_between(now, at) * NEAR)
    work.clocks.put(case.id, "estimate", now, min(near, at), at)


def go_on(desk: Desk, work: StoreWork, case: int, now: datetime) -> None:
    """Let a case's paused clocks go on: their limits move by the working time that they stood."""
    for clock in work.clocks.of(case):
        if clock.paused is not None:
            stood = clock.paused
            near, due = (
                desk.calendar.add_working(now, max(timedelta(), desk.calendar.working_between(stood, limit)))
                for limit in (clock.near, clock.due)
            )
            work.clocks.go_on(clock, near, due)


def strike(desk: Desk, work: StoreWork, now: datetime) -> int:
    """Tell whoever is to be told of the clocks whose limit has come; returns how many did."""
    clocks = work.clocks.striking(now, BATCH)
    for clock in clocks:
        _tell(desk, work, clock, now)
    return len(clocks)


def _tell(desk: Desk, work: StoreWork, clock: ClockRow, now: datetime) -> None:
    case = work.cases.by_id(clock.case)
    write_entry(
        desk,
        work,
        case,
        TOLD[clock.level],
        {"clock": clock.kind, "due": clock.due},
        "sistema",
        now,
        internal=True,
    )
    work.clocks.tell(clock)
    tell(work, case.assignee, "due", case, "sistema", now)
    work.publish("clock", case=clock.number)
    work.publish("case-changed", case=clock.number)
    work.publish("queue-changed")

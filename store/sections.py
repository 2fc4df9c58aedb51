"""What the operators' open cases need now, as conditions on `cases`; clocks and postponements are read at a moment."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from cases.vocabulary import Role
from store.tables import cases, clocks, snoozes, waits


class Section(StrEnum):
    """What an operator's open cases need, each in one of these; `due` and `person` show some of them once more."""

    CONFIRM = "confirm"
    ANSWER = "answer"
    RETURNED = "returned"
    DUE = "due"
    PERSON = "person"
    CURRENT = "current"
    WAITING = "waiting"
    SNOOZED = "snoozed"


def in_section(section: Section, now: datetime | None) -> Sequence[sa.ColumnElement[bool]]:
    """Return the conditions of a section; without a moment nothing is postponed or due."""
    operators = cases.c.role == Role.OPERADOR
    wanted: dict[Section, Sequence[sa.ColumnElement[bool]]] = {
        Section.CONFIRM: (cases.c.section == "confirm",),
        Section.ANSWER: (cases.c.section == "current", waits_for_answer()),
        Section.RETURNED: (cases.c.section == "returned",),
        Section.DUE: (operators, has_clock(clocks.c.near_at, now)),
        Section.PERSON: (operators, cases.c.wants_person),
        Section.CURRENT: (cases.c.section == "current", ~waits_for_answer()),
        Section.WAITING: (cases.c.section == "waiting",),
        Section.SNOOZED: (_postponed(now),),
    }
    return wanted[section] if section is Section.SNOOZED else (*wanted[section], ~is_snoozed(now))


def moved_last() -> "sa.ColumnElement[str | None]":
    """Return the kind of a case's last move."""
    return cases.c.last_move


def waits_for_answer() -> sa.ColumnElement[bool]:
    """Say that the citizen said the last word: no person of the desk has answered since."""
    waiting = sa.select(waits.c.case_id).where(waits.c.case_id == cases.c.id)
    return waiting.correlate(cases).exists()


def is_snoozed(now: datetime | None) -> sa.ColumnElement[bool]:
    """Say that somebody postponed the case until later than now."""
    if now is None:
        return sa.false()
    asleep = sa.select(snoozes.c.case_id).where(snoozes.c.case_id == cases.c.id, snoozes.c.until > now)
    return asleep.correlate(cases).exists()


def _postponed(now: datetime | None) -> sa.ColumnElement[bool]:
    """Say the same of an operators' case, looked up from what was postponed: that is little, and their cases are many."""
    if now is None:
        return sa.false()
    asleep = sa.select(snoozes.c.case_id).where(snoozes.c.until > now)
    return sa.and_(cases.c.id.in_(asleep), sa.func.coalesce(cases.c.role, "") == Role.OPERADOR)


def has_clock(limit: sa.ColumnElement[object], now: datetime | None) -> sa.ColumnElement[bool]:
    """Say that a running clock of the case has come to a limit (`near_at` or `due_at`)."""
    if now is None:
        return sa.false()
    struck = sa.select(clocks.c.case_id).where(
        clocks.c.case_id == cases.c.id, clocks.c.paused_at.is_(None), limit <= now
    )
    return struck.correlate(cases).exists()

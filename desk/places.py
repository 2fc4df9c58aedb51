"""Putting a case at a place: its role, unit, stage and status follow, and its clock starts."""

from dataclasses import replace
from datetime import datetime

from cases.errors import Conflict
from cases.model import Case
from cases.vocabulary import Stage
from desk.assignment import give
from desk.clocks import start_step
from desk.desk import Desk
from desk.marks import saved, settle, write_entry
from store.work import StoreWork


def stand(desk: Desk, work: StoreWork, case: Case, now: datetime) -> Case:
    """Give a case what follows from the place where it now stands; one that stands nowhere is closed."""
    work.snoozes.remove(case.id)
    if case.place is None:
        case = settle(replace(case, role=None, closed=now, stage=Stage.NOTIFICATION), waiting=False)
    else:
        step = desk.library.step(case.place)
        if step.role.unit != case.unit:
            work.cases.seen_by(case.id, step.role.unit)
            case = replace(case, assignee=None)
        arrives = step.role != case.role
        case = settle(replace(case, role=step.role, unit=step.role.unit, stage=step.stage), waiting=False)
        case = give(desk, work, case, now) if arrives else case
    start_step(desk, work, case, now)
    return case


def reopened(desk: Desk, work: StoreWork, case: Case, reason: str, actor: str, now: datetime) -> Case:
    """Put a closed case back at the first step where a person acts; raises Conflict if it is not closed."""
    if case.closed is None:
        raise Conflict("El caso está abierto; no hace falta reabrirlo.")
    if case.merged_into is not None:
        raise Conflict("El caso está unido a otro; siga en el otro.")
    place = desk.library.procedure("PR01").first
    again = replace(case, place=place, closed=None, facts=None, stack=(), assignee=None, estimate=None)
    again = replace(stand(desk, work, again, now), last_move="reopening")
    write_entry(desk, work, again, "reopening", {"reason": reason}, actor, now)
    return saved(work, again, case.revision, now)

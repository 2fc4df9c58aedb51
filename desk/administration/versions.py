"""Versions of a procedure as an administrator weighs them: where cases stand on each, and what a migration would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.errors import NotFound
from cases.model import Account
from cases.rights import Action, demand
from desk.desk import Desk
from desk.procedures import outlook
from store.work import StoreWork
from workflow.definition import Procedure
from workflow.migration import UnsafePlanError


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version: whether new cases take it, and how many open cases stand on it or return to it."""

    procedure: Procedure
    active: bool
    open_cases: int


@dataclass(frozen=True, slots=True)
class StepLine:
    """One occupied step: how many cases, where they would go, and why they cannot if they cannot."""

    number: str
    activity: str
    cases: int
    onward: str | None
    fault: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a migration would do; `safe` only where no step has a fault. `cases` counts cases, not places."""

    before: Procedure
    after: Procedure
    steps: Sequence[StepLine]
    cases: int
    safe: bool


async def versions(desk: Desk, account: Account) -> Sequence[VersionLine]:
    """Return every version of every procedure."""
    demand(account, Action.ADMINISTER)

    def read(work: StoreWork) -> Sequence[VersionLine]:
        return [
            VersionLine(
                each,
                desk.library.active.get(each.code) == each.version,
                work.governing.open_on(each.code, each.version),
            )
            for each in desk.library
        ]

    return await desk.database.read(read)


async def preview(
    desk: Desk, account: Account, code: str, before: str, after: str, moved: Mapping[str, str]
) -> Preview:
    """Say what moving a version's open cases to another would do; nothing is changed. Raises NotFound."""
    demand(account, Action.ADMINISTER)
    known = desk.library.procedures
    if (code, before) not in known or (code, after) not in known:
        raise NotFound("No existe esa versión de ese procedimiento.")
    old, new = known[code, before], known[code, after]
    onward = {step.number: step.number for step in new.steps} | dict(moved)

    def read(work: StoreWork) -> Preview:
        occupied: dict[str, int] = {}
        for place, count in work.procedures.occupied(code, before).items():
            occupied[place.step] = occupied.get(place.step, 0) + count
        faults: Mapping[str, str] = {}
        try:
            outlook(work, desk.library, code, before, after, dict(moved))
        except UnsafePlanError as unsafe:
            faults = unsafe.faults
        steps = [
            StepLine(
                step.number,
                step.activity,
                occupied[step.number],
                onward.get(step.number),
                faults.get(step.number, ""),
            )
            for step in old.steps
            if step.number in occupied
        ]
        return Preview(old, new, steps, work.governing.open_on(code, before), not faults)

    return await desk.database.read(read)

"""Procedures as administrators keep them: add a version, activate it, switch extensions, migrate cases in flight.

Every act is written into the administrators' chained book (manual, sections 6 and 7: procedures change by resolution).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from cases.errors import Conflict, NotFound
from cases.model import Account, Case
from cases.procedure import EntryDraft, Facts, Place, Value
from cases.rights import Action, demand
from cases.vocabulary import Category
from desk.desk import Desk
from desk.places import stand
from desk.steps import run_of
from store.work import StoreWork
from workflow.definition import Library, Procedure, UnknownPlaceError
from workflow.loading import library as put_together
from workflow.loading import parse
from workflow.migration import Plan, check, migrate
from workflow.replay import Move, Recorded

BATCH = 500


def library_of(work: StoreWork) -> Library:
    """Return the shipped versions with those that were added, and the active one of each procedure."""
    shipped = Library.shipped()
    added = [parse(source, name) for name, source in work.procedures.added()]
    return put_together([*shipped, *added], {**shipped.active, **work.procedures.active()})


async def refresh_procedures(desk: Desk) -> None:
    """Run the procedures as they are kept now."""
    desk.library = await desk.database.read(library_of)
    desk.switched_off = await desk.database.read(lambda work: work.procedures.switched_off())


async def add_version(desk: Desk, account: Account, source: str) -> Procedure:
    """Keep a new version, not active yet. Raises FaultyProcedureError, or Conflict if it is there already."""
    demand(account, Action.ADMINISTER)
    draft = parse(source, "new version")

    def act(work: StoreWork) -> Procedure:
        known = library_of(work)
        if (draft.code, draft.version) in known.procedures:
            raise Conflict(f"Ya hay una versión {draft.version} de {draft.code}; una versión no se cambia.")
        put_together([*known, draft], known.active)
        work.procedures.add(draft.code, draft.version, source, account.username, desk.now())
        data = {"code": draft.code, "version": draft.version, "resolution": draft.resolution}
        work.procedures.record(account.username, "procedure-added", data, desk.now())
        work.publish("procedures-changed")
        return draft

    added = await desk.database.write(act)
    await refresh_procedures(desk)
    return added


async def activate(desk: Desk, account: Account, code: str, version: str) -> None:
    """Let new cases begin on a version; cases in flight stay on theirs. Raises NotFound."""
    demand(account, Action.ADMINISTER)

    def act(work: StoreWork) -> None:
        known = library_of(work)
        try:
            put_together(list(known), {**known.active, code: version})
            known.procedure(code, version)
        except UnknownPlaceError as unknown:
            raise NotFound(str(unknown)) from unknown
        work.procedures.activate(code, version)
        data = {"code": code, "version": version, "before": known.active.get(code, "")}
        work.procedures.record(account.username, "procedure-activated", data, desk.now())
        work.publish("procedures-changed")

    await desk.database.write(act)
    await refresh_procedures(desk)


async def switch_extension(desk: Desk, account: Account, answer: str, *, on: bool) -> None:
    """Switch one of the extensions on or off. Raises NotFound."""
    demand(account, Action.ADMINISTER)
    if answer not in desk.library.extensions:
        raise NotFound(f"No hay una extensión {answer}; hay: {', '.join(sorted(desk.library.extensions))}.")

    def act(work: StoreWork) -> None:
        work.procedures.switch(answer, on=on)
        kind = "extension-on" if on else "extension-off"
        work.procedures.record(account.username, kind, {"answer": answer}, desk.now())
        work.publish("procedures-changed")

    await desk.database.write(act)
    await refresh_procedures(desk)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a migration will do: where cases stand or may return to, and where they would go."""

    plan: Plan
    occupied: Mapping[str, int]

    def lines(self) -> Iterator[str]:
        """Tell it, a line a step."""
        for step, count in sorted(self.occupied.items()):
            yield f"{self.plan.before.code} {step} → {self.plan.steps.get(step, '?')}: {count}"


def outlook(
    work: StoreWork,
    library: Library,
    code: str,
    before: str,
    after: str,
    moved: Mapping[str, str] | None = None,
) -> Outlook:
    """Say what a migration would do; raises UnsafePlanError for an occupied step that the plan leaves out."""
    try:
        plan = Plan.of(library.procedure(code, before), library.procedure(code, after), moved)
    except UnknownPlaceError as unknown:
        raise NotFound(str(unknown)) from unknown
    occupied = work.procedures.occupied(code, before)
    check(plan, occupied)
    return Outlook(plan, {place.step: count for place, count in occupied.items()})


def migrate_batch(
    desk: Desk, work: StoreWork, account: Account, plan: Plan, after: int, limit: int = BATCH
) -> tuple[int, int]:
    """Move the next open cases to the plan's version, an entry each; returns (how many, the last one's row).

    Everything of a batch is stored together. Raises UnsafePlanError if a case has meanwhile got to an unmapped step.
    """
    demand(account, Action.ADMINISTER)
    now = desk.now()
    rows = work.procedures.on_version(plan.before.code, plan.before.version, after, limit)
    found = work.cases.by_ids(rows)
    check(plan, [place for case in found for place in (case.place, *case.stack) if place is not None])
    moved: list[Case] = []
    drafts: list[tuple[Case, EntryDraft, tuple[str, str]]] = []
    for case in found:
        run = migrate(plan, run_of(case))
        assert run.place is not None
        assert case.place is not None
        step = desk.library.step(run.place)
        data = {"from": f"{case.place} ({case.version})", "to": f"{run.place} ({run.place.version})"}
        drafts.append(
            (
                case,
                EntryDraft(run.place, "migration", dict(data), internal=True),
                (step.responsible, step.output),
            )
        )
        changed = replace(case, place=run.place, stack=run.stack)
        if (step.role, step.stage) != (case.role, case.stage):
            changed = stand(desk, work, changed, now)
        moved.append(changed)
    work.record.append_all(drafts, account.username, now)
    work.cases.replace_all(moved, now)
    return len(rows), rows[-1] if rows else after


async def migrate_cases(
    desk: Desk, account: Account, code: str, before: str, after: str, moved: Mapping[str, str] | None = None
) -> int:
    """Move every open case of a version to another by a plan, in batches; returns how many. It may be run again."""
    demand(account, Action.ADMINISTER)
    seen = await desk.database.read(lambda work: outlook(work, desk.library, code, before, after, moved))
    last = total = 0
    while True:
        count, last = await desk.database.write(
            lambda work, last=last: migrate_batch(desk, work, account, seen.plan, last)  # type: ignore[misc]
        )
        total += count
        if count < BATCH:
            break

    def act(work: StoreWork) -> None:
        data = {"code": code, "from": before, "to": after, "steps": dict(seen.plan.steps), "cases": total}
        work.procedures.record(account.username, "cases-migrated", data, desk.now())
        work.publish("queue-changed")

    await desk.database.write(act)
    return total


def recorded_cases(work: StoreWork, library: Library) -> Sequence[Recorded]:
    """Return the moves of every case as its record holds them, for replaying against a draft."""
    found = []
    for number, rows in groupby(work.procedures.recorded(), key=lambda row: row["number"]):
        facts: Facts | None = None
        moves: list[Move] = []
        for row in rows:
            data = row["data"]
            if row["kind"] == "classification":
                facts = Facts.of(
                    Category(data["category"]), handled_before_by_uit=bool(data["handled_before_by_uit"])
                )
            elif "answer" in data:
                place = Place(row["procedure"], row["version"], row["step"])
                moves.append(Move.recorded(place, _given(library, place, data), row["at"], facts))
        found.append(Recorded(str(number), tuple(moves)))
    return found


def _given(library: Library, place: Place, data: Mapping[str, Any]) -> dict[str, Value]:
    """Return what a person gave in a move, without what the desk added as proof; moments as moments."""
    answer = library.step(place).answer(data["answer"])
    kept: dict[str, Value] = {"answer": data["answer"], "to": data["to"]}
    for field in answer.fields if answer else ():
        if field.name in data:
            value = data[field.name]
            kept[field.name] = datetime.fromisoformat(value) if field.type == "datetime" else value
    return kept

"""The workflow: one step, the worklist of a unit, and a migration, with 20,000 stored cases."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from bench.figure import Figure, seconds
from bench.filling import ADMIN, fill, open_bench_desk
from cases.model import Account
from cases.vocabulary import AccountRole, Role, Unit
from desk.desk import Desk
from desk.procedures import migrate_cases
from desk.steps import take
from store.queries import CaseFilter
from store.work import StoreWork
from workflow.loading import library as put_together

CASES = 20_000
STEPS = 400
UIT = Account(0, "bench", "bench", AccountRole.UNIDAD, Unit.UIT)


def run() -> Sequence[Figure]:
    """Measure on SQLite."""
    desk = open_bench_desk()
    try:
        fill(desk, CASES)
        return [_worklist(desk), _step(desk), _migration(desk)]
    finally:
        desk.database.close()


def _worklist(desk: Desk) -> Figure:
    wanted = CaseFilter(role=Role.UIT)

    def ask() -> None:
        desk.database.read_now(lambda work: work.queries.cases(wanted, UIT, limit=50, oldest=True))

    ask()
    return Figure(
        f"worklist of one unit, {CASES:,} cases", f"{seconds(ask, 50) * 1000:.2f} ms", target="< 5 ms"
    )


def _step(desk: Desk) -> Figure:
    """Take one step of many cases in one transaction, so that the disk's sync is not what is measured."""

    def act(work: StoreWork) -> float:
        rows = work.queries.cases(CaseFilter(step="PR02 2"), UIT, limit=STEPS)
        begun = time.process_time()
        for row in rows:
            take(desk, work, UIT, row.number, "analyse", {"analysis": "Se reinició un nodo."}, 1)
        return (time.process_time() - begun) / len(rows)

    taken = desk.database.write_now(act)
    return Figure("one step: load, advance, record, store (CPU)", f"{taken * 1000:.2f} ms", target="< 1 ms")


def _migration(desk: Desk) -> Figure:
    shipped = desk.library
    draft = replace(
        shipped.procedure("PR02"),
        version="1",
        steps=tuple(
            replace(
                step,
                answers=tuple(
                    replace(
                        answer,
                        to=replace(answer.to, version="1")
                        if answer.to and answer.to.procedure == "PR02"
                        else answer.to,
                    )
                    for answer in step.answers
                ),
            )
            for step in shipped.procedure("PR02").steps
        ),
    )
    desk.library = put_together([*shipped, draft], {**shipped.active, "PR02": "1"})
    begun = time.perf_counter()
    count = asyncio.run(migrate_cases(desk, ADMIN, "PR02", "0", "1"))
    taken = time.perf_counter() - begun
    return Figure(f"migration of {count:,} cases, an entry each", f"{taken:.2f} s", target="< 5 s for 20,000")

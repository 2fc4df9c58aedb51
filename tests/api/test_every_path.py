"""Every path through the manual's three procedures, walked over the REST API."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cases.procedure import Facts
from cases.vocabulary import Category
from tests.api.client import Rest
from workflow.definition import Answer, Library
from workflow.engine import Run, legal, start

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIBRARY = Library.shipped()


def paths(run: Run, seen: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give every way to the end by the manual's own answers, each step taken once; ways that look alike once."""
    if run.place is None:
        yield seen
        return
    onward: dict[str, Answer] = {}
    for answer in legal(LIBRARY, run):
        to = "closed" if answer.to is None else str(answer.to)
        if not answer.extension and to not in seen:
            onward.setdefault(to, answer)
    for to, answer in onward.items():
        yield from paths(replace(run, place=answer.to), (*seen, to))


def every_path() -> Iterator[tuple[Category, bool, tuple[str, ...]]]:
    place = start(LIBRARY).run.place
    for category in Category:
        for before in (True, False):
            facts = Facts.of(category, handled_before_by_uit=before)
            for path in paths(Run(place, facts), ("PR01 3",)):
                yield category, before, path[1:]


PATHS = list(every_path())


async def test_the_paths_reach_every_step_of_the_manual() -> None:
    reached = {step for _, _, path in PATHS for step in path}
    steps = {f"{procedure.code} {step.number}" for procedure in LIBRARY for step in procedure.steps}

    assert steps - reached == {"PR01 1", "PR01 2", "PR01 3"}


@pytest.mark.parametrize(
    ("category", "before", "path"),
    PATHS,
    ids=lambda value: "-".join(value[-1:]) if isinstance(value, tuple) else str(value),
)
async def test_a_path_is_walked_and_every_step_is_on_record(
    shared_api: Rest, category: Category, path: tuple[str, ...], *, before: bool
) -> None:
    case = await shared_api.confirm(await shared_api.note(), str(category), before=before)
    case = await shared_api.walk(case, *path)

    assert (case["status"], case["role"], case["moves"]) == ("closed", None, [])
    record = (await shared_api.get(f"/cases/{case['number']}/record"))["items"]
    walked = [
        f"{entry['procedure']} {entry['step']}"
        for entry in record
        if entry["kind"] in ("step", "interpretation")
    ]
    assert walked == ["PR01 1", "PR01 2", "PR01 3", *path[:-1]]
    for entry in record:
        step = LIBRARY.procedure(entry["procedure"], entry["version"]).step(entry["step"])
        assert (entry["responsible"], entry["output"]) == (step.responsible, step.output)


@pytest.mark.parametrize(
    ("category", "before", "walk", "extension"),
    [
        ("availability", True, ["PR02 1", "PR02 2"], "PR01 3"),
        ("availability", True, ["PR02 1", "PR02 2", "PR02 3", "PR02 3.B.1"], "PR02 3"),
        ("availability", True, ["PR02 1", "PR02 2", "PR02 3", "PR02 3.C.1", "PR02 3.C.2"], "PR02 3"),
        ("functional_design", False, ["PR01 4", "PR03 1", "PR03 2"], "PR01 3"),
        (
            "functional_design",
            False,
            ["PR01 4", "PR03 1", "PR03 2", "PR03 3", "PR03 3.B.1", "PR03 3.B.2"],
            "PR03 3",
        ),
    ],
)
async def test_a_unit_returns_a_case_to_whoever_derived_it(
    shared_api: Rest, category: str, walk: list[str], extension: str, *, before: bool
) -> None:
    case = await shared_api.confirm(await shared_api.note(), category, before=before)
    case = await shared_api.walk(case, *walk, extension)

    assert case["step"] == extension
    entry = (await shared_api.get(f"/cases/{case['number']}/record"))["items"][-1]
    assert (entry["kind"], entry["data"]["reason"]) == ("return", "Se reinició el servicio.")

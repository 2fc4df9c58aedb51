"""A unit's tray by the clock, returns with their code, and the story that a reviewer reads."""

from datetime import timedelta

import pytest

from cases.errors import Forbidden, Invalid
from cases.model import Case
from cases.vocabulary import Category, ReturnReason
from desk.acts import set_estimate
from desk.review import story, turn
from desk.tray import When, tray
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message


async def at_uit(desk: DeskUnderTest, sender: str = "+59170000001") -> Case:
    case = (await desk.receive(a_message(sender=sender))).case
    assert case is not None
    case = await desk.confirm(case, Category.AVAILABILITY, before=True)
    return await desk.walk(case, ("operador", "derive-uit", {}), ("operador", "derive-uit", {}))


async def in_review(desk: DeskUnderTest, sender: str = "+59170000001") -> Case:
    case = (await desk.receive(a_message(sender=sender, at=desk.clock.now()))).case
    assert case is not None
    case = await desk.confirm(case, Category.SUPPORT)
    return await desk.walk(case, *SUPPORT_TO_REVIEW)


async def shelves(desk: DeskUnderTest, who: str = "uit") -> dict[When, list[str]]:
    found = await tray(desk.desk, desk.people[who])
    return {shelf.when: [task.row.number for task in shelf.tasks] for shelf in found}


async def test_a_unit_sees_its_cases_by_when_they_are_due(desk: DeskUnderTest) -> None:
    case = await at_uit(desk)

    [[when, numbers]] = (await shelves(desk)).items()
    assert when in (When.TODAY, When.WEEK)
    assert numbers == [case.number]
    assert await shelves(desk, "adt") == {}

    desk.clock.advance(days=30)
    assert await shelves(desk) == {When.LATE: [case.number]}
    with pytest.raises(Forbidden):
        await tray(desk.desk, desk.people["operador"])


async def test_a_long_shelf_shows_its_first_cases_counts_all_and_is_read_by_itself(
    desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.tray.SHOWN", 2)
    numbers = []
    for last in (1, 2, 3):
        numbers.append((await at_uit(desk, f"+5917000000{last}")).number)
        desk.clock.advance(minutes=1)
    desk.clock.advance(days=30)

    [shelf] = await tray(desk.desk, desk.people["uit"])
    assert (shelf.when, shelf.count) == (When.LATE, 3)
    assert [task.row.number for task in shelf.tasks] == numbers[:2]

    [whole] = await tray(desk.desk, desk.people["uit"], When.LATE)
    assert (whole.count, [task.row.number for task in whole.tasks]) == (3, numbers)
    assert await tray(desk.desk, desk.people["uit"], When.TODAY) == []


async def test_a_return_carries_its_code_and_stands_on_top_of_the_tray(desk: DeskUnderTest) -> None:
    case = await at_uit(desk)
    case = await desk.step(
        case, "uit", "return-to-deriver", reason="Falta el sistema.", reason_code="missing_evidence"
    )

    entry = (await desk.record(case))[-1]

    assert (entry.kind, entry.data["reason_code"], entry.data["reason"]) == (
        "return",
        "missing_evidence",
        "Falta el sistema.",
    )
    assert await shelves(desk) == {}


async def test_what_another_unit_gave_back_stands_on_top(desk: DeskUnderTest) -> None:
    other = await at_uit(desk, "+59170000002")
    case = await at_uit(desk)
    case = await desk.walk(case, ("uit", "analyse", {"analysis": "Es de UPAT."}), ("uit", "upat", {}))
    await desk.step(case, "upat", "return-to-deriver", reason="Es de la red.", reason_code="wrong_unit")

    [top, *rest] = await tray(desk.desk, desk.people["uit"])

    [task] = top.tasks
    assert (top.when, task.row.number) == (When.RETURNED, case.number)
    assert task.row.back is not None
    assert (task.row.back.by, task.row.back.code, task.row.back.words) == (
        "upat",
        "wrong_unit",
        "Es de la red.",
    )
    assert [task.row.number for shelf in rest for task in shelf.tasks] == [other.number]


async def test_the_code_of_a_return_is_optional_known_and_of_returns_alone(desk: DeskUnderTest) -> None:
    case = await in_review(desk)
    with pytest.raises(Invalid) as unknown:
        await desk.step(case, "supervisor", "return", observation="No.", reason_code="because")
    with pytest.raises(Invalid) as misplaced:
        await desk.step(case, "supervisor", "approve", reason_code="tone")

    assert set(unknown.value.fields) == set(misplaced.value.fields) == {"reason_code"}
    case = await desk.step(case, "supervisor", "return", observation="Falta el paso dos.")
    assert "reason_code" not in (await desk.record(case))[-1].data


async def test_a_story_has_the_way_with_its_clocks_and_what_was_judged(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    assert case is not None
    desk.clock.advance(hours=1)
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)
    case = await desk.step(
        case, "supervisor", "return", observation="Falta.", reason_code=ReturnReason.INCOMPLETE.value
    )
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)

    told = await story(desk.desk, desk.people["supervisor"], case.number)

    first = told.passages[0]
    assert (str(first.place), first.minutes, first.met) == ("PR01 3", 60.0, True)
    assert [stay.returned for stay in told.passages].count(True) == 1
    assert str(told.passages[-1].place) == "PR01 9"
    assert told.passages[-1].ended is None
    assert [(one.proposed, one.confirmed) for one in told.judgements] == [
        (Category.AVAILABILITY, Category.SUPPORT)
    ] * 2
    assert [(one.code, one.words) for one in told.returns] == [("incomplete_answer", "Falta.")]


async def test_an_estimate_is_kept_or_not(desk: DeskUnderTest) -> None:
    case = await at_uit(desk)
    at = desk.clock.now() + timedelta(days=1)
    await set_estimate(desk.desk, desk.people["uit"], case.number, at, None)
    await set_estimate(
        desk.desk, desk.people["uit"], case.number, at + timedelta(days=1), "Falta un repuesto."
    )

    told = await story(desk.desk, desk.people["supervisor"], case.number)

    assert [(one.promised, one.kept) for one in told.promises] == [(at, None), (at + timedelta(days=1), None)]
    assert told.promises[-1].reason == "Falta un repuesto."


async def test_the_review_queue_knows_what_comes_before_and_after(desk: DeskUnderTest) -> None:
    cases = []
    for n in range(3):
        cases.append(await in_review(desk, f"+5917000000{n + 1}"))
        desk.clock.advance(minutes=1)
    numbers = [case.number for case in cases]
    supervisor = desk.people["supervisor"]

    middle = await turn(desk.desk, supervisor, numbers[1])

    assert (middle.before, middle.after, middle.place, middle.count) == (numbers[0], numbers[2], 2, 3)
    outside = await turn(desk.desk, supervisor, "2026-999999")
    assert (outside.after, outside.place) == (numbers[0], 0)
    with pytest.raises(Forbidden):
        await story(desk.desk, desk.people["operador"], numbers[0])

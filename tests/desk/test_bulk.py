"""One act for many cases: each alone, and what became of each."""

import pytest

from cases.errors import Forbidden, Invalid
from cases.vocabulary import Category
from desk import bulk
from tests.builders import DeskUnderTest, SureClassifier, a_message, a_verdict


async def cases(desk: DeskUnderTest, count: int) -> list[str]:
    return [(await desk.receive(a_message(sender=f"+5917000030{each}"))).case.number for each in range(count)]


async def test_one_that_is_refused_keeps_no_other_back(desk: DeskUnderTest) -> None:
    first, second = await cases(desk, 2)
    operator = desk.people["operador"]

    passed = await bulk.assign_all(desk.desk, operator, [first, "2026-999999", second, first], "operador2")

    assert passed.done == (first, second)
    assert passed.refused == {"2026-999999": "No existe el caso 2026-999999."}
    assert (await desk.case(second)).assignee == desk.people["operador2"].id


async def test_a_wrong_colleague_is_refused_with_the_reason(desk: DeskUnderTest) -> None:
    [number] = await cases(desk, 1)

    passed = await bulk.assign_all(desk.desk, desk.people["operador"], [number], "uit")

    assert passed.done == ()
    assert "uit no tiene el rol" in passed.refused[number]


async def test_without_cases_or_with_too_many_nothing_is_done(desk: DeskUnderTest) -> None:
    for numbers in ([], [f"2026-{number:06d}" for number in range(bulk.MOST + 1)]):
        with pytest.raises(Invalid):
            await bulk.assign_all(desk.desk, desk.people["operador"], numbers, None)


async def test_only_sure_proposals_come_preselected(desk: DeskUnderTest) -> None:
    [sure] = await cases(desk, 1)
    desk.desk.classifier = SureClassifier(a_verdict(confidence=0.6))
    doubtful = (await desk.receive(a_message(sender="+59170000400"))).case.number
    done = (await desk.receive(a_message(sender="+59170000401"))).case
    await desk.confirm(done, Category.SUPPORT)

    shown = await bulk.proposals(desk.desk, desk.people["operador"], [])

    assert {one.row.number: one.preselected for one in shown} == {sure: True, doubtful: False}
    chosen = await bulk.proposals(desk.desk, desk.people["operador"], [doubtful, done.number])
    assert [one.row.number for one in chosen] == [doubtful]


async def test_what_was_proposed_is_confirmed_as_it_was_seen(desk: DeskUnderTest) -> None:
    first, second, third = await cases(desk, 3)
    operator = desk.people["operador"]
    seen = [(one.row.number, one.revision) for one in await bulk.proposals(desk.desk, operator, [])]
    await desk.confirm(await desk.case(second), Category.SUPPORT)
    third_seen = [(number, revision - 1 if number == third else revision) for number, revision in seen]

    passed = await bulk.confirm_all(desk.desk, operator, third_seen)

    assert passed.done == (first,)
    assert set(passed.refused) == {second, third}
    assert passed.refused[second] == "Ya estaba confirmado."
    confirmed = await desk.case(first)
    assert confirmed.category is Category.AVAILABILITY
    assert confirmed.facts is not None
    assert not confirmed.facts.handled_before_by_uit
    kinds = [entry.kind for entry in await desk.record(confirmed)]
    assert kinds.count("classification") == 1


async def test_what_the_uit_may_have_handled_is_said_on_its_own_page(desk: DeskUnderTest) -> None:
    await desk.article(title="La página de pagos no carga", solved_by="uit", system="ppte")
    [number] = await cases(desk, 1)
    operator = desk.people["operador"]

    [one] = await bulk.proposals(desk.desk, operator, [number])
    passed = await bulk.confirm_all(desk.desk, operator, [(number, one.revision)])

    assert one.alone
    assert not one.preselected
    assert passed.done == ()
    assert "UIT" in passed.refused[number]


async def test_only_operators_confirm(desk: DeskUnderTest) -> None:
    [number] = await cases(desk, 1)
    with pytest.raises(Forbidden):
        await bulk.proposals(desk.desk, desk.people["supervisor"], [])
    with pytest.raises(Forbidden):
        await bulk.confirm_all(desk.desk, desk.people["uit"], [(number, 1)])

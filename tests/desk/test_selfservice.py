"""Cases that their people solved: many at a time, through every step, each on record."""

import pytest

from cases.errors import Forbidden, Invalid
from cases.vocabulary import Role, Status
from desk.selfservice import pass_on, self_solved
from tests.builders import DeskUnderTest, a_message

PEOPLE = ("+59170000001", "+59170000002", "+59170000003")


async def solved(desk: DeskUnderTest) -> list[str]:
    """Let three people solve their problem with an article."""
    await desk.stocked()
    numbers = []
    for sender in PEOPLE:
        case = (await desk.receive(a_message(sender=sender, text="no carga la pagina de pagos"))).case
        await desk.receive(a_message(sender=sender, text="1"))
        await desk.receive(a_message(sender=sender, text="sí"))
        numbers.append(case.number)
        desk.clock.advance(minutes=1)
    return numbers


async def test_an_operator_leads_them_to_the_review_and_a_supervisor_closes_them(desk: DeskUnderTest) -> None:
    numbers = await solved(desk)
    operador, supervisor = desk.people["operador"], desk.people["supervisor"]

    led = await pass_on(desk.desk, operador, numbers)
    reviewed = [found.number for found in await self_solved(desk.desk, supervisor)]
    ended = await pass_on(desk.desk, supervisor, numbers)

    assert (led.done, reviewed, ended.done) == (tuple(numbers), numbers, tuple(numbers))
    for number in numbers:
        case = await desk.case(number)
        steps = [entry.step for entry in await desk.record(case) if entry.kind == "step"]
        assert case.status is Status.CLOSED
        assert steps == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]


async def test_who_wrote_again_is_not_closed_with_the_others(desk: DeskUnderTest) -> None:
    numbers = await solved(desk)
    await desk.receive(a_message(sender=PEOPLE[1], text="pues no, sigue sin cargar", at=desk.clock.now()))

    led = await pass_on(desk.desk, desk.people["operador"], numbers)

    assert led.done == (numbers[0], numbers[2])
    assert list(led.refused) == [numbers[1]]
    assert (await desk.case(numbers[1])).role is Role.OPERADOR


async def test_a_case_that_nobody_solved_is_refused_by_its_number(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message(sender="+59170000009"))).case

    led = await pass_on(desk.desk, desk.people["operador"], [case.number])

    assert (led.done, list(led.refused)) == ((), [case.number])


async def test_units_close_nothing_in_bulk_and_nobody_closes_nothing(desk: DeskUnderTest) -> None:
    with pytest.raises(Forbidden):
        await pass_on(desk.desk, desk.people["uit"], ["2026-000001"])
    with pytest.raises(Invalid):
        await pass_on(desk.desk, desk.people["operador"], [])

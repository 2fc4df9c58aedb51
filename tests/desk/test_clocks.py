"""The clocks: near and past their limit somebody is told, and waiting on the citizen stops them."""

from datetime import timedelta

from cases.vocabulary import Category
from desk.acts import wait
from desk.clocks import strike
from desk.views import case_view
from store.clocks import ClockRow
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message


async def tick(desk: DeskUnderTest) -> int:
    return await desk.desk.database.write(lambda work: strike(desk.desk, work, desk.clock.now()))


async def clock_of(desk: DeskUnderTest, number: str) -> ClockRow:
    [clock] = (await case_view(desk.desk, desk.people["operador"], number)).clocks
    return clock


async def test_a_step_has_its_target_on_the_working_calendar(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    clock = await clock_of(desk, case.number)

    assert (clock.kind, clock.started, clock.due - clock.started) == (
        "step",
        desk.clock.now(),
        timedelta(hours=2),
    )


async def test_near_the_limit_the_unit_is_told_and_past_it_the_supervisor_once_each(
    desk: DeskUnderTest,
) -> None:
    case = (await desk.receive(a_message())).case
    assert await tick(desk) == 0

    desk.clock.advance(minutes=95)
    assert [await tick(desk), await tick(desk)] == [1, 0]
    desk.clock.advance(minutes=30)
    assert [await tick(desk), await tick(desk)] == [1, 0]

    kinds = [entry.kind for entry in await desk.record(case)]
    assert kinds == ["step", "step", "clock-near", "clock-late"]


async def test_waiting_on_the_citizen_stops_the_clock(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    desk.clock.advance(minutes=60)
    await wait(desk.desk, desk.people["operador"], case.number, "Falta el número de trámite")
    desk.clock.advance(days=1)
    assert await tick(desk) == 0

    await desk.receive(a_message(text="Es el 123"))

    assert (await clock_of(desk, case.number)).due == desk.clock.now() + timedelta(minutes=60)


async def test_the_next_step_starts_its_own_clock_and_a_closed_case_has_none(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)
    desk.clock.advance(hours=1)
    case = await desk.step(case, "operador", "not-uit")
    assert (await clock_of(desk, case.number)).started == desk.clock.now()

    case = await desk.walk(
        case, *SUPPORT_TO_REVIEW[1:], ("supervisor", "approve", {}), ("supervisor", "close", {})
    )

    assert (await case_view(desk.desk, desk.people["operador"], case.number)).clocks == []


async def test_an_estimate_has_a_clock_of_its_own(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.AVAILABILITY, before=True)
    due = desk.clock.now() + timedelta(hours=3)
    case = await desk.walk(
        case,
        ("operador", "derive-uit", {}),
        ("operador", "derive-uit", {}),
        ("uit", "analyse", {"analysis": "x"}),
        ("uit", "uit", {}),
        ("uit", "estimate", {"estimate": due}),
    )

    clocks = (await case_view(desk.desk, desk.people["uit"], case.number)).clocks

    assert {clock.kind: clock.due for clock in clocks}["estimate"] == due

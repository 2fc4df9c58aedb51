"""The reports: what they count, on both databases, and that each figure's cases are the ones it counts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.errors import Forbidden, Invalid
from cases.model import Case
from cases.vocabulary import Category, Channel, Unit
from desk.marks import write_entry
from desk.report_shapes import Asked
from desk.report_times import WorkingTime, spread
from desk.reports import cases_behind, report
from desk.surveys import rate
from store.report_scope import NONE, Figure
from store.work import StoreWork
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message

DAY = date(2026, 3, 2)
MONTH = Asked(date(2026, 3, 1), date(2026, 3, 31))
MORE: dict[str, object] = {"sender": "+59170000002", "sender_name": "Juan Choque"}


async def reviewed(desk: DeskUnderTest) -> Case:
    """A case that the supervisor gave back once: it is with the operator again after four hours of work in all."""
    case = (await desk.receive(a_message())).case
    assert case is not None
    desk.clock.advance(hours=1)
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)
    desk.clock.advance(hours=5)
    return await desk.step(case, "supervisor", "return", observation="Falta la guía")


async def closed(desk: DeskUnderTest) -> Case:
    case = await reviewed(desk)
    case = await desk.confirm(case, Category.AVAILABILITY)
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)
    desk.clock.advance(hours=1)
    case = await desk.step(case, "supervisor", "approve")
    return await desk.walk(case, ("supervisor", "close", {}))


async def behind(desk: DeskUnderTest, figure: Figure, value: str = "", **more: object) -> list[str]:
    found = await cases_behind(desk.desk, desk.people["supervisor"], MONTH, figure, value, **more)  # type: ignore[arg-type]
    return [listed.number for listed in found]


async def test_volume_is_counted_by_the_desks_own_days_and_hours(desk: DeskUnderTest) -> None:
    await desk.receive(a_message())
    desk.clock.at = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
    await desk.receive(a_message(**MORE, channel=Channel.TELEGRAM, recipient="bot"))

    found = (await report(desk.desk, desk.people["supervisor"], MONTH)).volume

    by_day = dict(zip(found.days, found.opened, strict=True))
    assert {day: count for day, count in by_day.items() if count} == {DAY: 1, date(2026, 3, 3): 1}
    assert (found.hours[0][9], found.hours[1][22], sum(map(sum, found.hours))) == (1, 1, 2)
    assert {(series.value, series.total) for series in found.channels} == {("whatsapp", 1), ("telegram", 1)}
    assert await behind(desk, Figure.OPENED, slot=(1, 22)) == ["2026-000002"]
    assert await behind(desk, Figure.OPENED, slot=(2, 22)) == []


async def test_filters_narrow_every_part(desk: DeskUnderTest) -> None:
    await closed(desk)
    asked = Asked(DAY, DAY + timedelta(days=9), channel=Channel.TELEGRAM, unit=Unit.UIT)

    found = await report(desk.desk, desk.people["supervisor"], asked)

    assert sum(found.volume.opened) == sum(found.volume.closed) == sum(found.backlog.bands) == 0
    assert (found.times.steps, found.returns.returns, found.agreement.total) == ([], [], 0)
    assert (found.articles.articles, found.survey.answers) == ([], 0)


async def test_times_are_working_time_beside_the_procedures_targets(desk: DeskUnderTest) -> None:
    case = await closed(desk)

    found = (await report(desk.desk, desk.people["supervisor"], MONTH)).times

    steps = {step.step: step for step in found.steps}
    # The review took nine to two less the noon break, then one hour more: 10:00–15:00 is three hours of work.
    assert (steps["PR01 9"].spread.count, steps["PR01 9"].spread.p90) == (2, 180.0)
    assert (steps["PR01 9"].target, steps["PR01 9"].within) == (240, 2)
    assert "PR01 1" not in steps
    assert found.solution.count == 1
    assert found.first_answer.median == 60.0
    assert {unit.role for unit in found.units} == {"operador", "supervisor"}
    assert await behind(desk, Figure.CLOSED) == await behind(desk, Figure.STEP, "PR01 9") == [case.number]


async def test_a_wait_for_the_person_does_not_count(desk: DeskUnderTest) -> None:
    opened = (await desk.receive(a_message())).case
    assert opened is not None
    case: Case = opened

    def wait(work: StoreWork) -> None:
        write_entry(desk.desk, work, case, "waiting", {"reason": "x"}, "operador", desk.clock.now())

    desk.clock.advance(minutes=30)
    await desk.desk.database.write(wait)
    desk.clock.advance(hours=2)
    await desk.receive(a_message(text="Aquí está", at=desk.clock.now()))
    desk.clock.advance(minutes=10)
    case = await desk.confirm(await desk.case(case.number), Category.SUPPORT)
    await desk.walk(case, ("operador", "not-uit", {}))

    found = (await report(desk.desk, desk.people["supervisor"], MONTH)).times

    assert {step.step: step.spread.median for step in found.steps}["PR01 3"] == 40.0


async def test_the_backlog_is_what_was_open_at_the_end_by_age(desk: DeskUnderTest) -> None:
    await desk.receive(a_message())
    desk.clock.advance(days=8)
    await desk.receive(a_message(**MORE))

    found = (await report(desk.desk, desk.people["supervisor"], MONTH)).backlog
    then = await report(desk.desk, desk.people["supervisor"], Asked(DAY, DAY))

    assert found.bands == [1, 0, 0, 1, 0, 0]
    assert [unit.unit for unit in found.units] == [Unit.AIT]
    assert then.backlog.bands == [1, 0, 0, 0, 0, 0]
    assert await behind(desk, Figure.BACKLOG, "3") == ["2026-000001"]
    assert await behind(desk, Figure.BACKLOG) == ["2026-000002", "2026-000001"]
    assert await behind(desk, Figure.BACKLOG, "9" * 30) == []


async def test_returns_agreement_and_calibration(desk: DeskUnderTest) -> None:
    case = await closed(desk)

    found = await report(desk.desk, desk.people["admin"], MONTH)

    assert [(one.step, one.reason, one.count) for one in found.returns.returns] == [
        ("PR01 9", "Falta la guía", 1)
    ]
    assert (found.agreement.total, found.agreement.agreed) == (1, 0)
    assert [(tenth.tenth, tenth.count, tenth.right) for tenth in found.agreement.tenths] == [(9, 1, 0)]
    assert found.agreement.error == pytest.approx(0.9)
    for figure, value in (
        (Figure.RETURNED, "PR01 9"),
        (Figure.RETURNED, "PR01 9: Falta la guía"),
        (Figure.JUDGED, "availability>support"),
        (Figure.TENTH, "9"),
    ):
        assert await behind(desk, figure, value) == [case.number]
    assert await behind(desk, Figure.RETURNED, "PR01 9: Otra cosa") == []
    assert await behind(desk, Figure.JUDGED, "availability>availability") == []


async def test_article_use_and_the_surveys_marks(desk: DeskUnderTest) -> None:
    article = await desk.article()
    case = await closed(desk)
    await rate(desk.desk, case.token, "4", "Rápido y amable")
    now = desk.clock.now()
    await desk.desk.database.write(lambda work: work.articles.used(case.id, article.id, "opened", now))

    found = await report(desk.desk, desk.people["supervisor"], MONTH)

    [used] = [one for one in found.articles.articles if one.article == article.id]
    assert used.opened == 1
    assert (found.survey.answers, found.survey.mean) == (1, 4.0)
    assert [comment.text for comment in found.survey.comments] == ["Rápido y amable"]
    assert await behind(desk, Figure.ARTICLE, f"{article.id}:opened") == [case.number]
    assert await behind(desk, Figure.RATED, "4") == [case.number]
    assert await behind(desk, Figure.RATED, "5") == []


async def test_what_has_no_system_can_be_asked_for(desk: DeskUnderTest) -> None:
    await desk.receive(a_message())
    asked = Asked(DAY, DAY, system=NONE, category=NONE)

    found = await cases_behind(desk.desk, desk.people["supervisor"], asked, Figure.OPENED)

    assert [listed for listed in found if listed.system is not None] == []


@pytest.mark.parametrize("who", ["operador", "uit"])
async def test_reports_are_for_supervisors(desk: DeskUnderTest, who: str) -> None:
    with pytest.raises(Forbidden):
        await report(desk.desk, desk.people[who], MONTH)
    with pytest.raises(Forbidden):
        await cases_behind(desk.desk, desk.people[who], MONTH, Figure.OPENED)


@pytest.mark.parametrize(
    "asked", [Asked(DAY, DAY - timedelta(days=1)), Asked(DAY, DAY + timedelta(days=366))]
)
async def test_a_period_has_an_order_and_an_end(desk: DeskUnderTest, asked: Asked) -> None:
    with pytest.raises(Invalid):
        await report(desk.desk, desk.people["supervisor"], asked)


async def test_looked_up_working_time_is_the_calendars(desk: DeskUnderTest) -> None:
    calendar = desk.desk.calendar
    begin = datetime(2026, 2, 27, 11, 7, tzinfo=UTC)
    working = WorkingTime.of(calendar, begin - timedelta(days=2), begin + timedelta(days=20))

    for hours in range(0, 400, 7):
        end = begin + timedelta(hours=hours)
        whole = calendar.working_between(begin, end).total_seconds() / 60
        assert working.minutes(begin, end) == pytest.approx(whole)


def test_the_slowest_tenth_begins_at_the_nearest_rank() -> None:
    assert (spread([]).count, spread([]).median) == (0, None)
    assert spread([float(n) for n in range(1, 11)]).p90 == 9.0
    assert spread([5.0]).p90 == 5.0

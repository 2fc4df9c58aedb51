"""The working calendar, by examples and by properties."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.clocks import Calendar, ClockState, Pause, Target

LA_PAZ = ZoneInfo("America/La_Paz")
SANTIAGO = ZoneInfo("America/Santiago")  # it has summer time, La Paz has none
HOURS = "08:30-12:30,14:30-18:30"


def independence_day(day: date) -> bool:
    """Keep the sixth of August, and the day before."""
    return (day.month, day.day) in {(8, 5), (8, 6)}


DESK = Calendar.of(HOURS, LA_PAZ, independence_day)


def at(text: str, zone: ZoneInfo = LA_PAZ) -> datetime:
    """Read a moment in La Paz, such as `2026-08-03 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-08-03 09:00", 2, "2026-08-03 11:00"),
        ("2026-08-03 09:00", 3.5, "2026-08-03 12:30"),  # the first moment, not the afternoon's
        ("2026-08-03 09:00", 4, "2026-08-03 15:00"),
        ("2026-08-03 13:00", 1, "2026-08-03 15:30"),
        ("2026-08-04 18:00", 1, "2026-08-07 09:00"),  # over the holidays
        ("2026-08-07 18:00", 1, "2026-08-10 09:00"),  # over a weekend
        ("2026-08-08 11:00", 16, "2026-08-11 18:30"),
        ("2026-08-08 11:00", 0, "2026-08-08 11:00"),
    ],
)
def test_working_hours_are_added(start: str, hours: float, end: str) -> None:
    assert DESK.add_working(at(start), timedelta(hours=hours)) == at(end)


def test_days_of_which_somebody_said_otherwise_count_before_the_week_and_the_holidays() -> None:
    said = {date(2026, 8, 6): True, date(2026, 8, 7): False, date(2026, 8, 8): True}
    desk = Calendar.of(HOURS, LA_PAZ, independence_day)
    changed = Calendar(desk.hours, desk.zone, desk.is_holiday, desk.weekdays, said)

    assert changed.add_working(at("2026-08-04 18:00"), timedelta(hours=1)) == at("2026-08-06 09:00")
    assert changed.add_working(at("2026-08-06 18:00"), timedelta(hours=1)) == at("2026-08-08 09:00")
    assert [changed.works_on(date(2026, 8, day)) for day in (5, 6, 7, 8, 9)] == [
        False,
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("a", "b", "hours"),
    [
        ("2026-08-03 08:00", "2026-08-03 20:00", 8),
        ("2026-08-03 12:00", "2026-08-03 15:00", 1),
        ("2026-08-04 18:00", "2026-08-07 09:00", 1),
        ("2026-08-08 00:00", "2026-08-09 23:59", 0),
        ("2026-08-03 15:00", "2026-08-03 12:00", -1),
    ],
)
def test_working_time_is_counted(a: str, b: str, hours: float) -> None:
    assert DESK.working_between(at(a), at(b)) == timedelta(hours=hours)


def test_a_pause_does_not_count() -> None:
    pauses = [
        Pause(at("2026-08-03 10:00"), at("2026-08-03 11:00")),
        Pause(at("2026-08-03 10:30"), at("2026-08-03 11:30")),
        Pause(at("2026-08-03 10:40"), at("2026-08-03 10:50")),
        Pause(at("2026-08-03 12:45"), at("2026-08-03 13:00")),
    ]

    assert DESK.working_between(at("2026-08-03 09:00"), at("2026-08-03 12:30"), pauses) == timedelta(hours=2)
    assert DESK.add_working(at("2026-08-03 09:00"), timedelta(hours=2, minutes=30), pauses) == at(
        "2026-08-03 15:00"
    )
    assert DESK.working_between(
        at("2026-08-03 09:00"), at("2026-08-04 09:00"), [Pause(at("2026-08-03 10:00"))]
    ) == (timedelta(hours=1))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-08-03 08:30", ClockState.ON_TIME),
        ("2026-08-03 11:29", ClockState.ON_TIME),
        ("2026-08-03 11:30", ClockState.NEAR),  # three of four hours are gone
        ("2026-08-03 12:30", ClockState.NEAR),
        ("2026-08-03 12:31", ClockState.LATE),
    ],
)
def test_a_target_comes_near_in_its_last_quarter(now: str, state: ClockState) -> None:
    target = DESK.target(at("2026-08-03 08:30"), timedelta(hours=4), at(now))

    assert target.due == at("2026-08-03 12:30")
    assert DESK.state(target, at(now)) is state


def test_an_estimate_outside_working_hours_is_late_only_once_it_has_passed() -> None:
    estimate = Target(at("2026-08-07 18:00"), at("2026-08-08 20:00"))

    assert DESK.state(estimate, at("2026-08-07 18:10")) is ClockState.ON_TIME
    assert DESK.state(estimate, at("2026-08-08 19:00")) is ClockState.NEAR
    assert DESK.state(estimate, at("2026-08-08 20:01")) is ClockState.LATE


def test_a_target_moves_while_the_case_waits() -> None:
    waiting = [Pause(at("2026-08-03 09:30"))]
    first = DESK.target(at("2026-08-03 08:30"), timedelta(hours=4), at("2026-08-03 10:30"), waiting)
    later = DESK.target(at("2026-08-03 08:30"), timedelta(hours=4), at("2026-08-03 12:30"), waiting)

    assert first.due == at("2026-08-03 15:30")
    assert later.due == at("2026-08-03 17:30")
    assert DESK.state(later, at("2026-08-03 12:30")) is ClockState.ON_TIME


@pytest.mark.parametrize(
    "hours", ["", "8-12", "08:30-12:30,12:00-18:30", "12:30-08:30", "08:30-12:30;14:30-18:30", "25:00-26:00"]
)
def test_hours_that_make_no_sense_are_refused(hours: str) -> None:
    with pytest.raises(ValueError, match=r"tramo|hour"):
        Calendar.of(hours, LA_PAZ)


def test_what_cannot_be_reckoned_is_refused() -> None:
    start = at("2026-08-03 09:00")
    with pytest.raises(ValueError, match="negativo"):
        DESK.add_working(start, timedelta(hours=-1))
    with pytest.raises(ValueError, match="sin fin"):
        DESK.add_working(start, timedelta(hours=1), [Pause(start)])
    with pytest.raises(ValueError, match="horas de trabajo"):
        Calendar.of(HOURS, LA_PAZ, lambda _: True).add_working(start, timedelta(hours=1))
    with pytest.raises(ValueError, match="zona horaria"):
        DESK.working_between(datetime(2026, 8, 3, 9), start)  # noqa: DTZ001 - naive on purpose


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
AMOUNTS = st.timedeltas(timedelta(0), timedelta(hours=120))
CALENDARS = st.builds(
    Calendar.of,
    st.sampled_from([HOURS, "00:00-23:59", "09:00-17:00", "00:30-01:30,03:00-04:00"]),
    st.sampled_from([LA_PAZ, SANTIAGO, UTC]),
    st.sampled_from([independence_day, lambda day: day.day % 7 == 0]),
)
PAUSES = st.lists(
    st.builds(
        lambda start, length: Pause(start, start + length),
        MOMENTS,
        st.timedeltas(timedelta(0), timedelta(40)),
    ),
    max_size=4,
)
properties = settings(max_examples=100, deadline=None)


@properties
@given(CALENDARS, MOMENTS, AMOUNTS, PAUSES)
def test_what_is_added_is_counted_again(
    desk: Calendar, start: datetime, amount: timedelta, pauses: list[Pause]
) -> None:
    end = desk.add_working(start, amount, pauses)

    assert desk.working_between(start, end, pauses) == amount
    just_before = end - timedelta(microseconds=1)
    assert amount == timedelta(0) or desk.working_between(start, just_before, pauses) < amount


@properties
@given(CALENDARS, MOMENTS, AMOUNTS, AMOUNTS)
def test_adding_twice_is_adding_the_sum(
    desk: Calendar, start: datetime, one: timedelta, two: timedelta
) -> None:
    assert desk.add_working(desk.add_working(start, one), two) == desk.add_working(start, one + two)


@properties
@given(CALENDARS, st.lists(MOMENTS, min_size=3, max_size=3), PAUSES)
def test_stretches_add_up(desk: Calendar, moments: list[datetime], pauses: list[Pause]) -> None:
    a, b, c = moments
    ab, bc, ac = (desk.working_between(*pair, pauses) for pair in ((a, b), (b, c), (a, c)))

    assert ab + bc == ac
    assert desk.working_between(b, a, pauses) == -ab
    assert abs(ab) <= abs(b - a)


@properties
@given(CALENDARS, MOMENTS, st.timedeltas(timedelta(0), timedelta(3)))
def test_counting_is_the_same_as_looking_at_every_quarter_of_an_hour(
    desk: Calendar, start: datetime, length: timedelta
) -> None:
    begin = start.replace(minute=0, second=0, microsecond=0)
    quarter = timedelta(minutes=15)
    looked_at = [begin + quarter * i for i in range(int(length / quarter))]
    working = sum(1 for moment in looked_at if works(desk, moment + timedelta(minutes=7)))

    assert round(desk.working_between(begin, begin + quarter * len(looked_at)) / quarter) == working


def works(desk: Calendar, moment: datetime) -> bool:
    """Say by the clock on the wall whether the desk works."""
    local = moment.astimezone(desk.zone)
    if local.weekday() not in desk.weekdays or desk.is_holiday(local.date()):
        return False
    return any(opens <= local.time() < closes for opens, closes in desk.hours)


@properties
@given(MOMENTS, AMOUNTS, PAUSES)
def test_pauses_only_put_off(start: datetime, amount: timedelta, pauses: list[Pause]) -> None:
    plain, paused = DESK.add_working(start, amount), DESK.add_working(start, amount, pauses)
    lost = DESK.working_between(start, paused) - amount

    assert paused >= plain
    assert lost >= timedelta(0)
    assert paused == plain or lost > timedelta(0) or amount == timedelta(0)


@properties
@given(MOMENTS, AMOUNTS, st.lists(MOMENTS, min_size=2, max_size=8))
def test_a_target_only_ever_gets_worse(start: datetime, amount: timedelta, moments: list[datetime]) -> None:
    order = list(ClockState)
    seen = [order.index(DESK.state(DESK.target(start, amount, now), now)) for now in sorted(moments)]

    assert seen == sorted(seen)


def test_hours_are_those_of_the_calendars_zone() -> None:
    assert DESK.hours == ((time(8, 30), time(12, 30)), (time(14, 30), time(18, 30)))
    assert DESK.add_working(datetime(2026, 8, 3, 3, tzinfo=UTC), timedelta(hours=1)) == at("2026-08-03 09:30")

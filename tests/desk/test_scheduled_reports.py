"""Reports that go out by themselves: at their times, once for each, and with what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from cases.errors import Forbidden, Invalid, NotFound
from cases.model import Attachment, Parcel
from desk.report_shapes import Report
from desk.scheduled_reports import (
    INTERRUPTED,
    Letter,
    following,
    period,
    schedule,
    schedules,
    send_due,
    send_now,
    stop,
)
from intake.channels.channel import Later, NotSent, Refusal
from store.schedules import Every, Schedule
from tests.builders import DeskUnderTest

MONDAY = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)
"""Half past seven in La Paz, on the Monday after the tests begin."""


class KilledError(BaseException):
    """The process ends here."""


@dataclass(slots=True)
class Post:
    """A mail server that takes everything, or fails as it is told."""

    fails: BaseException | None = None
    taken: list[Parcel] = field(default_factory=list)

    async def __call__(self, parcel: Parcel) -> str:
        if self.fails is not None:
            raise self.fails
        self.taken.append(parcel)
        return "<sent@example.bo>"


async def plain(due: Schedule, report: Report, systems: Sequence[tuple[str, str]]) -> Letter:
    assert systems
    asked = report.asked
    return Letter(f"Informe {asked.since} {asked.until}", due.language, (Attachment("a.xlsx", "x/y", b"1"),))


async def weekly(desk: DeskUnderTest, address: str = "ana@example.bo") -> int:
    return await schedule(desk.desk, desk.people["supervisor"], address, "week", "es")


async def only(desk: DeskUnderTest) -> Schedule:
    [found] = await schedules(desk.desk, desk.people["supervisor"])
    return found


async def test_a_report_goes_out_at_its_time_and_once(desk: DeskUnderTest) -> None:
    await weekly(desk)
    post = Post()

    assert await send_due(desk.desk, plain, post) == 0
    desk.clock.at = MONDAY
    assert await send_due(desk.desk, plain, post) == 1
    assert await send_due(desk.desk, plain, post) == 0

    [parcel] = post.taken
    assert (parcel.address, parcel.subject) == ("ana@example.bo", "Informe 2026-03-02 2026-03-08")
    assert parcel.opens
    found = await only(desk)
    assert (found.last, found.fault, found.next) == (MONDAY, None, MONDAY + timedelta(days=7))


async def test_a_crash_while_it_is_sent_loses_one_but_repeats_none(desk: DeskUnderTest) -> None:
    await weekly(desk)
    desk.clock.at = MONDAY

    with pytest.raises(KilledError):
        await send_due(desk.desk, plain, Post(KilledError()))

    post = Post()
    assert await send_due(desk.desk, plain, post) == 0
    assert post.taken == []
    assert (await only(desk)).fault == INTERRUPTED


@pytest.mark.parametrize(
    ("fails", "fault", "again"),
    [
        (Refusal("No existe esa dirección."), "No existe esa dirección.", timedelta(days=7)),
        (Later("Hoy no."), "Hoy no.", timedelta(minutes=15)),
        (RuntimeError("roto"), "Error interno: RuntimeError", timedelta(days=7)),
    ],
)
async def test_what_went_wrong_is_told_and_what_was_not_taken_is_offered_again(
    desk: DeskUnderTest, fails: NotSent | RuntimeError, fault: str, again: timedelta
) -> None:
    await weekly(desk)
    desk.clock.at = MONDAY

    assert await send_due(desk.desk, plain, Post(fails)) == 1

    found = await only(desk)
    assert (found.fault, found.last, found.next) == (fault, None, MONDAY + again)
    desk.clock.at = found.next
    assert await send_due(desk.desk, plain, Post()) == 1
    assert (await only(desk)).fault is None


async def test_without_mail_it_is_said_and_the_next_time_stands(desk: DeskUnderTest) -> None:
    await weekly(desk)
    desk.clock.at = MONDAY

    assert await send_due(desk.desk, plain, None) == 1

    assert "no está configurado" in ((await only(desk)).fault or "")


async def test_one_can_be_sent_at_once_and_stopped(desk: DeskUnderTest) -> None:
    number = await weekly(desk)
    supervisor = desk.people["supervisor"]
    post = Post()

    await send_now(desk.desk, supervisor, number)
    assert await send_due(desk.desk, plain, post) == 1
    assert (await only(desk)).next == MONDAY

    await stop(desk.desk, supervisor, number)
    assert await schedules(desk.desk, supervisor) == []
    with pytest.raises(NotFound):
        await send_now(desk.desk, supervisor, number)


async def test_addresses_rhythms_and_people_are_checked(desk: DeskUnderTest) -> None:
    supervisor = desk.people["supervisor"]
    await weekly(desk)
    for address, every, wrong in (
        ("no es correo", "week", {"address"}),
        ("ana@example.bo", "year", {"every"}),
        ("ana@example.bo", "week", {"address"}),
    ):
        with pytest.raises(Invalid) as refused:
            await schedule(desk.desk, supervisor, address, every, "es")
        assert set(refused.value.fields) == wrong
    with pytest.raises(Forbidden):
        await schedule(desk.desk, desk.people["operador"], "eva@example.bo", "day", "es")


@pytest.mark.parametrize(
    ("every", "next_day"),
    [("day", date(2026, 3, 3)), ("week", date(2026, 3, 9)), ("month", date(2026, 4, 1))],
)
async def test_times_are_mornings_of_the_desk(desk: DeskUnderTest, every: Every, next_day: date) -> None:
    at = following(desk.desk, every, desk.clock.now()).astimezone(desk.desk.timezone)

    assert (at.date(), at.hour, at.minute) == (next_day, 7, 30)


def test_a_report_tells_what_is_over() -> None:
    wednesday = date(2026, 3, 4)

    told = {
        every: (asked.since, asked.until)
        for every in ("day", "week", "month")
        for asked in [period(every, wednesday)]
    }  # type: ignore[arg-type]  # a literal's words

    assert told == {
        "day": (date(2026, 3, 3), date(2026, 3, 3)),
        "week": (date(2026, 2, 23), date(2026, 3, 1)),
        "month": (date(2026, 2, 1), date(2026, 2, 28)),
    }

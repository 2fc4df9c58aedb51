"""A unit's day: the tray by the clock, the step first, estimates at working moments, returns with a reason."""

import re
from datetime import date

import pytest

from cases.model import Case
from cases.vocabulary import Category
from console import calendar, language
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit

HOLIDAYS = {date(2026, 3, 4): "Día de prueba"}


async def at_estimate(desk: DeskUnderTest, sender: str = "+59170000001") -> Case:
    """Bring a case to PR02 3.A.1, where the UIT says until when."""
    case = (await desk.receive(a_message(sender=sender, text="Se cayó todo"))).case
    assert case is not None
    case = await desk.confirm(case, Category.AVAILABILITY, before=True)
    while str(case.place) != "PR02 3.A.1":
        assert case.place is not None
        who = "operador" if case.role == "operador" else "uit"
        [answer, *_others] = [
            a
            for a in desk.desk.library.step(case.place).answers
            if a.kind == "step" and a.allowed(case.facts)
        ]
        values = {f.name: "Un texto." for f in answer.fields if f.required}
        case = await desk.step(case, who, answer.id, **values)
    return case


async def test_the_tray_tells_what_each_case_needs_and_until_when(visit: Visit, desk: DeskUnderTest) -> None:
    await at_estimate(desk)

    seen = await (await visit("uit")).get("/unidad")

    assert "Se cayó todo" in seen.words
    assert "Estima tiempos de solución" in seen.words
    assert "vence" in seen.words
    assert re.search(r'class="shelf (today|week)"', seen.source)


async def test_what_a_shelf_has_no_room_for_is_one_click_away(
    visit: Visit, desk: DeskUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.tray.SHOWN", 1)
    await at_estimate(desk)
    await at_estimate(desk, "+59170000002")
    desk.clock.advance(days=30)
    unit = await visit("uit")

    short = await unit.get("/unidad")
    whole = await unit.get("/unidad?estante=late")

    assert short.source.count('class="task-row"') == 1
    assert 'href="/unidad?estante=late"' in short.source
    assert "y 1 más" in short.words
    assert whole.source.count('class="task-row"') == 2
    assert "Toda la bandeja" in whole.words
    assert (await unit.get("/unidad?estante=nada")).status == 200


async def test_a_unit_gives_a_case_back_with_a_coded_reason(visit: Visit, desk: DeskUnderTest) -> None:
    case = await at_estimate(desk)
    number = case.number
    unit = await visit("uit")
    form = {"move": "return-to-deriver", "revision": str(case.revision), "reason": "No es nuestro."}
    assert (await unit.post(f"/casos/{number}/paso", form)).status == 422
    sent = await unit.post(f"/casos/{number}/paso", {**form, "reason_code": "wrong_unit"})
    assert sent.status == 303
    case = await desk.case(number)

    assert (await desk.record(case))[-1].data["reason_code"] == "wrong_unit"
    told = await (await visit("operador")).get(f"/casos/{number}")
    assert "No corresponde a la unidad" in told.words
    assert "No es nuestro." in told.words


async def test_a_units_step_stands_before_the_conversation(visit: Visit, desk: DeskUnderTest) -> None:
    case = await at_estimate(desk)

    theirs = (await (await visit("uit")).get(f"/casos/{case.number}")).source
    other = (await (await visit("operador")).get(f"/casos/{case.number}")).source

    assert theirs.count('id="ahora"') == other.count('id="ahora"') == 1
    assert theirs.index('id="ahora"') < theirs.index('id="conversacion"')
    assert other.index('id="ahora"') > other.index('id="conversacion"')


@pytest.mark.parametrize(
    ("typed", "said", "value"),
    [
        ("2026-03-07T10:00", "A esa hora no se trabaja", None),
        ("2026-03-03T13:30", "A esa hora no se trabaja", "2026-03-03T14:30"),
        ("2026-03-03T23:00", "A esa hora no se trabaja", "2026-03-03T18:30"),
        ("2026-03-04T10:00", "Ese día no se trabaja (Día de prueba)", None),
    ],
)
async def test_a_moment_without_work_is_refused_and_the_nearest_offered(
    visit: Visit, desk: DeskUnderTest, typed: str, said: str, value: str | None
) -> None:
    desk.desk.named_holidays = lambda _year, _language: HOLIDAYS
    desk.desk.calendar = type(desk.desk.calendar)(
        desk.desk.calendar.hours, desk.desk.calendar.zone, HOLIDAYS.__contains__
    )
    case = await at_estimate(desk)
    assert case.place is not None
    unit = await visit("uit")
    form = {"move": "estimate", "revision": str(case.revision), "estimate": typed}
    [move] = [
        m.id
        for m in desk.desk.library.step(case.place).answers
        if any(f.type == "datetime" for f in m.fields)
    ]

    refused = await unit.post(f"/casos/{case.number}/paso", form | {"move": move})

    assert refused.status == 422
    assert said in refused.words
    offered = re.search(r'name="estimate" value="([^"]+)">', refused.source)
    assert offered
    assert value in (None, offered.group(1))
    taken = await unit.post(f"/casos/{case.number}/paso", form | {"move": move, "estimate": offered.group(1)})
    assert taken.status == 303


async def test_the_picker_names_free_days_and_offers_what_is_to_come(desk: DeskUnderTest) -> None:
    desk.desk.named_holidays = lambda _year, _language: HOLIDAYS
    desk.desk.calendar = type(desk.desk.calendar)(
        desk.desk.calendar.hours, desk.desk.calendar.zone, HOLIDAYS.__contains__
    )

    language.speak(language.load_catalogues(), "es")

    days = calendar.days(desk.desk)

    assert len(days) == calendar.DAYS
    assert [slot.said for slot in days[0].slots][:2] == ["09:30", "10:30"]
    assert (list(days[2].slots), days[2].why) == ([], "Día de prueba")
    assert days[5].why == "no se trabaja"

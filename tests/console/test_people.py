"""The people around a case on the pages: who is there, notes that name, giving and leaving, postponing, notices."""

import asyncio
import json
from datetime import timedelta
from zoneinfo import ZoneInfo

from cases.model import Case
from console.language import load_catalogues, speak
from console.live import Listener
from console.snoozing import choices
from desk.acts import assign, note
from desk.presence import beat
from store.work import Event
from tests.builders import START, DeskUnderTest, a_message
from tests.console.conftest import Seen, Visit


async def a_case(desk: DeskUnderTest, assignee: str | None = "operador") -> Case:
    case = (await desk.receive(a_message())).case
    assert case is not None
    if assignee is not None:
        await assign(desk.desk, desk.people["operador"], case.number, assignee)
    return case


def people_part(seen: Seen) -> str:
    """Return what the part of the page says that presence keeps fresh."""
    _, _, after = seen.source.partition('id="case-people"')
    return " ".join(after.partition("</div>")[0].split())


async def test_a_page_says_who_else_looks_and_warns_who_writes_beside_another(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    operator, supervisor = await visit("operador"), await visit("supervisor")
    address = f"/casos/{case.number}/presencia"

    alone = await supervisor.post(address, {"writing": "no"})
    await operator.post(address, {"writing": "yes"})
    seen = await supervisor.get(f"/casos/{case.number}")
    part = await supervisor.get(address, **{"HX-Request": "true"})
    own = await operator.get(address)

    assert json.loads(alone.source) == {"who": ""}
    assert "Operador escribe una respuesta…" in people_part(seen)
    assert "Antes de enviar la suya" in seen.words
    assert "Operador escribe una respuesta…" in part.words
    assert "Supervisor mira este caso" in own.words
    assert "<html" not in part.source
    await operator.post(address, {"here": "no"})
    assert "Operador escribe" not in (await supervisor.get(address)).words


async def test_lists_learn_who_looks_at_which_case_as_far_as_one_may_see_it(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    await beat(desk.desk, desk.people["operador"], case.number, writing=False)

    listed = await (await visit("supervisor")).get("/presencia")
    unit = await (await visit("uit")).get("/presencia")
    hidden = await (await visit("uit")).post(f"/casos/{case.number}/presencia", {"writing": "no"})

    assert json.loads(listed.source) == {case.number: ["Operador"]}
    assert json.loads(unit.source) == {}
    assert hidden.status == 404
    assert f'data-eyes="{case.number}"' in (await (await visit("operador")).get("/casos")).source


async def test_only_those_whom_it_concerns_hear_a_name(desk: DeskUnderTest) -> None:
    heard = {name: Listener(account) for name, account in desk.people.items()}
    mine = Event("notices-changed", {"user": str(desk.people["operador"].id)})
    there = Event("presence-changed", {"case": "2026-000001", "units": "uit"})

    hears = {
        event.name: {name for name, listener in heard.items() if listener.may_hear(event)}
        for event in (mine, there)
    }

    assert hears["notices-changed"] == {"operador"}
    assert hears["presence-changed"] == set(heard) - {"upat", "acgii", "adt"}


async def test_a_notice_wakes_the_browser_of_its_person_alone(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    operator, other = await visit("operador"), await visit("operador2")
    async with (
        operator.client.get("/live", headers=operator.headers) as mine,
        other.client.get("/live", headers=other.headers) as theirs,
        asyncio.timeout(3),
    ):
        await note(desk.desk, desk.people["supervisor"], case.number, "@operador mire esto")
        said = {(await mine.content.readuntil(b"\r\n\r\n")).decode() for _ in range(2)}
        nothing = (await theirs.content.readuntil(b"\r\n\r\n")).decode()

    assert said == {
        "event: notices-changed\r\ndata: \r\n\r\n",
        f"event: case-changed\r\ndata: {case.number}\r\n\r\n",
    }
    assert nothing.startswith("event: case-changed")


async def test_a_note_says_whom_it_could_not_reach(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    operator = await visit("operador")

    sent = await operator.post(f"/casos/{case.number}/nota", {"text": "@supervisor y @nadie y @uit"})
    seen = await operator.get(sent.onward.partition("#")[0])

    assert "Nadie se llama @nadie: no se avisó." in seen.words
    assert "@uit no puede ver este caso" in seen.words
    assert "@supervisor y @nadie y @uit" in seen.words


async def test_a_link_cannot_put_words_into_the_page(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    seen = await (await visit("operador")).get(
        f"/casos/{case.number}?hecho=note&nadie=su%20clave%20vencio,<b>x</b>"
    )

    assert "vencio" not in seen.words.partition("Conversación")[0]
    assert "Nadie se llama" not in seen.words


async def test_a_supervisor_whispers_to_the_one_who_has_the_case(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    supervisor, operator = await visit("supervisor"), await visit("operador")
    form = {"text": "Ofrezca llamarla.", "whisper": "yes"}

    assert (await operator.post(f"/casos/{case.number}/nota", form)).status == 403
    assert (await supervisor.post(f"/casos/{case.number}/nota", form)).status == 303

    mine = await operator.get(f"/casos/{case.number}")
    theirs = await (await visit("operador2")).get(f"/casos/{case.number}")
    assert "Solo para quien lo atiende" in mine.words
    assert "Ofrezca llamarla." in mine.words
    assert "Ofrezca llamarla." not in theirs.words
    assert 'name="whisper"' not in theirs.source
    assert 'name="whisper"' in (await supervisor.get(f"/casos/{case.number}")).source


async def test_a_case_is_left_and_handed_over_with_a_note(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    operator = await visit("operador")
    assert "Lo atiende usted" in (await operator.get(f"/casos/{case.number}")).words

    left = await operator.post(f"/casos/{case.number}/dejar")
    free = await operator.get(left.onward)
    again = await operator.post(f"/casos/{case.number}/dejar")
    handed = await operator.post(
        f"/casos/{case.number}/asignacion", {"user": "operador2", "note": "Espera una llamada."}
    )
    seen = await operator.get(handed.onward)

    assert "El caso quedó libre" in free.words
    assert again.status == 409
    assert "Lo atiende Operador2" in seen.words
    assert "Espera una llamada." in seen.words


async def test_a_case_is_postponed_with_one_choice_and_brought_back(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    operator = await visit("operador")
    address = f"/casos/{case.number}"

    done = await operator.post(f"{address}/pospuesto", {"until": "tomorrow", "reason": "Prueba en casa"})
    seen = await operator.get(done.onward)
    asleep = await operator.get("/casos?seccion=pospuestos")
    now = await operator.get("/casos?seccion=por-confirmar")
    back = await operator.post(f"{address}/regreso")

    assert "Pospuesto hasta mar 3 mar 2026, 08:30 · Prueba en casa" in seen.words
    assert case.number in asleep.words
    assert case.number not in now.words
    assert "Pospuesto hasta" not in (await operator.get(back.onward)).words
    assert "Dejó de estar pospuesto" in (await operator.get(address)).words


async def test_a_moment_that_cannot_be_is_refused_with_what_was_typed(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    operator = await visit("operador")

    for form, said in (
        ({"until": "moment", "at": "2026-03-01T10:00", "reason": "Feriado"}, "tiene que ser futuro"),
        ({"until": "moment", "at": ""}, "Escriba la fecha y la hora."),
        ({}, "Elija hasta cuándo."),
    ):
        seen = await operator.post(f"/casos/{case.number}/pospuesto", form)
        assert seen.status == 422
        assert said in seen.words
    assert (
        'value="Feriado"'
        in (
            await operator.post(
                f"/casos/{case.number}/pospuesto",
                {"until": "moment", "at": "2026-03-01T10:00", "reason": "Feriado"},
            )
        ).source
    )
    assert (
        await (await visit("uit")).post(f"/casos/{case.number}/pospuesto", {"until": "hour"})
    ).status == 403


def test_what_is_offered_to_postpone_follows_the_hour() -> None:

    speak(load_catalogues(), "es")
    zone = ZoneInfo("America/La_Paz")

    def offered(**later: float) -> list[tuple[str, str]]:
        now = START + timedelta(**later)
        return [(one.code, one.at.astimezone(zone).strftime("%a %H:%M")) for one in choices(now, zone)]

    assert offered() == [
        ("hour", "Mon 10:00"),
        ("afternoon", "Mon 14:30"),
        ("tomorrow", "Tue 08:30"),
        ("monday", "Mon 08:30"),
    ]
    assert [code for code, _ in offered(hours=5)] == ["hour", "tomorrow", "monday"]
    assert [code for code, _ in offered(days=6)] == ["hour", "afternoon", "tomorrow"]


async def test_notices_lead_to_their_place_and_are_read_by_it(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    written = await note(desk.desk, desk.people["supervisor"], case.number, "@operador mire esto")
    operator = await visit("operador")

    listed = await operator.get("/avisos")
    address = listed.source.partition('href="/avisos/')[2].partition('"')[0]
    opened = await operator.get(f"/avisos/{address}")
    after = await operator.get("/avisos")

    assert "Lo mencionan en una nota (sin leer)" in listed.words
    assert opened.onward == f"/casos/{case.number}#mensaje-{written.id}"
    assert "(sin leer)" not in after.words
    assert (await (await visit("operador2")).get(f"/avisos/{address}")).status == 404


async def test_all_notices_are_marked_as_read_at_once_and_one_alone(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    for text in ("@operador uno", "@operador dos"):
        await note(desk.desk, desk.people["supervisor"], case.number, text)
    operator = await visit("operador")
    news = json.loads((await operator.get("/avisos/nuevos?despues=0")).source)

    await operator.post("/avisos", {"notice": str(news["newest"])})
    left = json.loads((await operator.get("/avisos/nuevos?despues=0")).source)
    assert (await operator.post("/avisos", {"notice": "x"})).status == 422
    await operator.post("/avisos", {"all": "yes"})
    none = json.loads((await operator.get("/avisos/nuevos?despues=0")).source)

    assert (news["unread"], left["unread"], none["unread"]) == (2, 1, 0)
    assert [set(one) for one in news["news"]] == [{"id", "said", "number"}] * 2
    assert news["news"][0]["said"] == "Lo mencionan en una nota"


async def test_to_look_at_a_case_reads_what_was_told_of_it(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    await note(desk.desk, desk.people["supervisor"], case.number, "@operador uno")
    operator = await visit("operador")

    await operator.post(f"/casos/{case.number}/presencia", {"writing": "no"})

    assert json.loads((await operator.get("/avisos/nuevos")).source)["unread"] == 0


async def test_desktop_and_sound_are_off_until_somebody_says_so(visit: Visit) -> None:
    operator = await visit("operador")
    before = await operator.get("/avisos")
    await operator.post("/avisos/preferencias", {"sound": "yes"})
    after = await operator.get("/avisos")

    assert before.words.count("apagado") == 2
    assert (after.words.count("apagado"), after.words.count("encendido")) == (1, 1)
    assert "apagado" in (await (await visit("operador2")).get("/avisos")).words


async def test_a_supervisor_sees_who_is_available_and_hands_over_all(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    operator, supervisor = await visit("operador"), await visit("supervisor")
    said = await operator.post("/asistencia", {"available": "yes", "next": "/casos"})

    team = await supervisor.get("/equipo")
    wrong = await supervisor.post("/equipo/operador/entrega", {"to": "operador"})
    done = await supervisor.post("/equipo/operador/entrega", {"to": "operador2", "note": "Está de permiso."})
    after = await supervisor.get(done.onward)

    assert said.onward == "/casos"
    assert "disponible desde 09:00" in team.words
    assert "1 caso abierto" in team.words
    assert wrong.status == 422
    assert "Se entregó 1 caso." in after.words
    assert (await desk.case(case.number)).assignee == desk.people["operador2"].id
    assert (await operator.get("/equipo")).status == 403
    assert (await operator.post("/equipo/operador2/entrega", {"to": "operador"})).status == 403

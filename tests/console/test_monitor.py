"""The monitor's page: who waits, a conversation beside the list, whispering, taking over, giving to somebody else."""

import re
from html import unescape

from cases.model import Case, Inbound
from desk.assignment import assign
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit


async def reported(desk: DeskUnderTest, inbound: Inbound) -> Case:
    case = (await desk.receive(inbound)).case
    assert case is not None
    return case


async def test_the_list_shows_who_waits_and_for_how_long(visit: Visit, desk: DeskUnderTest) -> None:
    case = await reported(desk, a_message(text="¿Hay <b>alguien</b>?"))
    desk.clock.advance(minutes=20)

    seen = await (await visit("supervisor")).get("/monitor")

    assert "Rosa Mamani" in seen.words
    assert "20:00" in seen.words
    assert "<b>alguien" not in seen.source
    assert re.search(r'class="wait warn"[^>]*data-wait', seen.source)
    assert f"caso={case.number}#conversacion" in unescape(seen.source)
    assert "style=" not in seen.source


async def test_the_old_address_leads_on(visit: Visit) -> None:
    assert (await (await visit("supervisor")).get("/conversaciones")).onward == "/monitor?ver=todas"
    assert (await (await visit("operador")).get("/conversaciones")).status == 403


async def test_every_figure_leads_to_a_page(visit: Visit, desk: DeskUnderTest) -> None:
    await desk.receive(a_message())
    supervisor = await visit("supervisor")
    page = await supervisor.get("/monitor")
    figures = page.source.partition('class="mood"')[2].partition("</dl>")[0]

    links = re.findall(r'href="([^"#]+)', figures)

    assert len(links) >= 3
    for link in links:
        assert (await supervisor.get(unescape(link))).status == 200, link


async def test_a_whisper_reaches_who_has_the_case_and_never_the_person(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await reported(desk, a_message())
    supervisor = await visit("supervisor")
    address = f"/monitor/{case.number}/susurro?ver=todas"
    nobody = await supervisor.post(address, {"text": "Pregunte por el navegador."})
    assert nobody.status == 409
    assert "Nadie atiende este caso" in nobody.words
    await assign(desk.desk, desk.people["supervisor"], case.number, "operador")

    empty = await supervisor.post(address, {"text": " "})
    said = await supervisor.post(address, {"text": "Pregunte por el navegador."})

    assert (empty.status, said.status) == (422, 303)
    assert said.onward == f"/monitor?ver=todas&caso={case.number}&hecho=whisper#conversacion"
    assert "Le llegó a quien atiende" in (await supervisor.get(said.onward)).words
    assert (
        "Pregunte por el navegador." in (await (await visit("operador")).get(f"/casos/{case.number}")).words
    )
    assert "Pregunte por el navegador." not in (await (await visit()).get(f"/caso/{case.token}")).words


async def test_a_conversation_is_taken_over_and_given_on(visit: Visit, desk: DeskUnderTest) -> None:
    case = await reported(desk, a_message())
    supervisor = await visit("supervisor")
    pane = await supervisor.get(f"/monitor?caso={case.number}")
    assert "Nadie la atiende todavía." in pane.words
    assert "Responde el asistente." in pane.words

    taken = await supervisor.post(f"/monitor/{case.number}/toma")
    assert taken.status == 303
    pane = await supervisor.get(taken.onward)
    assert "La atiende Supervisor." in pane.words
    assert "Responde una persona." in pane.words

    given = await supervisor.post(f"/monitor/{case.number}/asignacion", {"user": "operador2"})
    assert "La atiende Operador2." in (await supervisor.get(given.onward)).words
    wrong = await supervisor.post(f"/monitor/{case.number}/asignacion", {"user": "adt"})
    assert wrong.status == 422


async def test_only_supervisors_act_here(visit: Visit, desk: DeskUnderTest) -> None:
    case = await reported(desk, a_message())
    for who in ("operador", "uit", "admin"):
        visitor = await visit(who)
        assert (await visitor.post(f"/monitor/{case.number}/toma")).status == 403, who
    assert "Susurrar" not in (await (await visit("admin")).get(f"/monitor?caso={case.number}")).words


async def test_a_case_that_there_is_none_of_leaves_the_list(visit: Visit, desk: DeskUnderTest) -> None:
    await desk.receive(a_message())

    seen = await (await visit("supervisor")).get("/monitor?caso=2026-999999&ver=nada&canal=nada")

    assert seen.status == 200
    assert "Rosa Mamani" in seen.words
    assert 'id="conversacion"' not in seen.source

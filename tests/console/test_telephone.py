"""The phone: the note with its helps, and the calls to make."""

from cases.vocabulary import Category
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message
from tests.console.conftest import Visit

NOTE = {"phone": "7000 0001", "name": "Rosa Mamani", "text": "No puede recuperar su contraseña", "system": ""}


async def test_a_note_becomes_a_case_and_leads_to_it(visit: Visit) -> None:
    operator = await visit("operador")

    seen = await operator.post("/telefono", NOTE)

    assert seen.status == 303
    page = await operator.get(seen.onward.split("#")[0])
    assert "No puede recuperar su contraseña" in page.words
    assert "La llamada quedó registrada en este caso." in page.words


async def test_a_wrong_number_is_named_and_the_note_kept(visit: Visit) -> None:
    seen = await (await visit("operador")).post("/telefono", NOTE | {"phone": "doce"})

    assert seen.status == 422
    assert "No es un número de teléfono." in seen.words
    assert "No puede recuperar su contraseña</textarea>" in seen.source


async def test_articles_and_earlier_cases_appear_for_what_is_typed(visit: Visit, desk: DeskUnderTest) -> None:
    article = await desk.article(title="Recuperar la contraseña")
    earlier = (await desk.receive(a_message(sender="+59170000001"))).case
    operator = await visit("operador")

    hints = await operator.get("/telefono/sugerencias?text=recuperar+contrase%C3%B1a&phone=70000001")
    page = await operator.get("/telefono?text=recuperar+contrase%C3%B1a&phone=70000001&name=Rosa")

    for seen in (hints, page):
        assert f'href="/articulos/{article.id}"' in seen.source
        assert f'href="/casos/{earlier.number}"' in seen.source
    assert "<main" not in hints.source
    assert 'value="Rosa"' in page.source


async def test_an_answer_to_a_phone_case_is_a_call_to_make(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    number = (await operator.post("/telefono", NOTE)).onward.split("/")[2].split("?")[0]
    case = await desk.confirm(await desk.case(number), Category.SUPPORT)
    await desk.walk(case, *SUPPORT_TO_REVIEW[:5])

    calls = await operator.get("/llamadas")
    assert "Borre los datos del navegador y entre otra vez." in calls.words
    address = calls.source.split('action="/llamadas/')[1].split('"')[0]
    missing = await operator.post(f"/llamadas/{address}", {"text": "Nada", "again_at": ""})
    assert (missing.status, "Diga si contestó." in missing.words) == (422, True)
    wrong = await operator.post(f"/llamadas/{address}", {"reached": "no", "again_at": "ayer"})
    assert (wrong.status, "Escriba la fecha y la hora." in wrong.words) == (422, True)

    again = await operator.post(
        f"/llamadas/{address}", {"reached": "no", "text": "Ocupado", "again_at": "2026-03-02T16:00"}
    )
    assert again.onward == "/llamadas"
    assert "Ocupado" in (await operator.get("/llamadas")).words
    await operator.post(f"/llamadas/{address}", {"reached": "yes", "text": "Conforme"})

    assert "Ninguna llamada por hacer" in (await operator.get("/llamadas")).words

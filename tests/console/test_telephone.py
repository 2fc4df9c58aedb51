"""The phone: the note with who calls and its helps, calls without a case, and the calls to make."""

import re

from cases.vocabulary import Category
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message
from tests.console.conftest import Visit, Visitor

NOTE = {"phone": "7000 0001", "name": "Rosa Mamani", "text": "No puede recuperar su contraseña", "system": ""}


async def a_call(operator: Visitor, desk: DeskUnderTest, **more: str) -> str:
    """Note a call and answer its case; returns the address of the call to make."""
    number = (await operator.post("/telefono", NOTE | more)).onward.split("/")[2].split("?")[0]
    case = await desk.confirm(await desk.case(number), Category.SUPPORT)
    await desk.walk(case, *SUPPORT_TO_REVIEW[:5])
    found = re.search(r'action="(/llamadas/\d+)"', (await operator.get("/llamadas")).source)
    assert found is not None
    return found[1]


async def test_a_note_becomes_a_case_and_leads_to_it(visit: Visit) -> None:
    operator = await visit("operador")

    seen = await operator.post("/telefono", NOTE)

    assert seen.status == 303
    page = await operator.get(seen.onward.split("#")[0])
    assert "No puede recuperar su contraseña" in page.words
    assert "La llamada quedó registrada en este caso." in page.words


async def test_a_wrong_number_is_named_and_the_note_kept(visit: Visit) -> None:
    seen = await (await visit("operador")).post(
        "/telefono", NOTE | {"phone": "doce", "mail": "rosa@example.bo"}
    )

    assert seen.status == 422
    assert "No es un número de teléfono." in seen.words
    assert "No puede recuperar su contraseña</textarea>" in seen.source
    assert 'value="rosa@example.bo"' in seen.source


async def test_a_form_that_is_sent_twice_is_one_note(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    nonce = re.search(r'name="nonce" value="(\w+)"', (await operator.get("/telefono")).source)
    assert nonce is not None

    answers = [await operator.post("/telefono", NOTE | {"nonce": nonce[1]}) for _ in range(2)]

    assert len({seen.onward for seen in answers}) == 1
    assert len(await desk.messages(await desk.case("2026-000001"))) == 1


async def test_who_calls_appears_as_the_number_is_typed_and_by_the_button(
    visit: Visit, desk: DeskUnderTest
) -> None:
    operator = await visit("operador")
    await operator.post("/telefono", NOTE | {"whatsapp": "1"})

    typing = await operator.post("/telefono", {"phone": "7000 00", "then": "caller"})
    part = await operator.post("/telefono", {"phone": "70000001", "then": "caller"})
    whole = await operator.post("/telefono", {"phone": "70000001", "name": "Rosa", "then": "look"})
    softphone = await operator.get("/telefono?phone=%2B59170000001")

    assert "Le faltan cifras." in typing.words
    for seen in (part, whole, softphone):
        assert "+59170000001" in seen.words
        assert "Rosa Mamani" in seen.words
        assert "También en: WhatsApp" in seen.words
        assert "La nota se suma a su caso abierto: 2026-000001" in seen.words
    assert "<main" not in part.source
    assert 'value="Rosa"' in whole.source
    assert len(await desk.messages(await desk.case("2026-000001"))) == 1


async def test_an_open_case_of_the_same_number_can_be_written_into(visit: Visit, desk: DeskUnderTest) -> None:
    chat = (await desk.receive(a_message())).case
    assert chat is not None
    operator = await visit("operador")

    part = await operator.post("/telefono", {"phone": "70000001", "then": "caller"})
    seen = await operator.post("/telefono", NOTE | {"into": chat.number})
    stranger = await operator.post("/telefono", NOTE | {"phone": "70000002", "into": chat.number})

    assert f'name="into" value="{chat.number}"' in part.source
    assert seen.onward == f"/casos/{chat.number}?hecho=phone"
    assert (stranger.status, "Ese caso no es de quien llama." in stranger.words) == (422, True)


async def test_a_proposal_and_texts_to_read_out_appear_for_what_is_typed(
    visit: Visit, desk: DeskUnderTest
) -> None:
    article = await desk.article(title="Recuperar la contraseña", body="Elija **Olvidé mi contraseña**.")
    inside = await desk.article(title="Contraseña del equipo", audience="internal")
    operator = await visit("operador")
    typed = {"text": "recuperar contraseña", "article": str(article.id)}

    part = await operator.post("/telefono", typed | {"then": "hints"})
    whole = await operator.post("/telefono", typed | {"then": "look", "name": "Rosa"})

    for seen in (part, whole):
        assert "Disponibilidad de servicio, muy probable (90" in seen.words
        assert "Elija Olvidé mi contraseña." in seen.words
        assert f'value="{article.id}" form="note" checked' in seen.source
        assert f'value="{inside.id}" form="note">' in seen.source
        assert "interno: no se lee" in seen.words
    assert "<main" not in part.source


async def test_what_was_read_out_is_recorded_with_the_case(visit: Visit, desk: DeskUnderTest) -> None:
    article = await desk.article()
    await (await visit("operador")).post("/telefono", NOTE | {"article": str(article.id)})

    record = await desk.record(await desk.case("2026-000001"))

    assert record[-1].data["article"] == article.id


async def test_a_call_settled_at_once_has_no_case_and_is_remembered(
    visit: Visit, desk: DeskUnderTest
) -> None:
    article = await desk.article(external_id="kb-clave")
    operator = await visit("operador")

    seen = await operator.post("/telefono", NOTE | {"article": str(article.id), "then": "settled"})

    assert "La llamada quedó anotada, sin caso." in (await operator.get(seen.onward)).words
    again = await operator.post("/telefono", {"phone": "70000001", "then": "caller"})
    assert "[Resuelto en la llamada con kb-clave]" in again.words
    assert "2026-" not in (await operator.get("/casos?seccion=todos")).words


async def test_consent_is_in_the_record(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    refused = await operator.post("/telefono", NOTE | {"mail": "rosa"})
    assert (refused.status, "Escriba un correo" in refused.words) == (422, True)

    await operator.post("/telefono", NOTE | {"whatsapp": "1", "mail": "rosa@example.bo"})

    record = await desk.record(await desk.case("2026-000001"))
    assert [entry.data["channel"] for entry in record if entry.kind == "consent"] == ["whatsapp", "email"]


async def test_an_answer_to_a_phone_case_is_a_call_to_make(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    address = await a_call(operator, desk)

    assert "Borre los datos del navegador" in (await operator.get("/llamadas")).words
    missing = await operator.post(address, {"text": "Nada", "again_at": ""})
    assert (missing.status, "Diga qué pasó al llamar." in missing.words) == (422, True)
    wrong = await operator.post(address, {"result": "busy", "again_at": "ayer"})
    assert (wrong.status, "Escriba la fecha y la hora." in wrong.words) == (422, True)

    missed = {"result": "busy", "text": "Suena ocupado", "again_at": "2026-03-02T16:00", "seen": "0"}
    assert (await operator.post(address, missed)).onward == "/llamadas"
    page = await operator.get("/llamadas")
    assert "Ocupado : Suena ocupado" in page.words
    assert "1 intento" in page.words
    twice = await operator.post(address, missed)
    assert (twice.status, "Otra persona ya anotó una llamada" in twice.words) == (409, True)
    await operator.post(address, {"result": "answered", "text": "Conforme", "de": "mias"})

    assert "Ninguna llamada por hacer" in (await operator.get("/llamadas")).words


async def test_mine_are_apart_from_all(visit: Visit, desk: DeskUnderTest) -> None:
    operator, other = await visit("operador"), await visit("operador2")
    await a_call(operator, desk)

    assert "Todas 1 Mías 1" in (await operator.get("/llamadas?de=mias")).words
    theirs = await other.get("/llamadas?de=mias")
    assert "Todas 1 Mías 0" in theirs.words
    assert "Ninguna llamada por hacer" in theirs.words


async def test_a_late_call_and_a_wrong_number_are_marked(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    address = await a_call(operator, desk)
    assert "toca llamar" in (await operator.get("/llamadas")).words

    desk.clock.advance(hours=2)
    assert "atrasada" in (await operator.get("/llamadas")).words

    await operator.post(address, {"result": "wrong_number"})
    marked = await operator.get("/llamadas")
    assert "Número equivocado. Consiga otro número" in marked.words
    assert re.search(r'<details id="end-\d+" class="fold" open>', marked.source)
    lookup = await operator.post("/telefono", {"phone": "70000001", "then": "caller"})
    assert "se anotó como inalcanzable" in lookup.words
    assert "Se le iba a llamar para leerle esto:" in lookup.words


async def test_calling_ends_with_a_reason_or_on_another_channel(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    address = await a_call(operator, desk, mail="rosa@example.bo")

    bare = await operator.post(address, {"then": "stop", "reason": ""})
    assert (bare.status, "Diga por qué ya no hace falta llamar." in bare.words) == (422, True)
    nowhere = await operator.post(address, {"then": "write"})
    assert (nowhere.status, "Elija por dónde se le escribe." in nowhere.words) == (422, True)
    absent = await operator.post(address, {"then": "write", "channel": "whatsapp"})
    assert (absent.status, "no tiene una dirección en ese canal" in absent.words) == (422, True)

    await operator.post(address, {"then": "write", "channel": "email"})

    assert "Ninguna llamada por hacer" in (await operator.get("/llamadas")).words
    assert "rosa@example.bo" in {parcel.address for parcel in await desk.dispatch()}


async def test_what_was_said_is_never_put_into_an_address(visit: Visit) -> None:
    page = await (await visit("operador")).get("/telefono")

    assert page.source.count('hx-post="/telefono"') == 2
    main = page.source.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r'formmethod|method="get"', main)

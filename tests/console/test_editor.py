"""The answer's editor without a script: drafts, texts put in, the preview, and the seconds in which it can be undone."""

import json
import re
from datetime import timedelta

from cases.model import Case
from desk.texts import keep_text, switch_text
from store.work import StoreWork
from tests.builders import DeskUnderTest, an_article_text
from tests.console.conftest import Seen, Visit
from tests.console.talking import a_case, a_form, see

HX = {"HX-Request": "true"}


async def keep(visit: Visit, case: Case, who: str = "operador", **form: str) -> Seen:
    return await (await visit(who)).post(f"/casos/{case.number}/borrador", form)


async def reply(visit: Visit, case: Case, text: str, **form: str) -> Seen:
    visitor = await visit("operador")
    return await visitor.post(f"/casos/{case.number}/respuesta", a_form(text=text, **form))


async def a_text(desk: DeskUnderTest, words: str = "Hola, {nombre}.\nSu caso es {caso}.") -> int:
    return (await keep_text(desk.desk, desk.people["supervisor"], None, "hola", "Saludo", words)).id


def written(seen: Seen, field: str = "reply-text") -> str:
    found = re.search(rf'<textarea id="{field}".*?>\n(.*?)</textarea>', seen.source, re.DOTALL)
    assert found is not None
    return found[1]


async def test_a_draft_is_there_in_another_browser_and_for_nobody_else(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    seen = await keep(visit, case, kind="reply", text="Estoy viendo su *caso*.")
    assert (seen.status, seen.onward) == (303, f"/casos/{case.number}?hecho=draft#responder")
    await keep(visit, case, kind="note", text="Llamar mañana.")

    mine, theirs = await see(visit, case), await see(visit, case, who="operador2")

    assert written(mine) == "Estoy viendo su *caso*."
    assert written(mine, "note-text") == "Llamar mañana."
    assert "Es su borrador; solo usted lo ve." in mine.words
    assert "Cómo le llegará: 1 mensaje · WhatsApp" in mine.words
    assert "Estoy viendo su <b>caso</b>." in mine.source
    assert (written(theirs), written(theirs, "note-text")) == ("", "")


async def test_a_refused_answer_is_a_draft_and_one_that_leaves_is_none(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)

    seen = await reply(visit, case, "Estará el {estimacion}.")
    assert seen.status == 422
    assert "Quedó sin completar: {estimacion}." in seen.words
    assert written(await see(visit, case)) == "Estará el {estimacion}."

    assert (await reply(visit, case, "Estará mañana.")).status == 303
    assert written(await see(visit, case)) == ""


async def test_texts_and_articles_are_put_below_what_was_typed(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    text, article = await a_text(desk), await desk.article(title="Pagos")

    await keep(visit, case, text="Buen día.", insert="text", text_id=str(text))
    assert written(await see(visit, case)) == f"Buen día.\n\nHola, Rosa Mamani.\nSu caso es {case.number}."
    await keep(visit, case, text="Vea esto:", insert="article", article_id=str(article.id))

    assert written(await see(visit, case)).startswith("Vea esto:\n\nPagos\n\n1. Abra la página.")
    linked = await see(visit, case, f"?insertar={article.id}")
    assert written(linked).count("Abra la página.") == 2


async def test_a_script_gets_the_texts_of_the_case_and_the_articles_that_may_be_sent(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case, operator = await a_case(desk), await visit("operador")
    text = await a_text(desk)
    await desk.stocked()
    secret = an_article_text(title="La página de pagos por dentro", audience="internal")
    await desk.desk.database.write(lambda work: work.articles.keep(secret, "test", desk.clock.now()))
    await desk.desk.refresh_articles()

    texts = await operator.get(f"/casos/{case.number}/textos")
    articles = await operator.get(f"/casos/{case.number}/articulos?q=pagos")

    assert f"Su caso es {case.number}." in texts.source
    titles = [found["title"] for found in json.loads(articles.source)]
    assert titles[0] == "La página de pagos no carga"
    assert "La página de pagos por dentro" not in titles
    await switch_text(desk.desk, desk.people["supervisor"], text, active=False)
    assert (await operator.get(f"/casos/{case.number}/textos")).source == "[]"


async def test_a_script_gets_the_preview_with_each_draft(visit: Visit, desk: DeskUnderTest) -> None:
    case, operator = await a_case(desk, mail=True), await visit("operador")
    form = {"text": "Pruebe ahora, {nombre}.", "channel": "email", "names": "guia.pdf\nmapa.png"}

    seen = await operator.post(f"/casos/{case.number}/borrador", form, **HX)

    assert seen.status == 200
    assert "<html" not in seen.source
    assert "Falta completar: {nombre}" in seen.words
    assert f"[{case.number}]" in seen.words
    assert "guia.pdf mapa.png" in seen.words
    note = await operator.post(f"/casos/{case.number}/borrador", {"kind": "note", "text": "Ojo"}, **HX)
    assert note.status == 204


async def test_the_preview_says_that_the_answer_will_wait(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    desk.clock.advance(hours=25)

    await keep(visit, case, text="Ya puede pagar.")

    assert "1 mensaje · WhatsApp · espera" in (await see(visit, case)).words


async def test_an_answer_is_undone_in_its_seconds_and_shown_as_taken_back(
    visit: Visit, desk: DeskUnderTest
) -> None:
    desk.desk.undo = timedelta(seconds=10)
    case = await a_case(desk)
    operator = await visit("operador")
    form = a_form(("pasos.txt", b"uno"), text="Pruebe ahora.")
    assert (await operator.post(f"/casos/{case.number}/respuesta", form)).status == 303
    desk.clock.advance(seconds=2)

    page = await see(visit, case)
    assert "Su respuesta se envía en 8 s" in page.words
    assert "Sale en unos segundos" in page.words
    assert "/retiro" not in (await see(visit, case, who="operador2")).source
    found = re.search(rf'action="(/casos/{case.number}/mensajes/\d+/retiro)"', page.source)
    assert found is not None
    seen = await operator.post(found[1])

    assert (seen.status, seen.onward) == (303, f"/casos/{case.number}?hecho=undo#responder")
    after = await see(visit, case, "?hecho=undo")
    assert "Retirada antes de salir" in after.words
    assert "Respuesta retirada antes de salir" in after.words
    assert "Reintentar" not in after.words
    assert written(after) == "Pruebe ahora."
    assert "pasos.txt" in after.source.split("Archivos de la respuesta que retiró")[1].split("</fieldset>")[0]
    file = re.search(r'name="again" value="(\d+)"', after.source)
    assert file is not None
    assert (await reply(visit, case, "Pruebe otra vez.", again=file[1])).status == 303
    assert [len(message.attachments) for message in await desk.messages(case)][-2:] == [1, 1]


async def test_it_is_refused_kindly_when_it_is_too_late(visit: Visit, desk: DeskUnderTest) -> None:
    desk.desk.undo = timedelta(seconds=10)
    case = await a_case(desk)
    await reply(visit, case, "Pruebe ahora.")
    page = (await see(visit, case)).source
    found = re.search(rf'action="(/casos/{case.number}/mensajes/\d+/retiro)"', page)
    assert found is not None
    desk.clock.advance(seconds=11)

    seen = await (await visit("operador")).post(found[1])

    assert seen.status == 409
    assert "La respuesta ya está saliendo: no se puede deshacer." in seen.words
    assert "/retiro" not in seen.source


async def test_the_texts_are_listed_written_and_taken_out_of_use(visit: Visit, desk: DeskUnderTest) -> None:
    boss, operator = await visit("supervisor"), await visit("operador")
    seen = await boss.post("/textos", {"shortcut": ";Hola", "title": "Saludo", "text": "Hola, {apellido}"})
    assert seen.status == 422
    assert "No se conoce {apellido}." in seen.words
    assert "Hola, {apellido}</textarea>" in seen.source

    seen = await boss.post("/textos", {"shortcut": ";Hola", "title": "Saludo", "text": "Hola, {nombre}"})
    assert seen.status == 303
    number = int(seen.onward.rpartition("-")[2])
    page = await operator.get("/textos?q=salúdo")
    assert ";hola" in page.words
    assert "Editar" not in page.words
    assert "Agregar el texto" not in page.words
    assert "Ningún texto coincide" in (await operator.get("/textos?q=otra")).words

    assert "Hola, {nombre}</textarea>" in (await boss.get(f"/textos/{number}")).source
    form = {"shortcut": "hola", "title": "Saludo", "text": "Buenas, {nombre}"}
    assert (await boss.post(f"/textos/{number}", form)).status == 303
    assert (await boss.post(f"/textos/{number}", form | {"title": ""})).status == 422
    assert (await boss.post(f"/textos/{number}/uso", {"active": "no"})).status == 303
    assert "no se ofrece" in (await boss.get("/textos")).words

    def known(work: StoreWork) -> list[tuple[str, bool]]:
        return [(text.text, text.active) for text in work.texts.all()]

    assert await desk.desk.database.read(known) == [("Buenas, {nombre}", False)]
    for act in ("/textos", f"/textos/{number}", f"/textos/{number}/uso"):
        assert (await operator.post(act, form)).status == 403
    assert (await (await visit("uit")).get("/textos")).status == 403

"""Articles: read, searched, written and approved by the desk; read by the public only when they may be."""

from datetime import timedelta

from cases.procedure import Value
from cases.vocabulary import Category
from desk.knowledge import lapse_articles
from desk.views import theirs
from store.article_report import ArticleReport
from store.work import StoreWork
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest
from tests.console.conftest import Visit
from tests.console.talking import a_case, say

FORM = {
    "title": "Cambiar el celular registrado",
    "body": "1. Vaya a *su perfil*.",
    "category": "support",
    "system": "ciudadania_digital",
    "audience": "public",
    "solved_by": "operador",
    "keywords": "celular, número",
}

CLOSED: tuple[tuple[str, str, dict[str, Value]], ...] = (
    ("supervisor", "approve", {}),
    ("supervisor", "close", {}),
)


async def test_what_an_operator_writes_waits_for_a_supervisor(visit: Visit) -> None:
    operator, supervisor, nobody = await visit("operador"), await visit("supervisor"), await visit()

    written = await operator.post("/articulos", FORM)
    page = await operator.get(written.onward)
    assert "Hay una versión que espera aprobación." in page.words
    assert "Cambiar el celular registrado" not in (await nobody.get("/ayuda")).words
    assert (await operator.post(f"{written.onward}/aprobacion")).status == 403

    assert (await supervisor.post(f"{written.onward}/aprobacion")).onward == written.onward
    assert "Cambiar el celular registrado" in (await nobody.get("/ayuda")).words


async def test_a_new_version_is_shown_once_it_is_approved(visit: Visit, desk: DeskUnderTest) -> None:
    operator, supervisor = await visit("operador"), await visit("supervisor")
    article = await desk.article(title="Firmar", body="Antes.")

    await operator.post(f"/articulos/{article.id}", FORM | {"title": "Firmar", "body": "Después."})
    assert "Antes." in (await supervisor.get(f"/articulos/{article.id}")).words
    assert (
        "Hay una versión que espera aprobación." in (await supervisor.get(f"/articulos/{article.id}")).words
    )
    await supervisor.post(f"/articulos/{article.id}/aprobacion")

    assert "Después." in (await supervisor.get(f"/articulos/{article.id}")).words


async def test_an_article_without_a_title_is_refused_and_its_text_kept(visit: Visit) -> None:
    seen = await (await visit("operador")).post("/articulos", FORM | {"title": " "})

    assert seen.status == 422
    assert "Escriba el título." in seen.words
    assert "1. Vaya a *su perfil*.</textarea>" in seen.source


async def test_a_category_that_is_none_is_refused(visit: Visit) -> None:
    seen = await (await visit("operador")).post("/articulos", FORM | {"category": "nube"})

    assert (seen.status, "Elija la categoría." in seen.words) == (422, True)


async def test_the_search_finds_by_the_persons_words(visit: Visit, desk: DeskUnderTest) -> None:
    await desk.article(title="Recuperar la contraseña")
    await desk.article(title="Imprimir la factura", body="Use el botón.", keywords=())

    found = await (await visit("operador")).get("/articulos?q=contrase%C3%B1a")

    assert "Recuperar la contraseña" in found.words
    assert "Imprimir la factura" not in found.words


async def test_the_public_sees_public_articles_alone(visit: Visit, desk: DeskUnderTest) -> None:
    public = await desk.article(title="Recuperar la contraseña")
    internal = await desk.article(title="Contraseña del servidor", audience="internal")
    nobody = await visit()

    listed, found = await nobody.get("/ayuda"), await nobody.get("/ayuda?q=contrase%C3%B1a")

    for seen in (listed, found):
        assert "Recuperar la contraseña" in seen.words
        assert "Contraseña del servidor" not in seen.words
        assert "<script" not in seen.source
    assert "Olvidé mi contraseña" in (await nobody.get(f"/ayuda/{public.external_id}")).words
    assert (await nobody.get(f"/ayuda/{internal.external_id}")).status == 404


async def test_markdown_from_an_editor_runs_nothing(visit: Visit, desk: DeskUnderTest) -> None:
    article = await desk.article(
        body='<script>alert(1)</script> [x](javascript:alert(1)) <a onclick="x()">y</a>'
    )

    seen = await (await visit()).get(f"/ayuda/{article.external_id}")

    assert "<script" not in seen.source
    assert 'href="javascript' not in seen.source
    assert "<a onclick" not in seen.source


async def an_operators_draft(visit: Visit, **said: str) -> str:
    return (await (await visit("operador")).post("/articulos", FORM | said)).onward


async def test_an_operators_new_version_keeps_every_field(visit: Visit, desk: DeskUnderTest) -> None:
    article = await desk.article(title="Firmar", keywords=("clave",))
    form = FORM | {"title": "Firmar", "system": "firma_digital", "audience": "internal", "solved_by": "uit"}

    await (await visit("operador")).post(f"/articulos/{article.id}", form)
    before = await desk.desk.database.read(lambda work: work.articles.get(article.id))
    await (await visit("supervisor")).post(f"/articulos/{article.id}/aprobacion", {"version": "2"})
    after = await desk.desk.database.read(lambda work: work.articles.get(article.id))

    assert (before.system, before.keywords, before.audience) == ("ciudadania_digital", ("clave",), "public")
    assert (after.system, after.keywords) == ("firma_digital", ("celular", "número"))
    assert (after.audience, after.solved_by) == ("internal", "uit")


async def test_a_supervisor_returns_a_draft_and_its_author_reads_why(visit: Visit) -> None:
    address = await an_operators_draft(visit)
    operator, supervisor = await visit("operador"), await visit("supervisor")

    without = await supervisor.post(f"{address}/devolucion", {"version": "1", "note": " "})
    refused = await operator.post(f"{address}/devolucion", {"version": "1", "note": "Otra vez."})
    await supervisor.post(f"{address}/devolucion", {"version": "1", "note": "Falta el paso 3."})

    assert (without.status, "Diga qué hay que corregir." in without.words) == (422, True)
    assert refused.status == 403
    assert "Falta el paso 3." in (await operator.get(f"{address}/editar")).words
    assert "Aprobar la última versión" not in (await supervisor.get(address)).words
    await operator.post(address, FORM | {"body": "1. Perfil. 3. Guarde."})
    assert "Aprobar la última versión" in (await supervisor.get(address)).words


async def test_a_version_that_the_approver_has_not_read_is_not_approved(visit: Visit) -> None:
    address = await an_operators_draft(visit)
    await (await visit("operador")).post(address, FORM | {"body": "Otra cosa."})

    seen = await (await visit("supervisor")).post(f"{address}/aprobacion", {"version": "1"})

    assert seen.status == 409
    assert "Cambiar el celular registrado" not in (await (await visit()).get("/ayuda")).words


async def test_two_versions_are_compared_line_by_line(visit: Visit) -> None:
    supervisor = await visit("supervisor")
    address = (await supervisor.post("/articulos", FORM | {"body": "Uno.\nDos.\nTres."})).onward
    await supervisor.post(address, FORM | {"body": "Uno.\nDos y medio.\nTres."})

    seen = await supervisor.get(f"{address}/versiones")
    same = await supervisor.get(f"{address}/versiones?de=2&a=2")

    assert "− Dos.</del>" in seen.source
    assert "+ Dos y medio.</ins>" in seen.source
    assert "De la versión" not in same.words
    assert (await supervisor.get(f"{address}/versiones?de=99&a=x")).status == 200


async def test_an_article_whose_time_is_over_is_offered_to_nobody_until_it_is_confirmed(
    visit: Visit, desk: DeskUnderTest
) -> None:
    article = await desk.article(title="Recuperar la contraseña")
    supervisor, nobody = await visit("supervisor"), await visit()
    day = (desk.clock.now() + timedelta(days=20)).date().isoformat()

    await supervisor.post(f"/articulos/{article.id}/vigencia", {"until": day})
    assert "1 artículo vence pronto." in (await supervisor.get("/articulos")).words
    assert await lapse_articles(desk.desk) == 0
    desk.clock.advance(days=21)
    assert await lapse_articles(desk.desk) == 1
    supervisor = await visit("supervisor")

    assert "1 artículo venció y ya no se ofrece." in (await supervisor.get("/articulos")).words
    assert "Recuperar la contraseña" not in (await nobody.get("/ayuda?q=contrase%C3%B1a")).words
    assert (await nobody.get(f"/ayuda/{article.external_id}")).status == 404
    past = await supervisor.post(f"/articulos/{article.id}/vigencia", {"until": day})
    assert (past.status, "La fecha tiene que ser futura." in past.words) == (422, True)
    refused = await (await visit("operador")).post(f"/articulos/{article.id}/vigencia", {"until": ""})
    assert refused.status == 403
    await supervisor.post(f"/articulos/{article.id}/vigencia", {"until": ""})
    assert "Recuperar la contraseña" in (await nobody.get("/ayuda?q=contrase%C3%B1a")).words


async def test_the_page_and_the_list_say_what_an_article_did(visit: Visit, desk: DeskUnderTest) -> None:
    article = await desk.article()
    first, second = await a_case(desk), await a_case(desk, sender="+59170000002")

    def used(work: StoreWork) -> None:
        for case, how in ((first, "offered"), (first, "solved"), (second, "offered"), (second, "opened")):
            work.articles.used(case.id, article.id, how, desk.clock.now())

    await desk.desk.database.write(used)
    operator = await visit("operador")

    page, listed = await operator.get(f"/articulos/{article.id}"), await operator.get("/articulos")

    assert "Resolvió 1" in page.words.split("(50")[0][-12:]
    assert "2 casos, resolvió" in listed.words
    desk.clock.advance(days=91)
    operator = await visit("operador")
    assert "Ningún caso lo usó." in (await operator.get(f"/articulos/{article.id}")).words


async def test_what_is_asked_often_and_answered_by_nothing_stands_together(
    visit: Visit, desk: DeskUnderTest
) -> None:
    await desk.article(title="Recuperar la contraseña")
    asked = (
        "¿Cuándo pagan el bono de vacunación?",
        "el bono de vacunacion no me pagan",
        "Olvidé mi contraseña",
    )
    cases = [await a_case(desk, sender=f"+5917000001{n}", text=text) for n, text in enumerate(asked)]
    supervisor = await visit("supervisor")

    seen = await supervisor.get("/articulos/vacios")

    assert "2 sin artículo que sirva" in seen.words
    assert cases[0].number in seen.source
    assert cases[1].number in seen.source
    assert f"/articulos/nuevo?caso={cases[1].number}" in seen.source
    assert (await (await visit("uit")).get("/articulos/vacios")).status == 403


async def test_a_case_solved_without_an_article_is_a_gap(visit: Visit, desk: DeskUnderTest) -> None:
    article = await desk.article(title="Recuperar la contraseña", keywords=("olvidé mi contraseña",))
    case = await a_case(desk, text="Olvidé mi contraseña")
    solved = await desk.confirm(await desk.case(case.number), Category.SUPPORT)
    await desk.walk(solved, *SUPPORT_TO_REVIEW, *CLOSED)
    operator = await visit("operador")

    assert case.number in (await operator.get("/articulos/vacios")).source
    now = desk.clock.now()
    await desk.desk.database.write(lambda work: work.articles.used(case.id, article.id, "sent", now))
    assert case.number not in (await operator.get("/articulos/vacios")).source


async def test_an_article_is_written_from_a_case_without_the_persons_data(
    visit: Visit, desk: DeskUnderTest
) -> None:
    told = "Soy Rosa Mamani, carnet 4567890 LP, cel 70000001. No carga la página de pagos, error 503"
    case = await a_case(desk, text=told)
    await say(desk, case, "Señora Rosa: borre los datos del navegador. Escriba a ana@example.bo.")
    operator = await visit("operador")

    form = await operator.get(f"/articulos/nuevo?caso={case.number}")
    written = await operator.post("/articulos", FORM | {"case": case.number})
    page = await operator.get(written.onward)

    for secret in ("Rosa", "Mamani", "4567890", "70000001", "ana@example.bo"):
        assert secret not in form.source
    assert "No carga la página de pagos, error 503" in form.source
    assert "borre los datos del navegador" in form.source
    assert page.status == 200
    used = await desk.desk.database.read(
        lambda work: ArticleReport(work.connection).usage(desk.clock.now() - timedelta(days=1))
    )
    assert [usage.written for usage in used.values()] == [1]
    assert (await operator.get("/articulos/nuevo?caso=2026-999999")).status == 404


async def test_solved_cases_are_shown_to_the_desk_alone(visit: Visit, desk: DeskUnderTest) -> None:
    solved = await desk.confirm(await desk.case((await a_case(desk)).number), Category.SUPPORT)
    solved = await desk.walk(solved, *SUPPORT_TO_REVIEW, *CLOSED)
    other = await a_case(desk, sender="+59170000002")
    other = await desk.confirm(await desk.case(other.number), Category.SUPPORT)

    operator, citizen = await visit("operador"), await visit()

    assert solved.number in (await operator.get(f"/casos/{other.number}")).source
    assert solved.number not in (await citizen.get(f"/caso/{other.token}")).source
    assert solved.number not in (await citizen.get("/ayuda?q=pagos")).source
    unit = desk.people["uit"]
    shown = await desk.desk.database.read(lambda work: theirs(work, unit, work.queries.solved_like(other, 5)))
    assert shown == []

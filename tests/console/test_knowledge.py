"""Articles: read, searched, written and approved by the desk; read by the public only when they may be."""

from tests.builders import DeskUnderTest
from tests.console.conftest import Visit

FORM = {
    "title": "Cambiar el celular registrado",
    "body": "1. Vaya a *su perfil*.",
    "category": "support",
    "system": "ciudadania_digital",
    "audience": "public",
    "solved_by": "operador",
    "keywords": "celular, número",
}


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

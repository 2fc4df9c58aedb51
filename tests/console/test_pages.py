"""Every page for every role: who sees it, and who is told that it is not theirs."""

import pytest

from cases.vocabulary import Category
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit

ALL = ("operador", "supervisor", "uit", "admin")
OPEN_TO = {
    "/casos": ALL,
    "/casos?seccion=devueltos": ALL,
    "/casos?seccion=en-curso": ALL,
    "/casos?seccion=pidio-persona": ALL,
    "/casos?seccion=esperando": ALL,
    "/casos?seccion=todos": ALL,
    "/casos?seccion=por-responder": ALL,
    "/casos?seccion=por-vencer": ALL,
    "/casos?seccion=pospuestos": ALL,
    "/casos/confirmar": ("operador",),
    "/buscar?q=a": ALL,
    "/vistas": ALL,
    "/revision": ("supervisor", "admin"),
    "/unidad": ("uit",),
    "/resueltos-solos": ("operador", "supervisor"),
    "/telefono": ("operador", "supervisor"),
    "/llamadas": ("operador", "supervisor"),
    "/monitor": ("supervisor", "admin"),
    "/monitor?ver=todas&canal=whatsapp": ("supervisor", "admin"),
    "/monitor?caso=2026-000001": ("supervisor", "admin"),
    "/revision/2026-000001": ("supervisor", "admin"),
    "/reportes/envios": ("supervisor", "admin"),
    "/canales": ("supervisor", "admin"),
    "/aprendizaje": ("supervisor", "admin"),
    "/reportes": ("supervisor", "admin"),
    "/reportes/casos?cifra=opened": ("supervisor", "admin"),
    "/reportes/por-canal.csv": ("supervisor", "admin"),
    "/reportes/todo.xlsx": ("supervisor", "admin"),
    "/reportes/mes/2026-02": ("supervisor", "admin"),
    "/cuarentena": ("operador", "supervisor", "admin"),
    "/articulos": ALL,
    "/articulos/nuevo": ("operador", "supervisor", "admin"),
    "/procedimientos": ALL,
    "/procedimientos/PR01/0": ALL,
    "/procedimientos/PR02/0": ALL,
    "/procedimientos/PR03/0": ALL,
}


@pytest.mark.parametrize("address", OPEN_TO)
async def test_a_page_is_for_those_whose_work_it_is(visit: Visit, desk: DeskUnderTest, address: str) -> None:
    await desk.receive(a_message())
    await desk.article()

    statuses = {name: (await (await visit(name)).get(address)).status for name in ALL}

    assert statuses == {name: 200 if name in OPEN_TO[address] else 403 for name in ALL}


@pytest.mark.parametrize("address", ["/", *OPEN_TO, "/casos/2026-000001", "/live", "/adjuntos/1"])
async def test_somebody_unknown_is_asked_who_they_are(visit: Visit, address: str) -> None:
    seen = await (await visit()).get(address)

    assert seen.status == 303
    assert seen.onward.startswith("/login")


@pytest.mark.parametrize(
    ("who", "begins"),
    [("operador", "/casos"), ("supervisor", "/revision"), ("uit", "/unidad"), ("admin", "/cuarentena")],
)
async def test_each_role_begins_where_its_day_begins(visit: Visit, who: str, begins: str) -> None:
    assert (await (await visit(who)).get("/")).onward == begins


async def test_a_unit_sees_its_tray_and_only_its_own_cases(visit: Visit, desk: DeskUnderTest) -> None:
    theirs = (await desk.receive(a_message(text="Se cayó todo"))).case
    theirs = await desk.confirm(theirs, Category.AVAILABILITY, before=True)
    theirs = await desk.walk(theirs, ("operador", "derive-uit", {}), ("operador", "derive-uit", {}))
    other = (await desk.receive(a_message(sender="+59170000002", text="Otra cosa"))).case
    unit = await visit("uit")

    tray = await unit.get("/unidad")

    assert "Se cayó todo" in tray.words
    assert "Otra cosa" not in tray.words
    assert (await unit.get(f"/casos/{theirs.number}")).status == 200
    assert (await unit.get(f"/casos/{other.number}")).status == 404


async def test_a_page_that_fetches_itself_again_gets_its_main_part_alone(visit: Visit) -> None:
    seen = await (await visit("operador")).get("/casos", **{"HX-Request": "true"})

    assert seen.source.lstrip().startswith("<main")
    assert seen.source.rstrip().endswith("</main>")


async def test_a_case_that_does_not_exist_is_said_to_be_missing(visit: Visit) -> None:
    seen = await (await visit("operador")).get("/casos/2026-999999")

    assert seen.status == 404
    assert "No existe el caso 2026-999999." in seen.words


async def test_the_language_follows_the_browser_and_then_the_choice(visit: Visit) -> None:
    assert "To confirm" in (await (await visit("operador", "en-GB,en;q=0.8")).get("/casos")).words
    assert "Por confirmar" in (await (await visit("operador", "fr,es;q=0.5")).get("/casos")).words

    chosen = await (await visit("operador")).post("/idioma", {"lang": "en", "next": "/casos?q=a"})

    assert chosen.onward == "/casos?q=a"
    assert "lang=en" in chosen.headers["Set-Cookie"]

"""The search page, the palette's material, the colours, and the dialogues that split and join cases."""

import re

import pytest

from console.assets import OWN
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit


async def test_one_search_finds_cases_people_and_articles(visit: Visit, desk: DeskUnderTest) -> None:
    await desk.stocked()
    case = (await desk.receive(a_message(text="La página de pagos sale en blanco"))).case
    operator = await visit("operador")

    seen = await operator.get("/buscar?q=pagina+de+pagos")
    assert f'href="/casos/{case.number}"' in seen.source
    assert "<mark>página</mark>" in seen.source
    assert "La página de pagos no carga" in seen.words
    assert "Rosa Mamani" in seen.words

    people = await operator.get("/buscar?q=0001&tipo=personas")
    assert "+5917000<mark>0001</mark>" in people.source
    assert f'href="/casos/{case.number}"' in people.source
    assert '<h2 id="cases-title">' not in people.source

    assert "Nada coincide con lo que busca" in (await operator.get("/buscar?q=elefante")).words
    assert "Busque un caso, una persona o un artículo" in (await operator.get("/buscar")).words


async def test_what_people_wrote_is_never_markup(visit: Visit, desk: DeskUnderTest) -> None:
    await desk.receive(a_message(text="<script>alert(1)</script> pagos", sender_name="<b>Rosa</b>"))

    seen = await (await visit("operador")).get("/buscar?q=pagos")

    assert "&lt;script&gt;" in seen.source
    assert "<script>alert" not in seen.source
    assert "<b>Rosa" not in seen.source


async def test_typing_fetches_the_main_part_alone(visit: Visit) -> None:
    seen = await (await visit("uit")).get("/buscar?q=a", **{"HX-Request": "true"})

    assert seen.source.lstrip().startswith("<main")


@pytest.mark.parametrize(
    ("who", "theirs", "others"),
    [
        ("operador", ("/telefono", "/cuarentena"), ("/revision", "/monitor", "/administracion", "/unidad")),
        ("supervisor", ("/revision", "/monitor"), ("/administracion", "/unidad")),
        ("uit", ("/unidad",), ("/telefono", "/revision", "/monitor", "/cuarentena")),
        ("admin", ("/administracion", "/monitor"), ("/telefono", "/unidad")),
    ],
)
async def test_the_keys_lead_only_where_a_role_may_go(
    visit: Visit, who: str, theirs: tuple[str, ...], others: tuple[str, ...]
) -> None:
    visitor = await visit(who)

    source = (await visitor.get("/articulos")).source
    led = re.findall(r'<a href="([^"]+)" data-go="(\w)"', source)

    assert {address for address, _ in led} >= set(theirs)
    assert not {address for address, _ in led} & set(others)
    assert len({letter for _, letter in led}) == len(led)
    for address, _letter in led:
        assert (await visitor.get(address.replace("&amp;", "&"))).status == 200, address


async def test_chosen_colours_are_kept_and_let_go(visit: Visit) -> None:
    operator = await visit("operador")

    chosen = await operator.post("/tema", {"theme": "dark", "next": "/casos?q=a"})
    assert chosen.onward == "/casos?q=a"
    assert "theme=dark" in chosen.headers["Set-Cookie"]
    operator.headers["Cookie"] += "; theme=dark"
    assert "theme-dark.css" in (await operator.get("/articulos")).source
    operator.headers["Cookie"] = operator.headers["Cookie"].replace("theme=dark", "theme=../x")
    assert "theme-" not in (await operator.get("/articulos")).source
    assert "Max-Age=0" in (await operator.post("/tema", {"theme": ""})).headers["Set-Cookie"]
    assert (await operator.post("/tema", {"next": "https://example.com/"})).onward == "/"


def test_the_chosen_colours_are_those_of_the_stylesheet() -> None:
    style = (OWN / "console.css").read_text("utf-8")
    light, dark = re.findall(r":root \{([^}]*)\}", style)[:2]

    def tokens(text: str) -> dict[str, str]:
        return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", text))

    kept = {name: tokens((OWN / f"theme-{name}.css").read_text("utf-8")) for name in ("light", "dark")}

    assert len(kept["dark"]) > 20
    assert kept["dark"] == tokens(dark)
    assert kept["light"] == {name: tokens(light)[name] for name in tokens(dark)}


async def test_splitting_says_what_happens_and_leads_both_ways(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    second = await desk.receive(a_message(text="Y además no sale mi factura"))
    operator = await visit("operador")
    way = f"/casos/{case.number}/division"

    asked = await operator.get(way)
    assert "pasan a un caso nuevo de la misma persona" in asked.words
    assert "Y además no sale mi factura" in asked.words

    none = await operator.post(way, {})
    assert (none.status, "Elija al menos un mensaje." in none.words) == (422, True)
    both = [("messages", str(m.id)) for m in await desk.messages(case) if m.direction == "in"]
    every = await operator.post(way, both)
    assert (every.status, "al menos un mensaje de la persona" in every.words) == (422, True)
    assert every.source.count(" checked>") == 2

    done = await operator.post(way, {"messages": str(second.message.id)})
    seen = await operator.get(done.onward)
    assert f'<a href="/casos/{case.number}">Volver a {case.number}</a>' in seen.source
    assert (await (await visit("uit")).get(way)).status == 403


async def test_joining_offers_the_persons_open_cases(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    second = await desk.receive(a_message(text="Y además no sale mi factura"))
    stranger = (await desk.receive(a_message(sender="+59170000777", sender_name="Luis Quispe"))).case
    operator = await visit("operador")
    alone = await operator.get(f"/casos/{case.number}/union")
    assert "La persona no tiene otro caso abierto" in alone.words

    split = await operator.post(f"/casos/{case.number}/division", {"messages": str(second.message.id)})
    other = split.onward.split("/")[2].split("?")[0]
    asked = await operator.get(f"/casos/{other}/union")
    assert f'value="{case.number}"' in asked.source
    assert stranger.number not in asked.source
    assert "este queda cerrado dentro de él" in asked.words
    nothing = await operator.post(f"/casos/{other}/union", {})
    assert (nothing.status, "Elija el caso que sigue." in nothing.words) == (422, True)

    done = await operator.post(f"/casos/{other}/union", {"into": case.number})
    assert done.onward == f"/casos/{case.number}?hecho=merge&de={other}"
    assert f'<a href="/casos/{other}">Ver {other}</a>' in (await operator.get(done.onward)).source
    assert (await operator.get(f"/casos/{other}/union")).status == 409

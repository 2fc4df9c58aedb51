"""The queue: each open case under what it needs now, filters, and the search over everything."""

from cases.vocabulary import Category, Channel
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message
from tests.console.conftest import Seen, Visit


def numbers_in(seen: Seen, *numbers: str) -> list[str]:
    """Return which of these numbers are in the list of a page."""
    return [number for number in numbers if f'href="/casos/{number}"' in seen.source]


async def test_each_case_stands_where_it_needs_something(visit: Visit, desk: DeskUnderTest) -> None:
    async def case(sender: str) -> str:
        return (await desk.receive(a_message(sender=sender))).case.number

    new, solving, returned, asks = [await case(f"+5917000001{number}") for number in range(4)]
    await desk.walk(await desk.confirm(await desk.case(solving), Category.SUPPORT), *SUPPORT_TO_REVIEW[:2])
    back = await desk.confirm(await desk.case(returned), Category.SUPPORT)
    await desk.walk(back, *SUPPORT_TO_REVIEW, ("supervisor", "return", {"observation": "Falta algo."}))
    await desk.receive(a_message(sender="+59170000013", text="persona"))
    operator = await visit("operador")
    everything = (new, solving, returned, asks)

    found = {
        name: numbers_in(await operator.get(f"/casos?seccion={name}"), *everything)
        for name in ("por-confirmar", "en-curso", "devueltos", "pidio-persona", "esperando", "todos")
    }

    assert found == {
        "por-confirmar": [new, asks],
        "en-curso": [solving],
        "devueltos": [returned],
        "pidio-persona": [asks],
        "esperando": [],
        "todos": [new, solving, returned, asks],
    }


async def test_the_tabs_count_what_the_filter_leaves(visit: Visit, desk: DeskUnderTest) -> None:
    await desk.receive(a_message())
    mail = a_message(channel=Channel.EMAIL, sender="eva@example.bo", provider_id="<1@x>", subject="Factura")
    await desk.receive(mail)
    operator = await visit("operador")

    assert "Por confirmar 2" in (await operator.get("/casos")).words
    filtered = await operator.get("/casos?canal=email")
    assert "Por confirmar 1" in filtered.words
    assert "Factura" in filtered.words
    assert "No carga la página" not in filtered.words


async def test_a_search_without_accents_looks_at_every_case(visit: Visit, desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)
    await desk.walk(case, *SUPPORT_TO_REVIEW, ("supervisor", "approve", {}), ("supervisor", "close", {}))
    operator = await visit("operador")

    for asked in ("pagina de pagos", "59170000001", "rosa mamani", case.number):
        assert case.number in (await operator.get("/casos?q=" + asked.replace(" ", "+"))).words
    assert "Nada coincide con lo que busca" in (await operator.get("/casos?q=elefante")).words


async def test_the_newest_cases_are_paged(visit: Visit, desk: DeskUnderTest) -> None:
    for number in range(52):
        await desk.receive(a_message(sender=f"+591700001{number:02d}", text=f"Reporte {number:02d}"))
    operator = await visit("operador")

    first = await operator.get("/casos?seccion=todos")
    older = first.source.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    second = await operator.get(older)

    assert "Reporte 51" in first.words
    assert "Reporte 01" not in first.words
    assert "Reporte 01" in second.words
    assert "Reporte 02" not in second.words


async def test_what_makes_no_sense_in_an_address_is_overlooked(visit: Visit, desk: DeskUnderTest) -> None:
    await desk.receive(a_message())

    seen = await (await visit("operador")).get("/casos?canal=paloma&categoria=x&seccion=x&antes=" + "9" * 40)

    assert seen.status == 200
    assert "No carga la página de pagos" in seen.words

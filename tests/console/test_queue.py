"""The queue: each open case under what it needs now, filters, and the search over everything."""

from datetime import timedelta

from cases.vocabulary import Category, Channel
from desk.acts import answer
from desk.assignment import assign
from desk.snooze import snooze
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
    await answer(desk.desk, desk.people["operador"], solving, "Estamos viendo su caso.")
    unanswered = await case("+59170000014")
    await desk.confirm(await desk.case(unanswered), Category.SUPPORT)
    operator = await visit("operador")
    everything = (new, solving, returned, asks, unanswered)

    found = {
        name: numbers_in(await operator.get(f"/casos?seccion={name}"), *everything)
        for name in (
            "por-confirmar",
            "por-responder",
            "en-curso",
            "devueltos",
            "pidio-persona",
            "esperando",
            "todos",
        )
    }

    assert found == {
        "por-confirmar": [new, asks],
        "por-responder": [unanswered],
        "en-curso": [solving],
        "devueltos": [returned],
        "pidio-persona": [asks],
        "esperando": [],
        "todos": [new, solving, returned, asks, unanswered],
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


async def test_what_waits_for_somebody_else_is_not_what_is_due_now(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    operator = await visit("operador")
    assert numbers_in(await operator.get("/casos?seccion=por-vencer"), case.number) == []

    desk.clock.advance(days=2)
    operator = await visit("operador")
    due = await operator.get("/casos?seccion=por-vencer")
    assert numbers_in(due, case.number) == [case.number]
    assert "venció" in due.words
    assert numbers_in(await operator.get("/casos?seccion=todos&vencido=si"), case.number) == [case.number]

    until = desk.clock.now() + timedelta(hours=2)
    await snooze(desk.desk, desk.people["operador"], case.number, until)
    for section in ("por-vencer", "por-confirmar"):
        assert numbers_in(await operator.get(f"/casos?seccion={section}"), case.number) == []
    put_off = await operator.get("/casos?seccion=pospuestos")
    assert numbers_in(put_off, case.number) == [case.number]
    assert "vuelve" in put_off.words

    desk.clock.advance(hours=3)
    assert numbers_in(await operator.get("/casos?seccion=por-confirmar"), case.number) == [case.number]


async def test_a_line_says_what_to_do_next(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    operator = await visit("operador")

    assert "Confirmar la clasificación" in (await operator.get("/casos?seccion=todos")).words
    case = await desk.confirm(case, Category.SUPPORT)
    unanswered = await operator.get("/casos?seccion=todos")
    assert "sin responder:" in unanswered.words
    assert "Responder a la persona" in unanswered.words
    await answer(desk.desk, desk.people["operador"], case.number, "Estamos viendo su caso.")
    assert "Seguir con el paso" in (await operator.get("/casos?seccion=todos")).words


async def test_mine_nobodys_and_everyones(visit: Visit, desk: DeskUnderTest) -> None:
    mine, nobodys, theirs = [
        (await desk.receive(a_message(sender=f"+5917000005{each}"))).case.number for each in range(3)
    ]
    await assign(desk.desk, desk.people["operador"], mine, "operador")
    await assign(desk.desk, desk.people["operador"], theirs, "operador2")
    operator = await visit("operador")

    found = {
        whose: numbers_in(await operator.get(f"/casos?quien={whose}"), mine, nobodys, theirs)
        for whose in ("", "yo", "-", "operador2", "nadie-se-llama-asi")
    }

    assert found == {
        "": [mine, nobodys, theirs],
        "yo": [mine],
        "-": [nobodys],
        "operador2": [theirs],
        "nadie-se-llama-asi": [],
    }


async def test_each_filter_narrows_and_stays_in_the_address(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case.number
    operator = await visit("operador")
    fits = "canal=whatsapp&categoria=availability&sistema=ppte&paso=PR01+3&unidad=ait&desde=2026-03-02&hasta=2026-03-02"

    seen = await operator.get(f"/casos?{fits}")
    assert numbers_in(seen, case) == [case]
    assert 'value="2026-03-02"' in seen.source
    assert "paso=PR01+3" in seen.source
    for other in (
        "canal=email",
        "categoria=support",
        "sistema=otro",
        "paso=PR01+4",
        "unidad=uit",
        "desde=2026-03-03",
        "hasta=2026-03-01",
        "vencido=si",
    ):
        assert numbers_in(await operator.get(f"/casos?{other}"), case) == [], other


async def test_a_view_is_saved_shown_with_its_count_and_opens_the_day(
    visit: Visit, desk: DeskUnderTest
) -> None:
    await desk.receive(a_message())
    operator = await visit("operador")

    form = {"name": "WhatsApp nuevos", "query": "canal=whatsapp&x=1&seccion=por-confirmar", "default": "yes"}
    saved = await operator.post("/vistas", form)
    assert (saved.status, saved.onward) == (303, "/casos?seccion=por-confirmar&canal=whatsapp&hecho=vista")
    seen = await operator.get(saved.onward)
    assert "La vista quedó guardada." in seen.words
    assert "WhatsApp nuevos 1" in seen.words
    assert (await operator.get("/casos")).onward == "/casos?seccion=por-confirmar&canal=whatsapp"

    again = await operator.post("/vistas", form)
    assert again.status == 422
    assert "Ya tiene una vista que se llama «WhatsApp nuevos»." in again.words
    assert 'value="WhatsApp nuevos"' in again.source

    kept = await operator.get("/vistas")
    number = kept.source.split('action="/vistas/')[2].split('"')[0]
    assert (await operator.post(f"/vistas/{number}", {"name": "Nuevos"})).onward == "/vistas?hecho=cambio"
    assert "Nuevos" in (await operator.get("/vistas")).words
    assert (await operator.post("/vistas/inicio", {"view": ""})).status == 303
    assert (await operator.get("/casos")).status == 200
    assert (await operator.post(f"/vistas/{number}/borrado")).status == 303
    assert "Todavía no guardó ninguna vista" in (await operator.get("/vistas")).words


async def test_a_view_is_shared_by_a_supervisor_alone(visit: Visit) -> None:
    supervisor, operator = await visit("supervisor"), await visit("operador")
    form = {"name": "Para todos", "query": "seccion=todos", "shared": "yes"}

    assert (await operator.post("/vistas", form)).status == 403
    assert (await supervisor.post("/vistas", form)).status == 303

    assert "Para todos" in (await operator.get("/casos")).words
    assert "Compartida por Supervisor" in (await operator.get("/casos")).source


async def test_several_cases_at_once_and_what_became_of_each(visit: Visit, desk: DeskUnderTest) -> None:
    first, second = [
        (await desk.receive(a_message(sender=f"+5917000006{each}"))).case.number for each in range(2)
    ]
    operator = await visit("operador")

    taken = await operator.post(
        "/casos/varios",
        [("act", "take"), ("case", first), ("case", "2026-000999"), ("back", "/casos?quien=-")],
    )
    assert taken.status == 200
    assert "Quedan con usted" in taken.words
    assert "No existe el caso 2026-000999." in taken.words
    assert 'href="/casos?quien=-"' in taken.source
    assert (await desk.case(first)).assignee == desk.people["operador"].id

    given = await operator.post("/casos/varios", [("act", "assign"), ("user", "operador2"), ("case", second)])
    assert "Entregados a operador2" in given.words
    put_off = await operator.post("/casos/varios", [("act", "snooze"), ("until", "hour"), ("case", second)])
    assert "Quedan pospuestos" in put_off.words
    assert numbers_in(await operator.get("/casos?seccion=pospuestos"), second) == [second]

    for form in ({"act": "take"}, {"act": "nada", "case": first}, {"act": "confirm", "case": first}):
        assert (await operator.post("/casos/varios", form)).status == 422
    assert (await (await visit("admin")).post("/casos/varios", {"act": "take", "case": first})).status == 403


async def test_proposals_are_looked_at_and_confirmed_together(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    operator = await visit("operador")

    shown = await operator.get(f"/casos/confirmar?case={case.number}&back=/casos")
    assert shown.status == 200
    chosen = shown.source.split('name="case" value="')[1].split('"')[0]
    assert chosen == f"{case.number}:{case.revision}"
    assert "checked" in shown.source

    done = await operator.post("/casos/varios", {"act": "confirm", "case": chosen})
    assert "Quedan confirmados" in done.words
    assert (await desk.case(case.number)).facts is not None
    again = await operator.post("/casos/varios", {"act": "confirm", "case": chosen})
    assert "Ya estaba confirmado." in again.words
    assert (await (await visit("uit")).get("/casos/confirmar")).status == 403

"""What people solved by themselves, passed on in bulk; and the mark that they give at the end."""

from cases.vocabulary import Category, Status
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message
from tests.console.conftest import Visit


async def solved(desk: DeskUnderTest) -> str:
    await desk.stocked()
    case = (await desk.receive(a_message(text="no carga la pagina de pagos"))).case
    await desk.receive(a_message(text="1"))
    await desk.receive(a_message(text="sí"))
    assert case is not None
    return case.number


async def test_an_operator_passes_them_on_and_a_supervisor_closes_them(
    visit: Visit, desk: DeskUnderTest
) -> None:
    number = await solved(desk)
    operator, supervisor = await visit("operador"), await visit("supervisor")
    assert "La página de pagos no carga" in (await operator.get("/resueltos-solos")).words

    passed = await operator.post("/resueltos-solos", {"case": number})
    closed = await supervisor.post("/resueltos-solos", {"case": number})

    assert "Pasó 1 caso." in passed.words
    assert "Pasó 1 caso." in closed.words
    assert (await desk.case(number)).status is Status.CLOSED


async def test_nothing_chosen_is_said_and_nothing_is_done(visit: Visit, desk: DeskUnderTest) -> None:
    number = await solved(desk)

    seen = await (await visit("operador")).post("/resueltos-solos")

    assert (seen.status, "No eligió ningún caso." in seen.words) == (422, True)
    assert (await desk.case(number)).status is Status.OPEN


async def test_what_cannot_be_passed_on_is_named(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    assert case is not None

    seen = await (await visit("operador")).post("/resueltos-solos", {"case": case.number})

    assert f"{case.number} : Ya no espera aquí" in seen.words or f"{case.number}: Ya no espera" in seen.words


async def test_a_person_gives_a_mark_once_their_case_is_closed(visit: Visit, desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)
    person = await visit()
    assert "¿Cómo le atendimos?" not in (await person.get(f"/caso/{case.token}")).words
    await desk.walk(case, *SUPPORT_TO_REVIEW, ("supervisor", "approve", {}), ("supervisor", "close", {}))

    empty = await person.post(f"/caso/{case.token}/nota", {"comment": "Muy bien"})
    given = await person.post(f"/caso/{case.token}/nota", {"rating": "5", "comment": "Muy bien"})

    assert (empty.status, "Elija del 1 al 5." in empty.words, "Muy bien" in empty.source) == (422, True, True)
    assert given.onward == f"/caso/{case.token}?hecho=nota#encuesta"
    assert "Su nota: 5 de 5." in (await person.get(f"/caso/{case.token}")).words

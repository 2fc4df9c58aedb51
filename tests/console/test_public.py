"""A citizen's own page: the stage, the unit and the estimate; nothing internal, and no way to guess it."""

from datetime import timedelta

from cases.vocabulary import Category
from desk.acts import set_estimate
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit


async def test_the_page_tells_the_stage_the_unit_and_the_estimate(visit: Visit, desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.AVAILABILITY, before=True)
    case = await desk.walk(
        case, ("operador", "derive-uit", {"comment": "Ojo"}), ("operador", "derive-uit", {})
    )
    at = desk.clock.now() + timedelta(hours=5)
    await set_estimate(desk.desk, desk.people["uit"], case.number, at, None)

    seen = await (await visit()).get(f"/caso/{case.token}")

    assert "Unidad de Infraestructura Tecnológica" in seen.words
    assert "lun 2 mar 2026, 14:00" in seen.words
    assert "No carga la página de pagos" in seen.words
    for hidden in ("Ojo", "PR02", "operador", "ppte"):
        assert hidden not in seen.source
    assert seen.headers["X-Robots-Tag"] == "noindex"
    assert "<script" not in seen.source


async def test_without_an_estimate_the_page_says_that_it_is_pending(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = (await desk.receive(a_message())).case

    assert "Aún no hay una fecha estimada" in (await (await visit()).get(f"/caso/{case.token}")).words


async def test_a_guessed_token_opens_nothing(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    for token in ("x" * 43, case.token[:-1], case.number):
        assert (await (await visit()).get(f"/caso/{token}")).status == 404

"""The review: the whole story on one page, approved or given back with a code, then the next case."""

import re

from cases.model import Case
from cases.vocabulary import Category
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message
from tests.console.conftest import Visit


async def in_review(desk: DeskUnderTest, sender: str = "+59170000001", text: str = "No puedo entrar") -> Case:
    case = (await desk.receive(a_message(sender=sender, text=text))).case
    assert case is not None
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)
    desk.clock.advance(minutes=1)
    return case


async def test_one_page_tells_the_whole_story(visit: Visit, desk: DeskUnderTest) -> None:
    case = await in_review(desk, text="No puedo entrar <i>hoy</i>")

    seen = await (await visit("supervisor")).get(f"/revision/{case.number}")

    for words in (
        "No puedo entrar <i>hoy</i>",
        "Borre los datos del navegador.",
        "PR01 3",
        "a tiempo",
        "está aquí",
        "corregida",
        "Disponibilidad",
        "Ninguna hasta ahora.",
        "1 / 1",
    ):
        assert words in seen.words, words
    assert "<i>hoy" not in seen.source
    assert "<svg" in seen.source


async def test_approving_stays_until_the_case_is_closed_and_then_goes_on(
    visit: Visit, desk: DeskUnderTest
) -> None:
    first, second = await in_review(desk), await in_review(desk, "+59170000002")
    supervisor = await visit("supervisor")
    listed = (await supervisor.get("/revision")).source
    assert re.findall(r'class="go" href="/revision/([\d-]+)"', listed) == [first.number, second.number]
    page = await supervisor.get(f"/revision/{first.number}")
    assert f'href="/revision/{second.number}" data-key="s"' in page.source

    async def send(move: str, **fields: str) -> str:
        now = await desk.case(first.number)
        form = {"move": move, "revision": str(now.revision), **fields}
        seen = await supervisor.post(f"/revision/{first.number}", form)
        assert seen.status == 303, seen.words
        return seen.onward

    assert await send("approve") == f"/revision/{first.number}?hecho={first.number}"
    onward = await send("close")

    assert onward == f"/revision/{second.number}?hecho={first.number}"
    assert f"Listo con {first.number}. Este es el siguiente." in (await supervisor.get(onward)).words


async def test_a_return_needs_its_code_and_keeps_what_was_typed(visit: Visit, desk: DeskUnderTest) -> None:
    case = await in_review(desk)
    supervisor = await visit("supervisor")
    form = {"move": "return", "revision": str(case.revision), "observation": "Falta decir qué navegador."}

    for address in (f"/revision/{case.number}", f"/casos/{case.number}/paso"):
        refused = await supervisor.post(address, form)
        assert refused.status == 422
        assert "Elija por qué se devuelve." in refused.words
        assert "Falta decir qué navegador." in refused.words

    sent = await supervisor.post(f"/revision/{case.number}", {**form, "reason_code": "incomplete_answer"})

    assert sent.onward == f"/revision?hecho={case.number}"
    assert f"Listo con {case.number}." in (await supervisor.get(sent.onward)).words
    told = await (await visit("operador")).get(f"/casos/{case.number}")
    assert "Respuesta incompleta" in told.words
    assert "Falta decir qué navegador." in told.words
    again = await supervisor.get(f"/revision/{case.number}")
    assert "Este paso le toca a: Operador." in again.words
    report = await supervisor.get("/reportes?periodo=hoy")
    assert "Respuesta incompleta" in report.words


async def test_somebody_faster_is_told_of(visit: Visit, desk: DeskUnderTest) -> None:
    case = await in_review(desk)
    supervisor = await visit("supervisor")
    await desk.step(case, "supervisor", "approve")

    late = await supervisor.post(
        f"/revision/{case.number}", {"move": "approve", "revision": str(case.revision)}
    )

    assert late.status == 409
    assert "Otra persona cambió este caso" in late.words

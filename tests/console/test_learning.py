"""The page of the classifier's learning, and a correction that is seen to work."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cases.model import Case
from cases.vocabulary import Category
from desk.learning import Comparison, Material, Side
from service.models import Models
from service.retraining import ProcessTrainer, Retraining, Trained
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit

SHIPPED = Path("var/model")
NEW = Side(0.953, 0.952, 0.015, 0.947, 0.933)
OLD = Side(0.951, 0.95, 0.016, 0.945, 0.931)
FOUND = Comparison(881, NEW, OLD, 7, 5, 7, 5, 5, 4, 3, 1, 0)

NAMES = {
    Category.AVAILABILITY: "Disponibilidad de servicio",
    Category.FUNCTIONAL_DESIGN: "Diseño funcional",
    Category.SUPPORT: "Soporte (ninguna de las dos)",
}
"""What the page calls each, whatever language another page was asked for in."""


class ToldTrainer:
    """Finds the new model a little better, and gives the shipped one's bytes."""

    async def train(self, _material: Material, _running: bytes | None) -> Trained:
        data = (SHIPPED / "report_classifier/model.msgpack").read_bytes()
        return Trained("fast-told", "test-1", 3300, FOUND, data)

    def let_go(self) -> None:
        """Nothing runs."""


async def corrected(
    desk: DeskUnderTest, visit: Visit, text: str, category: str = "support", *, number: int = 1
) -> Case:
    """Open a case and let an operator say on its page what it is."""
    case = (await desk.receive(a_message(sender=f"+591700004{number:02d}", text=text))).case
    form = {
        "category": category,
        "system": "ciudadania_digital",
        "handled": "no",
        "revision": str(case.revision),
    }
    done = await (await visit("operador")).post(f"/casos/{case.number}/clasificacion", form)
    assert done.status == 303
    return await desk.case(case.number)


async def test_the_page_tells_what_operators_corrected_and_how_often_they_agreed(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await corrected(desk, visit, "Soy Rosa Mamani, no me llega el código")
    agreed = (await desk.receive(a_message(sender="+59170000777"))).case
    await desk.confirm(agreed, Category.AVAILABILITY)

    seen = await (await visit("supervisor")).get("/aprendizaje")

    assert "Soy fulano fulano, no me llega el código" in seen.words
    assert "Se propuso: Disponibilidad · Plataforma de Pagos de Trámites del Estado" in seen.words
    assert f'href="/casos/{case.number}"' in seen.source
    assert "Disponibilidad de servicio: 1 de 1 propuestas coinciden" in seen.source
    assert "Soporte (ninguna de las dos): 0 de 1 propuestas coinciden" in seen.source
    assert seen.source.count('<rect class="agreed"') == 1
    assert seen.source.count('<rect class="differing"') == 1
    assert "2 · con 25 se entrena solo" in seen.words
    assert f'href="/casos/{agreed.number}"' not in seen.source


async def test_a_wrong_correction_is_withdrawn_with_its_reason(visit: Visit, desk: DeskUnderTest) -> None:
    case = await corrected(desk, visit, "No me llega el código")
    supervisor = await visit("supervisor")
    form = {"number": case.number, "listed": "1", "reason": ""}

    refused = await supervisor.post("/aprendizaje/retiro", form)
    done = await supervisor.post("/aprendizaje/retiro", form | {"reason": "Era del portal."})
    again = await supervisor.post("/aprendizaje/retiro", form | {"reason": "Era del portal."})

    assert (refused.status, "Diga por qué." in refused.words) == (422, True)
    assert (done.status, done.onward) == (303, "/aprendizaje?hecho=retiro")
    assert again.status == 409
    page = await supervisor.get("/aprendizaje")
    assert "retirada por supervisor" in page.words
    assert "0 · con 25 se entrena solo" in page.words
    record = await (await visit("operador")).get(f"/casos/{case.number}")
    assert "Confirmación retirada del aprendizaje" in record.words
    assert "Era del portal." in record.words


async def test_any_cases_confirmation_is_withdrawn_by_its_number(visit: Visit, desk: DeskUnderTest) -> None:
    agreed = (await desk.receive(a_message())).case
    await desk.confirm(agreed, Category.AVAILABILITY)
    admin = await visit("admin")

    missing = await admin.post("/aprendizaje/retiro", {"number": "2026-999999", "reason": "No."})
    done = await admin.post("/aprendizaje/retiro", {"number": f" {agreed.number} ", "reason": "No era."})

    assert (missing.status, "No existe el caso 2026-999999." in missing.words) == (422, True)
    assert done.status == 303


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/aprendizaje/entrenamiento", {}),
        ("/aprendizaje/retiro", {"number": "2026-000001", "reason": "No."}),
        ("/aprendizaje/anterior", {"model": "1", "reason": "No."}),
    ],
)
@pytest.mark.parametrize("who", ["operador", "uit"])
async def test_its_acts_are_the_supervisors_and_the_administrators(
    visit: Visit, who: str, address: str, form: dict[str, str]
) -> None:
    visitor = await visit(who)

    assert (await visitor.post(address, form)).status == 403
    page = await visitor.get("/aprendizaje")
    assert page.status == 403
    assert "/aprendizaje" not in (await visitor.get("/articulos")).source


async def test_a_training_is_asked_for_told_and_taken_back(visit: Visit, desk: DeskUnderTest) -> None:
    models = Models(desk.desk, SHIPPED)
    worker = Retraining(desk.desk, models, ToldTrainer())
    supervisor = await visit("supervisor")

    asked = await supervisor.post("/aprendizaje/entrenamiento")
    twice = await supervisor.post("/aprendizaje/entrenamiento")
    waiting = await supervisor.get("/aprendizaje")
    await worker.step()
    trained = await supervisor.get("/aprendizaje")
    back = await supervisor.post("/aprendizaje/anterior", {"model": "1", "reason": "Se equivoca."})
    stale = await supervisor.post("/aprendizaje/anterior", {"model": "1", "reason": "Se equivoca."})
    after = await supervisor.get("/aprendizaje")

    assert (asked.onward, twice.status) == ("/aprendizaje?hecho=entrenamiento", 409)
    assert "Hay un entrenamiento pedido" in waiting.words
    assert "Reentrenar ahora" not in waiting.words
    assert "puesto en uso" in trained.words
    assert "No es peor que el que estaba en uso." in trained.words
    assert "881 mensajes reservados 0.953 0.951" in trained.words
    assert re.search(r"95\s?% de 881 mensajes", trained.words)
    assert "5 confirmaciones que ninguno aprendió 4 3" in trained.words
    assert (back.status, stale.status) == (303, 409)
    assert "el que se instaló con el programa" in after.words
    assert "Volver al modelo anterior" not in after.words


async def test_corrections_in_the_console_fix_what_is_proposed_next(
    visit: Visit, desk: DeskUnderTest
) -> None:
    """The whole way with the shipped corpus: the one training of these tests that takes its time."""
    models = Models(desk.desk, SHIPPED)
    await models.take_up()
    worker = Retraining(desk.desk, models, ProcessTrainer(SHIPPED))
    mistaken = ("mi firma no carga en la pantalla del móvil", "no me carga la firma en el móvil, joven")
    mistaken += ("buenas, en mi móvil la firma no carga", "la firma no carga en la pantalla de mi móvil")
    like = "disculpe, en la pantalla del móvil mi firma no carga"
    before = (await desk.receive(a_message(sender="+59170000888", text=like))).case
    first = await desk.desk.database.read(lambda work: work.cases.proposal(before.id))
    assert first is not None
    right = next(each for each in Category if each is not first.category)  # so the proposal is a mistake

    for number, text in enumerate(mistaken):
        await corrected(desk, visit, text, right, number=number)
    await (await visit("supervisor")).post("/aprendizaje/entrenamiento")
    await worker.step()
    after = (await desk.receive(a_message(sender="+59170000889", text=like))).case

    page = await (await visit("operador")).get(f"/casos/{after.number}")
    report = await (await visit("supervisor")).get("/aprendizaje")
    assert f"Se propuso {NAMES[right]}, muy probable" in page.words
    assert "Ciudadanía Digital, muy probable" in page.words
    assert "puesto en uso" in report.words


async def test_the_case_page_shows_what_the_uit_solved_before(visit: Visit, desk: DeskUnderTest) -> None:
    text = "La pasarela de pagos da error 503 al pagar con QR"
    earlier = (await desk.receive(a_message(sender="+59170000011", text=text))).case
    earlier = await desk.confirm(earlier, Category.AVAILABILITY, before=True)
    earlier = await desk.walk(earlier, ("operador", "derive-uit", {}), ("operador", "derive-uit", {}))
    unsolved = (await desk.receive(a_message(sender="+59170000012", text="Sale error 503 con el QR"))).case
    operator = await visit("operador")

    seen = await operator.get(f"/casos/{unsolved.number}")

    assert "No hay casos parecidos de este sistema que haya resuelto la UIT" in seen.words
    await desk.desk.database.write(
        lambda work: work.cases.save(
            _solved(earlier, "Se reinició la pasarela."), earlier.revision, desk.clock.at
        )
    )
    seen = await operator.get(f"/casos/{unsolved.number}")
    assert f"Lo resolvió la UIT: {earlier.number}" in seen.words
    assert "Solución: Se reinició la pasarela." in seen.words


def _solved(case: Case, solution: str) -> Case:
    return replace(case, solution=solution)


async def test_a_page_without_anything_learnt_says_so(visit: Visit) -> None:
    seen = await (await visit("admin", "en")).get("/aprendizaje")

    assert "Nobody confirmed a proposal in these days yet." in seen.words
    assert "measured with the first training" in seen.words
    assert "There was none yet." in seen.words

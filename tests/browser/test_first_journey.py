"""From the phone to the answer and back: a citizen, an operator and a supervisor, each with a browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import confirm, take

ANSWER = "Ya puede entrar: borre los datos del navegador y vuelva a intentar."


def write(phone: Page, text: str) -> None:
    phone.get_by_label("Mensaje").fill(text)
    phone.get_by_role("button", name="Enviar").click()


def solve(operator: Page) -> None:
    """Take a report that is neither an outage nor a design problem from PR01 3 to the supervisor."""
    confirm(operator, "Soporte (ninguna de las dos)", before=False, then="Confirmar y pasar al numeral 5")
    expect(operator.locator("#ahora")).to_contain_text("PR01 5")
    take(operator, "Registrar la solución", "PR01 6", Solución=ANSWER)
    take(operator, "No hace falta actualizar", "PR01 7", Motivo="Ya hay un artículo.")
    take(operator, "Notificar", "PR01 8")
    take(operator, "Derivar al supervisor", "PR01 9")


def test_a_report_is_confirmed_solved_returned_once_answered_and_closed(desk: Desk) -> None:
    phone = desk.visit(viewport={"width": 420, "height": 860}).new_page()
    phone.goto("/simulated/")
    write(phone, "Buenas, no puedo entrar a ciudadanía digital, sale error 503")
    heard = phone.locator("#bubbles .out").first
    expect(heard).to_contain_text("Registré su reporte con el número")
    found = re.search(r"\d{4}-\d{6}", heard.inner_text())
    assert found is not None
    number = found.group()

    operator = desk.as_("operador")
    operator.get_by_role("link", name="no puedo entrar a ciudadanía digital, sale error 503").last.click()
    expect(operator.locator("main")).to_contain_text(number)
    solve(operator)
    expect(phone.locator("#bubbles .out").last).to_contain_text(ANSWER)

    supervisor = desk.as_("supervisor")
    supervisor.goto(f"/casos/{number}")
    take(supervisor, "Devolver", "PR01 3", Observación="Diga también qué navegador.")

    operator.goto(f"/casos/{number}")
    expect(operator.locator("#ahora")).to_contain_text("Diga también qué navegador.")
    solve(operator)
    supervisor.goto(f"/casos/{number}")
    take(supervisor, "Aprobar", "PR01 10")
    take(supervisor, "Cerrar", "Caso cerrado")

    record = supervisor.locator("#expediente, .record").first
    for step in ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"):
        expect(record).to_contain_text(f"PR01 {step}")
    expect(record).to_contain_text("Responsable: Supervisor de Soporte Técnico")
    expect(record).to_contain_text("Cierre del problema en la herramienta OstTicket")

    citizen = desk.visit().new_page()
    link = re.search(r"/caso/[\w-]+", phone.locator("#bubbles .out").first.inner_text())
    assert link is not None
    citizen.goto(link.group())
    expect(citizen.locator("main")).to_contain_text(number)
    expect(citizen.locator("main")).to_contain_text(ANSWER)
    expect(citizen.locator("main")).not_to_contain_text("Diga también qué navegador.")

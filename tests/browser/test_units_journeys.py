"""PR02 and PR03 in the browser: each unit takes its own steps on its own screen."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import confirm, take

SOLUTION = "Se restableció el servicio."


def register(operator: Page, text: str, phone: str) -> str:
    """Type a call in; returns the case's number."""
    operator.goto("/telefono")
    operator.get_by_label("Teléfono").fill(phone)
    operator.get_by_label("Nombre").fill("Persona de prueba")
    operator.get_by_label("Qué reporta").fill(text)
    operator.get_by_role("button", name="Registrar").click()
    operator.wait_for_url(re.compile(r"/casos/\d{4}-\d{6}"))
    found = re.search(r"\d{4}-\d{6}", operator.url)
    assert found is not None
    return found.group()


def answer_and_close(desk: Desk, operator: Page, number: str, steps: tuple[str, str, str]) -> None:
    """Take a solved case through AIT: the knowledge base, the answer, the review, the end."""
    notify, review, close = steps
    operator.goto(f"/casos/{number}")
    take(operator, "No hace falta", notify, Motivo="Caso puntual.")
    take(operator, "", review)
    supervisor = desk.as_("supervisor")
    supervisor.goto(f"/casos/{number}")
    take(supervisor, "Aprobar", close)
    take(supervisor, "", "Caso cerrado")


def test_pr02_through_upat_and_back_to_the_uit(desk: Desk) -> None:
    operator = desk.as_("operador")
    number = register(operator, "No carga la plataforma de pagos, a nadie de la oficina le abre", "70000091")
    confirm(operator, "Disponibilidad de servicio", before=True)
    take(operator, "Derivar a la UIT", "PR02 1")
    take(operator, "Derivar", "PR02 2")

    uit, upat = desk.as_("uit"), desk.as_("upat")
    uit.goto(f"/casos/{number}")
    take(uit, "Registrar el análisis", "PR02 3", Análisis="La infraestructura responde.")
    take(uit, "Derivar a la UPAT", "PR02 3.B.1")
    upat.goto(f"/casos/{number}")
    take(upat, "Registrar el análisis", "PR02 3.B.2", Análisis="Falla tras la última versión.")
    estimate = {"Fecha y hora estimadas de solución": "2027-12-15T10:00"}
    take(upat, "Registrar la estimación", "PR02 3.B.3", **estimate)
    take(upat, "", "PR02 3.B.4")
    take(upat, "", "PR02 3.A.2")
    uit.goto(f"/casos/{number}")
    take(uit, "", "PR02 4")
    take(uit, "", "PR02 5", Solución=SOLUTION)
    take(uit, "", "PR02 6")

    answer_and_close(desk, operator, number, ("PR02 7", "PR02 8", "PR02 9"))


def test_pr03_by_the_adt_itself(desk: Desk) -> None:
    operator = desk.as_("operador")
    number = register(operator, "No aparece la opción para anular una hoja de ruta", "70000092")
    confirm(operator, "Diseño funcional", before=False)
    take(operator, "No corresponde a la UIT", "PR01 4")
    take(operator, "Derivar al ADT", "PR03 1")
    take(operator, "", "PR03 2")

    adt = desk.as_("adt")
    adt.goto(f"/casos/{number}")
    take(adt, "Registrar el análisis", "PR03 3", Análisis="Falta la opción.")
    take(adt, "", "PR03 3.A.1")
    take(adt, "", "PR03 3.A.2")
    take(adt, "", "PR03 3.A.3", Solución=SOLUTION)
    take(adt, "", "PR03 4")

    answer_and_close(desk, operator, number, ("PR03 5", "PR03 6", "PR03 7"))


def test_without_javascript_a_case_is_confirmed_and_moved(desk: Desk) -> None:
    operator = desk.as_("operador", java_script_enabled=False)
    register(operator, "Olvidó su contraseña", "70000093")
    confirm(operator, "Soporte (ninguna de las dos)", before=False)
    take(operator, "No corresponde a la UIT", "PR01 4")
    expect(operator.locator("main")).to_contain_text("Expediente")

"""The note of a call, typed while somebody talks: the caller and the articles appear by themselves."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Desk


def test_the_caller_and_the_articles_appear_as_one_types(desk: Desk) -> None:
    operator = desk.as_("operador")
    operator.goto("/telefono")
    operator.get_by_label("Teléfono").fill("70000094")
    operator.get_by_label("Nombre").fill("Persona de prueba")
    operator.get_by_label("Qué reporta").fill("Preguntó por el horario")
    operator.get_by_role("button", name="Resuelto en la llamada").click()
    expect(operator.get_by_text("La llamada quedó anotada, sin caso.")).to_be_visible()

    operator.goto("/telefono")
    phone = operator.get_by_label("Teléfono")
    phone.press_sequentially("700000")
    expect(operator.locator("#caller")).to_contain_text("Le faltan cifras.")
    phone.press_sequentially("94")
    expect(operator.locator("#caller")).to_contain_text("+59170000094")
    expect(operator.locator("#caller")).to_contain_text("Persona de prueba")
    expect(phone).to_be_focused()
    operator.get_by_text("Casos y llamadas anteriores").click()
    expect(operator.locator("#caller")).to_contain_text("Preguntó por el horario")

    note = operator.get_by_label("Qué reporta")
    note.press_sequentially("No puede recuperar su contraseña")
    hints = operator.locator("#hints")
    expect(hints).to_contain_text("Categoría propuesta")
    first = hints.locator("details").first
    first.locator("summary").click()
    expect(first.locator(".read-out")).to_be_visible()
    expect(hints.get_by_label("Lo usé en la llamada").first).to_be_checked()
    note.press_sequentially(" de ciudadanía digital")
    expect(hints.locator("input:checked")).to_have_count(1)

    operator.get_by_role("button", name="Registrar").click()
    operator.wait_for_url(re.compile(r"/casos/\d{4}-\d{6}"))
    expect(operator.locator("main")).to_contain_text("Leyó un artículo")

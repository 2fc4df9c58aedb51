"""Two people on one case: each sees the other within a moment, nobody loses what they write, and a note finds whom it names."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.test_units_journeys import register

HIDDEN = """
    window.heard = [];
    window.Notification = class { constructor(said, more) { window.heard.push([said, more.body]); } addEventListener() {} };
    window.Notification.permission = "granted";
    window.Notification.requestPermission = async () => "granted";
    Object.defineProperty(document, "hidden", { get: () => Boolean(window.elsewhere) });
"""
"""Stands in for what a browser without a desktop has not: a place for notifications, and another tab in front."""


def take(page: Page, number: str) -> None:
    page.goto(f"/casos/{number}")
    page.get_by_role("button", name="Tomar el caso").click()
    expect(page.locator(".people")).to_contain_text("Lo atiende usted")


def test_two_people_on_one_case_see_each_other_and_lose_nothing(desk: Desk) -> None:
    operator, supervisor = desk.as_("operador"), desk.as_("supervisor")
    number = register(operator, "No se abre el buzón de la oficina", "70000071")
    take(operator, number)
    expect(operator.locator("#case-people")).to_be_empty()
    supervisor.goto(f"/casos/{number}")

    expect(operator.locator("#case-people")).to_contain_text("Marcela Rojas mira este caso")
    expect(supervisor.locator("#case-people")).to_contain_text("Lucía Quispe mira este caso")
    supervisor.get_by_label("Respuesta").fill("Lo que pienso decir")
    expect(operator.locator("#case-people")).to_contain_text("Marcela Rojas escribe una respuesta…")
    operator.get_by_label("Respuesta").fill("También yo escribo")
    expect(supervisor.locator("#case-writers")).to_contain_text("Antes de enviar la suya")

    expect(supervisor.get_by_label("Respuesta")).to_have_value("Lo que pienso decir")
    listed = desk.as_("operador2")
    listed.goto(f"/casos?seccion=todos&q={number}")
    expect(listed.locator(f'[data-eyes="{number}"]')).to_contain_text("Lucía Quispe, Marcela Rojas")
    supervisor.goto("/casos")
    expect(operator.locator("#case-people")).not_to_contain_text("Marcela Rojas")
    expect(listed.locator(f'[data-eyes="{number}"]')).not_to_contain_text("Marcela Rojas")
    expect(operator.get_by_label("Respuesta")).to_have_value("También yo escribo")


def test_a_name_is_found_with_the_keyboard_and_its_person_hears_of_it(desk: Desk) -> None:
    operator = desk.as_("operador")
    number = register(operator, "No imprime la hoja de ruta", "70000072")
    colleague = desk.visit().new_page()
    colleague.add_init_script(HIDDEN)
    colleague.goto("/login")
    colleague.get_by_label("Cuenta").fill("operador2")
    colleague.get_by_label("Contraseña").fill("demo")
    colleague.get_by_role("button", name="Ingresar").click()
    colleague.wait_for_url(lambda url: "/login" not in url)
    colleague.goto("/avisos")
    colleague.get_by_role("button", name=re.compile("Encender.*Aviso del escritorio")).click()
    expect(colleague.get_by_role("button", name=re.compile("Apagar.*Aviso del escritorio"))).to_be_visible()
    colleague.evaluate("window.elsewhere = true")

    operator.goto(f"/casos/{number}")
    operator.keyboard.press("n")
    operator.get_by_label("Nota interna").press_sequentially("Mire esto @jorge")
    expect(operator.locator("#mentions").get_by_role("option", name="Jorge Choque")).to_have_attribute(
        "aria-selected", "true"
    )
    operator.keyboard.press("Enter")
    expect(operator.get_by_label("Nota interna")).to_have_value("Mire esto @operador2 ")
    operator.keyboard.press("Control+Enter")
    expect(operator.locator(".bubble.note")).to_contain_text("Mire esto @operador2")

    expect(colleague.locator("#bell [data-unread]")).to_contain_text("1")
    colleague.wait_for_function("window.heard.length > 0")
    assert colleague.evaluate("window.heard") == [["Lo mencionan en una nota", f"Caso {number}"]]
    colleague.get_by_role("link", name="Lo mencionan en una nota").first.click()
    expect(colleague).to_have_url(re.compile(rf"/casos/{number}#mensaje-\d+$"))
    expect(colleague.locator("#bell [data-unread]")).to_be_hidden()


def test_without_javascript_a_case_is_postponed_left_and_noted(desk: Desk) -> None:
    number = register(desk.as_("operador"), "No llega el código", "70000073")
    plain = desk.as_("operador", java_script_enabled=False, viewport={"width": 360, "height": 740})
    take(plain, number)

    plain.locator("#fold-snooze > summary").click()
    plain.get_by_label("Mañana temprano").check()
    plain.get_by_role("button", name="Posponer el caso").click()
    expect(plain.locator(".people")).to_contain_text("Pospuesto hasta")
    plain.get_by_role("button", name="Traer de vuelta").click()
    expect(plain.locator(".people")).not_to_contain_text("Pospuesto hasta")
    plain.get_by_role("button", name="Dejar").click()
    expect(plain.locator(".people")).to_contain_text("Nadie lo atiende todavía")
    plain.locator("#fold-note > summary").click()
    plain.get_by_label("Nota interna").fill("@alguien mire")
    plain.get_by_role("button", name="Guardar la nota").click()
    expect(plain.locator("main")).to_contain_text("Nadie se llama @alguien: no se avisó.")

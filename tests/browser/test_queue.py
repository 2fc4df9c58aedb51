"""The queue by keyboard alone: choose cases, go by keys, the palette, the search as one types, the dialogues."""

from playwright.sync_api import expect

from tests.browser.conftest import Desk


def test_cases_are_chosen_by_keyboard_and_stay_chosen(desk: Desk) -> None:
    page = desk.as_("operador")
    page.goto("/casos?seccion=todos")
    bar = page.locator("[data-bulk]")
    expect(bar).to_be_hidden()

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar).to_contain_text("2 elegidos")

    with page.expect_response(lambda answer: "/casos" in answer.url and answer.ok):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('live:queue-changed', {bubbles: true}))")
    expect(page.locator("[data-tick]:checked")).to_have_count(2)
    bar.get_by_role("button", name="Tomarlos").click()
    expect(page.get_by_role("link", name="Volver a la cola")).to_be_visible()


def test_without_a_script_several_cases_are_one_form(desk: Desk) -> None:
    page = desk.as_("operador", java_script_enabled=False)
    page.goto("/casos?seccion=por-confirmar")

    page.locator("[data-tick]").first.check()
    page.get_by_role("button", name="Tomarlos").click()

    expect(page.get_by_role("heading", name="Quedan con usted")).to_be_visible()


def test_the_palette_goes_and_does_by_keyboard(desk: Desk) -> None:
    page = desk.as_("operador")
    page.goto("/casos?seccion=todos")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Ir, buscar o hacer")
    expect(box).to_be_focused()

    box.fill("artclos")
    options = page.locator("#palette").get_by_role("option")
    expect(options.first).to_contain_text("Artículos")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articulos")

    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/casos")
    page.keyboard.press("Control+k")
    box.fill("rosa mamani")
    found = options.filter(has_text="Rosa Mamani").first
    expect(found).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()

    page.keyboard.press("Control+k")
    box.fill("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/casos/*-000001")
    page.keyboard.press("Control+k")
    box.fill("nota int")
    page.keyboard.press("Enter")
    expect(page.locator("#note-text")).to_be_focused()


def test_the_search_answers_as_one_types(desk: Desk) -> None:
    page = desk.as_("supervisor")
    page.goto("/buscar")

    page.keyboard.type("contrasena")

    expect(page.locator("mark").first).to_have_text("contraseña")
    expect(page.get_by_label("Buscar en todo")).to_be_focused()
    expect(page.get_by_label("Buscar en todo")).to_have_value("contrasena")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/casos/*")


def test_the_colours_that_somebody_chose_stay(desk: Desk) -> None:
    page = desk.as_("operador", color_scheme="light")
    page.get_by_role("button", name="oscuros").click()
    page.wait_for_load_state()
    page.goto("/articulos")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 21, 27)"

"""An answer is written by keyboard alone: a text by its shortcut, an article, a draft that survives, and the undo."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk

TEXT = "Ya puede entrar otra vez con su número de carnet."


def report(desk: Desk, number: str) -> str:
    """Let somebody write from a phone of their own, and return the case's number."""
    phone = desk.visit(viewport={"width": 420, "height": 860}).new_page()
    phone.goto("/simulated/")
    phone.locator("#number").fill(number)
    phone.locator("#name").fill("Elsa Condori")
    phone.get_by_label("Mensaje").fill("No puedo entrar a Ciudadanía Digital con mi carnet")
    phone.get_by_role("button", name="Enviar").click()
    heard = phone.locator("#bubbles .out").first
    expect(heard).to_contain_text("Registré su reporte con el número")
    found = re.search(r"\d{4}-\d{6}", heard.inner_text())
    assert found is not None
    return found.group()


def answer(page: Page) -> str:
    return page.locator("#reply-text").input_value()


def test_an_answer_is_written_undone_and_sent_by_keyboard_alone(desk: Desk) -> None:
    case = report(desk, "+59170000095")
    page = desk.as_("operador", viewport={"width": 1280, "height": 800})
    page.goto(f"/casos/{case}")

    page.keyboard.press("r")
    page.keyboard.type(";hola ")
    expect(page.locator("#reply-text")).to_have_value(re.compile(f"Hola, Elsa Condori.*{case}", re.DOTALL))
    page.keyboard.type("\n\n;")
    page.keyboard.press("Tab")
    expect(page.locator("#picker-words")).to_be_focused()
    page.keyboard.type("contraseña")
    article = page.get_by_role("option").filter(has=page.get_by_text("Artículo", exact=True))
    expect(article.first).to_be_visible()
    first = article.first.locator("b").inner_text()
    while page.locator("[role=option][aria-selected=true] b").inner_text() != first:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#reply-text")).to_be_focused()
    expect(page.locator("#reply-text")).to_have_value(re.compile(re.escape(first)))
    expect(page.locator("#responder")).to_contain_text("Borrador guardado")
    expect(page.locator("#reply-preview")).to_contain_text(re.compile(r"Cómo le llegará: \d mensajes?"))
    written = answer(page)

    elsewhere = desk.as_("operador", viewport={"width": 360, "height": 740})
    elsewhere.goto(f"/casos/{case}")
    assert answer(elsewhere) == written
    assert elsewhere.evaluate("document.documentElement.scrollWidth") <= 360
    colleague = desk.as_("operador2")
    colleague.goto(f"/casos/{case}")
    assert answer(colleague) == ""
    page.reload()
    assert answer(page) == written

    page.locator("#reply-text").fill(TEXT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".undo")).to_contain_text("Su respuesta se envía en")
    expect(colleague.locator(".bubble", has_text=TEXT)).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator(".bubble.withdrawn", has_text=TEXT)).to_contain_text("Retirada antes de salir")
    assert answer(page) == TEXT

    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    bubble = page.locator(".bubble.out:not(.withdrawn)", has_text=TEXT)
    expect(bubble.locator(".state")).to_have_text(re.compile("Enviado|Entregado|Leído"), timeout=20_000)
    expect(page.locator(".undo")).to_have_count(0)
    assert answer(page) == ""


def test_it_goes_without_a_script_too(desk: Desk) -> None:
    case = report(desk, "+59170000096")
    page = desk.as_("operador", java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto(f"/casos/{case}")

    page.locator("#reply-text").fill("Buen día.")
    page.locator("#text-id").select_option(label="Ya está resuelto")
    page.get_by_role("button", name="Insertar el texto").click()
    assert answer(page).startswith("Buen día.\n\nHola, Elsa Condori.")
    page.locator("#reply-preview summary").click()
    expect(page.locator("#reply-preview .arrival")).to_contain_text("Buen día.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.get_by_role("button", name="Enviar la respuesta").click()
    page.get_by_role("button", name="Deshacer").click()

    expect(page.locator(".bubble.withdrawn")).to_contain_text("Buen día.")
    assert answer(page).startswith("Buen día.")

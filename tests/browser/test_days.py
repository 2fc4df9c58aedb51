"""An operator's day: by keyboard alone, by touch on a narrow phone, beside a colleague, offline, and without a script."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import confirm, take

WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LEFT = re.compile("Enviado|Entregado|Leído")


def write(desk: Desk, number: str, name: str, text: str) -> tuple[Page, str]:
    """Let somebody write from a phone of their own; returns the phone and the case's number."""
    phone = desk.visit(viewport={"width": 420, "height": 860}).new_page()
    phone.goto("/simulated/")
    phone.locator("#number").fill(number)
    phone.locator("#name").fill(name)
    phone.get_by_label("Mensaje").fill(text)
    phone.get_by_role("button", name="Enviar").click()
    heard = phone.locator("#bubbles .out").first
    expect(heard).to_contain_text("Registré su reporte con el número")
    found = re.search(r"\d{4}-\d{6}", heard.inner_text())
    assert found is not None
    return phone, found.group()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus; fails where Tab does not lead there."""
    for _press in range(200):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


def step_by_keyboard(page: Page, move: str, to: str, words: str = "") -> None:
    """Take a step of the manual with Tab, Enter and letters, and see the case at its next one."""
    form = page.locator("details.move", has=page.locator("summary", has_text=move)).first
    if form.get_attribute("open") is None:
        tab_to(page, form.locator(":scope > summary"))
        page.keyboard.press("Enter")
    if words:
        tab_to(page, form.locator("textarea[required]").first)
        page.keyboard.type(words)
        page.keyboard.press("Control+Enter")
    else:
        tab_to(page, form.locator("form button").last)
        page.keyboard.press("Enter")
    expect(page.locator("#ahora")).to_contain_text(to)


def open_by_keyboard(page: Page, number: str) -> None:
    """Find a case in the queue and open it with keys alone."""
    page.keyboard.press("/")
    page.keyboard.type(number)
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/casos/{number}")


def test_an_operator_without_a_mouse_takes_a_case_from_the_queue_to_the_review(desk: Desk) -> None:
    phone, number = write(
        desk, "+59170000074", "Nilda Apaza", "No puedo entrar, olvidé la contraseña de mi cuenta"
    )
    page = desk.as_("operador", viewport={"width": 1280, "height": 800})
    page.goto("/casos?seccion=todos")
    open_by_keyboard(page, number)

    page.keyboard.press("c")
    expect(page.locator("#clasificacion")).to_contain_text("confirmada por")
    page.keyboard.press("t")
    expect(page.locator(".people")).to_contain_text("Lo atiende usted")
    page.keyboard.press("r")
    page.keyboard.type(";gracias ")
    field = page.locator("#reply-text")
    expect(field).not_to_have_value(re.compile(";gracias"))
    expect(page.locator("#reply-preview")).to_contain_text("Cómo le llegará: 1 mensaje")
    written = field.input_value().strip().splitlines()[0]
    page.keyboard.press("Control+Enter")
    expect(page.locator(".undo")).to_contain_text("Su respuesta se envía en")

    tab_to(page, page.locator("#ahora").get_by_role("button", name="Pasar al numeral 5"))
    page.keyboard.press("Enter")
    expect(page.locator("#ahora")).to_contain_text("PR01 5")
    step_by_keyboard(page, "Registrar la solución", "PR01 6", "Se le explicó cómo cambiar la contraseña.")
    step_by_keyboard(page, "No hace falta", "PR01 7", "Ya hay un artículo.")
    step_by_keyboard(page, "Notificar", "PR01 8")
    step_by_keyboard(page, "Derivar al supervisor", "PR01 9")
    expect(phone.locator("#bubbles .out", has_text=written).first).to_be_visible(timeout=15_000)

    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(re.compile("/casos$"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/casos/\d{4}-\d{6}"))
    expect(page.locator(".case-head")).not_to_contain_text(number)


def test_on_a_phone_360_px_wide_a_case_is_found_confirmed_and_answered_by_touch(desk: Desk) -> None:
    phone, number = write(
        desk, "+59170000075", "Zulma Ticona", "Olvidé mi contraseña y no puedo entrar a mi cuenta"
    )
    page = desk.as_("operador", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    widths = {"queue": page.evaluate(WIDE)}

    page.goto("/buscar")
    page.get_by_label("Buscar en todo").fill("zulma ticona")
    page.locator("[data-row]", has_text="Olvidé mi contraseña").first.tap()
    page.wait_for_url(f"**/casos/{number}")
    widths["case"] = page.evaluate(WIDE)
    card = page.locator("#clasificacion")
    card.get_by_text("Soporte (ninguna de las dos)", exact=True).tap()
    card.get_by_text("No", exact=True).tap()
    card.get_by_role("button", name="Confirmar").first.tap()
    expect(page.locator("#clasificacion")).to_contain_text("confirmada por")
    widths["confirmed"] = page.evaluate(WIDE)
    page.locator("#reply-text").tap()
    page.locator("#reply-text").fill("Le enviamos un enlace para cambiarla.")
    expect(page.locator("#reply-preview")).to_contain_text("Cómo le llegará")
    widths["writing"] = page.evaluate(WIDE)
    page.get_by_role("button", name="Enviar la respuesta").tap()
    expect(page.locator(".undo")).to_be_visible()
    widths["answered"] = page.evaluate(WIDE)

    expect(phone.locator("#bubbles .out", has_text="Le enviamos un enlace")).to_be_visible(timeout=15_000)
    assert {where: wide for where, wide in widths.items() if wide > 0} == {}


def test_a_colleagues_note_arrives_while_one_writes_and_takes_nothing_away(desk: Desk) -> None:
    _phone, number = write(desk, "+59170000076", "Omar Flores", "No me llega el código de verificación")
    writer, colleague = desk.as_("operador", viewport={"width": 1280, "height": 700}), desk.as_("operador2")
    writer.goto(f"/casos/{number}")
    colleague.goto(f"/casos/{number}")
    writer.keyboard.press("r")
    writer.keyboard.type("Estoy escribiendo la resp")
    field = writer.locator("#reply-text")
    expect(writer.locator("#responder")).to_contain_text("Borrador guardado")
    expect(writer.locator("#case-people")).to_contain_text("Jorge Choque")
    before = field.bounding_box()

    colleague.locator("#fold-note > summary").click()
    colleague.get_by_label("Nota interna").fill("Ya llamó ayer por lo mismo.")
    colleague.get_by_role("button", name="Guardar la nota").click()
    expect(writer.locator(".bubble.note", has_text="Ya llamó ayer")).to_be_visible(timeout=2_000)
    writer.keyboard.type("uesta")

    expect(field).to_have_value("Estoy escribiendo la respuesta")
    expect(field).to_be_focused()
    after = field.bounding_box()
    assert before is not None
    assert after is not None
    assert 0 <= after["y"] <= 700 - 40
    assert abs(after["y"] - before["y"]) < 200


def test_a_lost_connection_is_shown_and_what_was_missed_comes_when_it_is_back(desk: Desk) -> None:
    _phone, number = write(desk, "+59170000077", "Irma Calle", "No puedo firmar un documento")
    page, colleague = desk.as_("operador"), desk.as_("operador2")
    colleague.goto(f"/casos/{number}")
    page.goto(f"/casos/{number}")
    page.locator("#reply-text").fill("Lo que llevo escrito")
    expect(page.locator("#case-people")).to_contain_text(
        "Jorge Choque"
    )  # the stream is open: this came by it

    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    colleague.locator("#fold-note > summary").click()
    colleague.get_by_label("Nota interna").fill("Dicho mientras no había red.")
    colleague.get_by_role("button", name="Guardar la nota").click()
    expect(colleague.locator(".bubble.note")).to_be_visible()
    expect(page.locator(".bubble.note")).to_have_count(0)
    page.context.set_offline(False)

    expect(page.locator("#offline")).to_be_hidden(timeout=15_000)
    expect(page.locator(".bubble.note", has_text="Dicho mientras no había red.")).to_be_visible()
    expect(page.locator("#reply-text")).to_have_value("Lo que llevo escrito")


def test_without_a_script_a_case_goes_from_the_queue_to_a_sent_answer(desk: Desk) -> None:
    subject = "No encuentro dónde descargar mi certificado de notas"
    phone, number = write(desk, "+59170000078", "Edwin Paco", subject)
    page = desk.as_("operador", java_script_enabled=False)
    page.goto("/casos?seccion=todos")
    page.get_by_role("link", name=subject).first.click()
    expect(page.locator(".case-head")).to_contain_text(number)

    confirm(page, "Soporte (ninguna de las dos)", before=False)
    take(page, "No corresponde a la UIT", "PR01 4")
    page.locator("#reply-text").fill("Está en Mis documentos, arriba a la derecha.")
    page.get_by_role("button", name="Enviar la respuesta").click()
    expect(page.get_by_role("status").first).to_contain_text("La respuesta está en camino.")
    expect(phone.locator("#bubbles .out", has_text="Mis documentos")).to_be_visible(timeout=15_000)
    page.reload()

    expect(page.locator(".bubble.out", has_text="Mis documentos").locator(".state")).to_have_text(LEFT)

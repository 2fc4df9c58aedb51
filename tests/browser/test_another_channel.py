"""A person who wrote by WhatsApp is answered by mail: the address is joined, the channel chosen, the proof read."""

import re
import smtplib
from email.message import EmailMessage

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Desk

MAIL = "rosa.alta@example.bo"
TEXT = "Le enviamos el formulario por correo."


def a_mail(desk: Desk) -> None:
    """Let her write by mail, too: the desk then knows which of its own addresses she knows."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = MAIL, "soporte@example.bo", "Alta de usuarios"
    mail.set_content("Buenos días, también les escribí por WhatsApp.")
    with smtplib.SMTP("127.0.0.1", desk.settings.smtp_port, timeout=10) as server:
        server.send_message(mail)


def test_an_answer_goes_out_by_another_channel_and_proves_it(desk: Desk) -> None:
    a_mail(desk)
    phone = desk.visit(viewport={"width": 420, "height": 860}).new_page()
    phone.goto("/simulated/")
    phone.locator("#number").fill("+59170000094")  # a phone of its own: the other journeys use the first
    phone.locator("#name").fill("Rosa Alta")
    phone.get_by_label("Mensaje").fill("Necesito el formulario de alta de usuarios de interoperabilidad")
    phone.get_by_role("button", name="Enviar").click()
    heard = phone.locator("#bubbles .out").first
    expect(heard).to_contain_text("Registré su reporte con el número")
    found = re.search(r"\d{4}-\d{6}", heard.inner_text())
    assert found is not None

    operator = desk.as_("operador", viewport={"width": 360, "height": 740})
    operator.goto(f"/casos/{found.group()}")
    person = operator.locator("#persona")
    person.get_by_text("Unir una dirección").click()
    join = person.locator("#fold-join")
    join.get_by_label("Canal").select_option("email")
    join.get_by_label("Dirección").fill(MAIL)
    join.get_by_label("Cómo sabe que es la misma persona").fill("Lo dijo por teléfono.")
    join.get_by_role("button", name="Unir").click()
    expect(operator.locator("#persona")).to_contain_text(MAIL)

    answer = operator.locator("#responder")
    expect(answer.get_by_role("radio", name="WhatsApp")).to_be_checked()
    answer.get_by_text(MAIL).click()
    answer.get_by_label("Respuesta").fill(TEXT)
    files = answer.get_by_label("Archivos")
    files.set_input_files(FilePayload(name="alta.txt", mimeType="text/plain", buffer=b"Formulario de alta"))
    expect(answer.locator(".chosen")).to_contain_text("alta.txt · 18 B")
    answer.get_by_role("button", name="Enviar la respuesta").click()

    bubble = operator.locator(".bubble.out", has_text=TEXT)
    expect(bubble).to_contain_text("alta.txt")
    expect(bubble.locator(".state")).to_have_text("Sale en unos segundos")
    expect(bubble.locator(".state")).to_have_text("Enviado", timeout=20_000)
    bubble.get_by_text("Cómo salió").click()
    expect(bubble).to_contain_text("Por el canal que eligió")
    expect(bubble).to_contain_text(f"Correo, {MAIL}")
    wide = operator.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360

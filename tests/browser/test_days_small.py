"""The days of the others: a supervisor who watches and reviews, a unit with its tray, an administrator."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.steps import confirm, take
from tests.browser.test_days import tab_to, write
from tests.browser.test_units_journeys import register

WHISPER = "Ofrézcale que le llamemos."


def unread(page: Page) -> int:
    """Return how many notices the bell counts."""
    found = re.search(r"\d+", page.locator("#bell [data-unread]").text_content() or "")
    assert found is not None
    return int(found.group())


def to_review(operator: Page, number: str) -> None:
    """Take a case that is no outage and no design problem to the supervisor."""
    operator.goto(f"/casos/{number}")
    confirm(operator, "Soporte (ninguna de las dos)", before=False, then="Confirmar y pasar al numeral 5")
    take(operator, "Registrar la solución", "PR01 6", Solución="Se restableció su acceso.")
    take(operator, "No hace falta actualizar", "PR01 7", Motivo="Caso puntual.")
    take(operator, "Notificar", "PR01 8")
    take(operator, "Derivar al supervisor", "PR01 9")


def test_the_monitor_shows_who_writes_and_a_whisper_reaches_the_operator_alone(desk: Desk) -> None:
    supervisor, operator = desk.as_("supervisor"), desk.as_("operador2")
    supervisor.goto("/monitor")
    supervisor.evaluate("window.sameDocument = true")

    phone, number = write(
        desk, "+59170000079", "Delia Huanca", "Quiero hablar con una persona, no puedo entrar"
    )
    row = supervisor.locator(".talk-row", has_text="Delia Huanca")
    expect(row).to_be_visible(timeout=2_000)
    assert supervisor.evaluate("window.sameDocument")

    operator.goto(f"/casos/{number}")
    operator.get_by_role("button", name="Tomar el caso").click()
    expect(operator.locator(".people")).to_contain_text("Lo atiende usted")
    operator.goto("/casos")
    before = unread(operator)
    row.locator("a.go").click()
    supervisor.get_by_label("Susurrar a quien atiende").fill(WHISPER)
    supervisor.get_by_role("button", name="Susurrar").click()
    expect(supervisor.locator("#pane-messages .whisper", has_text=WHISPER)).to_be_visible()
    expect(operator.locator("#bell [data-unread]")).to_contain_text(str(before + 1))
    operator.goto(f"/casos/{number}")
    expect(operator.locator(".bubble.whisper", has_text=WHISPER)).to_be_visible()

    supervisor.get_by_role("button", name="Tomar la conversación").click()
    expect(supervisor.locator("#conversacion")).to_contain_text("La atiende Marcela Rojas.")
    supervisor.get_by_role("link", name="Responder en el caso").click()
    supervisor.get_by_label("Respuesta").fill("Le atiendo yo, buenas tardes.")
    supervisor.get_by_role("button", name="Enviar la respuesta").click()
    expect(phone.locator("#bubbles .out", has_text="Le atiendo yo")).to_be_visible(timeout=15_000)
    expect(phone.locator("#bubbles")).not_to_contain_text(WHISPER)


def test_a_review_returns_with_a_code_approves_closes_and_goes_on_to_the_next(desk: Desk) -> None:
    _phone, number = write(desk, "+59170000080", "Wilma Choque", "Olvidé mi contraseña y no puedo entrar")
    operator, supervisor = desk.as_("operador"), desk.as_("supervisor")
    to_review(operator, number)
    supervisor.goto(f"/revision/{number}")

    back = supervisor.locator("details.move", has=supervisor.locator("summary", has_text="Devolver")).first
    back.locator(":scope > summary").click()
    back.get_by_label("Por qué se devuelve").select_option(label="Respuesta incompleta")
    back.get_by_label("Observación").fill("Diga también cuánto tarda el enlace.")
    back.get_by_role("button").last.click()
    expect(supervisor.get_by_role("status").first).to_contain_text(
        f"Listo con {number}. Este es el siguiente."
    )

    operator.goto(f"/casos/{number}")
    expect(operator.locator("#ahora")).to_contain_text("Diga también cuánto tarda el enlace.")
    to_review(operator, number)
    supervisor.goto(f"/revision/{number}")
    expect(supervisor.locator("main")).to_contain_text("Respuesta incompleta")
    supervisor.keyboard.press("p")
    expect(supervisor.get_by_role("status").first).to_contain_text("El paso quedó registrado.")
    supervisor.keyboard.press("p")
    expect(supervisor.get_by_role("status").first).to_contain_text(
        f"Listo con {number}. Este es el siguiente."
    )


def test_a_figure_leads_to_its_cases_and_the_month_prints_without_the_console(desk: Desk) -> None:
    page = desk.as_("supervisor")
    page.goto("/reportes")
    figure = page.locator(".figures a").first
    said = figure.inner_text()
    figure.click()
    expect(page.locator("tbody tr")).to_have_count(min(int(said), 50))  # a page holds fifty
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile(r"/casos/\d{4}-\d{6}"))

    page.goto("/reportes")
    page.get_by_role("link", name="Informe mensual").click()
    page.wait_for_url(re.compile(r"/reportes/mes/\d{4}-\d{2}"))
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".on-screen").first).to_be_hidden()
    expect(page.locator("main h1")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_a_unit_opens_what_came_back_estimates_by_keyboard_and_returns_with_a_reason(desk: Desk) -> None:
    operator, uit, upat = desk.as_("operador"), desk.as_("uit"), desk.as_("upat")
    subject = "No carga el portal de trámites en ninguna oficina"
    number = register(operator, subject, "70000081")
    confirm(operator, "Disponibilidad de servicio", before=True)
    take(operator, "Derivar a la UIT", "PR02 1")
    take(operator, "Derivar", "PR02 2")
    uit.goto(f"/casos/{number}")
    take(uit, "Registrar el análisis", "PR02 3", Análisis="Parece de la aplicación.")
    take(uit, "Derivar a la UPAT", "PR02 3.B.1")
    upat.goto(f"/casos/{number}")
    take(upat, "Devolver a quien derivó", "PR02 3", Motivo="La aplicación responde: es la red.")

    uit.goto("/unidad")
    returned = uit.locator(".shelf.returned .task-row", has_text=number)
    expect(returned).to_contain_text("La aplicación responde: es la red.")
    returned.locator("a.go").click()
    take(uit, "Lo gestiona la propia UIT", "PR02 3.A.1")
    form = uit.locator("details.move", has=uit.locator("summary", has_text="Registrar la estimación"))
    form.locator(":scope > summary").click()
    moment = form.get_by_label("Fecha y hora estimadas de solución")
    moment.fill("2027-12-18T10:00")
    moment.press("Enter")
    expect(uit.locator(".fault").first).to_contain_text("no se trabaja")
    expect(uit.get_by_role("button", name=re.compile("^Usar "))).to_be_visible()

    tab_to(uit, form.locator(".calendar-picker summary"))
    uit.keyboard.press("Enter")
    tab_to(uit, form.locator("[data-at]").first)
    uit.keyboard.press("ArrowDown")
    uit.keyboard.press("ArrowRight")
    uit.keyboard.press("Enter")
    chosen = form.locator("[data-at][aria-pressed=true]")
    expect(chosen).to_be_focused()
    expect(moment).to_have_value(chosen.get_attribute("data-at") or "")
    tab_to(uit, form.get_by_role("button", name="Registrar la estimación"))
    uit.keyboard.press("Enter")
    expect(uit.locator("#ahora")).to_contain_text("PR02 3.A.2")

    take(uit, "Devolver a quien derivó", "PR01 3", Motivo="Falta la oficina exacta.")
    operator.goto(f"/casos/{number}")
    expect(operator.locator("#ahora")).to_contain_text("Falta la oficina exacta.")


def test_a_person_is_added_signs_in_and_is_out_at_once_when_deactivated(desk: Desk) -> None:
    admin = desk.as_("admin")
    admin.goto("/administracion/personas")
    admin.locator("#add > summary").click()
    add = admin.locator("#add")
    add.get_by_label("Cuenta").fill("tania.mita")
    add.get_by_label("Nombre").fill("Tania Mita")
    add.locator("#person-role").select_option(label="Operador")
    add.get_by_role("button", name="Abrir la cuenta").click()
    password = admin.locator("output.secret").inner_text().strip()
    admin.goto("/administracion/personas")
    expect(admin.locator("output.secret")).to_have_count(0)

    person = desk.visit().new_page()
    person.goto("/login")
    person.get_by_label("Cuenta").fill("tania.mita")
    person.get_by_label("Contraseña").fill(password)
    person.get_by_role("button", name="Ingresar").click()
    person.wait_for_url("**/casos")

    admin.get_by_role("link", name="Tania Mita").click()
    admin.locator("#deactivate > summary").click()
    admin.get_by_role("button", name="Desactivar la cuenta").click()
    expect(admin.get_by_role("status").first).to_contain_text("sus sesiones terminaron")
    person.goto("/casos")
    expect(person).to_have_url(re.compile("/login"))

    admin.goto("/administracion/bitacora")
    book = admin.get_by_role("region", name="Actos")
    expect(book).to_contain_text("tania.mita")
    admin.get_by_role("button", name="Comprobar la cadena").click()
    expect(admin.get_by_role("status").first).to_contain_text("enteros")


def test_a_closed_day_moves_what_is_due_a_channel_answers_its_test_and_the_book_tells_both(
    desk: Desk,
) -> None:
    admin = desk.as_("admin")
    reckoned = "/administracion/calendario?desde=2027-12-15T18:00&horas=1"
    admin.goto(reckoned)
    before = admin.locator(".ends b").inner_text()
    admin.locator("#add > summary").click()
    admin.locator("#day-day").fill("2027-12-16")
    admin.locator("#day-works").select_option(label="no se trabaja")
    admin.locator("#day-name").fill("Aniversario de la oficina")
    admin.get_by_role("button", name="Agregar").click()
    expect(admin.get_by_role("status").first).to_contain_text("El calendario está cambiado.")
    admin.goto(reckoned)
    expect(admin.locator(".ends b")).not_to_have_text(before)
    expect(admin.locator(".ends b")).to_contain_text("17")

    admin.goto("/canales")
    card = admin.locator("section.card", has=admin.locator("#channel-whatsapp"))
    card.get_by_role("button", name="Probar").click()
    expect(card).to_contain_text("prueba buena")

    admin.goto("/administracion/bitacora")
    book = admin.get_by_role("region", name="Actos")
    expect(book).to_contain_text("Aniversario de la oficina")
    expect(book).to_contain_text("whatsapp")

"""What people do on the case page, in their words."""

from playwright.sync_api import Page, expect


def confirm(page: Page, category: str, *, before: bool, then: str = "Confirmar") -> None:
    """Confirm what a case is."""
    card = page.locator("#clasificacion")
    card.get_by_text(category, exact=True).click()
    card.get_by_text("Sí" if before else "No", exact=True).click()
    card.get_by_role("button", name=then).first.click()
    page.wait_for_load_state()


def take(page: Page, move: str, to: str, **fields: str) -> None:
    """Take one of the moves that the page offers, and see the case at its next step.

    Without the beginning of a label it is the first one offered.
    """
    form = page.locator("details.move", has=page.locator("summary", has_text=move)).first
    if form.get_attribute("open") is None:
        form.locator(":scope > summary").click()
    for label, value in fields.items():
        form.get_by_label(label.replace("_", " ")).fill(value)
    reason = form.get_by_label("Por qué se devuelve")
    if reason.count():
        reason.select_option("incomplete_answer")
    form.get_by_role("button").last.click()
    expect(page.locator("#ahora")).to_contain_text(to)

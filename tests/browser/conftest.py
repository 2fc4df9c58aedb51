"""A served demo desk and Debian's Chromium for the journeys."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from service.settings import Settings
from tests.processes import start, stop, ventanilla
from tests.serving import some_settings

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@dataclass(frozen=True, slots=True)
class Desk:
    """The running demo desk and a browser to visit it with."""

    settings: Settings
    browser: Browser

    @property
    def url(self) -> str:
        return self.settings.public_url

    def visit(self, **options: object) -> BrowserContext:
        """Open a browser of one's own, as another person would."""
        context = self.browser.new_context(
            base_url=self.url, locale="es-BO", timezone_id="America/La_Paz", **options
        )  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        return context

    def as_(self, username: str, **options: object) -> Page:
        """Open a page signed in as one of the demo's people."""
        page = self.visit(**options).new_page()
        page.goto("/login")
        page.get_by_label("Cuenta").fill(username)
        page.get_by_label("Contraseña").fill("demo")
        page.get_by_role("button", name="Ingresar").click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The demo desk as `make run` serves it, in a process of its own."""
    folder = tmp_path_factory.mktemp("desk")
    model = Path("var/model").resolve()
    settings = some_settings(f"sqlite:///{folder}/desk.db", folder, model_dir=str(model))
    for command in ("init", "demo"):
        ventanilla(settings, command)
    process = start(settings, folder)
    yield settings
    stop(process)


@pytest.fixture(scope="module")
def desk(served: Settings) -> Iterator[Desk]:
    """The demo desk with a browser; it goes with the module, whose event loop no other test could share."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield Desk(served, browser)
        browser.close()

"""Every page of the console, in both themes: axe-core finds nothing, nothing overflows on a phone, none is heavy."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from console.routes import ROUTES
from tests.browser.conftest import Desk

AXE = Path("node_modules/axe-core/axe.min.js").resolve()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WEIGHT = 150_000
"""Bytes that a page and what it loads may weigh, compressed, before images."""

NO_PAGE = re.compile(
    r"^/(static|live|adjuntos|logout|conversaciones|presencia|avisos/.*)|\.(csv|xlsx)$"
    r"|^/casos/.*/(textos|articulos|presencia)$|/texto$"
)
"""What is fetched by pages, is no page, or only leads on to one."""

ROLES = ("supervisor", "admin", "operador", "uit")


@dataclass(frozen=True, slots=True)
class Visitors:
    """One signed-in browser for each role, and somebody who has not signed in."""

    contexts: dict[str, BrowserContext]
    nobody: BrowserContext
    sample: dict[str, str]

    def who_may(self, address: str) -> BrowserContext:
        """Return the browser of the first who may open a page."""
        for context in (*self.contexts.values(), self.nobody):
            if context.request.get(address).status == 200:
                return context
        raise AssertionError(f"nobody may open {address}")


def patterns() -> list[str]:
    """Return the addresses of the console's pages, as its routes write them."""
    found = {route.path for route in ROUTES if route.method == "GET"}  # type: ignore[union-attr]
    return sorted(path for path in found if not NO_PAGE.search(path))


@pytest.fixture(scope="module")
def visitors(desk: Desk) -> Iterator[Visitors]:
    pages = {role: desk.as_(role) for role in ROLES}
    contexts = {role: page.context for role, page in pages.items()}
    page = pages["supervisor"]
    page.goto("/casos?seccion=todos")
    number = page.locator("a[href^='/casos/20']").first.get_attribute("href")
    assert number is not None
    page.goto(number)
    token = re.search(r"/caso/[\w-]{43}", page.content())
    sample = {
        "number": number.rpartition("/")[2], "article": "1", "code": "PR02", "version": "0", "month": "2026-10",
        "text": "1", "user": "1", "token": token.group().rpartition("/")[2] if token else "",
    }  # fmt: skip
    yield Visitors(contexts, desk.visit(), sample)
    for context in contexts.values():
        context.close()


def address_of(pattern: str, visitors: Visitors) -> str:
    """Fill a route's parameters with what the demo desk has; the public help knows articles by their outside id."""
    if pattern == "/reportes/casos":
        return "/reportes/casos?cifra=opened"
    if pattern.startswith("/ayuda/"):
        return "/ayuda/kb-001"
    return re.sub(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}", lambda found: visitors.sample[found[1]], pattern)


def faults(page: Page) -> list[str]:
    """Return what axe-core finds on a page."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(RULES)}, resultTypes: ['violations']}})")
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("pattern", patterns())
def test_a_page_has_no_barrier(visitors: Visitors, pattern: str) -> None:
    address = address_of(pattern, visitors)
    context = visitors.who_may(address)
    page = context.new_page()
    weights: list[int] = []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.on("Network.loadingFinished", lambda loaded: weights.append(loaded["encodedDataLength"]))
    found: dict[str, list[str]] = {}
    page.goto(address)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found[theme] = faults(page)
    page.set_viewport_size({"width": 360, "height": 740})
    found["phone"] = faults(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()

    assert found == {"light": [], "dark": [], "phone": []}
    assert wide <= 0
    assert 0 < sum(weights) < WEIGHT


def test_the_pages_are_looked_at(visitors: Visitors) -> None:
    assert len(patterns()) > 25
    assert visitors.sample["token"]

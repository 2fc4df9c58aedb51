"""Every page's dataclass and template fit each other, and no template carries script or style of its own."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
import pytest
from aiohttp import web
from jinja2 import meta, nodes

import console.pages
from console.app import add_console
from console.rendering import TEMPLATES
from tests.builders import DeskUnderTest

FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
LAYOUTS = {"whole.html", "part.html"}
GIVEN = {"frame"}
IMPORTED = {"ui", "fields", "admin"}
"""Names under which a page imports its macros; what it includes may use them."""


def pages() -> Iterator[Any]:
    for found in pkgutil.iter_modules(console.pages.__path__):
        module = importlib.import_module(f"console.pages.{found.name}")
        for value in vars(module).values():
            if is_dataclass(value) and value.__module__ == module.__name__ and hasattr(value, "template"):
                yield value


PAGES = {page.template: page for page in pages()}


@pytest.fixture
async def environment(desk: DeskUnderTest) -> jinja2.Environment:
    app = web.Application()
    add_console(app, desk.desk, development=False)
    return aiohttp_jinja2.get_env(app)


def used_by(environment: jinja2.Environment, name: str) -> set[str]:
    """Return the variables that a template, or what it includes, takes from its page."""
    tree = environment.parse((TEMPLATES / name).read_text("utf-8"))
    used = meta.find_undeclared_variables(tree) - set(environment.globals)
    for include in tree.find_all(nodes.Include):
        assert isinstance(include.template, nodes.Const)
        used |= used_by(environment, include.template.value)
    return used - IMPORTED - GIVEN


def test_there_are_pages_to_look_at() -> None:
    assert len(PAGES) == len(list(pages()))
    assert len(PAGES) > 15
    assert {name for name in FILES if "/" not in name} - LAYOUTS == set(PAGES)


@pytest.mark.parametrize("template", sorted(PAGES))
async def test_a_template_uses_exactly_what_its_page_gives(
    environment: jinja2.Environment, template: str
) -> None:
    given = {field.name for field in fields(PAGES[template])}

    assert used_by(environment, template) == given


@pytest.mark.parametrize("template", [*sorted(LAYOUTS), "parts/ui.html", "parts/field.html"])
async def test_layouts_and_macros_take_nothing_from_a_page(
    environment: jinja2.Environment, template: str
) -> None:
    assert used_by(environment, template) == set()


@pytest.mark.parametrize("template", FILES)
def test_no_template_carries_script_or_style_of_its_own(template: str) -> None:
    source = (TEMPLATES / template).read_text("utf-8")

    assert not re.search(r"<style|\sstyle=", source)
    assert not re.search(r"\son[a-z]+\s*=|hx-on|hx-vals\s*=\s*['\"]js:|javascript:", source)
    for script in re.findall(r"<script\b([^>]*)>(.*?)</script>", source, re.DOTALL):
        assert "src=" in script[0]
        assert not script[1].strip()


def test_every_file_is_short_enough_to_read_in_one_sitting() -> None:
    here = TEMPLATES.parent
    files = [path for path in here.rglob("*") if path.suffix in {".py", ".html", ".css", ".js"}]

    assert len(files) > 40
    assert [path.name for path in files if len(path.read_text("utf-8").splitlines()) > 400] == []
    assert Path(here, "routes.py") in files

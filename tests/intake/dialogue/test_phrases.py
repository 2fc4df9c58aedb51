"""Every phrase of the assistant has its English, and no translation is left over."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from cases.vocabulary import STAGE_TITLES
from intake.dialogue import respond
from intake.dialogue.phrases import LOCALES, speaking


def spoken() -> Iterator[str]:
    """Return every text that the source hands to a translator."""
    for node in ast.walk(ast.parse(Path(respond.__file__).read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        by_name = isinstance(node.func, ast.Name) and node.func.id == "say"
        at_once = (
            isinstance(node.func, ast.Call)
            and isinstance(node.func.func, ast.Name)
            and node.func.func.id == "speaking"
        )
        if by_name or at_once:
            yield str(node.args[0].value)


def test_each_phrase_is_translated_and_each_translation_is_used() -> None:
    with (LOCALES / "en" / "LC_MESSAGES" / "dialogue.po").open("rb") as file:
        catalogue = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    wanted = {*spoken(), *STAGE_TITLES.values()}

    assert len(wanted) > 30
    assert wanted == set(catalogue)
    assert all(catalogue.values())


def test_a_translation_names_what_the_phrase_names() -> None:
    english = speaking("en")
    for phrase in spoken():
        places = {name for _, name, _, _ in string.Formatter().parse(phrase) if name}
        assert places == {name for _, name, _, _ in string.Formatter().parse(english(phrase)) if name}, phrase

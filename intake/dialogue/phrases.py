"""What the assistant says in each language: Spanish is the source, the others are catalogues beside this file."""

from collections.abc import Callable
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "es"
LOCALES = Path(__file__).with_name("locale")

Translate = Callable[[str], str]


@lru_cache(maxsize=8)
def translations(language: str) -> NullTranslations:
    """Return a language's translations; Spanish, or a language that nobody translated, says what is written."""
    path = LOCALES / language / "LC_MESSAGES" / "dialogue.po"
    if language == SOURCE or not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def speaking(language: str) -> Translate:
    """Return what says a phrase in a language."""
    return translations(language).gettext

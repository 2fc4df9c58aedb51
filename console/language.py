"""The console's languages: Spanish is the source, the others are catalogues compiled when the console opens."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from aiohttp import web
from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"es": "Español", "en": "English"}
SOURCE = "es"
COOKIE = "lang"
YEAR = 365 * 24 * 3600
LOCALES = Path(__file__).with_name("locale")

_locales = {"es": Locale("es", "BO"), "en": Locale("en")}


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Each language's translations."""

    translations: Mapping[str, NullTranslations]


_spoken: ContextVar[tuple[str, NullTranslations]] = ContextVar("spoken")


def load_catalogues() -> Catalogues:
    """Compile every catalogue in memory; the source language needs none."""
    translations: dict[str, NullTranslations] = {SOURCE: NullTranslations()}
    for code in LANGUAGES:
        if code != SOURCE:
            translations[code] = _compile(LOCALES / code / "LC_MESSAGES" / "console.po", code)
    return Catalogues(translations)


def _compile(path: Path, code: str) -> GNUTranslations:
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


def speak(catalogues: Catalogues, code: str) -> None:
    """Use a language for what is written from here on in this task."""
    _spoken.set((code, catalogues.translations[code]))


def wanted(request: web.Request) -> str:
    """Return the language that a browser asks for: its cookie, then its own preference, then Spanish."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    header = request.headers.get("Accept-Language", "")
    asked = [part.partition(";")[0].strip().replace("-", "_") for part in header.split(",")]
    return negotiate_locale([code for code in asked if code], list(LANGUAGES), sep="_") or SOURCE


def code() -> str:
    """Return the language in use."""
    return _spoken.get((SOURCE, NullTranslations()))[0]


def locale() -> Locale:
    """Return the locale in use, for dates and numbers."""
    return _locales[code()]


def gettext(text: str) -> str:
    """Return a text in the language in use."""
    spoken = _spoken.get(None)
    return text if spoken is None else spoken[1].gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form of a text that a number asks for, in the language in use."""
    spoken = _spoken.get(None)
    chosen = NullTranslations() if spoken is None else spoken[1]
    return chosen.ngettext(one, many, number)

"""Takes a person out of what they wrote, so that it can be an example: numbers, addresses and names become neutral words."""

import re
from collections.abc import Iterable

DATUM = "dato"
"""Instead of a number or an address."""
SOMEBODY = "fulano"
"""Instead of a name."""

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_SPOKEN = re.compile(
    r"(?<![\w+])(?:\+\d{1,3}[\s.-]?\d(?:[\s.-]?\d){5,11}|[67]\d{2}[\s.-]\d{2,3}[\s.-]?\d{2,3}|[2-4][\s-]\d{3}[\s-]?\d{4})(?!\d)"
)
"""A telephone number as it is written with its country, or in groups."""
_DIGITS = re.compile(
    r"(?<![\w/=])\d[\d.\-/]*\d(?:\s?-?\s?(?:\d[A-Z]|LP|CB|SC|OR|PT|CH|TJ|BE|BN|PD)\b)?(?!\w)"
)
"""A run of digits, with the complement and the place of issue that follow an identity number."""
_FEWEST = 5
"""Digits from which a number can tell who somebody is; a server's code has three, a year four."""
_SAID = re.compile(
    r"((?i:\bme llamo|\bmi nombre es|\bhabla|\batte?\.?:?|\batentamente,?))(\s+)((?:[A-ZÁÉÍÓÚÑ][\wáéíóúñü]+[ \t]*){1,4})"
)
"""How people name themselves."""
_WORD = re.compile(r"\w+")
_SHORTEST = 3
_NO_NAMES = frozenset({"del", "las", "los", "san", "vda", "don", "sin"})


def masked(text: str, names: Iterable[str | None] = ()) -> str:
    """Return a text without mail addresses, telephone and identity numbers, and these people's names.

    What says nothing of the person stays: a server's code (503), a year, an hour, the words.
    """
    text = _MAIL.sub(DATUM, text)
    text = _SPOKEN.sub(DATUM, text)
    text = _DIGITS.sub(_number, text)
    text = _SAID.sub(lambda found: f"{found[1]}{found[2]}{SOMEBODY}{_gap(found[3])}", text)
    words = {_plain(word) for name in names if name for word in _WORD.findall(name)}
    hidden = {word for word in words if len(word) >= _SHORTEST and not word.isdigit()} - _NO_NAMES
    return _WORD.sub(lambda found: SOMEBODY if _plain(found[0]) in hidden else found[0], text)


def _number(found: re.Match[str]) -> str:
    return DATUM if sum(letter.isdigit() for letter in found[0]) >= _FEWEST else found[0]


def _gap(name: str) -> str:
    return name[len(name.rstrip()) :]


def _plain(word: str) -> str:
    return word.lower().translate(_ACCENTS)


_ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")

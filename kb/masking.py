"""Takes a person's data out of a text before others read it: names, numbers, addresses."""

import re
from collections.abc import Iterable

from kb.words import fold

NAME, PHONE, MAIL, DOCUMENT, CASE, LINK = (
    "[nombre]",
    "[teléfono]",
    "[correo]",
    "[número]",
    "[caso]",
    "[enlace]",
)

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"https?://[^\s/<>]+/\S+")
"""An address with a path may carry a token; a bare site names what is asked about and stays."""
_CASE = re.compile(r"\b\d{4}-\d{6}\b")
_PHONE = re.compile(r"\+\d[\d ().-]{6,}\d|\b[67]\d{3}[ .-]?\d{4}\b|\b[67]\d{2}[ .-]\d{2}[ .-]?\d{3}\b")
_NUMBER = re.compile(r"\b\d(?:[.-]?\d){4,}(?:[ -]?\d?[A-Z])?(?:[ -]?(?:LP|SC|CB|CH|OR|PT|TJ|BE|PD|QR))?\b")
"""Five digits or more: identity cards (with complement and place), payment codes, accounts, phones of the house.
Codes of errors, ports and years are shorter and stay."""
_WORD = r"[A-ZÁÉÍÓÚÜÑ][a-záéíóúüñ'’]+"
_INTRODUCED = re.compile(
    rf"((?i:me llamo|mi nombre es|mi nombre completo es|a nombre de|atentamente|atte\.?|"
    rf"se[ñn]or[aes]*|sr[a]?\.|don|do[ñn]a|lic\.|ing\.|dr[a]?\.)[\s,:]+)({_WORD}(?:[ \t]+(?:de|la|del|{_WORD}))*)"
)
"""A name after the words by which people give theirs; `soy` is not one of them: too much else follows it."""
_SHORTEST_NAME = 3


def mask(text: str, *, names: Iterable[str | None] = (), addresses: Iterable[str] = ()) -> str:
    """Return a text with known names and addresses, and whatever looks like a person's data, replaced by neutral words."""
    for address in sorted(filter(None, addresses), key=len, reverse=True):
        text = re.sub(re.escape(address), MAIL if "@" in address else PHONE, text, flags=re.IGNORECASE)
    for pattern, word in ((_MAIL, MAIL), (_LINK, LINK), (_CASE, CASE), (_PHONE, PHONE), (_NUMBER, DOCUMENT)):
        text = pattern.sub(word, text)
    text = _without(text, names)
    text = _INTRODUCED.sub(lambda found: f"{found[1]}{NAME}", text)
    return re.sub(rf"{re.escape(NAME)}(?:[ \t]+{re.escape(NAME)})+", NAME, text)


def _without(text: str, names: Iterable[str | None]) -> str:
    """Replace each word of a known name, however it is written; accents and case do not matter."""
    parts = {
        fold(part)
        for name in names
        if name
        for part in re.findall(r"[^\W\d_]+", name)
        if len(part) >= _SHORTEST_NAME
    } - {"del", "las", "los"}
    if not parts:
        return text
    return re.sub(r"[^\W\d_]+", lambda found: NAME if fold(found[0]) in parts else found[0], text)

"""A contact card (vCard 2.1, 3.0 and 4.0, RFC 6350) → a name and its numbers; whatever is odd is left out."""

import quopri
import re
from dataclasses import dataclass

from intake.channels.whatsapp.form import one_line, storable

LARGEST = 200_000
"""Bytes of cards that are read; a photo inside may make a card large, and its numbers stand before it."""

MOST_CARDS, MOST_LINES = 10, 5


@dataclass(frozen=True, slots=True)
class Card:
    """Who somebody is: a name, numbers, mail addresses."""

    name: str
    numbers: tuple[str, ...]
    mails: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join((self.name or "sin nombre", *self.numbers, *self.mails))


def cards_in(content: bytes) -> tuple[Card, ...]:
    """Return the cards of a file, in order."""
    text = storable(content[:LARGEST].decode("utf-8", "replace").removeprefix("\ufeff"))
    lines = re.sub(r"\r?\n[ \t]", "", text.replace("=\r\n", "").replace("=\n", "")).splitlines()
    found: list[Card] = []
    fields: dict[str, list[str]] = {}
    for line in lines:
        head, _, value = line.partition(":")
        name, *parameters = head.upper().split(";")
        name = name.rpartition(".")[2].strip()
        if name == "BEGIN":
            fields = {}
        elif name == "END":
            found.append(_card(fields))
            fields = {}
        elif len(fields.setdefault(name, [])) < MOST_LINES:
            fields[name].append(_value(value, parameters))
        if len(found) == MOST_CARDS:
            break
    return tuple(card for card in found if card.name or card.numbers or card.mails)


def _value(value: str, parameters: list[str]) -> str:
    """Return a value without its encoding and escapes."""
    if any("QUOTED-PRINTABLE" in parameter for parameter in parameters):
        value = quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    return one_line(storable(re.sub(r"\\([,;:\\nN])", _unescaped, value)))[:200]


def _unescaped(found: re.Match[str]) -> str:
    return " " if found[1] in "nN" else found[1]


def _card(fields: dict[str, list[str]]) -> Card:
    written = next((name for name in fields.get("FN", []) if name), "")
    parts = next(iter(fields.get("N", [])), "").split(";")
    name = written or one_line(" ".join([*parts[1:3], parts[0]])) or next(iter(fields.get("ORG", [])), "")
    numbers = tuple(number.removeprefix("tel:") for number in fields.get("TEL", []) if number)
    return Card(name, numbers, tuple(mail for mail in fields.get("EMAIL", []) if mail))

"""How what people type is spelled where cases are indexed: telephone numbers in any writing, also by their last digits."""

import re

PHONE = re.compile(r"\+?[\d\s().\-/]{4,24}")
NUMBER = re.compile(r"(?:19|20)\d{2}-\d{1,9}")
"""A case's number begins with a year; so do no telephone's four first digits before a dash."""
LEAST, MOST = 4, 15
"""Digits of a telephone number, or of its end, that are worth looking for."""

DIALLED = 10
"""Digits up to which a number is no international one: its zeros belong to it."""
BACKWARDS = "fin"
"""What the word begins with under which a number is indexed from its last digit to its first."""


def phone_end(typed: str) -> str | None:
    """Return the digits of what reads as a telephone number or its end, without the way to dial abroad; else None."""
    if not PHONE.fullmatch(typed.strip()) or NUMBER.fullmatch(typed.strip()):
        return None
    digits = re.sub(r"\D", "", typed)
    if len(digits) > DIALLED:
        digits = digits.removeprefix("00")
    return digits if LEAST <= len(digits) <= MOST else None


def backwards(address: str) -> str:
    """Return the word under which a telephone number is found by its end; nothing of what is none."""
    digits = phone_end(address)
    return f"{BACKWARDS}{digits[::-1]}" if digits is not None else ""


def spellings(typed: str) -> tuple[str, ...]:
    """Return what to look for: the words as they were typed, and a telephone number by its end too."""
    digits = phone_end(typed)
    return (typed,) if digits is None else (typed, f"{BACKWARDS}{digits[::-1]}")

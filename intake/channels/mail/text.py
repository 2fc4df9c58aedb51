"""Small repairs of text that comes from outside."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")


def storable(text: str) -> str:
    """Return a text without what a database refuses: NUL and other controls, lone surrogates."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join(_INVISIBLE.sub("", storable(text)).split())


def unfolded(text: str) -> str:
    """Return a field's text in one line, its blanks as they were written (RFC 5322, 2.2.3)."""
    return re.sub(r"[ ]*[^\S ]\s*", " ", _INVISIBLE.sub("", storable(text))).strip()


def tidy(text: str) -> str:
    """Return a body with plain line ends, no trailing blanks and at most two empty lines in a row."""
    text = storable(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n"))
    text = "\n".join(line.rstrip() for line in _INVISIBLE.sub("", text).split("\n"))
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")


def any_of(alternatives: str) -> str:
    """Return one pattern for a list of patterns, one or several a line; what a line holds goes together by language."""
    return "|".join(line.strip() for line in alternatives.strip().splitlines())

"""Choices where nothing can be pressed: written under the text, answered by typing."""

from collections.abc import Sequence

from cases.traffic import Choice


def in_words(text: str, choices: Sequence[Choice], *, by_mail: bool = False) -> str:
    """Return the text with its choices in words: numbered ones as a list, others as what to answer."""
    if not choices:
        return text
    if all(choice.payload.isdecimal() for choice in choices):
        how = "Responda a este correo con el número." if by_mail else "Responda con el número."
        if all(choice.payload == choice.label for choice in choices):
            return f"{text} {how}"
        listed = "\n".join(_line(choice, by_mail=by_mail) for choice in choices)
        return f"{text}\n{listed}\n{how}"
    mark = "" if by_mail else "*"
    words = [f"{mark}{choice.payload}{mark}" for choice in choices]
    return (
        f"{text} Responda {', '.join(words[:-1])} o {words[-1]}."
        if len(words) > 1
        else f"{text} Responda {words[0]}."
    )


def _line(choice: Choice, *, by_mail: bool) -> str:
    link = f"\n   {choice.link}" if by_mail and choice.link else ""
    return f"{choice.payload}. {choice.label}{link}"

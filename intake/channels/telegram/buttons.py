"""Choices as buttons under a message, and what becomes of them once one is pressed."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from cases.traffic import Choice
from intake.channels.telegram.update import Json, one_line, storable

LONGEST_DATA = 64
"""Bytes that a button may carry."""

LONGEST_LABEL = 64
"""Characters of a button that a telephone still shows."""

CHOSEN = "."
"""What the button carries that only shows what was chosen; no choice of the desk's has this payload."""


def fits(choice: Choice) -> bool:
    """Say whether a button can carry a choice."""
    return 0 < len(choice.payload.encode("utf-8", "replace")) <= LONGEST_DATA and choice.payload != CHOSEN


def keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """Return the choices that fit as buttons, one under the other; None where there are none."""
    rows = [
        [InlineKeyboardButton(_label(each.label), callback_data=each.payload)]
        for each in choices
        if fits(each)
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def with_choices(body: str, choices: Sequence[Choice]) -> str:
    """Return a text with the choices under it that no button can carry, numbered as they may be typed."""
    lines = [f"{place}. {each.label}" for place, each in enumerate(choices, start=1) if not fits(each)]
    return "\n".join((body, *lines)) if lines else body


def chosen(label: str) -> InlineKeyboardMarkup:
    """Return what stands where the buttons were: the one that was pressed, marked."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(_label(f"✓ {label}"), callback_data=CHOSEN)]])


def was_chosen(callback: Json) -> bool:
    """Say whether somebody pressed the mark of what they had chosen before."""
    return callback.get("data") == CHOSEN


def _label(text: str) -> str:
    label = one_line(storable(text)) or "…"
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"

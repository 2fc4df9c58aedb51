"""Bold and the like, as Telegram shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.channels.telegram.marks import Entity, units, without_marks


@pytest.mark.parametrize(
    ("text", "shown", "entities"),
    [
        ("Su caso es *2026-000123*.", "Su caso es 2026-000123.", [("bold", 11, 11)]),
        ("😀 *sí* o *no*", "😀 sí o no", [("bold", 3, 2), ("bold", 8, 2)]),
        ("*Título*\n\n1. _Abra_ `config`", "Título\n\n1. Abra config", [("bold", 0, 6), ("italic", 11, 4), ("code", 16, 6)]),
        ("*muy _importante_*", "muy importante", [("bold", 0, 14), ("italic", 4, 10)]),
        ("```\nping *a*\n```", "ping *a*", [("pre", 0, 8)]),
        ("~antes~ ahora", "antes ahora", [("strikethrough", 0, 5)]),
        ("2*3*4 y a_b_c y * suelto *", "2*3*4 y a_b_c y * suelto *", []),
        ("https://gob.example/caso/_a_*b*", "https://gob.example/caso/_a_*b*", []),
        ("*una\ndos*", "*una\ndos*", []),
        ("**", "**", []),
    ],
)  # fmt: skip
def test_marks_become_entities(text: str, shown: str, entities: list[tuple[str, int, int]]) -> None:
    assert without_marks(text) == (shown, tuple(Entity(*entity) for entity in entities))


@given(st.text(st.sampled_from("*_~` a1\n😀.")))
def test_every_entity_lies_within_the_text(text: str) -> None:
    shown, entities = without_marks(text)

    assert all(each.offset >= 0 and each.length > 0 for each in entities)
    assert all(each.offset + each.length <= units(shown) for each in entities)

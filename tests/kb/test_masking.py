"""A person's data leaves a text before others read it; what the matter needs stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.masking import mask


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("mi ci es 4567890-1A LP", "mi ci es [número]"),
        ("carnet 1234567", "carnet [número]"),
        ("llame al 70000001 o +591 7 000 00 01", "llame al [teléfono] o [teléfono]"),
        ("escriba a ana.perez@example.bo.", "escriba a [correo]."),
        ("el caso 2026-000123 sigue", "el caso [caso] sigue"),
        ("CPT 12345678901", "CPT [número]"),
        ("vea https://soporte.example.bo/caso/abc", "vea [enlace]"),
        ("Me llamo Juana Quispe de Flores y espero", "Me llamo [nombre] y espero"),
        ("Atte. Carlos Choque", "Atte. [nombre]"),
        (
            "error 503 en gob.bo, puerto 993, 5 MB, año 2026",
            "error 503 en gob.bo, puerto 993, 5 MB, año 2026",
        ),
    ],
)
def test_what_looks_like_a_persons_data_is_replaced(said: str, left: str) -> None:
    assert mask(said) == left


def test_known_names_are_found_however_they_are_written() -> None:
    assert (
        mask("soy ROSA mamaní, la señora rosa", names=["Rosa Mamani"]) == "soy [nombre], la señora [nombre]"
    )
    assert mask("Rosario no es Rosa", names=["Rosa", None]) == "Rosario no es [nombre]"


def test_known_addresses_are_found_literally() -> None:
    assert (
        mask("de ROSA@example.bo, chat 4711", addresses=["rosa@example.bo", "4711"])
        == "de [correo], chat [teléfono]"
    )


@given(st.text())
def test_any_text_can_be_masked(text: str) -> None:
    once = mask(text, names=["Rosa Mamani"])
    assert mask(once, names=["Rosa Mamani"]).count("@") <= text.count("@")

"""How texts are read."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.words import SYNONYMS, Vocabulary, fold, load, sound, stem_of

READER = load()
KNOWN = Vocabulary({stem_of("llave"), stem_of("recibo"), stem_of("cuadro"), stem_of("solicita")})


def stems(text: str) -> tuple[str, ...]:
    return READER.read(text, KNOWN | READER.vocabulary).stems


@pytest.mark.parametrize(
    ("chat", "spelt"),
    [
        ("xq no abre", "porque no abre"),
        ("tb mi cel", "tambien mi celular"),
        ("HOLAAAA", "hola"),
        ("mi wasap", "mi whatsapp"),
        ("Contraseña ÑANDÚ", "contrasena nandu"),
    ],
)
def test_chat_spelling_is_written_out(chat: str, spelt: str) -> None:
    assert READER.words(chat) == spelt.split()


def test_a_diminutive_stands_for_its_base_and_a_word_that_only_looks_like_one_stays() -> None:
    assert stems("llavecita") == stems("llave")
    assert stems("solicita") == (stem_of("solicita"),)


def test_a_misspelt_word_is_known_by_its_sound() -> None:
    assert stems("resivo") == stems("recibo")
    assert sound("hazer") == sound("aser")


def test_a_phrase_is_found_across_small_words_and_a_word_inside_another_phrase_is_not() -> None:
    assert "rechazar" in READER.read("no me deja").concepts
    assert "caido" in READER.read("no se me abre la página").concepts
    assert "caido" not in READER.read("abre la página").concepts


def test_synonyms_share_a_concept() -> None:
    assert {"clave"} <= set(READER.read("mi password").concepts) & set(READER.read("la contraseña").concepts)


def test_every_term_of_the_table_is_found_in_itself() -> None:
    concepts = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))["concept"]
    assert len(concepts) > 100
    lost = [
        (name, term)
        for name, terms in concepts.items()
        for term in terms
        if name not in READER.read(term).concepts
    ]
    assert lost == []


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    reading = READER.read(text, KNOWN)
    assert all(stem.isascii() for stem in reading.stems)
    assert fold(fold(text)) == fold(text) or not fold(text).isascii()

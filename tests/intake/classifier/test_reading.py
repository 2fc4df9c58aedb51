"""How a message is read: words, spellings, quoted mail, spans."""

import pytest

from intake.classifier import pipeline
from intake.classifier.entities import Entity, apart
from intake.classifier.features import Reading
from intake.classifier.pipeline import SpacyClassifier
from intake.classifier.text import normal, pieces, quoted


def words(text: str, subject: str | None = None) -> list[str]:
    return pipeline.read(pipeline.blank(), subject, text)[0].words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("q", "que"),
        ("Contraseña", "contraseña"),
        ("CONTRASEÑA", "contraseña"),
        ("tmb", "tambien"),
        ("holaaaa", "hola"),
        ("ñandú", "ñandu"),
    ],
)
def test_spellings_of_the_chat_meet(written: str, read: str) -> None:
    assert normal(written) == read


def test_a_servers_code_is_kept_and_a_long_number_only_by_its_length() -> None:
    assert [piece.word for piece in pieces("502")] == ["502"]
    assert [piece.word for piece in pieces("70012345")] == ["########"]


def test_words_glued_by_signs_are_taken_apart_where_they_stand() -> None:
    assert [(piece.word, piece.start, piece.end) for piece in pieces("error:504/gateway")] == [
        ("error", 0, 5), ("504", 6, 9), ("gateway", 10, 17),
    ]  # fmt: skip


def test_somebodys_earlier_words_are_not_counted() -> None:
    mail = "Ya funciona.\n\nEl mar, 14 may 2024 a las 16:02, Soporte escribió:\n> Se cayó el servicio"
    assert words(mail) == ["ya", "funciona"]


def test_a_mail_that_is_all_quotation_is_read_from_its_own_lines() -> None:
    assert quoted("sin saltos ni comillas") == []
    assert words("> Se cayó\nNo se cayó") == ["no", "se", "cayo"]


def test_the_subject_is_read_before_the_text_and_offsets_tell_them_apart() -> None:
    reading, offset = pipeline.read(pipeline.blank(), "Error 503", "No abre")
    assert reading == Reading(["error", "503", "no", "abre"], [0, 6, 10, 13], [5, 9, 12, 17])
    assert offset == 10


def test_the_ruler_names_systems_codes_and_numbers(classifier: SpacyClassifier) -> None:
    text = "En Ciudadanía Digital sale error 503, caso 2026-000123, llámeme al 70012345"
    found = {(each.label, text[each.start : each.end]): each.id for each in classifier.entities(text)}
    assert found[("SYSTEM", "Ciudadanía Digital")] == "ciudadania_digital"
    assert {("HTTP", "503"), ("CASE", "2026-000123"), ("PHONE", "70012345")} <= set(found)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("gob.bo está caído, muy lento", {"gob.bo": "gob_bo", "está caído": "down", "muy lento": "slow"}),
        ("se me colgó, no nos carga", {"se me colgó": "down", "no nos carga": "down"}),
        ("no me llega el código", {"no me llega el código": "delivery"}),
        ("pantalla blanca y bad gateway", {"pantalla blanca": "blank", "bad gateway": "server_error"}),
        ("olvidé mi clave", {"olvidé mi clave": "password"}),
        ("se bloqueó mi cuenta", {"se bloqueó mi cuenta": "locked"}),
        ("no me deja entrar", {"no me deja entrar": "access"}),
        ("no aparece el botón", {"no aparece el botón": "missing"}),
        ("mi pago no se refleja", {"pago no se refleja": "payment"}),
        ("no reconoce el token", {"no reconoce el token": "token"}),
        ("todo bien, gracias", {}),
    ],
)
def test_symptoms_are_named_by_kind(classifier: SpacyClassifier, text: str, named: dict[str, str]) -> None:
    assert {text[each.start : each.end]: each.id for each in classifier.entities(text)} == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("hoja de ruta 4521/2026, NUR 2026-00345", [("HOJA_DE_RUTA", "hoja de ruta 4521/2026"), ("HOJA_DE_RUTA", "NUR 2026-00345")]),
        ("CPT nro 8899, código de pago 123456", [("CPT", "CPT nro 8899"), ("CPT", "código de pago 123456")]),
        ("caso #2026-000124.", [("CASE", "2026-000124")]),
        ("+591 70012345 o 2-2441234", [("PHONE", "+591 70012345"), ("PHONE", "2-2441234")]),
        ("https://www.gob.bo/t?id=1, y ana@entidad.gob.bo.", [("URL", "https://www.gob.bo/t?id=1"), ("EMAIL", "ana@entidad.gob.bo")]),
        ("error 500, HTTP 401, 502", [("HTTP", "500"), ("HTTP", "401"), ("HTTP", "502")]),
        ("pagué 500 Bs con 404 personas, carnet 4567890", []),
    ],
)  # fmt: skip
def test_codes_and_numbers_are_named_by_their_shape(
    classifier: SpacyClassifier, text: str, named: list[tuple[str, str]]
) -> None:
    assert [(each.label, text[each.start : each.end]) for each in classifier.entities(text)] == named


def test_names_that_overlap_are_one_the_longest() -> None:
    short, long, other = Entity("URL", "", 0, 4), Entity("SYSTEM", "x", 0, 9), Entity("CASE", "", 9, 12)
    assert apart([other, short, long]) == [long, other]

"""The contract's JSON lines."""

import json

import pytest

from cases.model import Evidence, Verdict
from cases.vocabulary import Category, Channel
from intake.classifier.systems import load_systems
from intake.classifier.verdict import BadLine, Line, read_lines, to_json


def a_verdict() -> Verdict:
    return Verdict(
        category=Category.SUPPORT,
        confidence=0.91234567,
        probabilities={
            Category.SUPPORT: 0.91234567,
            Category.AVAILABILITY: 0.05,
            Category.FUNCTIONAL_DESIGN: 0.03765433,
        },
        system="ppte",
        system_confidence=0.5,
        abstain=False,
        evidence=(Evidence(0, 4, 1.5),),
        model="fast-0123abcd",
    )


def test_a_verdict_is_written_as_the_contract_says() -> None:
    assert json.loads(json.dumps(to_json("m1", a_verdict()))) == {
        "id": "m1",
        "category": "support",
        "confidence": 0.9123,
        "probabilities": {"support": 0.9123, "availability": 0.05, "functional_design": 0.0377},
        "system": "ppte",
        "system_confidence": 0.5,
        "abstain": False,
        "evidence": [{"start": 0, "end": 4, "weight": 1.5}],
        "model": "fast-0123abcd",
    }


def test_messages_are_read_line_by_line_and_ids_come_back_as_they_were() -> None:
    lines = [
        '{"id": 7, "channel": "email", "subject": "s", "text": "t", "more": 1}',
        "",
        '{"id": "b", "channel": "api", "text": ""}',
    ]
    assert list(read_lines(lines)) == [Line(7, Channel.EMAIL, "s", "t"), Line("b", Channel.API, None, "")]


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ("nope", "line 1: not JSON"),
        ('"text"', "line 1: an object is needed, not str"),
        ('{"channel": "email", "text": "t"}', 'line 1: "id" must be'),
        ('{"id": true, "channel": "email", "text": "t"}', 'line 1: "id" must be'),
        (
            '{"id": "a", "channel": "fax", "text": "t"}',
            "line 1: \"channel\" must be one of whatsapp, .*'fax'",
        ),
        ('{"id": "a", "channel": "email"}', 'line 1: "text" is missing'),
        ('{"id": "a", "channel": "email", "text": null}', 'line 1: "text" must be a text'),
        ('{"id": "a", "channel": "email", "text": "t", "subject": 3}', 'line 1: "subject" must be'),
        ("[" * 100_000, "line 1: not JSON"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(raw: str, complaint: str) -> None:
    with pytest.raises(BadLine, match=complaint):
        list(read_lines([raw]))


def test_the_systems_are_the_demo_desks() -> None:
    systems = load_systems()
    assert [system.id for system in systems] == [
        "ciudadania_digital", "gob_bo", "firma_digital", "aprobacion_documentos", "ppte", "interoperabilidad",
        "correo_institucional", "gestion_documental", "mesa_ayuda", "otro",
    ]  # fmt: skip
    assert all(system.name and system.unit for system in systems)

"""Reading procedure files: what is accepted, and that every fault is named with its file and step."""

import tomllib
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.procedure import Place
from cases.vocabulary import Role, Stage
from tests.workflow.walking import A_FILE, SHIPPED, a_file
from workflow.definition import ACTIVE, AnswerKind, FieldType, Library, UnknownPlaceError
from workflow.effects import EFFECTS
from workflow.faults import FaultyProcedureError
from workflow.loading import (
    ANSWER_KEYS,
    CONDITION_KEYS,
    FIELD_KEYS,
    PROCEDURE_KEYS,
    SHARED_KEYS,
    STEP_KEYS,
    library,
    parse,
)


def test_a_file_becomes_a_procedure() -> None:
    procedure = parse(a_file(), "PR09-1.toml")

    decide = procedure.step("2")
    assert (procedure.code, procedure.version, procedure.resolution_date.year) == ("PR09", "1", 2026)
    assert procedure.first == Place("PR09", "1", "2")
    assert (decide.role, decide.stage, decide.target_hours) == (Role.UIT, Stage.IDENTIFICATION, 4)
    assert [answer.id for answer in procedure.step("2.B.1").answers] == ["back", "return"]
    assert procedure.step("3").answers[0].fields[1].options == ("formal", "cercano")
    assert procedure.step("3").answers[0].closes
    assert decide.answer("none") is None


AN_ANSWER = '[[step.answer]]\nid = "{}"\nlabel = "Otra"\nto = "{}"\n\n'
CLOSING = 'fields = [\n  { name = "text"'
ORPHAN = """
[[step]]
number = "9"
activity = "Nadie llega aquí."
responsible = "UIT"
role = "uit"
output = "Flujo"
stage = "2"

[[step.answer]]
id = "done"
label = "Listo"
to = "closed"

[[shared]]"""

FAULTS = [
    # what is wrong, the kind named, the step named, what is changed in the file
    ("not TOML", "not-toml", None, [("code = ", "code ")]),
    ("an unknown key", "unknown-key", None, [("pages = 1", "pages = 1\npagina = 2")]),
    ("an unknown key of a step", "unknown-key", "2", [("target_hours = 4", "hours = 4")]),
    ("an unknown key of an answer", "unknown-key", "2", [('push = "2"', 'push = "2"\ncode = "x"')]),
    ("an unknown key of a field", "unknown-key", "3", [("required = true, prefill", "must = true, prefill")]),
    ("an unknown fact", "unknown-key", "2", [("availability = true", "urgent = true")]),
    ("a missing key", "missing-key", None, [('title = "Un procedimiento pequeño"\n', "")]),
    ("a missing key of a step", "missing-key", "3", [('output = "Cierre"\n', "")]),
    ("an empty text", "missing-key", None, [('"Probar que el archivo se lee."', '""')]),
    ("a wrong type", "bad-value", None, [("pages = 1", 'pages = "1"')]),
    ("a date that is text", "bad-value", None, [("2026-01-05", '"2026-01-05"')]),
    ("no pages", "bad-value", None, [("pages = 1", "pages = 0")]),
    ("no hours", "bad-value", "2", [("target_hours = 4", "target_hours = -1")]),
    ("a list of the wrong things", "bad-value", "3", [('["notify"]', "[1]")]),
    ("a number like no other", "bad-value", "3.x", [('number = "3"', 'number = "3.x"')]),
    ("an unknown stage", "bad-value", "3", [('stage = "3"', 'stage = "4"')]),
    ("an unknown type", "bad-value", "3", [('name = "text", type = "text"', 'name = "text", type = "html"')]),
    ("an unknown kind", "bad-value", "2.B.1", [('kind = "return"', 'kind = "retour"')]),
    ("an answer id with spaces", "bad-value", "2", [('id = "own"', 'id = "lo propio"')]),
    ("a reserved field name", "bad-value", "3", [('name = "tone"', 'name = "to"')]),
    ("a choice of nothing", "bad-value", "3", [(', options = ["formal", "cercano"]', "")]),
    (
        "options of a text",
        "bad-value",
        "2",
        [('"Solución", required', '"Solución", options = ["a"], required')],
    ),
    ("a condition that says nothing", "bad-value", "2", [("{ availability = true }", "{}")]),
    ("a number that cannot be prefilled", "bad-value", "3", [('"Tono"', '"Tono", prefill = "solution"')]),
    ("an unknown role", "unknown-role", "2", [('role = "uit"', 'role = "dgaa"')]),
    ("an unknown effect", "unknown-effect", "3", [('["notify"]', '["print"]')]),
    ("an effect without its field", "effect-field", "3", [('["notify"]', '["solve"]')]),
    (
        "an effect whose field may be left out",
        "effect-field",
        "2",
        [('"Solución", required = true', '"Solución"')],
    ),
    ("a repeated number", "duplicate-number", None, [('number = "3"', 'number = "2"')]),
    ("a repeated answer", "duplicate-answer", "2", [('id = "upat"', 'id = "own"')]),
    ("a repeated field", "duplicate-field", "3", [('name = "tone"', 'name = "text"')]),
    ("a shared answer for no step", "unknown-step", None, [('steps = ["2.B.1"]', 'steps = ["2.B.1", "7"]')]),
    ("an answer to nowhere", "bad-target", "2", [('to = "3"\nwhen', "when")]),
    ("a return with a target", "bad-target", "2.B.1", [('kind = "return"', 'kind = "return"\nto = "2"')]),
    ("a push that closes", "bad-target", "3", [('to = "closed"', 'to = "closed"\npush = "2"')]),
    ("an unknown target", "unknown-target", "2", [('to = "2.B.1"', 'to = "2.B.7"')]),
    ("an unknown push", "unknown-target", "2", [('push = "2"', 'push = "5"')]),
    ("an unknown start", "unknown-target", None, [('start = "1"', 'start = "0"')]),
    ("a step that nothing leads to", "unreachable", "9", [("\n[[shared]]", ORPHAN)]),
    (
        "a step that only an extension leads to",
        "unreachable",
        "9",
        [
            ("\n[[shared]]", ORPHAN),
            (CLOSING, "extension = true\n" + CLOSING),
            ('to = "closed"', 'to = "9"'),
        ],
    ),
    ("an extension that all come to", "unreachable", "3", [('stage = "3"', 'stage = "3"\nextension = true')]),
    ("no way to the end", "no-way-out", "3", [('to = "closed"', 'to = "2"')]),
    ("no way to the end but an extension", "no-way-out", "3", [(CLOSING, "extension = true\n" + CLOSING)]),
    (
        "a step without answers",
        "no-way-out",
        "9",
        [("\n[[shared]]", ORPHAN.split("[[step.answer]]", maxsplit=1)[0] + "[[shared]]")],
    ),
    ("facts without an answer", "facts", "2", [("availability = false", "functional_design = true")]),
    ("a hand-back of what nobody derived", "stack", "2", [('to = "3"\nwhen', 'to = "3"\npop = true\nwhen')]),
    (
        "a step reached with and without a derivation",
        "stack",
        "2.B.1",
        [('to = "3"\npop = true', 'to = "3"')],
    ),
    ("a field used before it exists", "prefill", "3", [('prefill = "solution"', 'prefill = "estimate"')]),
    (
        "a field that one way does not record",
        "prefill",
        "3",
        [
            (
                'to = "3"\nwhen = [{ availability = true }]\nfields = [{ name = "solution"',
                'to = "3"\nwhen = [{ availability = true }]\nfields = [{ name = "other"',
            ),
            ('effects = ["solve"]\n', ""),
        ],
    ),
    (
        "an automatic step that asks",
        "automatic",
        "1",
        [
            ('to = "2"\n', 'to = "2"\nfields = [{ name = "a", type = "text", label = "A" }]\n'),
        ],
    ),
    ("automatic steps that turn in a circle", "automatic", "1", [('to = "2"\n', 'to = "1"\n')]),
]


@pytest.mark.parametrize(("kind", "step", "changes"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_named_with_its_file_and_step(
    kind: str, step: str | None, changes: list[tuple[str, str]]
) -> None:
    with pytest.raises(FaultyProcedureError) as refused:
        parse(a_file(*changes), "PR09-1.toml")

    faults = [fault for fault in refused.value.faults if (fault.kind, fault.step) == (kind, step)]
    assert faults, str(refused.value)
    assert str(faults[0]).startswith("PR09-1.toml" if step is None else f"PR09-1.toml, numeral {step}: ")
    assert str(faults[0]) in str(refused.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(FaultyProcedureError) as refused:
        parse(
            a_file(
                ('role = "uit"', 'role = "dgaa"'), ("pages = 1", "pages = 0"), ('stage = "3"', 'stage = "x"')
            ),
            "f",
        )

    assert {fault.kind for fault in refused.value.faults} == {"unknown-role", "bad-value"}
    assert len(refused.value.faults) == 3


LINES = A_FILE.strip().splitlines()


@settings(max_examples=150, deadline=None)
@given(
    st.sets(st.integers(0, len(LINES) - 1), min_size=1, max_size=4),
    st.sampled_from(["drop", "double", "empty", "swap"]),
)
def test_a_mangled_file_is_read_or_refused_and_nothing_else(where: set[int], how: str) -> None:
    lines = list(LINES)
    for i in sorted(where, reverse=True):
        line = lines[i]
        name = line.partition("=")[0]
        changed = {"drop": [], "double": [line, line], "empty": [f'{name} = ""'], "swap": [f"{name} = [[1]]"]}
        lines[i : i + 1] = changed[how]
    with suppress(FaultyProcedureError):
        assert parse("\n".join(lines), "PR09-1.toml").steps


def test_versions_are_put_together_and_looked_up() -> None:
    together = library([parse(a_file(), "1"), parse(a_file(('version = "1"', 'version = "2"')), "2")])

    assert together.procedure("PR09").version == "1"
    assert together.activating("PR09", "2").procedure("PR09").version == "2"
    assert together.step(Place("PR09", "2", "3")).number == "3"
    assert together.extensions == {"return"}
    for unknown in [("PR09", "3"), ("PR08", None)]:
        with pytest.raises(UnknownPlaceError):
            together.procedure(*unknown)
    with pytest.raises(UnknownPlaceError):
        together.step(Place("PR09", "1", "4"))
    with pytest.raises(UnknownPlaceError):
        together.activating("PR09", "3")


def test_a_target_in_another_procedure_must_be_there_when_its_version_is_active() -> None:
    elsewhere = a_file(('to = "3"\nwhen', 'to = "PR08 1"\nwhen'))
    leading = parse(elsewhere, "PR09-1.toml")
    draft = parse(
        elsewhere.replace('version = "1"', 'version = "2"').replace("PR08 1", "PR09 3"), "PR09-2.toml"
    )

    with pytest.raises(FaultyProcedureError, match=r"PR09-1.toml, numeral 2: .*PR08 1, que no existe"):
        library([leading])
    assert leading.step("2").answers[0].to == Place("PR08", ACTIVE, "1")
    assert draft.step("2").answers[0].to == Place("PR09", "2", "3")


def test_two_procedures_that_only_lead_to_one_another_never_end() -> None:
    there = parse(a_file(('to = "closed"', 'to = "PR08 1"')), "PR09-1.toml")
    and_back = parse(a_file(("PR09", "PR08"), ('to = "closed"', 'to = "PR09 1"')), "PR08-1.toml")

    with pytest.raises(FaultyProcedureError, match="ningún caso llega a cerrarse"):
        library([there, and_back])


def test_the_shipped_files_are_the_three_procedures_of_version_0() -> None:
    assert [(p.code, p.version, len(p.steps)) for p in SHIPPED] == [
        ("PR01", "0", 10),
        ("PR02", "0", 20),
        ("PR03", "0", 18),
    ]
    assert Library.shipped() == SHIPPED
    assert dict(SHIPPED.active) == {"PR01": "0", "PR02": "0", "PR03": "0"}


def test_the_shipped_files_hold_data_only() -> None:
    folder = files("workflow").joinpath("procedures")
    names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".toml")]

    assert sorted(names) == ["PR01-0.toml", "PR02-0.toml", "PR03-0.toml"]
    for name in names:
        raw = tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
        assert raw["code"] == name[:4]
        assert raw["version"] == name[5:6]


STAGES = {
    "PR01": "1 2 3 4 / 5 6 / 7 8 9 10",
    "PR02": "1 2 3 3.B.1 3.C.1 / 3.A.1 3.A.2 3.B.2 3.B.3 3.B.4 3.C.2 3.C.3 3.C.4 3.C.5 4 5 6 / 7 8 9",
    "PR03": "1 2 3 / 3.A.1 3.A.2 3.A.3 3.B.1 3.B.2 3.B.3 3.B.4 3.B.5 3.B.6 3.B.7 3.B.8 4 / 5 6 7",
}


def test_every_step_belongs_to_its_stage() -> None:
    for code, stages in STAGES.items():
        found = {
            stage: [s.number for s in SHIPPED.procedure(code).steps if s.stage is stage] for stage in Stage
        }
        assert " / ".join(" ".join(numbers) for numbers in found.values()) == stages


def test_every_step_has_the_role_that_its_words_name() -> None:
    named = {
        "Usuario": Role.USUARIO,
        "Operador": Role.OPERADOR,
        "Supervisor": Role.SUPERVISOR,
        "UIT": Role.UIT,
    }
    named |= {"UPAT": Role.UPAT, "ACGII": Role.ACGII, "ADIT": Role.ADT}

    assert all(named[step.responsible.split()[0]] is step.role for p in SHIPPED for step in p.steps)


def test_only_the_first_two_steps_are_the_systems_and_one_is_internal() -> None:
    steps = [(f"{p.code} {step.number}", step) for p in SHIPPED for step in p.steps]

    assert [name for name, step in steps if step.automatic] == ["PR01 1", "PR01 2"]
    assert [name for name, step in steps if step.internal] == ["PR02 3.C.4"]
    assert not [name for name, step in steps if step.extension]


def test_the_documentation_names_every_key_effect_type_and_fact() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "procedures.md").read_text(encoding="utf-8")
    tables = (PROCEDURE_KEYS, STEP_KEYS, ANSWER_KEYS, SHARED_KEYS, FIELD_KEYS, CONDITION_KEYS)
    names = {name for table in tables for name in table} - {"step", "answer", "shared", "name", "type"}
    names |= EFFECTS.keys() | set(get_args(FieldType)) | set(get_args(AnswerKind))
    needed = {field for effect in EFFECTS.values() for field in (*effect.needs, *effect.takes)}

    assert len(names) > 40
    assert {name for name in names | needed if f"`{name}`" not in page} == set()
    assert all(
        part in page for part in ("[[step]]", "[[step.answer]]", "[[shared]]", "{ name, type, label }")
    )

"""Every way that the manual describes, walked from the report to the close."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.procedure import (
    AskClassificationAgain,
    EntryDraft,
    Estimate,
    Facts,
    LinkArticle,
    Notify,
    Place,
    Prioritise,
    Solve,
    Value,
    WriteArticle,
)
from cases.vocabulary import Role
from tests.workflow.walking import (
    ALL_FACTS,
    AVAILABILITY,
    EXTENSIONS,
    FUNCTIONAL,
    NOW,
    SHIPPED,
    SUPPORT,
    VERSION_1,
    Walk,
    a_shipped_file,
    facts,
    fitting,
)
from workflow.engine import Run, UnknownAnswer, advance, legal, start
from workflow.loading import library, parse
from workflow.values import InvalidField, MissingFields

OWN = "PR01 1 2 3 4 5 6 7 8 9 10 | closed"
UIT_A = "PR02 1 2 3 3.A.1 3.A.2 4 5 6 7 8 9 | closed"
UIT_B = "PR02 1 2 3 3.B.1 3.B.2 3.B.3 3.B.4 3.A.2 4 5 6 7 8 9 | closed"
UIT_C = "PR02 1 2 3 3.C.1 3.C.2 3.C.3 3.C.4 3.C.5 3.A.2 4 5 6 7 8 9 | closed"
ADT_A = "PR03 1 2 3 3.A.1 3.A.2 3.A.3 4 5 6 7 | closed"
ADT_B = "PR03 1 2 3 3.B.1 3.B.2 3.B.3 3.B.4 3.B.5 3.B.6 3.B.7 3.B.8 4 5 6 7 | closed"

# the facts, and the ways that the manual leaves a case with them when nobody turns back
MANUAL: list[tuple[Facts, set[str]]] = [
    (facts(SUPPORT), {OWN}),
    (facts(AVAILABILITY, before=True), {f"PR01 1 2 3 | {way}" for way in (UIT_A, UIT_B, UIT_C)}),
    (facts(FUNCTIONAL), {f"PR01 1 2 3 4 | {way}" for way in (ADT_A, ADT_B)}),
    # what the manual leaves open: by the letter of 5 the operator solves, by interpretation the UIT gets it
    (
        facts(AVAILABILITY),
        {OWN} | {f"PR01 1 2 3{four} | {way}" for four in ("", " 4") for way in (UIT_A, UIT_B, UIT_C)},
    ),
    (
        facts(SUPPORT, before=True),
        {OWN} | {f"PR01 1 2 3{four} | {way}" for four in ("", " 4") for way in (UIT_A, UIT_B, UIT_C)},
    ),
    (
        facts(FUNCTIONAL, before=True),
        {f"PR01 1 2 3 4 | {way}" for way in (UIT_A, UIT_B, UIT_C, ADT_A, ADT_B)},
    ),
]


def ways(walk: Walk) -> set[str]:
    """Take every answer at every step, but none that turns back, and collect the ways to the close."""
    if walk.run.place is None:
        return {walk.way()}
    found: set[str] = set()
    for answer in walk.legal().values():
        if answer.kind != "return":
            onward = Walk(switched_off=EXTENSIONS)
            onward.run, onward.entries = walk.run, list(walk.entries)
            found |= ways(onward.take(answer.id))
    return found


@pytest.mark.parametrize(("confirmed", "expected"), MANUAL)
def test_every_way_of_the_manual_and_no_other(confirmed: Facts, expected: set[str]) -> None:
    assert ways(Walk(switched_off=EXTENSIONS).confirm(confirmed)) == expected


def test_all_facts_are_covered() -> None:
    assert {confirmed for confirmed, _ in MANUAL} == set(ALL_FACTS)


def test_a_new_case_is_recorded_twice_and_stands_at_3() -> None:
    begun = start(SHIPPED)

    assert begun.run == Run(Place("PR01", "0", "3"))
    assert begun.entries == (
        EntryDraft(Place("PR01", "0", "1"), "step", {"answer": "report", "to": "PR01 2"}),
        EntryDraft(Place("PR01", "0", "2"), "step", {"answer": "register", "to": "PR01 3"}),
    )
    assert begun.effects == ()


# at 3 and 4: what is open for which facts
DECISIONS = [
    (facts(AVAILABILITY, before=True), ["derive-uit"], ["derive-uit"]),
    (facts(FUNCTIONAL), ["not-uit"], ["derive-adt"]),
    (facts(SUPPORT), ["not-uit"], ["not-functional"]),
    (
        facts(AVAILABILITY),
        ["not-uit", "derive-uit-interpreted"],
        ["not-functional", "derive-uit-interpreted"],
    ),
    (
        facts(SUPPORT, before=True),
        ["not-uit", "derive-uit-interpreted"],
        ["not-functional", "derive-uit-interpreted"],
    ),
    (facts(FUNCTIONAL, before=True), ["not-uit"], ["derive-adt-interpreted", "derive-uit-interpreted"]),
]


@pytest.mark.parametrize(("confirmed", "at_3", "at_4"), DECISIONS)
def test_the_facts_decide_at_3_and_4(confirmed: Facts, at_3: list[str], at_4: list[str]) -> None:
    for step, expected in (("3", at_3), ("4", at_4)):
        run = Run(Place("PR01", "0", step), confirmed)
        assert [answer.id for answer in legal(SHIPPED, run)] == expected


@pytest.mark.parametrize("step", ["3", "4"])
def test_nothing_is_derived_before_an_operator_confirms(step: str) -> None:
    assert legal(SHIPPED, Run(Place("PR01", "0", step))) == ()


@pytest.mark.parametrize("available", [True, False])
@pytest.mark.parametrize("functional", [True, False])
@pytest.mark.parametrize("before", [True, False])
def test_whatever_the_facts_a_case_can_go_on(available: bool, functional: bool, before: bool) -> None:  # noqa: FBT001
    for step in ("3", "4"):
        assert legal(SHIPPED, Run(Place("PR01", "0", step), Facts(available, functional, before)))


def test_an_interpretation_needs_a_written_reason_and_is_recorded_as_one() -> None:
    walk = Walk().confirm(facts(AVAILABILITY))

    with pytest.raises(MissingFields) as refused:
        walk.take("derive-uit-interpreted", reason="   ")
    assert list(refused.value.fields) == ["reason"]
    walk.take("derive-uit-interpreted", reason="La UIT atendió uno parecido.")

    entry = walk.entries[-1]
    assert (str(entry.place), entry.kind) == ("PR01 3", "interpretation")
    assert entry.data["reason"] == "La UIT atendió uno parecido."
    assert entry.data["to"] == "PR02 1"


def test_the_decision_and_the_derivation_are_two_acts_of_the_operator() -> None:
    walk = Walk().confirm(facts(AVAILABILITY, before=True)).take("derive-uit").take("derive-uit")

    assert [str(entry.place) for entry in walk.entries[2:]] == ["PR01 3", "PR02 1"]
    assert {SHIPPED.step(entry.place).role for entry in walk.entries[2:]} == {Role.OPERADOR}
    assert str(walk.run.place) == "PR02 2"


def at_review() -> Walk:
    """Walk a case of the operator's own to the supervisor's review."""
    walk = Walk().confirm(facts(SUPPORT)).take("not-uit").take("not-functional")
    return (
        walk.take("solve", solution="Se limpió la caché.")
        .take("not-needed")
        .take("notify")
        .take("derive-supervisor")
    )


def test_a_badly_handled_case_goes_back_to_3_and_is_classified_again() -> None:
    walk = at_review()
    with pytest.raises(MissingFields):
        walk.take("return", observation=None)
    walk.take("return", observation="No responde a lo que preguntó.")

    assert walk.run == Run(Place("PR01", "0", "3"))
    assert walk.effects[-1] == AskClassificationAgain()
    assert walk.entries[-1].kind == "return"
    again = (
        walk.confirm(facts(SUPPORT)).take("not-uit").take("not-functional").take("solve").take("not-needed")
    )
    again.take("notify").take("derive-supervisor").take("approve").take("close")
    assert again.way() == "PR01 1 2 3 4 5 6 7 8 9 3 4 5 6 7 8 9 10 | closed"


def test_a_closed_case_has_no_way_on() -> None:
    walk = at_review().take("approve").take("close")

    assert walk.run.place is None
    assert walk.run.stack == ()
    assert walk.entries[-1].data["to"] == "closed"
    assert walk.legal() == {}
    with pytest.raises(UnknownAnswer, match="El caso está cerrado"):
        walk.take("close")


def test_only_a_supervisor_closes() -> None:
    closing = [
        (str(p.place(s.number)), s.role) for p in SHIPPED for s in p.steps for a in s.answers if a.closes
    ]

    assert closing == [(where, Role.SUPERVISOR) for where in ("PR01 10", "PR02 9", "PR03 7")]


KNOWLEDGE: dict[str, tuple[dict[str, Value | None], LinkArticle | WriteArticle | None]] = {
    "link-article": ({"article": 12}, LinkArticle(12)),
    "new-article": ({"title": "Caché", "body": "Límpiela."}, WriteArticle("Límpiela.", title="Caché")),
    "new-version": ({"article": 12, "body": "Otra vez."}, WriteArticle("Otra vez.", article=12)),
    "not-needed": ({"reason": "Ya está."}, None),
}


@pytest.mark.parametrize("answer_id", KNOWLEDGE)
@pytest.mark.parametrize("step", ["PR01 6", "PR02 6", "PR03 4"])
def test_the_knowledge_base_is_updated_linked_or_left_with_a_reason(step: str, answer_id: str) -> None:
    code, number = step.split()
    values, effect = KNOWLEDGE[answer_id]
    run = Run(Place(code, "0", number), facts())

    assert {answer.id for answer in legal(SHIPPED, run)} == KNOWLEDGE.keys()
    done = advance(SHIPPED, run, answer_id, values, NOW)
    assert done.effects == (() if effect is None else (effect,))
    with pytest.raises(MissingFields) as refused:
        advance(SHIPPED, run, answer_id, {}, NOW)
    assert refused.value.fields.keys() == values.keys()


def test_the_notice_starts_with_the_solution_and_goes_out() -> None:
    for place in ("PR01 7", "PR02 7", "PR03 5"):
        code, number = place.split()
        run = Run(Place(code, "0", number), facts())
        (notify,) = legal(SHIPPED, run)
        assert [(f.name, f.prefill, f.required) for f in notify.fields] == [("text", "solution", True)]
        done = advance(SHIPPED, run, "notify", {"text": "Ya puede entrar."}, NOW)
        assert done.effects == (Notify("Ya puede entrar."),)


@pytest.mark.parametrize("place", ["PR01 5", "PR02 4", "PR03 3.A.2", "PR03 3.B.7"])
def test_a_solution_is_registered_where_the_manual_says(place: str) -> None:
    code, number = place.split()
    solving = [
        f"{p.code} {s.number}" for p in SHIPPED for s in p.steps for a in s.answers if "solve" in a.effects
    ]

    done = advance(
        SHIPPED, Run(Place(code, "0", number), facts()), "solve", {"solution": "Se reinició."}, NOW
    )
    assert done.effects == (Solve("Se reinició."),)
    assert place in solving
    assert len(solving) == 4


@pytest.mark.parametrize("place", ["PR02 3.A.1", "PR02 3.B.2", "PR03 3.B.3"])
def test_an_estimate_is_a_moment_still_to_come(place: str) -> None:
    code, number = place.split()
    run = Run(Place(code, "0", number), facts())
    later = datetime(2026, 3, 4, 18, tzinfo=ZoneInfo("America/La_Paz"))

    done = advance(SHIPPED, run, "estimate", {"estimate": later, "reason": "Falta un repuesto."}, NOW)
    assert done.effects == (Estimate(later, "Falta un repuesto."),)
    assert done.entries[0].data["estimate"] == later
    assert advance(SHIPPED, run, "estimate", {"estimate": later}, NOW).effects == (Estimate(later),)
    for wrong in (NOW, NOW - timedelta(hours=1), datetime(2026, 3, 4), "2026-03-04"):  # noqa: DTZ001 - naive on purpose
        with pytest.raises(InvalidField) as refused:
            advance(SHIPPED, run, "estimate", {"estimate": wrong}, NOW)
        assert list(refused.value.fields) == ["estimate"]


def test_the_incident_centre_ranks_and_keeps_its_findings_to_itself() -> None:
    walk = (
        Walk().confirm(facts(AVAILABILITY, before=True)).take("derive-uit").take("derive-uit").take("analyse")
    )
    walk.take("acgii").take("analyse")
    with pytest.raises(InvalidField, match="Prioridad"):
        walk.take("prioritise", priority="Urgentísima")
    walk.take("prioritise", priority="Alta").take("investigate", impact="Pagos", causes="Certificado vencido")
    walk.take("record-result", result="Llave privada expuesta")

    assert Prioritise("Indisponibilidad de servicio", "Alta") in walk.effects
    assert walk.entries[-2].data["causes"] == "Certificado vencido"
    assert [entry.internal for entry in walk.entries[-3:]] == [False, False, True]
    assert str(walk.entries[-1].place) == "PR02 3.C.4"


def test_an_internal_comment_makes_its_entry_internal() -> None:
    silent = Walk().confirm(facts()).take("not-uit")
    noted = Walk().confirm(facts()).take("not-uit", comment="Parece urgente.")

    assert not silent.entries[-1].internal
    assert noted.entries[-1].internal
    assert noted.entries[-1].data["comment"] == "Parece urgente."


def test_a_case_goes_to_the_version_active_when_it_is_derived_and_back_to_its_own() -> None:
    newer = [parse(a_shipped_file(code, VERSION_1), f"{code}-1.toml") for code in ("PR01", "PR02")]
    together = library([*SHIPPED, *newer])
    walk = Walk(together).confirm(facts(AVAILABILITY, before=True))
    walk.library = together.activating("PR01", "1").activating("PR02", "1")
    walk.take("derive-uit").take("derive-uit")
    assert walk.run.place == Place("PR02", "1", "2")
    assert walk.run.stack == (Place("PR01", "0", "3"),)

    walk.take("analyse").take("uit").take("estimate").take("manage").take("solve").take("derive-ait")
    walk.take("not-needed").take("notify").take("return-to-classification")
    assert walk.run.place == Place("PR01", "0", "3")


def test_values_are_checked_against_their_fields() -> None:
    run = Run(Place("PR01", "0", "6"), facts())
    wrong: list[tuple[str, dict[str, Value | None], str]] = [
        ("new-version", {"article": True, "body": "x"}, "article"),
        ("new-version", {"article": -1, "body": "x"}, "article"),
        ("new-version", {"article": "7", "body": "x"}, "article"),
        ("not-needed", {"reason": 5}, "reason"),
        ("not-needed", {"reason": "x", "comment": "no está"}, "comment"),
    ]
    for answer_id, values, name in wrong:
        with pytest.raises(InvalidField) as refused:
            advance(SHIPPED, run, answer_id, values, NOW)
        assert list(refused.value.fields) == [name]


def test_empty_values_count_as_not_given() -> None:
    run = Run(Place("PR01", "0", "5"), facts())
    done = advance(SHIPPED, run, "solve", {"solution": "Listo.", "comment": "  "}, NOW)

    assert done.entries[0].data == {"answer": "solve", "to": "PR01 6", "solution": "Listo."}
    assert not done.entries[0].internal


def test_every_field_can_be_filled() -> None:
    answers = [answer for p in SHIPPED for step in p.steps for answer in step.answers]

    assert len(answers) > 80
    assert all(field.label for answer in answers for field in answer.fields)
    assert all(fitting(answer, optional=True).keys() == {f.name for f in answer.fields} for answer in answers)

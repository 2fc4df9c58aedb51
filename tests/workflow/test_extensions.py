"""What the manual leaves out: returns to whoever derived, returns from review, and switching them off."""

import pytest

from cases.procedure import AskClassificationAgain, Place
from cases.vocabulary import Role
from tests.workflow.walking import EXTENSIONS, SHIPPED, Walk, a_file, facts, to_step
from workflow.engine import Run, UnknownAnswer
from workflow.loading import library, parse
from workflow.values import MissingFields

DERIVERS = {
    "PR01 3": "PR02 2, PR02 3, PR02 3.A.1, PR02 3.A.2, PR02 4, PR02 5, "
    "PR03 2, PR03 3, PR03 3.A.1, PR03 3.A.2, PR03 3.A.3, PR03 3.B.1",
    "PR02 3": "PR02 3.B.1, PR02 3.B.2, PR02 3.B.3, PR02 3.B.4, "
    "PR02 3.C.1, PR02 3.C.2, PR02 3.C.3, PR02 3.C.4, PR02 3.C.5",
    "PR03 3": "PR03 3.B.2, PR03 3.B.3, PR03 3.B.4, PR03 3.B.5",
    "PR03 3.B.5": "PR03 3.B.6, PR03 3.B.7, PR03 3.B.8",
}
RETURNS = [(place, deriver) for deriver, places in DERIVERS.items() for place in places.split(", ")]


@pytest.mark.parametrize(("place", "deriver"), RETURNS)
def test_a_unit_can_return_what_is_not_its_own_to_whoever_derived_it(place: str, deriver: str) -> None:
    walk = to_step(place)
    returning = walk.legal()["return-to-deriver"]
    before = walk.run

    assert (returning.extension, returning.kind, str(returning.to)) == (True, "return", deriver)
    with pytest.raises(MissingFields):
        walk.take("return-to-deriver", reason=" ")
    walk.take("return-to-deriver", reason="No es nuestro.")
    assert str(walk.run.place) == deriver
    assert walk.run.stack == before.stack[:-1]
    assert walk.entries[-1].kind == "return"
    assert (
        (walk.run.facts is None) == (deriver == "PR01 3") == (walk.effects[-1:] == [AskClassificationAgain()])
    )


def test_nobody_else_can_return_to_a_deriver() -> None:
    returning = {
        f"{p.code} {s.number}"
        for p in SHIPPED
        for s in p.steps
        for a in s.answers
        if a.id == "return-to-deriver"
    }

    assert returning == {place for place, _ in RETURNS}
    assert {SHIPPED.step(to_step(place).run.place or Place("", "", "")).role for place in returning} == {
        Role.UIT,
        Role.UPAT,
        Role.ACGII,
        Role.ADT,
    }


@pytest.mark.parametrize(("review", "articles"), [("PR02 8", "PR02 6"), ("PR03 6", "PR03 4")])
def test_a_supervisor_can_return_a_case_of_a_unit(review: str, articles: str) -> None:
    back, wrong = to_step(review), to_step(review)
    back.take("return-to-articles", observation="Falta el artículo.")
    wrong.take("return-to-classification", observation="La solución no sirve.")

    assert str(back.run.place) == articles
    assert AskClassificationAgain() not in back.effects
    assert back.take("not-needed").take("notify").take("approve").take("close").run.place is None
    assert wrong.run == Run(Place("PR01", "0", "3"))
    assert wrong.effects[-1] == AskClassificationAgain()
    assert wrong.entries[-1].data["observation"] == "La solución no sirve."


@pytest.mark.parametrize("switch", sorted(EXTENSIONS))
def test_an_extension_can_be_switched_off(switch: str) -> None:
    assert SHIPPED.extensions == EXTENSIONS
    place = "PR02 4" if switch == "return-to-deriver" else "PR02 8"
    walk = to_step(place)
    assert switch in walk.legal()
    walk.switched_off = frozenset({switch})

    assert switch not in walk.legal()
    assert walk.legal()
    with pytest.raises(UnknownAnswer):
        walk.take(switch, reason="x", observation="x")


NESTED = """
[[step]]
number = "2.B.2"
activity = "Investiga."
responsible = "ACGII"
role = "acgii"
output = "Flujo"
stage = "2"

[[step.answer]]
id = "report"
label = "Devolver a la UPAT lo hallado"
to = "2.B.3"
pop = true

[[step]]
number = "2.B.3"
activity = "Coordina."
responsible = "UPAT"
role = "upat"
output = "Flujo"
stage = "2"

[[step.answer]]
id = "back"
label = "Coordinar con la UIT"
to = "3"
pop = true
fields = [{ name = "solution", type = "text", label = "Solución", required = true }]

[[step]]
number = "3\""""


def test_a_branch_within_a_branch_hands_back_to_whoever_opened_it() -> None:
    text = a_file(
        ('to = "3"\npop = true', 'to = "2.B.2"\npush = "2.B.1"'), ('\n[[step]]\nnumber = "3"', NESTED)
    )
    nested = library([parse(text, "PR09-1.toml")])
    walk = Walk(nested, code="PR09").confirm(facts())
    waiting: list[list[str]] = []
    for answer in ("upat", "back", "report", "back"):
        walk.take(answer)
        waiting.append([place.step for place in walk.run.stack])

    assert walk.way() == "PR09 1 2 2.B.1 2.B.2 2.B.3 3"
    assert waiting == [["2"], ["2", "2.B.1"], ["2"], []]

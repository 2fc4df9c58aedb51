"""Random walks: nothing illegal gets through, nothing is lost, and every case can come to its end."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.procedure import AskClassificationAgain, Facts, Place, Value
from tests.workflow.walking import ALL_FACTS, NOW, SHIPPED, Walk, fitting
from workflow.checking import stack_at
from workflow.engine import Run, UnknownAnswer, advance, legal
from workflow.values import InvalidField, MissingFields

SWITCHES = st.frozensets(st.sampled_from(sorted(SHIPPED.extensions)))
FACTS = st.sampled_from(ALL_FACTS)
PLACES = [p.place(step.number) for p in SHIPPED for step in p.steps if not step.automatic]
ANSWERS = sorted({answer.id for procedure in SHIPPED for step in procedure.steps for answer in step.answers})
DEEPEST = 3


def walk_on(walk: Walk, data: st.DataObject, moves: int) -> None:
    """Take answers at random among the legal ones, confirming facts at random where they are asked."""
    for _ in range(moves):
        if walk.run.place is None:
            return
        if walk.run.facts is None:
            walk.confirm(data.draw(FACTS))
        answer = data.draw(st.sampled_from(sorted(walk.legal().values(), key=lambda a: a.id)))
        walk.take(answer.id, **fitting(answer, optional=data.draw(st.booleans())))


@settings(max_examples=80, deadline=None)
@given(st.data(), SWITCHES)
def test_the_record_is_one_unbroken_chain(data: st.DataObject, switched_off: frozenset[str]) -> None:
    walk = Walk(switched_off=switched_off)
    walk_on(walk, data, 40)

    stands = "closed" if walk.run.place is None else str(walk.run.place)
    onward = [*(str(entry.place) for entry in walk.entries[1:]), stands]
    assert [entry.data["to"] for entry in walk.entries] == onward
    assert not {entry.data["answer"] for entry in walk.entries} & switched_off


@settings(max_examples=80, deadline=None)
@given(st.data(), SWITCHES)
def test_the_stack_is_what_the_place_says_however_the_case_came(
    data: st.DataObject, switched_off: frozenset[str]
) -> None:
    walk = Walk(switched_off=switched_off)
    for _ in range(40):
        walk_on(walk, data, 1)
        if walk.run.place is None:
            assert walk.run.stack == ()
            return
        assert walk.run.stack == stack_at(SHIPPED, walk.run.place)
        assert len(walk.run.stack) <= DEEPEST
        assert walk.run.place.procedure == "PR01" or walk.run.stack[0] == Place("PR01", "0", "3")


@settings(max_examples=80, deadline=None)
@given(st.data(), SWITCHES, st.integers(0, 30))
def test_a_case_can_always_come_to_its_end(
    data: st.DataObject, switched_off: frozenset[str], moves: int
) -> None:
    walk = Walk(switched_off=switched_off)
    walk_on(walk, data, moves)
    for _ in range(len(PLACES)):
        if walk.run.facts is None:
            walk.confirm(data.draw(FACTS))
        onward = [answer for answer in walk.legal().values() if answer.kind != "return"]
        if onward:
            walk.take(data.draw(st.sampled_from(onward)).id)

    assert walk.run.place is None


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_back_at_3_the_classification_is_asked_again(data: st.DataObject) -> None:
    walk = Walk()
    for _ in range(40):
        effects = len(walk.effects)
        walk_on(walk, data, 1)
        again = AskClassificationAgain() in walk.effects[effects:]
        assert again == (walk.run.place == Place("PR01", "0", "3"))
        assert (walk.run.facts is None) == again
        if walk.run.place is None:
            return


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_only_the_answers_listed_get_through(place: Place) -> None:
    step = SHIPPED.step(place)
    tried = 0
    for facts in (None, *ALL_FACTS):
        for switched_off in (frozenset[str](), SHIPPED.extensions):
            run = Run(place, facts, stack_at(SHIPPED, place))
            listed = {answer.id: answer for answer in legal(SHIPPED, run, switched_off=switched_off)}
            assert listed.keys() <= {answer.id for answer in step.answers}
            for answer_id in ANSWERS:
                tried += 1
                if answer_id in listed:
                    values = fitting(listed[answer_id])
                    done = advance(SHIPPED, run, answer_id, values, NOW, switched_off=switched_off)
                    assert done.run.place == listed[answer_id].to
                    assert [entry.place for entry in done.entries] == [place]
                    assert done.entries[0].data.items() >= values.items()
                else:
                    with pytest.raises(UnknownAnswer):
                        advance(SHIPPED, run, answer_id, {}, NOW, switched_off=switched_off)
    assert tried == 7 * 2 * len(ANSWERS)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(PLACES), FACTS)
def test_what_is_missing_is_named_and_nothing_else(data: st.DataObject, place: Place, facts: Facts) -> None:
    run = Run(place, facts, stack_at(SHIPPED, place))
    answer = data.draw(st.sampled_from(legal(SHIPPED, run)))
    values = fitting(answer, optional=True)
    left_out = data.draw(st.sets(st.sampled_from(sorted(values))) if values else st.just(set[str]()))
    given_values = {name: value for name, value in values.items() if name not in left_out}
    missing = {field.name for field in answer.fields if field.required and field.name in left_out}

    if missing:
        with pytest.raises(MissingFields) as refused:
            advance(SHIPPED, run, answer.id, given_values, NOW)
        assert refused.value.fields.keys() == missing
    else:
        entry = advance(SHIPPED, run, answer.id, given_values, NOW).entries[0]
        assert {name: entry.data[name] for name in given_values} == given_values


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(PLACES), FACTS)
def test_a_value_of_another_kind_is_refused(data: st.DataObject, place: Place, facts: Facts) -> None:
    run = Run(place, facts, stack_at(SHIPPED, place))
    answer = data.draw(st.sampled_from(legal(SHIPPED, run)))
    values = fitting(answer, optional=True)
    wrong = data.draw(st.sampled_from(["unknown", *sorted(values)]))
    kinds = {field.name: field.type for field in answer.fields}
    anything: st.SearchStrategy[Value] = st.sampled_from(
        ["texto", 3, 0, False, NOW - timedelta(days=1), NOW.replace(tzinfo=None)]
    )
    value: Value = data.draw(
        anything.filter(lambda v: not (kinds.get(wrong) == "text" and isinstance(v, str)))
    )
    if kinds.get(wrong) == "article" and value == 3:
        value = -3

    with pytest.raises(InvalidField) as refused:
        advance(SHIPPED, run, answer.id, {**values, wrong: value}, NOW)
    assert list(refused.value.fields) == [wrong]

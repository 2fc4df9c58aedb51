"""The assistant's turns: one thing at a time, silent when a person writes, never more than may be told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.vocabulary import Stage, Status
from intake.dialogue.respond import QUIET, greet, respond, survey
from intake.dialogue.states import (
    Asked,
    Commenting,
    DialogueState,
    Listening,
    Offer,
    Offered,
    Rating,
    Shown,
)
from intake.dialogue.turns import CaseFacts, Deed, Heard, Turn

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
OFFERS = (Offer(7, "Recuperar la contraseña"), Offer(8, "Cambiar el correo"))


def facts(**said: Any) -> CaseFacts:
    values: dict[str, Any] = {
        "number": "2026-000001",
        "opened_now": False,
        "reopened_now": False,
        "linked_now": False,
        "status": Status.OPEN,
        "stage": Stage.IDENTIFICATION,
        "unit_name": "Mesa",
        "estimate": None,
        "page": "https://x/caso/t",
    }
    return CaseFacts(**(values | said))


def turn(text: str, state: DialogueState | None = None, *, chat: bool = True, **said: Any) -> Turn:
    heard = Heard(text, said.pop("offers", ()), said.pop("unsure", False))
    return respond(state or DialogueState(), heard, facts(**said), NOW, chat=chat)


def test_a_new_case_is_acknowledged_by_a_machine_that_says_so() -> None:
    answered = turn("no abre", opened_now=True)

    [said] = answered.says
    assert "asistente automático" in said.text
    assert "2026-000001" in said.text
    assert answered.state.phase == Listening()


def test_an_unclear_report_gets_one_question_and_no_articles() -> None:
    answered = turn("no puedo", opened_now=True, unsure=True, offers=OFFERS)

    [said] = answered.says
    assert [choice.payload for choice in said.choices] == ["1", "2", "3"]
    assert answered.state.phase == Asked()


@pytest.mark.parametrize("answer", ["1", "no sé, no carga"])
def test_whatever_is_answered_nothing_more_is_asked(answer: str) -> None:
    answered = turn(answer, DialogueState(phase=Asked()))

    assert answered.state.phase == Listening()
    assert [done.text for done in answered.done] == (["No abre o está caído"] if answer == "1" else [])


def test_by_mail_an_unclear_report_gets_articles_rather_than_a_question() -> None:
    answered = turn("no puedo", opened_now=True, unsure=True, offers=OFFERS, chat=False)

    assert answered.state.phase == Offered(OFFERS)
    assert "*" not in answered.says[0].text


def test_an_offered_article_is_shown_by_its_number() -> None:
    answered = turn("2", DialogueState(phase=Offered(OFFERS)))

    assert (answered.show, answered.state.phase) == (8, Shown(8, OFFERS))


def test_yes_after_an_article_is_a_solution_by_oneself() -> None:
    answered = turn("Sí", DialogueState(phase=Shown(8, OFFERS)))

    assert [(done.deed, done.article) for done in answered.done] == [(Deed.SELF_SOLVED, 8)]
    assert answered.state.phase == Listening()


def test_no_after_an_article_leaves_the_others_to_choose() -> None:
    answered = turn("no", DialogueState(phase=Shown(8, OFFERS)))

    assert answered.state.phase == Offered(OFFERS)
    assert answered.done[0].deed is Deed.ARTICLE_NO_HELP


def test_a_number_means_nothing_once_a_person_writes() -> None:
    answered = turn("1", DialogueState(phase=Offered(OFFERS), person_writes=True))

    assert (answered.show, answered.says) == (None, ())


def test_a_person_of_the_desk_ends_what_the_assistant_waited_for() -> None:
    state = DialogueState(phase=Shown(8, OFFERS), wants_person=True).taken_over()

    assert (state.phase, state.person_writes, state.wants_person) == (Listening(), True, False)


@pytest.mark.parametrize(
    ("day", "told"),
    [(2, "hoy desde las 08:30"), (1, "mañana desde las 08:30"), (27, "el 02/03 desde las 08:30")],
)
def test_outside_the_hours_the_person_hears_when_the_desk_opens(day: int, told: str) -> None:
    today = date(2026, 3, day) if day < 20 else date(2026, 2, day)
    opens = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001 - the desk's own clock

    for text in ("no abre", "persona"):
        said = turn(text, opened_now=text == "no abre", opens=opens, today=today).says[0].text
        assert told in said


def test_a_complaint_is_noted_and_calls_a_person() -> None:
    answered = turn("Quiero hacer un reclamo")

    assert (answered.done[0].deed, answered.state.wants_person) == (Deed.COMPLAINT, True)


def test_the_language_changes_and_stays() -> None:
    changed = turn("English, please").state
    answered = respond(changed, Heard("status"), facts(), NOW, chat=True)

    assert changed.language == "en"
    assert answered.says[0].text.startswith("Case 2026-000001")


def test_after_closing_a_mark_and_a_comment_are_taken_once() -> None:
    asked = survey(DialogueState(person_writes=True), "2026-000001", "https://x/caso/t", chat=True)
    marked = turn("4", asked.state, status=Status.CLOSED)
    commented = turn("muy amables todos", marked.state, status=Status.CLOSED)
    later = turn("muy amables todos", commented.state, status=Status.CLOSED)

    assert asked.state.phase == Rating("2026-000001")
    assert [(done.deed, done.rating) for done in marked.done] == [(Deed.RATED, 4)]
    assert marked.state.phase == Commenting("2026-000001")
    assert [(done.deed, done.text) for done in commented.done] == [(Deed.COMMENTED, "muy amables todos")]
    assert (later.says, later.done) == ((), ())


def test_a_new_problem_instead_of_a_mark_is_no_mark() -> None:
    asked = survey(DialogueState(), "2026-000001", "https://x/caso/t", chat=True)

    assert turn("otra vez no abre", asked.state, status=Status.OPEN).done == ()


def test_additions_are_acknowledged_but_not_each_of_them() -> None:
    first = turn("además sale error 503")
    second = respond(first.state, Heard("y es urgente"), facts(), NOW + QUIET / 2, chat=True)
    third = respond(first.state, Heard("¿hola?"), facts(), NOW + QUIET + timedelta(seconds=1), chat=True)

    assert (len(first.says), len(second.says), len(third.says)) == (1, 0, 1)


def test_a_greeting_without_a_case_is_answered_with_a_greeting() -> None:
    assert "Cuénteme" in greet(DialogueState(), "Buenas tardes", None, NOW).says[0].text
    assert "No tiene casos" in greet(DialogueState(), "estado", None, NOW).says[0].text


PHASES = st.one_of(
    st.just(Listening()),
    st.just(Asked()),
    st.just(Offered(OFFERS)),
    st.just(Shown(7, OFFERS)),
    st.just(Rating("2026-000001")),
    st.just(Commenting("2026-000001")),
)


@given(text=st.text(max_size=40), phase=PHASES, person=st.booleans(), chat=st.booleans())
def test_whatever_is_said_the_state_can_be_kept_and_read_again(
    text: str, phase: Any, *, person: bool, chat: bool
) -> None:
    state = DialogueState(phase=phase, person_writes=person)

    answered = turn(text, state, chat=chat, offers=OFFERS)

    assert DialogueState.load(answered.state.dump()) == answered.state
    assert replace(answered.state, phase=Listening()).dump()["phase"] == {"kind": "listening"}


def test_a_greeting_in_the_middle_of_a_case_hears_how_it_goes() -> None:
    assert turn("Buenos días").says[0].text.startswith("Hola. Caso 2026-000001")


def test_thanks_are_answered_and_added_to_nothing() -> None:
    assert [said.text for said in turn("gracias").says] == ["¡A usted!"]
    assert turn("gracias", DialogueState(person_writes=True)).says == ()


def test_who_was_greeted_is_not_told_again_what_speaks() -> None:
    greeted = greet(DialogueState(), "hola", None, NOW).state

    [said] = turn("no abre", greeted, opened_now=True).says
    assert said.text.startswith("Registré su reporte")
    [later] = turn("no abre", replace(greeted, introduced=NOW - timedelta(days=1)), opened_now=True).says
    assert later.text.startswith("Hola, soy el asistente automático")


@pytest.mark.parametrize(
    "text",
    [
        "quiero presentar un reclamo por la atención",
        "esto es una vergüenza, tengo un reclamo de la atención de ustedes",
        "vengo a quejarme",
        "I would like to complain",
    ],
)
def test_a_complaint_in_a_sentence_is_heard_and_asks_nothing(text: str) -> None:
    answered = turn(text, opened_now=True, unsure=True, offers=OFFERS)

    assert [done.deed for done in answered.done] == [Deed.COMPLAINT]
    assert answered.state.phase == Listening()
    assert any(word in answered.says[0].text for word in ("queja", "complaint"))


def test_a_complaint_that_is_made_in_a_system_is_a_report() -> None:
    answered = turn("quiero poner un reclamo en gob.bo y no abre el formulario", opened_now=True)

    assert answered.done == ()


@pytest.mark.parametrize(
    "text", ["por favor quiero hablar con una persona", "me comunica con un operador?", "pásame con alguien"]
)
def test_a_wish_for_a_person_in_a_sentence_is_heard(text: str) -> None:
    assert [done.deed for done in turn(text).done] == [Deed.PERSON_WANTED]


def test_no_to_what_was_offered_is_answered_and_ends_the_offer() -> None:
    for text in ("no", "no sirvió, ya intenté eso", "no me ayudó nada"):
        answered = turn(text, DialogueState(phase=Offered(OFFERS)))
        assert "sigue abierto" in answered.says[0].text
        assert answered.state.phase == Listening()


def test_yes_to_a_list_asks_for_the_number() -> None:
    answered = turn("sí, gracias", DialogueState(phase=Offered(OFFERS)))

    assert [choice.payload for choice in answered.says[0].choices] == ["1", "2"]
    assert answered.state.phase == Offered(OFFERS)


def test_it_worked_but_not_quite_is_no_solution() -> None:
    assert (
        turn("ya pude entrar, gracias", DialogueState(phase=Shown(8, OFFERS))).done[0].deed
        is Deed.SELF_SOLVED
    )
    assert turn("ya pude entrar pero no aparece nada", DialogueState(phase=Shown(8, OFFERS))).done == ()


def test_who_writes_english_is_answered_in_english_and_back() -> None:
    text = "Hello, I cannot log in to my digital citizenship account, can you help me?"
    answered = turn(text, opened_now=True)
    assert answered.state.language == "en"
    assert "automatic assistant" in answered.says[0].text

    back = turn("pero no puedo entrar a mi cuenta con el código", answered.state)
    assert back.state.language == "es"


@pytest.mark.parametrize("text", ["error 503 bad gateway", "the page", "no abre gob.bo", "OK thanks"])
def test_a_few_foreign_words_change_no_language(text: str) -> None:
    assert turn(text, opened_now=True).state.language == "es"


def test_an_estimate_that_has_passed_says_that_it_takes_longer() -> None:
    told = turn("estado", estimate="23/11/2026 10:59", late=True).says[0].text

    assert "está demorando más" in told

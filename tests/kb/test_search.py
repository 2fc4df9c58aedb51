"""The finder, by what a person types and what is found."""

from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.ports import Finder
from cases.vocabulary import Category
from kb.lexical import Floats
from kb.search import ArticleFinder, Classify
from tests.kb.articles import BASE, OUTAGE, PASSWORD, QUEUE, RECEIPT, TOKEN, TwoTopics, a_verdict, an_article

FINDER = ArticleFinder(BASE)


def first(text: str) -> str | None:
    found = FINDER.search(text, 1, internal=True)
    return found[0].title if found else None


def a_classifier(category: Category) -> Classify:
    return lambda _text: a_verdict(category, "ppte")


def test_it_is_what_the_desk_calls_a_finder() -> None:
    finder: Finder = FINDER
    assert [hit.article for hit in finder.search("olvidé mi contraseña", 1, internal=False)] == [PASSWORD.id]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("olvide mi contrasena", PASSWORD.title),
        ("xfa ayuda cn mi contracenia", PASSWORD.title),
        ("no me acuerdo mi password", PASSWORD.title),
        ("mi usb de rubricar no prende", TOKEN.title),
        ("el tokencito no lo detecta", TOKEN.title),
        ("necesito mi comprobante", RECEIPT.title),
        ("quiero la boleta de lo que aboné", RECEIPT.title),
        ("todo está caído, nadie puede pagar", OUTAGE.title),
        ("RABBITMQ", QUEUE.title),
    ],
)
def test_people_find_it_in_their_own_words(typed: str, title: str) -> None:
    assert first(typed) == title


def test_internal_articles_are_for_the_desks_own_people() -> None:
    text = "cola de mensajes SMS detenida, reintentos de RabbitMQ"
    assert FINDER.search(text, 5, internal=True)[0].article == QUEUE.id
    assert QUEUE.id not in {hit.article for hit in FINDER.search(text, 5, internal=False)}


def test_an_article_that_is_not_approved_is_not_found() -> None:
    draft = replace(PASSWORD, approved=False)
    assert ArticleFinder([draft]).search("olvidé mi contraseña", 3, internal=True) == []


def test_scores_are_probabilities_in_order_and_the_first_three_make_up_the_confidence() -> None:
    found = FINDER.answer("olvidé mi contraseña y no puedo pagar", 5, internal=True)
    scores = [hit.score for hit in found.results]

    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert sum(scores[:3]) == pytest.approx(found.confidence)
    assert found.results == FINDER.answer("olvidé mi contraseña y no puedo pagar", 5, internal=True).results


def test_what_an_article_answers_is_surer_than_what_none_does() -> None:
    asked = FINDER.answer("olvidé mi contraseña, cómo la recupero", 3, internal=False)
    other = FINDER.answer("a qué hora sale el bus a Cochabamba", 3, internal=False)
    assert asked.answerable
    assert not other.answerable
    assert asked.confidence > other.confidence


@pytest.mark.parametrize("text", ["", "   ", "👍", "¿?", "hola", "…"])
def test_a_text_that_says_nothing_finds_nothing(text: str) -> None:
    found = FINDER.answer(text, 3, internal=True)
    assert (found.results, found.answerable) == ((), False)


def test_an_empty_base_finds_nothing() -> None:
    assert ArticleFinder([]).answer("olvidé mi contraseña", 3, internal=True).results == ()
    assert ArticleFinder([], encoder=TwoTopics()).answer("pago", 3, internal=True).results == ()


def test_articles_without_a_word_do_no_harm() -> None:
    finder = ArticleFinder([an_article("…", body="—"), PASSWORD])
    assert finder.search("contraseña", 1, internal=False)[0].article == PASSWORD.id


def test_top_limits_the_results() -> None:
    assert len(FINDER.search("pago contraseña token", 2, internal=True)) == 2
    assert FINDER.search("pago contraseña token", 0, internal=True) == []


def test_the_classifiers_opinion_decides_between_articles_that_are_equally_near() -> None:
    support = an_article("Pagos", category=Category.SUPPORT, system="ppte", body="pagos")
    outage = an_article("Pagos", category=Category.AVAILABILITY, system="ppte", body="pagos")
    for said, expected in ((Category.SUPPORT, support), (Category.AVAILABILITY, outage)):
        finder = ArticleFinder([support, outage], classify=a_classifier(said))
        assert finder.search("pagos", 1, internal=False)[0].article == expected.id


def test_the_ranker_by_meaning_finds_what_shares_no_word() -> None:
    finder = ArticleFinder(BASE, encoder=TwoTopics())
    assert finder.search("billetera extraviadísima xyz", 1, internal=False)[0].article in {
        RECEIPT.id,
        OUTAGE.id,
    }
    assert finder.rankers == "words+meaning"


def test_vectors_are_kept_from_one_build_to_the_next() -> None:
    model, vectors = TwoTopics(), dict[str, Floats]()
    ArticleFinder(BASE, encoder=model, vectors=vectors)
    before = len(model.embedded)
    ArticleFinder([*BASE, an_article("Una más")], encoder=model, vectors=vectors)

    assert before == len(BASE)
    assert model.embedded[before:] == ["Una más. "]


def test_a_thousand_articles_are_indexed_quickly() -> None:
    body = (
        "Elija la opción que corresponda, escriba su número de trámite y espere la respuesta del sistema. "
        * 8
    )
    articles = [an_article(f"Trámite número {number} de la entidad", body=body) for number in range(1000)]
    start = perf_counter()
    ArticleFinder(articles)
    assert perf_counter() - start < 5  # under one second on a quiet core; this guards against another order


@settings(max_examples=150, deadline=None)
@given(text=st.text(), top=st.integers(-1, 9), internal=st.booleans())
def test_any_text_gives_results_that_keep_the_promises(text: str, top: int, internal: bool) -> None:  # noqa: FBT001
    found = FINDER.answer(text, top, internal=internal)
    assert len(found.results) <= max(0, top)
    assert 0 <= found.confidence <= 1
    assert all(0 <= hit.score <= 1 for hit in found.results)
    assert internal or all(hit.article.audience == "public" for hit in found.results)

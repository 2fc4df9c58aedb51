"""Messages of other people vote for the articles that fit them."""

import numpy as np

from kb.neighbours import Example, Examples
from kb.search import ArticleFinder
from kb.words import Reader, load
from tests.kb.articles import BASE, RECEIPT, TOKEN

BARE = Reader({}, frozenset(), frozenset(), {})
SAID = (
    Example("el chunche del token no prende", "support", "firma_digital"),
    Example("mi chunche, ese token, no lo ve la computadora", "support", "firma_digital"),
    Example("quiero el recibo de mi pago", "support", "ppte"),
    Example("sigo sin el recibo del pago", "support", None),
)


def first(finder: ArticleFinder, text: str) -> str:
    return finder.answer(text, 1, internal=False).results[0].article.title


def test_a_word_that_no_article_has_is_understood_from_messages_that_have_it() -> None:
    text = "el chunche no va, antes del pago"
    assert first(ArticleFinder(BASE, reader=BARE), text) != TOKEN.title

    finder = ArticleFinder(BASE, reader=BARE, examples=Examples(BARE, SAID))

    assert first(finder, text) == TOKEN.title
    assert finder.rankers == "words+examples"


def test_an_article_that_may_not_be_shown_gets_no_votes() -> None:
    finder = ArticleFinder(BASE, reader=BARE, examples=Examples(BARE, SAID))
    others = np.array([article is not TOKEN for article in finder.articles])

    ranking = finder.rank("el chunche del pago", others)

    assert ranking is not None
    assert TOKEN not in [finder.articles[index] for index in ranking.order]
    assert ranking.evidence["votes_of_first"] <= 1


def test_nothing_to_say_is_nothing() -> None:
    for examples in (Examples(load(), SAID), Examples(load(), ())):
        finder = ArticleFinder(BASE, examples=examples)
        assert finder.answer("👍", 3, internal=True).results == ()
        assert first(finder, "quiero descargar el recibo") == RECEIPT.title
    assert ArticleFinder((), examples=Examples(load(), SAID)).answer("recibo", 3, internal=True).results == ()


def test_the_same_messages_give_the_same_answer() -> None:
    one, other = (ArticleFinder(BASE, examples=Examples(load(), SAID)) for _ in range(2))
    assert one.answer("no prende el token", 3, internal=False) == other.answer(
        "no prende el token", 3, internal=False
    )

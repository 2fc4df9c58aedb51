"""Article and query files: what they say and what is wrong with them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Invalid
from cases.model import ArticleText
from cases.vocabulary import Category
from kb.evaluation import DEMO, demo_articles
from kb.files import (
    Imported,
    Query,
    read_articles,
    read_examples,
    read_queries,
    results_json,
    write_articles,
)
from kb.neighbours import Example
from kb.search import ArticleFinder, Found, Hit
from tests.kb.articles import BASE, PASSWORD, an_article


def a_line(**said: Any) -> str:
    fields = {
        "id": "kb-1",
        "title": "Título",
        "category": "support",
        "system": "otro",
        "body": "Texto",
        "keywords": ["uno"],
    }
    return json.dumps({name: value for name, value in (fields | said).items() if value is not ...})


def test_an_article_is_approved_and_public_unless_it_says_otherwise() -> None:
    assert read_articles([a_line()]) == [
        Imported(
            ArticleText("kb-1", "Título", "Texto", Category.SUPPORT, "otro", ("uno",), "public", "operador"),
            approved=True,
        )
    ]
    said = read_articles([a_line(audience="internal", solved_by="uit", approved=False)])[0]
    assert (said.article.audience, said.article.solved_by, said.approved) == ("internal", "uit", False)


def test_blank_lines_a_byte_order_mark_and_numbers_for_ids_are_fine() -> None:
    read = read_articles(["\ufeff" + a_line(id=7), "\n", a_line(id="kb-2", keywords=...)])
    assert [(entry.article.external_id, entry.article.keywords) for entry in read] == [
        ("7", ("uno",)),
        ("kb-2", ()),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no es JSON"),
        ("[1]", "no es un objeto JSON"),
        (a_line(title=...), "falta «title»"),
        (a_line(id=None), "falta «id»"),
        (a_line(body="  "), "«body» está vacío"),
        (a_line(title=3), "«title» tiene que ser un texto"),
        (a_line(category="bug"), "uno de: availability, functional_design, support"),
        (a_line(system="Correo Institucional"), "no es un identificador de sistema"),
        (a_line(audience="todos"), "uno de: public, internal"),
        (a_line(solved_by="usuario"), "uno de: operador"),
        (a_line(keywords="clave"), "«keywords» tiene que ser una lista de textos"),
        (a_line(approved="sí"), "«approved» tiene que ser true o false"),
        (a_line(title="\ud800"), "medio par UTF-16"),
        (a_line(id="kb-0"), "ya está en la línea 1"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(line: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_articles([a_line(id="kb-0"), line, a_line(id="kb-9")])
    assert list(refused.value.fields) == ["línea 2"]
    assert reason in refused.value.fields["línea 2"]
    assert str(refused.value).startswith("línea 2: ")
    assert "\n" not in str(refused.value)


def test_every_wrong_line_is_named_and_the_sentence_stays_short() -> None:
    with pytest.raises(Invalid) as refused:
        read_articles(["x"] * 9)
    assert len(refused.value.fields) == 9
    assert str(refused.value).endswith("(y 4 líneas más con errores)")


def test_a_system_that_the_desk_does_not_know_is_refused() -> None:
    assert read_articles([a_line(system="otro")], {"otro"})
    with pytest.raises(Invalid, match="«system» es 'ppte'"):
        read_articles([a_line(system="ppte")], {"otro"})


def test_what_is_written_reads_back_the_same() -> None:
    articles = [
        *BASE,
        an_article("Línea\u2028partida", body="a\u2028b\n\nc", approved=False, audience="internal"),
    ]
    lines = "".join(line + "\n" for line in write_articles(articles))
    read = read_articles(lines.splitlines())
    assert [
        (entry.article.external_id, entry.article.title, entry.article.body, entry.approved) for entry in read
    ] == [(article.external_id, article.title, article.body, article.approved) for article in articles]


def test_queries_are_read_one_by_one_and_keep_their_ids() -> None:
    lines = iter(['{"id": 1, "text": "a"}', '{"id": "q", "text": "b", "article": null, "kind": "none"}', "{"])
    read = read_queries(lines)
    assert [next(read), next(read)] == [Query(1, "a"), Query("q", "b", None, "none")]
    with pytest.raises(Invalid, match="línea 3: no es JSON"):
        next(read)


def test_labelled_messages_are_read_and_a_wrong_one_is_refused_with_its_line() -> None:
    good = (
        '{"id": "a", "channel": "whatsapp", "subject": null, "text": "no abre", "category": "availability"}'
    )
    assert list(read_examples([good])) == [Example("no abre", "availability", None)]
    for wrong in ('{"text": "no abre", "category": "nube"}', '{"category": "support"}', "["):
        with pytest.raises(Invalid, match="línea 2"):
            list(read_examples([good, wrong]))


def test_results_carry_the_external_id() -> None:
    found = Found((Hit(PASSWORD, 0.75),), answerable=True, confidence=0.81)
    assert results_json("q-1", found) == {
        "id": "q-1",
        "results": [{"id": PASSWORD.external_id, "title": PASSWORD.title, "score": 0.75}],
        "answerable": True,
        "confidence": 0.81,
    }


def test_the_demo_desks_articles_and_queries_fit_together() -> None:
    articles = {article.external_id for article in demo_articles(DEMO / "articles.jsonl")}
    with (DEMO / "queries.jsonl").open(encoding="utf-8") as lines:
        queries = list(read_queries(lines))
    assert len(articles) > 50
    assert {query.article for query in queries} <= articles | {None}
    assert all((query.article is None) == (query.kind == "none") for query in queries)


@given(st.text())
def test_a_line_of_anything_is_refused_with_its_number(line: str) -> None:
    if not line.removeprefix("\ufeff").strip():
        assert read_articles([line]) == []
        return
    with pytest.raises(Invalid) as refused:
        read_articles([line])
    assert list(refused.value.fields) == ["línea 1"]


def test_a_finder_answers_what_was_read_from_a_file() -> None:
    finder = ArticleFinder(demo_articles(DEMO / "articles.jsonl"))
    found = finder.answer("olvidé mi contraseña de ciudadanía digital", 3, internal=False)
    assert found.results[0].article.external_id == "kb-001"
    assert found.answerable

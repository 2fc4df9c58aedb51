"""How well it finds, held where it stands: a change of the ranker or of the table that loses shows here."""

import itertools
import json
from pathlib import Path

import pytest

from intake.classifier.training.corpus import CORPUS
from kb import confidence, meaning, words
from kb.evaluation import DEMO, area, calibration_error, demo_articles, measure, read_judged, squad
from kb.files import Query, load_examples, read_queries
from kb.neighbours import Example, Examples
from kb.search import ArticleFinder
from kb.training import fit
from kb.training.targets import FAR, STRANGERS, targets
from tests.kb.articles import BASE, PASSWORD, a_verdict

FINDER = ArticleFinder(demo_articles(DEMO / "articles.jsonl"))


def demo_queries() -> list[Query]:
    with (DEMO / "queries.jsonl").open(encoding="utf-8") as lines:
        return list(read_queries(lines))


def test_the_demo_queries_find_their_articles_and_the_table_says_how_well() -> None:
    measures = measure(demo_queries(), FINDER)
    by_kind = {row.kind: row for row in measures.ranks}

    assert by_kind["near"].first >= 0.98
    assert by_kind["far"].three >= 0.70
    assert measures.auroc["all"] >= 0.85
    assert "near" in str(measures)
    assert str(by_kind["far"].queries) in str(measures)


def test_confidence_tells_unanswerable_queries_on_folds_that_it_has_not_seen() -> None:
    with (fit.HERE / "unrelated.jsonl").open(encoding="utf-8") as lines:
        seen = fit.examples(FINDER, [*demo_queries(), *read_queries(lines)])
    sure = fit.cross_validated(seen)
    of = {
        kind: [value for example, value in zip(seen, sure, strict=True) if example.kind == kind]
        for kind in ("near", "far", "none", "unrelated")
    }
    assert area(of["near"], of["none"]) >= 0.90
    assert area(of["near"] + of["far"], of["none"]) >= 0.79
    assert area(of["near"] + of["far"], of["unrelated"]) >= 0.85


def test_other_peoples_messages_help_with_far_queries() -> None:
    examples = load_examples(tuple(sorted(CORPUS.glob("*.jsonl"))))
    finder = ArticleFinder(demo_articles(DEMO / "articles.jsonl"), examples=examples)
    by_kind = {row.kind: row for row in measure(demo_queries(), finder).ranks}

    assert len(examples) > 4_000
    assert by_kind["near"].first >= 0.98
    assert by_kind["far"].three >= 0.75


def test_every_target_of_the_knowledge_base_is_measured() -> None:
    found = targets(FINDER)

    assert [target.wanted for target in found if target.wanted is not None] == [0.80, 0.80, 0.85]
    assert all(0 < target.figure <= 1 for target in found)


def test_the_far_queries_held_apart_fit_the_articles() -> None:
    known = {article.external_id for article in FINDER.articles}
    apart = [*read_judged(FAR), *read_judged(STRANGERS)]

    assert len(apart) == 160
    assert {query.article for query in apart} <= known
    assert not {query.text for query in apart} & {query.text for query in demo_queries()}


def test_there_are_coefficients_for_every_set_of_rankers() -> None:
    models = confidence.load()
    told = Examples(words.load(), [Example("sin recibo", "support", "ppte")])
    for classify, examples in itertools.product((None, lambda _text: a_verdict()), (None, told)):
        finder = ArticleFinder(BASE, classify=classify, examples=examples)
        assert finder.rankers in models
        assert f"{finder.rankers}+meaning" in models


def test_area_and_calibration_error_mean_what_they_say() -> None:
    assert area([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert area([0.5], [0.5]) == 0.5
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == pytest.approx(0)
    assert calibration_error([(1.0, False)]) == 1.0


def test_a_squad_file_is_ranked(tmp_path: Path) -> None:
    paragraphs = [
        {
            "context": "El lago Titicaca está a 3812 metros.",
            "qas": [{"question": "¿A cuántos metros está el lago?"}],
        },
        {"context": "La quinua crece en el altiplano.", "qas": [{"question": "¿Dónde crece la quinua?"}]},
    ]
    file = tmp_path / "squad.json"
    file.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    assert squad(file).first == 1.0


def test_a_vector_is_cached_under_its_model_and_text() -> None:
    class Other:
        name = "other"

    class One:
        name = "one"

    keys = {meaning.digest(model, text) for model in (One(), Other()) for text in ("a", "b")}  # type: ignore[arg-type]
    assert len(keys) == 4


def test_the_training_command_prints_figures_and_writes_nothing_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = confidence.COEFFICIENTS.read_bytes()
    verdicts = tmp_path / "verdicts.jsonl"
    said = a_verdict()
    queries = [json.loads(line) for line in (DEMO / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    verdicts.write_text(
        "".join(
            json.dumps(
                {
                    "id": query["id"],
                    "category": said.category,
                    "confidence": said.confidence,
                    "probabilities": said.probabilities,
                    "system": said.system,
                    "system_confidence": said.system_confidence,
                    "abstain": False,
                    "evidence": [],
                    "model": "test",
                }
            )
            + "\n"
            for query in queries
        ),
        encoding="utf-8",
    )
    assert fit.main(["--queries", str(DEMO / "queries.jsonl"), "--verdicts", str(verdicts)]) == 0
    printed = capsys.readouterr().out
    assert "words:" in printed
    assert "words+system:" in printed
    assert confidence.COEFFICIENTS.read_bytes() == before


def test_an_article_hidden_is_not_among_the_examples_answers() -> None:
    seen = fit.examples(
        ArticleFinder(BASE), [Query("q", "olvidé mi contraseña", PASSWORD.external_id, "near")]
    )
    assert [(example.kind, example.answered) for example in seen] == [
        ("near", True),
        ("near, article hidden", False),
    ]

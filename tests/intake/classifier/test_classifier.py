"""The classifier on a small corpus: what it learns, how sure it is, what it points at, and that nothing runs."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.vocabulary import Category, Channel
from intake.classifier.features import Settings
from intake.classifier.pipeline import SpacyClassifier
from intake.classifier.systems import load_systems
from intake.classifier.training.corpus import Example, parts, shipped
from intake.classifier.training.evaluate import evaluate
from intake.classifier.training.train import train
from intake.classifier.verdict import BadLine, parse_line, to_json


@pytest.fixture(scope="module")
def corpus() -> list[Example]:
    """Every tenth message of the shipped corpus."""
    return parts(shipped())[0][::10]


@pytest.fixture(scope="module")
def model(corpus: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    train(corpus, folder, settings=Settings(), encoder=None)
    return folder


@pytest.fixture(scope="module")
def classifier(model: Path) -> SpacyClassifier:
    return SpacyClassifier.load(model)


def test_it_knows_the_ordinary_reports(classifier: SpacyClassifier) -> None:
    texts = [
        "olvidé mi contraseña, cómo la recupero",
        "no carga la página de pagos, a nadie en la oficina le abre",
    ]
    verdicts = classifier.classify([(Channel.WHATSAPP, None, text) for text in texts])

    assert [verdict.category for verdict in verdicts] == [Category.SUPPORT, Category.AVAILABILITY]


def test_probabilities_add_up_and_the_confidence_is_the_largest(classifier: SpacyClassifier) -> None:
    [verdict] = classifier.classify([(Channel.EMAIL, "Reporte", "El total del reporte sale mal")])

    assert sum(verdict.probabilities.values()) == pytest.approx(1)
    assert verdict.confidence == max(verdict.probabilities.values())
    assert verdict.system in {system.id for system in load_systems()}


@pytest.mark.parametrize("text", ["", "   ", "😀😀😀", "x" * 100_000, "\x00\ufffd\u200b"])
def test_what_says_nothing_is_not_decided(classifier: SpacyClassifier, text: str) -> None:
    [verdict] = classifier.classify([(Channel.WHATSAPP, None, text)])

    assert verdict.abstain
    assert all(0 <= span.start < span.end <= len(text) for span in verdict.evidence)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=400), subject=st.none() | st.text(max_size=60))
def test_evidence_points_into_any_text(classifier: SpacyClassifier, text: str, subject: str | None) -> None:
    [verdict] = classifier.classify([(Channel.EMAIL, subject, text)])

    assert all(0 <= span.start < span.end <= len(text) for span in verdict.evidence)


def test_the_order_of_a_batch_is_kept(classifier: SpacyClassifier, corpus: list[Example]) -> None:
    texts = [(Channel.WHATSAPP, None, example.text) for example in corpus[:40]]

    together = classifier.classify(texts)
    alone = [classifier.classify([text])[0] for text in texts]

    assert [verdict.category for verdict in together] == [verdict.category for verdict in alone]


def test_training_twice_gives_the_same_model(corpus: list[Example], model: Path, tmp_path: Path) -> None:
    train(corpus, tmp_path, settings=Settings(), encoder=None)

    assert SpacyClassifier.load(tmp_path).version == SpacyClassifier.load(model).version


def test_a_model_is_kept_in_files_that_run_nothing(model: Path) -> None:
    kept = [path for path in model.rglob("*") if path.is_file()]

    assert kept
    assert not [path for path in kept if path.suffix in (".pkl", ".pickle", ".joblib", ".py")]
    assert not [path for path in kept if b"\x80\x04\x95" in path.read_bytes()[:16]]


def test_writers_that_are_held_out_are_never_trained_on() -> None:
    learned, held_out = parts(shipped())

    assert held_out
    assert {example.writer for example in learned}.isdisjoint({example.writer for example in held_out})


def test_the_held_out_part_is_understood(model: Path) -> None:
    """A small corpus already does far better than a guess; the whole one is measured by `ventanilla evaluate`."""
    metrics = evaluate(parts(shipped())[1], model)

    assert metrics.accuracy > 0.6
    assert 0 <= metrics.ece < 0.25


def test_a_line_is_read_and_answered_as_the_contract_says(classifier: SpacyClassifier) -> None:
    line = parse_line('{"id":"1","channel":"whatsapp","subject":null,"text":"no abre"}', 1)
    [verdict] = classifier.classify([(line.channel, line.subject, line.text)])

    assert json.loads(json.dumps(to_json(line.id, verdict)))["id"] == "1"


@pytest.mark.parametrize(
    "raw",
    [
        "{",
        "[]",
        '{"id":"1"}',
        '{"id":null,"channel":"email","text":"x"}',
        '{"id":"1","channel":"fax","text":"x"}',
    ],
)
def test_a_wrong_line_is_named(raw: str) -> None:
    with pytest.raises(BadLine, match="line 7"):
        parse_line(raw, 7)

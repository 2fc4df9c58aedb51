"""Training, storing and measuring a model, and the shipped corpus."""

import json
import pickle
import pickletools
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from cases.vocabulary import Category, Channel
from intake.classifier import stored
from intake.classifier.features import Settings
from intake.classifier.pipeline import SpacyClassifier
from intake.classifier.training import corpus
from intake.classifier.training.evaluate import calibration_error, compare, evaluate
from intake.classifier.training.fit import threshold
from intake.classifier.training.train import Report, train
from intake.classifier.verdict import BadLine
from tests.intake.classifier.messages import CountingEncoder, a_corpus, an_example

TEXTS = [(Channel.WHATSAPP, None, example.text) for example in a_corpus()[::17]]


def test_training_again_gives_the_same_model(trained: tuple[Path, Report], tmp_path: Path) -> None:
    folder, report = trained
    again = train(a_corpus(), tmp_path, settings=Settings(), encoder=None)

    assert again.version == report.version
    name = Path("report_classifier") / "model.msgpack"
    assert (folder / name).read_bytes() == (tmp_path / name).read_bytes()


def test_another_example_gives_another_version(trained: tuple[Path, Report], tmp_path: Path) -> None:
    said = an_example("ya funciona, gracias", "support")
    assert (
        train(a_corpus(), tmp_path, extra=[said], settings=Settings(), encoder=None).version
        != trained[1].version
    )
    [verdict] = SpacyClassifier.load(tmp_path).classify([(Channel.PHONE, None, "no abre gob.bo a nadie")])
    assert verdict.system == "gob_bo"


def test_a_stored_model_answers_as_before(trained: tuple[Path, Report], tmp_path: Path) -> None:
    first = SpacyClassifier.load(trained[0])
    first.nlp.to_disk(tmp_path)
    assert SpacyClassifier.load(tmp_path).classify(TEXTS) == first.classify(TEXTS)


def test_a_model_holds_nothing_that_runs(trained: tuple[Path, Report]) -> None:
    files = [path for path in trained[0].rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if path.suffix in {".pkl", ".pickle", ".py", ".so", ".joblib"}]
    assert is_pickle(pickle.dumps({"a": [1.5]}))
    assert not [path for path in files if is_pickle(path.read_bytes())]


def is_pickle(content: bytes) -> bool:
    """Say whether some bytes are a pickle from beginning to end; nothing of it is run."""
    try:
        return bool(list(pickletools.genops(content)))
    except (ValueError, UnicodeError):
        return False


def test_a_broken_model_is_refused() -> None:
    with pytest.raises(stored.BadModel, match="not a model file"):
        stored.loads(b"\x81\xa1a\x01")


def test_where_no_model_is_the_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no trained model"):
        SpacyClassifier.load(tmp_path)


def test_a_model_is_measured_and_compared(trained: tuple[Path, Report], tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("\n".join(json.dumps(_line(example)) for example in a_corpus()[::7]))

    measured = evaluate(file, trained[0])
    assert measured.accuracy > 0.9
    assert measured.system_accuracy is not None
    assert measured.hard_accuracy is not None
    assert sum(map(sum, measured.confusion)) == measured.count == 35
    assert "macro-F1" in str(measured)
    assert "only this one right" in compare(file, trained[0], trained[0])


def test_labels_of_ones_own_train_one_head(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    rows = [
        f"{verb} la alarma {word},{verb}"
        for verb in ("poner", "quitar")
        for word in ("ya", "hoy", "ahora", "siempre", "tarde")
    ]
    file.write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")

    train(file, tmp_path / "model", encoder=None)
    measured = evaluate(file, tmp_path / "model")
    assert (measured.accuracy, measured.labels, measured.system_accuracy) == (1.0, ("poner", "quitar"), None)
    with pytest.raises(ValueError, match="not the desk's categories"):
        SpacyClassifier.load(tmp_path / "model").classify(TEXTS)


def test_a_second_opinion_is_asked_where_examples_are_few(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    report = train(a_corpus(), tmp_path, settings=Settings(), encoder=encoder)
    model = SpacyClassifier.load(tmp_path)
    model.encoder, encoder.asked = encoder, 0

    assert report.version.startswith("both-")
    assert [verdict.category for verdict in model.classify(TEXTS)] == [
        Category(ex.category) for ex in a_corpus()[::17]
    ]
    assert encoder.asked == len(TEXTS)
    assert SpacyClassifier.load(tmp_path, find=lambda: encoder).encoder is encoder
    switched_off = SpacyClassifier.load(tmp_path, find=lambda: None)
    assert switched_off.encoder is None
    assert len(switched_off.classify(TEXTS)) == len(TEXTS)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"text": "x", "category": "wrong"}', "line 1: category 'wrong' is none of"),
        ('\n{"category": "support"}', 'line 2: "text" is missing'),
        ('{"text": "x", "category": "support", "system": "wrong"}', "line 1: system 'wrong'"),
        ("[1]", "line 1: an object is needed, not list"),
        ("{", "line 1: not JSON"),
        ("", "holds no example"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "wrong.jsonl"
    file.write_text(content)
    with pytest.raises(BadLine, match=complaint.replace("[", r"\[")):
        corpus.load(file)


def test_one_category_alone_cannot_be_learned(tmp_path: Path) -> None:
    with pytest.raises(BadLine, match="two categories"):
        train([an_example()] * 5, tmp_path)


def test_the_threshold_is_the_lowest_that_keeps_the_promise() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    assert threshold(confidence, np.array([True, True, True, False]), 1.0) == 0.7
    assert threshold(confidence, np.array([False, True, True, True]), 1.0) == 1.0


def test_confidences_that_are_true_have_no_error() -> None:
    assert calibration_error(np.array([0.5, 0.5]), np.array([True, False])) == 0
    assert calibration_error(np.array([1.0, 1.0]), np.array([True, False])) == 0.5


def test_the_shipped_corpus_is_sound_and_split_by_writer() -> None:
    examples = corpus.shipped()
    trained_on, held = corpus.parts(examples)

    assert len(examples) > 3_000
    assert len(held) > 500
    assert all(example.writer and example.system and example.channel for example in examples)
    assert not {example.writer for example in trained_on} & {example.writer for example in held}
    assert {str(example.writer)[0] for example in held} >= set("abcdefghi")
    assert max(Counter(example.id for example in examples).values()) == 1
    seen = {example.text for example in trained_on if len(example.text) > 40}
    assert not [example.id for example in held if example.text in seen]


def _line(example: corpus.Example) -> dict[str, object]:
    keys = ("id", "channel", "subject", "text", "category", "system", "writer", "hard")
    return {key: getattr(example, key) for key in keys}

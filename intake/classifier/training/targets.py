"""Measures everything that is promised of the classifier, each figure beside what is wanted."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from cases.vocabulary import Channel
from intake.classifier.opinion import Encoder, find_encoder
from intake.classifier.pipeline import SpacyClassifier, sentence
from intake.classifier.training import corpus
from intake.classifier.training.corpus import Example
from intake.classifier.training.evaluate import Metrics, evaluate
from intake.classifier.training.train import train, train_shipped

SHOTS = ((10, 0.88), (30, 0.94), (100, 0.965))
"""Examples a label, and the accuracy wanted of them."""
DRAWS = 4
ROUNDS = 3
ALONE = 400
"""Messages that are classified one by one."""
ASKED = 60
"""Messages that the sentence model is timed on."""
ABSENT = "not installed"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: `met` is None where nothing is wanted of it or it could not be measured."""

    name: str
    measured: str
    wanted: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        """Return the line of a table, marked where the target is missed."""
        return f"{self.name:<40}{self.measured:>16}   {self.wanted:<12}{'MISSED' if self.met is False else ''}".rstrip()


HEAD = Line("", "measured", "wanted")


def least(name: str, measured: float, wanted: float, form: str = ".4f", unit: str = "") -> Line:
    """Return the line of a figure that should not be lower."""
    return Line(name, f"{measured:{form}}{unit}", f"≥ {wanted:,g}{unit}", measured >= wanted)


def most(name: str, measured: float, wanted: float, form: str = ".4f", unit: str = "") -> Line:
    """Return the line of a figure that should not be higher."""
    return Line(name, f"{measured:{form}}{unit}", f"≤ {wanted:,g}{unit}", measured <= wanted)


def measure(
    fb: Path | None = None,
    *,
    examples: Sequence[Example] | None = None,
    clock: Callable[[], float] = time.process_time,
    find: Callable[[], Encoder | None] = find_encoder,
) -> Iterator[Line]:
    """Yield the figures as they are measured, on a model trained here that never saw the held-out part.

    `fb` is a folder with a train.csv and a dev.csv (text,label) for the figures of labels of one's own; `examples`
    replaces the shipped corpus, `find` the look for the sentence model. Speeds are in CPU time, so that what else runs
    on the machine hardly changes them; training and load are by the wall.
    """
    with TemporaryDirectory() as folder:
        trained, held = corpus.parts(corpus.shipped() if examples is None else examples)
        home = Path(folder) / "model"
        report = train_shipped(home) if examples is None else train(trained, home, encoder=None)
        yield HEAD
        yield Line("model", report.version)
        yield Line("trained on, held out", f"{len(trained)}, {len(held)}")
        yield most("training", report.seconds, 60, ".1f", " s")
        began = time.perf_counter()
        classifier = SpacyClassifier.load(home)
        yield most("load, after importing", time.perf_counter() - began, 1, ".2f", " s")
        yield from _quality(evaluate(held, classifier))
        yield from _speed(classifier, held, clock)
        encoder = find()
        yield _opinion(encoder, held, clock)
        if fb is not None:
            yield from own_labels(fb, Path(folder), encoder)


def _quality(found: Metrics) -> Iterator[Line]:
    yield least("held out: accuracy", found.accuracy, 0.93)
    yield least("held out: macro-F1", found.macro_f1, 0.93)
    if found.hard_accuracy is not None:
        yield least(f"held out: the {found.hard_count} hard ones", found.hard_accuracy, 0.88)
    if found.system_accuracy is not None:
        yield least("held out: system", found.system_accuracy, 0.88)
    yield most("held out: calibration error", found.ece, 0.03)
    yield least("at the threshold: right", found.covered_accuracy, 0.97)
    yield least("at the threshold: of the messages", 100 * found.coverage, 80, ".1f", " %")


def _speed(
    classifier: SpacyClassifier, held: Sequence[Example], clock: Callable[[], float]
) -> Iterator[Line]:
    texts = [(Channel.WHATSAPP, each.subject, each.text) for each in held]
    rounds = [_timed(partial(classifier.classify, texts), clock) for _ in range(ROUNDS)]
    yield least("batches, a second of CPU", len(texts) / max(min(rounds), 1e-9), 5_000, ",.0f")
    single = [_timed(partial(classifier.classify, [one]), clock) for one in texts[:ALONE]]
    yield most("one by one, median", 1_000 * float(np.median(single)), 2, ".2f", " ms")


def _opinion(encoder: Encoder | None, held: Sequence[Example], clock: Callable[[], float]) -> Line:
    if encoder is None:
        return Line("second opinion, median", ABSENT, "≤ 60 ms")
    texts = [sentence(each.subject, each.text) for each in held[:: max(len(held) // ASKED, 1)]]
    taken = [_timed(partial(encoder.embed, [text]), clock) for text in texts]
    return most("second opinion, median", 1_000 * float(np.median(taken)), 60, ".1f", " ms")


def own_labels(fb: Path, folder: Path, encoder: Encoder | None) -> Iterator[Line]:
    """Yield how labels of one's own are learned: from all of train.csv, and from a few examples a label."""
    known, asked = corpus.load(fb / "train.csv"), corpus.load(fb / "dev.csv")
    train(known, folder / "own", encoder=None)
    yield least(f"{fb.name}: all {len(known)} examples", evaluate(asked, folder / "own").accuracy, 0.98)
    remembering = Remembering(encoder) if encoder else None
    for shots, wanted in SHOTS:
        draws = [draw(known, shots, seed) for seed in range(DRAWS)]
        name = f"{fb.name}: {shots} a label, mean of {DRAWS}"
        yield Line(f"{name}, fast", f"{np.mean([_few(each, asked, folder, None) for each in draws]):.4f}")
        if remembering is None:
            yield Line(f"{name}, both", ABSENT, f"≥ {wanted:g}")
        else:
            both = np.mean([_few(each, asked, folder, remembering) for each in draws])
            yield least(f"{name}, both", float(both), wanted)


def draw(examples: Sequence[Example], shots: int, seed: int) -> list[Example]:
    """Return so many examples of each label, or all where there are fewer."""
    chance = np.random.default_rng(seed)
    found: list[Example] = []
    for label in sorted({each.category for each in examples}):
        own = [each for each in examples if each.category == label]
        found += [own[place] for place in chance.permutation(len(own))[:shots].tolist()]
    return found


def _few(
    examples: Sequence[Example], asked: Sequence[Example], folder: Path, encoder: Encoder | None
) -> float:
    train(examples, folder / "few", encoder=encoder)
    classifier = SpacyClassifier.load(folder / "few")
    classifier.encoder = encoder
    return evaluate(asked, classifier).accuracy


class Remembering:
    """A sentence model that reads no text twice."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.floating]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.floating]:
        """Return one row a text."""
        for text in texts:
            if text not in self._known:
                self._known[text] = self._encoder.embed([text])[0]
        return np.array([self._known[text] for text in texts])


def _timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    work()
    return clock() - began

"""Trains a model on labelled messages and writes it into a folder."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from intake.classifier import features, linear, pipeline, text
from intake.classifier.features import FEW, Reading, Settings
from intake.classifier.linear import CATEGORY, SYSTEM, LinearModel
from intake.classifier.opinion import Encoder, SecondOpinion, find_encoder
from intake.classifier.training import corpus, fit, second
from intake.classifier.training.corpus import Example
from intake.classifier.training.evaluate import calibration_error
from intake.classifier.training.fit import Answers, Labels
from intake.classifier.verdict import BadLine

FOLDS = 5
TWO = 2
"""The fewest categories, and the fewest folds, that anything can be learned from."""
AUTO: Final = "auto"
WANTED = 0.975
"""Part of the answers above the threshold that should be right, out of fold."""
CLEARLY = 0.97
FEW_WEIGHTS = ((1.0, 0.7), (1.0, 1.8))
"""Block weights that are tried with few examples: short texts want the characters, long ones the words."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was trained, and how it did out of fold (each message judged by a model that never saw its writer)."""

    version: str
    count: int
    seconds: float
    accuracy: float
    ece: float
    threshold: float
    coverage: float
    covered_accuracy: float
    system_accuracy: float | None

    def __str__(self) -> str:
        """Return the figures as plain text."""
        lines = [
            f"model                {self.version}   ({self.count} messages, {self.seconds:.1f} s)",
            "out of fold, by writer:",
            f"accuracy             {self.accuracy:.4f}",
            f"calibration error    {self.ece:.4f}",
            f"at the threshold     {self.covered_accuracy:.4f} right on {self.coverage:.1%}   (confidence {self.threshold:.3f})",
        ]
        if self.system_accuracy is not None:
            lines.append(f"system accuracy      {self.system_accuracy:.4f}")
        return "\n".join(lines)


def train(
    source: Iterable[Example] | Path | Sequence[Path],
    out: Path,
    *,
    seed: int = 0,
    extra: Sequence[Example] = (),
    settings: Settings | None = None,
    encoder: Encoder | Literal["auto"] | None = AUTO,
) -> Report:
    """Train on examples or files, and `extra` (the desk's confirmations), and write the model to `out`.

    Without `settings` they are chosen out of fold where examples are few. A sentence model, if one is installed, is
    taken for a second opinion only there: with the shipped corpus it adds next to nothing and takes minutes.
    """
    began = time.perf_counter()
    examples = [*_examples(source), *extra]
    if len({example.category for example in examples}) < TWO:
        raise BadLine("training needs examples of two categories at least")
    nlp = pipeline.blank()
    readings = read_all(nlp, examples)
    targets = targets_of(examples)
    folds = _folds(examples, seed)
    tried = _tried(readings, targets, folds, settings, len(examples))
    settings = _best(tried)
    seen = tried[settings]
    vectoriser, heads = fit.fit(readings, targets, settings)
    heads = {name: fit.calibrate(head, seen[name]) for name, head in heads.items()}
    answers, opinion = seen[CATEGORY], None
    temperature = heads[CATEGORY].temperature
    if encoder == AUTO:
        encoder = find_encoder() if len(examples) <= FEW else None
    if isinstance(encoder, Encoder):
        opinion, answers = _second(encoder, examples, folds, answers, temperature)
        temperature = 1.0
    confidence, right = answers.judged(temperature)
    level = fit.threshold(confidence, right, WANTED)
    version = f"{'fast' if opinion is None else 'both'}-{digest(examples, settings, seed)}"
    model = LinearModel(vectoriser, heads, level, version, opinion)
    pipeline.store(nlp, model, out)
    covered = confidence >= level
    system = seen.get(SYSTEM)
    return Report(
        version=model.version,
        count=len(examples),
        seconds=time.perf_counter() - began,
        accuracy=float(right.mean()),
        ece=calibration_error(confidence, right),
        threshold=level,
        coverage=float(covered.mean()),
        covered_accuracy=float(right[covered].mean()) if covered.any() else 0.0,
        system_accuracy=float((system.scores.argmax(1) == system.truth).mean()) if system else None,
    )


def _tried(
    readings: Sequence[Reading],
    targets: Mapping[str, Labels],
    folds: NDArray[np.int64],
    settings: Settings | None,
    count: int,
) -> dict[Settings, dict[str, Answers]]:
    """Return the out-of-fold answers of the settings that come into question."""
    candidates = [settings or Settings()]
    if settings is None and count <= FEW:
        candidates = [replace(Settings(), weights=weights) for weights in FEW_WEIGHTS]
    return {each: fit.out_of_fold(readings, targets, folds, each) for each in candidates}


def _best(tried: Mapping[Settings, Mapping[str, Answers]]) -> Settings:
    """Return the first settings, or a later one if it is clearly better out of fold: few examples tell little."""
    losses = {each: seen[CATEGORY].loss(seen[CATEGORY].temperature()) for each, seen in tried.items()}
    first, best = next(iter(losses)), min(losses, key=lambda each: losses[each])
    return best if losses[best] < CLEARLY * losses[first] else first


def _second(
    encoder: Encoder, examples: Sequence[Example], folds: NDArray[np.int64], fast: Answers, temperature: float
) -> tuple[SecondOpinion, Answers]:
    vectors = encoder.embed([pipeline.sentence(each.subject, each.text) for each in examples])
    return second.fit_second(vectors, [each.category for each in examples], folds, fast, temperature)


def train_shipped(
    out: Path, *, seed: int = 0, extra: Sequence[Example] = (), everything: bool = False
) -> Report:
    """Train on the shipped corpus, without its held-out part unless `everything` is wanted."""
    examples = corpus.shipped()
    return train(examples if everything else corpus.parts(examples)[0], out, seed=seed, extra=extra)


def read_all(nlp: pipeline.Pipeline, examples: Sequence[Example]) -> list[Reading]:
    """Return every example as the pipeline reads it."""
    return [pipeline.read(nlp, each.subject, each.text)[0] for each in examples]


def targets_of(examples: Sequence[Example]) -> dict[str, Labels]:
    """Return the heads to fit; the system where examples carry one (an operator may confirm the category alone)."""
    targets: dict[str, Labels] = {CATEGORY: [example.category for example in examples]}
    systems = [example.system for example in examples]
    if len({*systems} - {None}) >= TWO:
        targets[SYSTEM] = systems
    return targets


def digest(examples: Sequence[Example], settings: Settings, seed: int) -> str:
    """Return eight hexadecimal digits of what decides what the model becomes: examples, settings and code."""
    told = json.dumps(
        [sorted(json.dumps(asdict(each), sort_keys=True) for each in examples), asdict(settings), seed]
    )
    found = hashlib.sha256(told.encode())
    for module in (text, pipeline, features, linear, fit, second):
        found.update(Path(str(module.__file__)).read_bytes())
    return found.hexdigest()[:8]


def _examples(source: Iterable[Example] | Path | Sequence[Path]) -> list[Example]:
    if isinstance(source, Path):
        return corpus.load(source)
    found: list[Example] = []
    for each in source:
        found += corpus.load(each) if isinstance(each, Path) else [each]
    return found


def _folds(examples: Sequence[Example], seed: int) -> NDArray[np.int64]:
    """Return folds by writer where the examples name them, else folds with every label in each."""
    labels = [example.category for example in examples]
    writers = [example.writer or f"nobody {place}" for place, example in enumerate(examples)]
    count = max(TWO, min(FOLDS, *Counter(labels).values()))
    if len(set(writers)) < len(examples) and len(set(writers)) >= 2 * FOLDS:
        return fit.folds_by_group(writers, seed, FOLDS)
    return fit.folds_by_label(labels, seed, count)

"""Measures a model on labelled messages, and two models against each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intake.classifier.linear import CATEGORY, SYSTEM
from intake.classifier.pipeline import SpacyClassifier
from intake.classifier.training import corpus
from intake.classifier.training.corpus import Example

BINS = 15


@dataclass(frozen=True, slots=True)
class Metrics:
    """How a model did; `confusion[i][j]` counts messages of label i that were called label j."""

    model: str
    count: int
    labels: tuple[str, ...]
    accuracy: float
    macro_f1: float
    ece: float
    confusion: tuple[tuple[int, ...], ...]
    coverage: float
    covered_accuracy: float
    hard_count: int
    hard_accuracy: float | None
    system_accuracy: float | None
    system_ece: float | None
    answers: tuple[str, ...]

    def __str__(self) -> str:
        """Return the figures as plain text."""
        lines = [
            f"model                {self.model}",
            f"messages             {self.count}",
            f"accuracy             {self.accuracy:.4f}",
            f"macro-F1             {self.macro_f1:.4f}",
            f"calibration error    {self.ece:.4f}   ({BINS} bins)",
            f"at the threshold     {self.covered_accuracy:.4f} right on {self.coverage:.1%} of the messages",
        ]
        if self.hard_accuracy is not None:
            lines.append(f"accuracy on hard     {self.hard_accuracy:.4f}   ({self.hard_count} messages)")
        if self.system_accuracy is not None:
            lines.append(
                f"system accuracy      {self.system_accuracy:.4f}   (calibration error {self.system_ece:.4f})"
            )
        return "\n".join([*lines, "", *self._confusion_lines()])

    def _confusion_lines(self) -> list[str]:
        wide = max(len(label) for label in self.labels)
        short = [label if len(self.labels) <= 5 else str(place) for place, label in enumerate(self.labels)]
        cell = max(6, *(len(name) for name in short))
        lines = ["is \\ called".ljust(wide + 4) + "".join(name.rjust(cell + 1) for name in short)]
        for place, (label, row) in enumerate(zip(self.labels, self.confusion, strict=True)):
            lines.append(f"{place:>2}  {label:<{wide}}" + "".join(f"{count:>{cell + 1}}" for count in row))
        return lines


def evaluate(file: Path | Sequence[Example], model: Path | SpacyClassifier) -> Metrics:
    """Measure a model on a labelled file or on examples."""
    examples = corpus.load(file) if isinstance(file, Path) else list(file)
    classifier = SpacyClassifier.load(model) if isinstance(model, Path) else model
    decided = [
        each for _, _, each in classifier.decide([(ex.channel or "", ex.subject, ex.text) for ex in examples])
    ]
    answers = [decision.answers[CATEGORY] for decision in decided]
    called = [answer.label for answer in answers]
    truth = [example.category for example in examples]
    confidence = np.array([answer.confidence for answer in answers])
    right = np.array([one == other for one, other in zip(called, truth, strict=True)])
    labels = tuple(sorted({*truth, *called}))
    confusion = confusion_of(truth, called, labels)
    covered = confidence >= classifier.model.threshold
    hard = np.array([example.hard is not None for example in examples])
    known = np.array([example.system is not None for example in examples])
    system_right = system_sure = None
    if known.any() and SYSTEM in classifier.model.heads:
        systems = [decision.answers[SYSTEM] for decision in decided]
        system_right = np.array(
            [answer.label == ex.system for answer, ex in zip(systems, examples, strict=True)]
        )[known]
        system_sure = np.array([answer.confidence for answer in systems])[known]
    return Metrics(
        model=classifier.version,
        count=len(examples),
        labels=labels,
        accuracy=float(right.mean()),
        macro_f1=macro_f1(confusion),
        ece=calibration_error(confidence, right),
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        coverage=float(covered.mean()),
        covered_accuracy=float(right[covered].mean()) if covered.any() else 0.0,
        hard_count=int(hard.sum()),
        hard_accuracy=float(right[hard].mean()) if hard.any() else None,
        system_accuracy=float(system_right.mean()) if system_right is not None else None,
        system_ece=calibration_error(system_sure, system_right)
        if system_sure is not None and system_right is not None
        else None,
        answers=tuple(called),
    )


def compare(file: Path, one: Path, other: Path) -> str:
    """Return both models' figures side by side, and on how many messages only one of them is right."""
    examples = corpus.load(file)
    first, second = evaluate(examples, one), evaluate(examples, other)
    truth = [example.category for example in examples]
    only = [
        sum(a == t != b for a, b, t in zip(mine.answers, theirs.answers, truth, strict=True))
        for mine, theirs in ((first, second), (second, first))
    ]
    rows = [("", first.model, second.model)]
    for name in (
        "accuracy",
        "macro_f1",
        "ece",
        "hard_accuracy",
        "system_accuracy",
        "coverage",
        "covered_accuracy",
    ):
        values = [getattr(metrics, name) for metrics in (first, second)]
        left, right = ("-" if value is None else f"{value:.4f}" for value in values)
        rows.append((name, left, right))
    rows.append(("only this one right", str(only[0]), str(only[1])))
    return "\n".join(f"{name:<20}{left:>16}{right:>16}" for name, left, right in rows)


def confusion_of(truth: Sequence[str], called: Sequence[str], labels: Sequence[str]) -> NDArray[np.int64]:
    """Return the counts, a row for each true label and a column for each called one."""
    place = {label: number for number, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(counts, ([place[label] for label in truth], [place[label] for label in called]), 1)
    return counts


def macro_f1(confusion: NDArray[np.int64]) -> float:
    """Return the mean F1 over the labels."""
    hits = np.diag(confusion)
    return float((2 * hits / np.maximum(confusion.sum(0) + confusion.sum(1), 1)).mean())


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS) -> float:
    """Return the expected calibration error over bins of equal width."""
    place = np.clip(np.ceil(confidence * bins) - 1, 0, bins - 1).astype(int)
    return float(
        np.abs(np.bincount(place, right, bins) - np.bincount(place, confidence, bins)).sum() / len(right)
    )

"""Fits the linear heads with scikit-learn and calibrates them on out-of-fold predictions by writer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from intake.classifier.features import FEW, Floats, Reading, Settings, Vectoriser, learn
from intake.classifier.linear import Head, matrix, softmax

Scores = NDArray[np.float64]
Labels = Sequence[str | None]
"""One label a message, None where it is not known."""

MARGIN_STRENGTH = 1.0
"""Inverse of the regularisation with many examples; chosen by leaving out one hand after the other, flat from 0.3 to 3."""
FEW_STRENGTH = 30.0
"""The same for the logistic regression that does better with few."""
EVEN, MOST_TELLING = 0.6, 2.0
"""A feature counts by how unevenly the labels hold it (its largest log-odds ratio, `MOST_TELLING` at most) above `EVEN`."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Out-of-fold scores of one head, with the true labels by their place."""

    labels: tuple[str, ...]
    scores: Scores
    truth: NDArray[np.int64]

    def loss(self, temperature: float) -> float:
        """Return the mean negative log-likelihood of the truth."""
        chances = softmax(self.scores / temperature)[np.arange(len(self.truth)), self.truth]
        return float(-np.log(np.maximum(chances, 1e-9)).mean())

    def temperature(self) -> float:
        """Return the temperature under which the confidences are true."""
        best = minimize_scalar(
            lambda log: self.loss(float(np.exp(log))), bounds=(-4.0, 3.0), method="bounded"
        )
        return float(np.exp(best.x))

    def judged(self, temperature: float) -> tuple[Scores, NDArray[np.bool_]]:
        """Return the confidence of each answer, and whether it is right."""
        chances = softmax(self.scores / temperature)
        return chances.max(1), chances.argmax(1) == self.truth


def fit(
    readings: Sequence[Reading], targets: Mapping[str, Labels], settings: Settings
) -> tuple[Vectoriser, dict[str, Head]]:
    """Fit one vectoriser and a head for each target, not yet calibrated."""
    vectoriser = learn(readings, settings)
    rows = rows_of(vectoriser, readings)
    return vectoriser, {name: _head(rows, labels) for name, labels in targets.items()}


def _head(rows: "sparse.csr_matrix[Any]", labels: Labels) -> Head:
    labelled = [place for place, label in enumerate(labels) if label is not None]
    rows, truth = rows[labelled], np.array([labels[place] for place in labelled])
    if len(labelled) <= FEW:
        model = LogisticRegression(C=FEW_STRENGTH, max_iter=300).fit(rows, truth)
        return Head(tuple(map(str, model.classes_)), *both_sides(model))
    scale = telling(rows, truth)
    model = LinearSVC(C=MARGIN_STRENGTH, random_state=0, max_iter=2000).fit(
        rows @ sparse.diags_array(scale), truth
    )
    weights, bias = both_sides(model)
    return Head(tuple(map(str, model.classes_)), weights * scale[:, None], bias)


def telling(rows: "sparse.csr_matrix[Any]", truth: NDArray[np.str_]) -> Floats:
    """Return how much each feature tells the labels apart, so scaled that messages keep their length on average.

    Words that every label holds alike (greetings, "que") otherwise share the work of those that decide.
    """
    there = rows.copy()
    there.data = (there.data > 0).astype(np.float32)
    among = np.asarray(there.sum(0)).ravel()
    found = np.zeros(rows.shape[1])
    for label in np.unique(truth):
        inside = truth == label
        with_it = np.asarray(there[inside].sum(0)).ravel()
        odds = np.log((with_it + 1) / (inside.sum() + 2)) - np.log(
            (among - with_it + 1) / ((~inside).sum() + 2)
        )
        found = np.maximum(found, np.abs(odds))
    found = EVEN + np.minimum(found, MOST_TELLING)
    squares = rows.multiply(rows).tocsr()
    scaled: Floats = (found / np.sqrt((squares @ found**2).mean() / squares.sum(1).mean())).astype(np.float32)
    return scaled


def both_sides(model: LinearSVC | LogisticRegression) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weights (features, labels) and bias; scikit-learn keeps one side only where there are two labels."""
    weights, bias = model.coef_.T, model.intercept_
    if weights.shape[1] == 1:
        weights, bias = np.hstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    return np.ascontiguousarray(weights, np.float32), bias.astype(np.float32)


def rows_of(vectoriser: Vectoriser, readings: Sequence[Reading]) -> "sparse.csr_matrix[Any]":
    """Return messages as the rows of a matrix."""
    chars, words = vectoriser.blocks(readings)
    size = len(readings), len(vectoriser.idf)
    return (matrix(chars, *size) + matrix(words, *size)).tocsr()


def out_of_fold(
    readings: Sequence[Reading],
    targets: Mapping[str, Labels],
    folds: NDArray[np.int64],
    settings: Settings,
) -> dict[str, Answers]:
    """Return each head's scores for every message that has its label, from models that saw none of the fold."""
    labels = {
        name: tuple(sorted({each for each in target if each is not None})) for name, target in targets.items()
    }
    scores = {name: np.full((len(readings), len(labels[name])), -1e3) for name in targets}
    for fold in np.unique(folds):
        inside, outside = np.flatnonzero(folds != fold).tolist(), np.flatnonzero(folds == fold).tolist()
        vectoriser, heads = fit(
            [readings[place] for place in inside],
            {name: [target[place] for place in inside] for name, target in targets.items()},
            settings,
        )
        rows = rows_of(vectoriser, [readings[place] for place in outside])
        for name, head in heads.items():
            columns = [labels[name].index(label) for label in head.labels]
            scores[name][np.ix_(np.array(outside), np.array(columns))] = rows @ head.weights + head.bias
    found = {}
    for name, target in targets.items():
        labelled = [place for place, label in enumerate(target) if label is not None]
        truth = np.array([labels[name].index(str(target[place])) for place in labelled])
        found[name] = Answers(labels[name], scores[name][labelled], truth)
    return found


def folds_by_group(groups: Sequence[str], seed: int, count: int) -> NDArray[np.int64]:
    """Return a fold for each message, so that a group stays together and the folds are about equal."""
    names, place, sizes = np.unique(np.array(groups), return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-sizes[order], kind="stable")]
    filled = np.zeros(count)
    fold = np.zeros(len(names), np.int64)
    for name in order:
        fold[name] = int(filled.argmin())
        filled[fold[name]] += sizes[name]
    found: NDArray[np.int64] = fold[place]
    return found


def folds_by_label(labels: Sequence[str], seed: int, count: int) -> NDArray[np.int64]:
    """Return a fold for each message, so that each label is spread evenly."""
    order = np.random.default_rng(seed).permutation(len(labels))
    ranked = order[np.argsort(np.array(labels)[order], kind="stable")]
    fold = np.zeros(len(labels), np.int64)
    fold[ranked] = np.arange(len(labels)) % count
    return fold


def calibrate(head: Head, answers: Answers) -> Head:
    """Return the head with the temperature that makes its out-of-fold confidences true."""
    return replace(head, temperature=answers.temperature())


def threshold(confidence: Scores, right: NDArray[np.bool_], wanted: float) -> float:
    """Return the lowest confidence above which the wanted part of the answers is right; 1 if there is none."""
    order = np.argsort(-confidence)
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(accuracy >= wanted)
    return float(confidence[order[enough[-1]]]) if len(enough) else 1.0

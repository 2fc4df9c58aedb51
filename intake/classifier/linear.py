"""The linear model: heads of labels over one vectoriser, and what each word added to a decision."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from intake.classifier.features import Block, Floats, Reading, Vectoriser
from intake.classifier.opinion import SecondOpinion

Numbers = NDArray[np.floating]
Vectors = Callable[[Sequence[int]], Numbers]
"""Returns the sentence vectors of the messages at these places."""

CATEGORY, SYSTEM = "category", "system"


@dataclass(frozen=True, slots=True)
class Head:
    """One question and its possible answers; `weights` is (features, labels).

    Scores are divided by `temperature` before they become probabilities.
    """

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one head for one message."""

    label: str
    confidence: float
    probabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answers for one message, and the weight of each of its words for the category (log-odds).

    `known` is how many of its words and word n-grams the model knows; with none it has nothing to go by.
    """

    answers: Mapping[str, Answer]
    words: list[float]
    known: int


@dataclass(slots=True)
class LinearModel:
    """Answers every head for a message; `threshold` is the confidence under which it abstains.

    A model trained with a second opinion asks it about the category where its own confidence is low, if the caller
    brings an encoder.
    """

    vectoriser: Vectoriser
    heads: Mapping[str, Head]
    threshold: float
    version: str
    second: SecondOpinion | None = None
    _weights: Floats = field(init=False)
    _deciding: Floats = field(init=False)
    _bias: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Lay the heads side by side, each divided by its temperature, and the category once more by itself."""
        heads = self.heads.values()
        self._weights = np.ascontiguousarray(
            np.hstack([head.weights / np.float32(head.temperature) for head in heads])
        )
        category = self.heads[CATEGORY]
        self._deciding = np.ascontiguousarray(category.weights / np.float32(category.temperature))
        self._bias = np.concatenate([head.bias / np.float32(head.temperature) for head in heads])

    def decide(self, readings: Sequence[Reading], vectors: Vectors | None = None) -> list[Decision]:
        """Answer every head for messages, in order; `vectors` returns the sentence vectors of some of them."""
        if not readings:
            return []
        blocks = self.vectoriser.blocks(readings)
        size = len(readings), len(self._weights)
        scores = sum(matrix(block, *size) @ self._weights for block in blocks) + self._bias
        answers: list[dict[str, Answer]] = [{} for _ in readings]
        moved: list[float] = []
        begin = 0
        for name, head in self.heads.items():
            own = scores[:, begin : begin + len(head.labels)]
            if name == CATEGORY:
                self._ask(own, vectors)
                ranks = np.argsort(own, 1)
                words = sum(len(reading.words) for reading in readings)
                moved = np.sum([self._moved(block, ranks, words) for block in blocks], axis=0).tolist()
            for found, answer in zip(answers, _answers(head, own), strict=True):
                found[name] = answer
            begin += len(head.labels)
        ends = np.cumsum([len(reading.words) for reading in readings]).tolist()
        known = np.bincount(blocks[1].rows, minlength=len(readings)).tolist()
        return [
            Decision(found, moved[begin:end], count)
            for found, (begin, end), count in zip(answers, pairwise([0, *ends]), known, strict=True)
        ]

    def _ask(self, scores: Numbers, vectors: Vectors | None) -> None:
        """Put both models' scores where the fast one alone is unsure."""
        if self.second is None or vectors is None:
            return
        unsure = np.flatnonzero(softmax(scores).max(1) < self.second.sure)
        if len(unsure):
            scores[unsure] = self.second.mixed(scores[unsure], vectors(unsure.tolist()))

    def _moved(self, block: Block, ranks: NDArray[np.int64], words: int) -> NDArray[np.float64]:
        """Return what each word of a batch added to the winner's score over the runner-up's (log-odds)."""
        won, lost = (ranks[:, place].astype(np.int32)[block.rows] for place in (-1, -2))
        gain = block.values * (self._deciding[block.features, won] - self._deciding[block.features, lost])
        found: NDArray[np.float64] = np.bincount(block.word, gain[block.entry] * block.part, words).astype(
            np.float64
        )
        return found


def _answers(head: Head, scores: Numbers) -> list[Answer]:
    chances, best = softmax(scores).tolist(), scores.argmax(1).tolist()
    return [
        Answer(head.labels[place], row[place], dict(zip(head.labels, row, strict=True)))
        for row, place in zip(chances, best, strict=True)
    ]


def matrix(block: Block, rows: int, features: int) -> "sparse.csr_matrix[Any]":
    """Return a block as a matrix of messages and features."""
    ends = np.searchsorted(block.rows, np.arange(rows + 1))
    return sparse.csr_matrix((block.values, block.features, ends), shape=(rows, features))


def softmax(scores: Numbers) -> NDArray[np.float64]:
    """Return the probabilities along the last axis."""
    lifted = np.exp(scores.astype(np.float64) - scores.max(-1, keepdims=True))
    found: NDArray[np.float64] = lifted / lifted.sum(-1, keepdims=True)
    return found

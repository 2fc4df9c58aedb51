"""How sure the finder is that one of its first three results answers: a small logistic model over what it saw."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb.lexical import Floats, Order, Scored

COEFFICIENTS = Path(__file__).with_name("confidence.json")
FIRST = 3
"""Among how many results the right one has to be."""

CLIP = 3.0
"""How many standard deviations of the fitted queries a feature counts at most, on other desks' articles."""


@dataclass(frozen=True, slots=True)
class Model:
    """Fitted coefficients of one set of rankers; `temperature` spreads the confidence over the hits."""

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats
    bias: float
    temperature: float

    def probability(self, evidence: Mapping[str, float]) -> float:
        """Return the probability (0..1) that one of the first results answers."""
        values = np.array([evidence[name] for name in self.names])
        standard = np.clip((values - self.mean) / self.scale, -CLIP, CLIP)
        return 1.0 / (1.0 + math.exp(-float(standard @ self.weights + self.bias)))


def load(path: Path = COEFFICIENTS) -> Mapping[str, Model]:
    """Return the fitted models by the rankers that take part ("words", "words+system", "words+meaning", …)."""
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {
        rankers: Model(
            names=tuple(fitted["features"]),
            mean=np.array([feature["mean"] for feature in fitted["features"].values()]),
            scale=np.array([feature["scale"] for feature in fitted["features"].values()]),
            weights=np.array([feature["weight"] for feature in fitted["features"].values()]),
            bias=fitted["bias"],
            temperature=fitted["temperature"],
        )
        for rankers, fitted in stored["models"].items()
    }


def evidence(scored: Scored, allowed: Order, order: Order) -> dict[str, float]:
    """Return what the ranker by words saw of a query: how near, how clear, and how much of it the first ones cover.

    `allowed` are the articles that may be shown, `order` the same ones, best first.
    """
    stems, concepts = scored.stems, scored.concepts
    first, several = order[:1], order[:FIRST]
    by_words = -np.sort(-scored.scores[allowed])
    best, second, fifth = (float(by_words[min(place, len(by_words) - 1)]) for place in (0, 1, 4))
    carried = np.sort(concepts.weights @ concepts.headed[:, allowed]) / (float(concepts.weights.sum()) or 1.0)
    return {
        "best": best,
        "lead": best - second,
        "lead_of_five": best - fifth,
        "ratio_of_five": best / (fifth + 0.01),
        "stems_of_first": stems.covered(first),
        "stems_of_all": stems.covered(allowed),
        "headed_stems_of_first": stems.covered(first, headed=True),
        "headed_stems_of_several": stems.covered(several, headed=True),
        "headed_stems_of_all": stems.covered(allowed, headed=True),
        "concepts_of_first": concepts.covered(first),
        "concepts_of_several": concepts.covered(several),
        "headed_concepts_of_first": concepts.covered(first, headed=True),
        "headed_concepts_of_several": concepts.covered(several, headed=True),
        "headed_concepts_of_all": concepts.covered(allowed, headed=True),
        "most_concepts": float(carried[-1]),
        "lead_in_concepts": float(carried[-1] - carried[-2]) if len(carried) > 1 else 0.0,
        "concepts_missed": float((~concepts.headed[:, first]).sum()),
        "stems": math.log1p(len(stems.weights)),
        "concepts": math.log1p(len(concepts.weights)),
    }

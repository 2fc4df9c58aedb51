"""Questions that are alike, put together: what is asked often and answered by nothing."""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kb.lexical import CONCEPT, STEM, features_of
from kb.words import Reader, load

ALIKE = 0.3
"""The cosine from which a question belongs to a group; 1 is the same words."""

T = TypeVar("T")
Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """Questions that are alike; the first one is the nearest to all of them."""

    questions: tuple[T, ...]


def group(
    questions: Sequence[T], texts: Sequence[str], apart: Sequence[Hashable], reader: Reader | None = None
) -> list[Group[T]]:
    """Put questions together whose texts are alike and that do not differ in `apart`; the largest group first.

    A question joins the group whose members it resembles most on average, or begins one. Among groups of one size the
    one that comes first in `questions` is first.
    """
    vectors = _vectors(texts, reader or load())
    groups: list[list[int]] = []
    for index, vector in enumerate(vectors):
        best, found = ALIKE, None
        for members in groups:
            if apart[members[0]] == apart[index]:
                mean = sum(_cosine(vector, vectors[other]) for other in members) / len(members)
                if mean >= best:
                    best, found = mean, members
        if found is None:
            groups.append([index])
        else:
            found.append(index)
    groups.sort(key=len, reverse=True)
    return [
        Group(tuple(questions[index] for index in _central_first(members, vectors))) for members in groups
    ]


def _central_first(members: Sequence[int], vectors: Sequence[Vector]) -> Sequence[int]:
    centre = max(members, key=lambda one: sum(_cosine(vectors[one], vectors[other]) for other in members))
    return [centre, *(one for one in members if one != centre)]


def _vectors(texts: Sequence[str], reader: Reader) -> list[Vector]:
    """Return each text's stems and concepts, weighed by how rare they are here, as a vector of length 1."""
    read = [{one for one in features_of(reader.read(text)) if one[0] in (STEM, CONCEPT)} for text in texts]
    common = Counter(feature for features in read for feature in features)
    vectors: list[Vector] = []
    for features in read:
        weights = {one: math.log1p(len(texts) / common[one]) for one in sorted(features)}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        vectors.append({one: weight / length for one, weight in weights.items()})
    return vectors


def _cosine(one: Vector, other: Vector) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[feature] for feature, weight in one.items() if feature in other)

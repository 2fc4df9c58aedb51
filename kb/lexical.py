"""The ranker by words: BM25 over stems, character 4-grams and concepts, with the title and keywords as own fields."""

from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kb.words import Reader, Reading, Vocabulary

Floats = NDArray[np.float64]
LONGEST = 4_000
"""How many characters of a query are read; a long mail says what it wants before that."""

Flags = NDArray[np.bool_]
Order = NDArray[np.int64]

STEM, GRAM, CONCEPT = "s", "g", "c"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each field of an article and each kind of feature counts; a stem of the whole text is 1.

    `concept` counts in full where no word of the query stands in any title or keyword, and nothing where all do: what
    is said literally needs no interpretation. `incidental` is what a feature is worth that no title and no keyword
    of any article has.
    """

    title: float = 1.0
    keywords: float = 1.0
    gram: float = 0.1
    concept: float = 3.0
    incidental: float = 0.5
    k1: float = 1.2
    b: float = 0.75


STANDARD = Weights()


@dataclass(frozen=True, slots=True)
class Fields:
    """One article's text by field, as it is indexed."""

    title: str
    keywords: str
    body: str


@dataclass(frozen=True, slots=True)
class Scored:
    """One query against every article.

    `scores` are 0..1 of what the query could reach; `stems` and `concepts` say what each article has of the query.
    """

    scores: Floats
    stems: "Shares"
    concepts: "Shares"


@dataclass(frozen=True, slots=True)
class Shares:
    """A query's features of one kind: how much each tells, and which article has it (features × articles).

    `headed` are those that stand in an article's title or keywords.
    """

    weights: Floats
    has: Flags
    headed: Flags

    def covered(self, articles: Order, *, headed: bool = False) -> float:
        """Return the share (0..1) of the query's information that any of these articles has; 0 of nothing."""
        whole = float(self.weights.sum())
        has = self.headed if headed else self.has
        return float(self.weights @ has[:, articles].any(axis=1)) / whole if whole else 0.0


class LexicalIndex:
    """Articles indexed by their words; never changes once built."""

    def __init__(self, reader: Reader, articles: Sequence[Fields], weights: Weights = STANDARD) -> None:
        self._reader = reader
        self._weights = weights
        self._kinds = {STEM: 1.0, GRAM: weights.gram, CONCEPT: weights.concept}
        titles = [features_of(reader.read(article.title)) for article in articles]
        keywords = [features_of(reader.read(article.keywords)) for article in articles]
        bodies = [features_of(reader.read(article.body)) for article in articles]
        whole = [t + k + b for t, k, b in zip(titles, keywords, bodies, strict=True)]
        self._columns: dict[str, int] = {}
        for document in whole:
            for feature in document:
                self._columns.setdefault(feature, len(self._columns))
        stems = Vocabulary(feature[1:] for feature in self._columns if feature[0] == STEM)
        self._vocabulary = stems | reader.vocabulary
        headed = weights.title * self._bm25(titles) + weights.keywords * self._bm25(keywords)
        self._headed = sparse.csc_matrix(headed)
        self._matrix = sparse.csc_matrix(self._bm25(whole) @ self._damp(headed) + headed)
        self._best = self._matrix.max(axis=0).toarray().ravel() if self._columns and articles else np.zeros(0)
        self._unknown = float(self._best.max()) if self._best.size else 1.0
        self._size = len(articles)

    def score(self, text: str) -> Scored:
        """Return how near every article is to a text."""
        features = list(dict.fromkeys(features_of(self._reader.read(text[:LONGEST], self._vocabulary))))
        columns = np.array([self._columns.get(feature, -1) for feature in features], dtype=np.int64)
        known = columns >= 0
        values, headed = np.zeros((len(features), self._size)), np.zeros((len(features), self._size))
        if known.any():
            values[known] = self._matrix[:, columns[known]].toarray().T
            headed[known] = self._headed[:, columns[known]].toarray().T
        kinds = np.array([feature[0] for feature in features], dtype="U1")
        weights = np.array([self._kinds[kind] for kind in kinds])
        literal = headed[kinds == STEM].any(axis=1)
        weights[kinds == CONCEPT] *= 1 - literal.mean() if literal.size else 1
        best = np.full(len(features), self._unknown)
        best[known] = self._best[columns[known]]
        reach = float(weights @ np.where(known | (kinds == STEM), best, 0.0))
        return Scored(
            weights @ values / reach if reach else np.zeros(self._size),
            *(
                Shares(best[kinds == kind], values[kinds == kind] > 0, headed[kinds == kind] > 0)
                for kind in (STEM, CONCEPT)
            ),
        )

    def score_many(self, names: Sequence[str], present: sparse.csr_matrix) -> Floats:
        """Return how near every article (columns) is to many texts (rows), for comparing the articles of one text.

        `present` says which text has which of the features `names`; unlike in `score`, a text's scores are not divided
        by what it could reach.
        """
        columns = np.array([self._columns.get(name, -1) for name in names], dtype=np.int64)
        kinds = np.array([name[0] for name in names], dtype="U1")
        known = np.flatnonzero(columns >= 0)
        stems = np.asarray(present[:, np.flatnonzero(kinds == STEM)].sum(axis=1)).ravel()
        named = np.asarray(self._headed.sum(axis=0)).ravel() > 0
        literal = present[:, known] @ (named[columns[known]] * (kinds[known] == STEM))
        scores = np.zeros((present.shape[0], self._size))
        for kind, weight in self._kinds.items():
            chosen = known[kinds[known] == kind]
            if len(chosen):
                part = np.asarray((present[:, chosen] @ self._matrix[:, columns[chosen]].T).todense())
                scores += weight * (
                    part * (1 - literal / np.maximum(stems, 1))[:, None] if kind == CONCEPT else part
                )
        return scores

    def _damp(self, headed: sparse.csc_matrix) -> sparse.dia_matrix:
        named = np.asarray(headed.sum(axis=0)).ravel() > 0
        return sparse.diags(np.where(named, 1.0, self._weights.incidental))

    def _bm25(self, documents: Sequence[Sequence[str]]) -> sparse.csc_matrix:
        shape = (len(documents), len(self._columns))
        ids = [[self._columns[feature] for feature in document] for document in documents]
        if not any(ids):
            return sparse.csc_matrix(shape)
        index = bm25s.BM25(k1=self._weights.k1, b=self._weights.b, method="lucene")
        index.index((ids, dict(self._columns)), create_empty_token=False, show_progress=False)
        parts = index.scores
        return sparse.csc_matrix(
            (parts["data"].astype(np.float64), parts["indices"], parts["indptr"]), shape=shape
        )


def features_of(reading: Reading) -> list[str]:
    """Return what is compared of a reading, each feature marked with its kind by its first letter."""
    return [
        *(STEM + stem for stem in reading.stems),
        *(GRAM + gram for gram in reading.grams),
        *(CONCEPT + concept for concept in reading.concepts),
    ]

"""The ranker by example: messages that people wrote before, and the articles that fit those, stand for a text like them.

Whoever asks in words that no article uses mostly asks in words that somebody else has used, in a message whose category
and system are known. What such a message is about narrows down which article fits it, so its neighbours vote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import bm25s
import numpy as np
from scipy import sparse

from cases.model import Article
from kb.lexical import CONCEPT, GRAM, LONGEST, STEM, Floats, LexicalIndex, Order, features_of
from kb.words import Reader, Vocabulary

NEAREST = 40
"""How many messages vote."""

SHARPNESS = 0.1
"""The temperature at which a message's vote is split over the articles."""

CONFIRMED = 0.95
"""How much a message's label is trusted."""

_WEIGHTS = {STEM: 1.0, GRAM: 0.1, CONCEPT: 2.0}
_FLOOR = 0.02
_LEAN = 0.1
_KEPT = 20


class Labelled(Protocol):
    """A message whose category, and mostly its system too, somebody has confirmed."""

    @property
    def text(self) -> str:
        """What the person wrote."""
        ...

    @property
    def category(self) -> str:
        """What it is."""
        ...

    @property
    def system(self) -> str | None:
        """What it is about, where that is known."""
        ...


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message as a file gives it."""

    text: str
    category: str
    system: str | None


class Examples:
    """Messages indexed by their words; never changes once built, and outlives the finders that use it."""

    def __init__(self, reader: Reader, examples: Sequence[Labelled]) -> None:
        self.examples = tuple(examples)
        self._reader = reader
        read = [list(dict.fromkeys(features_of(reader.read(one.text[:LONGEST])))) for one in self.examples]
        columns: dict[str, int] = {}
        for features in read:
            for feature in features:
                columns.setdefault(feature, len(columns))
        self._columns = columns
        self.names = tuple(columns)
        """The features, in the order of `present`'s columns."""
        ids = [[columns[feature] for feature in features] for features in read]
        starts = np.cumsum([0, *map(len, ids)])
        flat = np.array([column for row in ids for column in row], dtype=np.int64)
        self.present = sparse.csr_matrix(
            (np.ones(len(flat)), flat, starts), shape=(len(ids), max(1, len(columns)))
        )
        """Which message has which feature."""
        self._weighed = _bm25(ids, columns)
        self._most = self._weighed.max(axis=1).toarray().ravel() if ids else np.zeros(max(1, len(columns)))
        self._vocabulary = Vocabulary(name[1:] for name in columns if name[0] == STEM) | reader.vocabulary

    def __len__(self) -> int:
        return len(self.examples)

    def nearest(self, text: str, many: int = NEAREST) -> tuple[Order, Floats, float]:
        """Return the messages most like a text, the score of each (0: not there), and the most it could be."""
        known = {
            self._columns[feature]: _WEIGHTS[feature[0]]
            for feature in features_of(self._reader.read(text[:LONGEST], self._vocabulary))
            if feature in self._columns
        }
        if not known:
            return np.zeros(0, dtype=np.int64), np.zeros(0), 0.0
        asked = sparse.csr_matrix(
            (list(known.values()), list(known), [0, len(known)]), shape=(1, self.present.shape[1])
        )
        scores = np.asarray((asked @ self._weighed).todense()).ravel()
        best = np.argpartition(-scores, min(many, len(scores) - 1))[:many]
        best = best[scores[best] > 0]
        return best, scores[best], float(np.asarray((asked @ self._most).ravel())[0])


@dataclass(frozen=True, slots=True)
class Told:
    """What the neighbours of a text say of each article that may be shown.

    `votes` are its share of theirs, of the article that gets most (0..1); `category` and `system` say how many of
    them (by likeness) are labelled like the article; `nearest` how much of the text the nearest one has.
    """

    votes: Floats
    category: Floats
    system: Floats
    nearest: float


class Neighbours:
    """For each of some articles, what the messages nearest to a text say for it."""

    def __init__(self, examples: Examples, articles: Sequence[Article], index: LexicalIndex) -> None:
        self._examples = examples
        self._categories = _Labels(
            [str(one.category) for one in examples.examples], [str(one.category) for one in articles]
        )
        self._systems = _Labels(
            [one.system or "" for one in examples.examples], [one.system for one in articles]
        )
        self._votes = _votes(examples, (self._categories, self._systems), index)

    def ask(self, text: str, allowed: Order) -> Told:
        """Return what the neighbours say of these articles, as if there were no others."""
        rows, alike, reach = self._examples.nearest(text)
        nothing = np.zeros(len(allowed))
        if not len(rows) or not len(allowed):
            return Told(nothing, nothing, nothing, 0.0)
        shares = np.asarray(self._votes[rows][:, allowed].todense())
        whole = shares.sum(axis=1, keepdims=True)
        votes = alike**2 @ (shares / np.where(whole > 0, whole, 1.0))
        most = float(votes.max())
        return Told(
            votes / most if most else votes,
            self._categories.share(rows, alike, allowed),
            self._systems.share(rows, alike, allowed),
            float(alike.max()) / reach,
        )


class _Labels:
    """One kind of label, of the messages and of the articles, each word as a number."""

    def __init__(self, messages: Sequence[str], articles: Sequence[str]) -> None:
        numbers = {word: number for number, word in enumerate(dict.fromkeys([*messages, *articles]))}
        self.messages = np.array([numbers[word] for word in messages], dtype=np.int64)
        self.articles = np.array([numbers[word] for word in articles], dtype=np.int64)
        self.others = max(1, len(numbers) - 1)

    def share(self, rows: Order, alike: Floats, allowed: Order) -> Floats:
        same = self.messages[rows][:, None] == self.articles[allowed][None, :]
        return np.asarray(alike**2 @ same / (alike**2).sum(), dtype=np.float64)


def _votes(examples: Examples, labels: Sequence[_Labels], index: LexicalIndex) -> sparse.csr_matrix:
    """Return how each message splits its vote over the articles, by its words and its confirmed labels."""
    shape = (len(examples), len(labels[0].articles))
    if not all(shape):
        return sparse.csr_matrix(shape)
    scores = index.score_many(examples.names, examples.present)
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    scaled = (scores - low) / np.where(high > low, high - low, 1.0)
    for label in labels:
        fits = label.messages[:, None] == label.articles[None, :]
        scaled += _LEAN * np.log(np.where(fits, CONFIRMED, (1 - CONFIRMED) / label.others) + _FLOOR)
    shares = np.exp((scaled - scaled.max(axis=1, keepdims=True)) / SHARPNESS) * (scores > 0)
    if shape[1] > _KEPT:  # the long tail of a large base only costs memory
        shares[shares < np.partition(shares, -_KEPT, axis=1)[:, [-_KEPT]]] = 0.0
    whole = shares.sum(axis=1, keepdims=True)
    return sparse.csr_matrix(shares / np.where(whole > 0, whole, 1.0))


def _bm25(ids: Sequence[Sequence[int]], columns: dict[str, int]) -> sparse.csr_matrix:
    """Return the BM25 weight of each feature (rows) in each message (columns)."""
    if not any(ids):
        return sparse.csr_matrix((max(1, len(columns)), len(ids)))
    index = bm25s.BM25(method="lucene")
    index.index((list(ids), dict(columns)), create_empty_token=False, show_progress=False)
    parts = index.scores
    weighed = sparse.csc_matrix(
        (parts["data"].astype(np.float64), parts["indices"], parts["indptr"]), shape=(len(ids), len(columns))
    )
    return sparse.csr_matrix(weighed.T)

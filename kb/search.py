"""The finder: which articles are near a text, and whether any of them answers it."""

import math
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass

import numpy as np

from cases.model import Article, Suggestion, Verdict
from kb import confidence, words
from kb.lexical import STANDARD, Fields, Flags, Floats, LexicalIndex, Order, Weights
from kb.meaning import Encoder, MeaningIndex
from kb.neighbours import Examples, Neighbours

Classify = Callable[[str], Verdict]

ANSWERABLE = 0.5
"""From which confidence on a query counts as answerable."""

_MEANING = 0.35
_TOLD = 0.5
_HEARD = 0.1
_LEAN = 0.1
_FLOOR = 0.02


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found; `score` is the probability (0..1) that it answers, so it can be compared between queries."""

    article: Article
    score: float

    def suggestion(self) -> Suggestion:
        """Return the hit as the desk's vocabulary names it."""
        return Suggestion(self.article.id, self.article.title, self.score)


@dataclass(frozen=True, slots=True)
class Found:
    """The hits for a text, best first, and the probability that one of the first three answers it."""

    results: tuple[Hit, ...]
    answerable: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The articles that may be shown, best first, with the fused score of each and what the judgement rests on."""

    order: Order
    scores: Floats
    evidence: dict[str, float]


NOTHING = Found((), False, 0.0)


class ArticleFinder:
    """Finds approved articles; an immutable index over the articles it was built from.

    `classify` lets the classifier's opinion of a text (category, system) move the articles that share it; `encoder`
    adds the ranker by meaning (see `kb.meaning.encoder`), whose vectors `vectors` keeps from one build to the next;
    `examples` are labelled messages of other people, and what fits those is nearer (see `kb.neighbours`).
    """

    def __init__(
        self,
        articles: Sequence[Article],
        *,
        classify: Classify | None = None,
        encoder: Encoder | None = None,
        vectors: MutableMapping[str, Floats] | None = None,
        examples: Examples | None = None,
        reader: words.Reader | None = None,
        weights: Weights = STANDARD,
    ) -> None:
        self.articles = tuple(article for article in articles if article.approved)
        self._public = np.array([article.audience == "public" for article in self.articles], dtype=bool)
        fields = [fields_of(article) for article in self.articles]
        self._lexical = LexicalIndex(reader or words.load(), fields, weights)
        self._meaning = MeaningIndex(encoder, fields, vectors) if encoder else None
        self._neighbours = Neighbours(examples, self.articles, self._lexical) if examples else None
        self._classify = classify
        self._model = confidence.load().get(self.rankers)

    def __len__(self) -> int:
        return len(self.articles)

    @property
    def rankers(self) -> str:
        """What takes part in the ranking, as the fitted coefficients are named."""
        parts = {"system": self._classify, "examples": self._neighbours, "meaning": self._meaning}
        return "+".join(["words", *(name for name, part in parts.items() if part is not None)])

    def search(self, text: str, top: int, *, internal: bool) -> list[Suggestion]:
        """Return the nearest articles, best first; internal ones only for the desk's own people."""
        return [hit.suggestion() for hit in self.answer(text, top, internal=internal).results]

    def answer(self, text: str, top: int, *, internal: bool) -> Found:
        """Return the nearest articles and whether one of them answers; nothing for a text that says nothing."""
        ranking = self.rank(text, self._public | internal)
        if ranking is None or self._model is None:
            return NOTHING
        sure = self._model.probability(ranking.evidence)
        shares = np.exp((ranking.scores - ranking.scores[0]) / self._model.temperature)
        scores = sure * shares / shares[: confidence.FIRST].sum()
        hits = tuple(
            Hit(self.articles[index], float(score))
            for index, score in zip(ranking.order[: max(0, top)], scores, strict=False)
        )
        return Found(hits, sure >= ANSWERABLE, sure)

    def rank(self, text: str, among: Flags) -> Ranking | None:
        """Return the articles marked in `among` by nearness, or None if nothing in the text touches any of them."""
        scored = self._lexical.score(text)
        allowed = np.flatnonzero(among)
        if not len(allowed) or not (len(scored.stems.weights) or len(scored.concepts.weights)):
            return None
        fused = _scaled(scored.scores[allowed])
        touched = scored.scores[allowed] > 0
        seen: dict[str, float] = {}
        if self._meaning:
            alike = self._meaning.score(text)[allowed]
            fused = (1 - _MEANING) * fused + _MEANING * _scaled(alike)
            touched = np.ones_like(touched)
        if not touched.any():
            return None
        if self._neighbours:
            told = self._neighbours.ask(text, allowed)
            fused = fused + _TOLD * told.votes
            touched = touched | (told.votes >= _HEARD)
        if self._classify:
            category, system = self._leanings(self._classify(text), allowed)
            fused = fused + _LEAN * (np.log(category + _FLOOR) + np.log(system + _FLOOR))
        best = np.argsort(-fused, kind="stable")
        best = best[touched[best]]
        order = allowed[best]
        seen |= confidence.evidence(scored, allowed, order)
        if self._meaning:
            seen |= {"alike": float(alike.max()), "alike_of_first": float(alike[best[0]] - alike.mean())}
        if self._neighbours:
            seen |= {
                "votes_of_first": float(told.votes[best[0]]),
                "votes_in_all": math.log1p(float(told.votes.sum())),
                "told_category_of_first": float(told.category[best[0]]),
                "told_system_of_first": float(told.system[best[0]]),
                "nearest": told.nearest,
            }
        if self._classify:
            seen |= {"category_of_first": float(category[best[0]]), "system_of_first": float(system[best[0]])}
        return Ranking(order, fused[best], seen)

    def _leanings(self, verdict: Verdict, allowed: Order) -> tuple[Floats, Floats]:
        """Return the verdict's probability of each article's category and of its system."""
        articles = [self.articles[index] for index in allowed]
        others = max(1, len({article.system for article in self.articles} | {verdict.system}) - 1)
        elsewhere = (1 - verdict.system_confidence) / others
        return (
            np.array([verdict.probabilities.get(article.category, 0.0) for article in articles]),
            np.array(
                [
                    verdict.system_confidence if article.system == verdict.system else elsewhere
                    for article in articles
                ]
            ),
        )


def fields_of(article: Article) -> Fields:
    """Return what is indexed of an article."""
    return Fields(article.title, " . ".join(article.keywords), article.body)


def _scaled(scores: Floats) -> Floats:
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)

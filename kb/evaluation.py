"""How well a finder finds: ranks by kind of query and how well its confidence tells what cannot be answered."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cases.model import Article, Verdict
from cases.vocabulary import Category
from kb.files import Query, read_articles, read_queries
from kb.lexical import Fields, Floats, LexicalIndex, Weights
from kb.search import ArticleFinder, Classify
from kb.words import load

DEMO = Path(__file__).with_name("demo")

PLAIN = Weights(concept=0.0)
"""The ranker without the desk's table of concepts, as a yardstick on other people's texts wants it."""

_FIRST = 1
_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class Ranks:
    """The queries of one kind, and the share whose article comes first and among the first three."""

    kind: str
    queries: int
    first: float
    three: float


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured of a finder; `auroc` by kind of answerable query against those that no article answers."""

    rankers: str
    ranks: tuple[Ranks, ...]
    none: int
    auroc: dict[str, float]
    calibration: float | None

    def __str__(self) -> str:
        lines = [f"rankers: {self.rankers}", "kind        queries   rank 1   rank 3   AUROC against none"]
        for row in self.ranks:
            against = f"{self.auroc[row.kind]:.3f}" if row.kind in self.auroc else "–"
            lines.append(f"{row.kind:<12}{row.queries:>6}{row.first:>9.3f}{row.three:>9.3f}   {against:>6}")
        if "all" in self.auroc:
            lines.append(
                f"{'all':<12}{sum(row.queries for row in self.ranks):>6}{'':>18}   {self.auroc['all']:>6.3f}"
            )
        lines.append(f"{'none':<12}{self.none:>6}")
        if self.calibration is not None:
            lines.append(f"calibration error of the confidence: {self.calibration:.3f}")
        return "\n".join(lines)


def read_judged(path: Path) -> list[Query]:
    """Return the queries of a file."""
    with path.open(encoding="utf-8") as lines:
        return list(read_queries(lines))


def measure(queries: Iterable[Query], finder: ArticleFinder, *, internal: bool = True) -> Measures:
    """Return ranks by kind and how the confidence tells answerable queries from the others."""
    places: dict[str, list[int]] = {}
    sure: dict[str, list[float]] = {}
    right: list[tuple[float, bool]] = []
    for query in queries:
        found = finder.answer(query.text, len(finder), internal=internal)
        kind = query.kind or ("none" if query.article is None else "query")
        sure.setdefault(kind if query.article else "none", []).append(found.confidence)
        ids = [hit.article.external_id for hit in found.results]
        place = ids.index(query.article) if query.article in ids else len(finder)
        right.append((found.confidence, query.article is not None and place < _SEVERAL))
        if query.article is not None:
            places.setdefault(kind, []).append(place)
    none = sure.pop("none", [])
    auroc = {kind: area(values, none) for kind, values in sure.items()} if none else {}
    if none and sure:
        auroc["all"] = area([value for values in sure.values() for value in values], none)
    return Measures(
        rankers=finder.rankers,
        ranks=tuple(_ranks(kind, found_at) for kind, found_at in sorted(places.items())),
        none=len(none),
        auroc=auroc,
        calibration=calibration_error(right) if right else None,
    )


def verdicts(path: Path, queries: Sequence[Query]) -> Classify:
    """Return a classifier that repeats what a file says of these queries."""
    by_id = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        said: dict[str, Any] = json.loads(line)
        by_id[said["id"]] = Verdict(
            category=Category(said["category"]),
            confidence=said["confidence"],
            probabilities={Category(name): chance for name, chance in said["probabilities"].items()},
            system=said["system"],
            system_confidence=said["system_confidence"],
            abstain=said["abstain"],
            evidence=(),
            model=said["model"],
        )
    by_text = {query.text: by_id[query.id] for query in queries}
    return by_text.__getitem__


def area(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the area under the ROC curve: the chance that a positive outranks a negative, ties counted half."""
    above = np.array(positive)[:, None] - np.array(negative)[None, :]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return the mean distance between confidence and truth over equal-width bins, weighted by their sizes."""
    sure = np.array([pair[0] for pair in pairs])
    true = np.array([pair[1] for pair in pairs], dtype=float)
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return float(
        sum(abs(sure[place == bin_].sum() - true[place == bin_].sum()) for bin_ in range(bins)) / len(pairs)
    )


def demo_articles(path: Path) -> list[Article]:
    """Return the articles of a file as the store would number them."""
    with path.open(encoding="utf-8") as lines:
        read = read_articles(lines)
    return [
        Article(
            id=number,
            external_id=entry.article.external_id,
            version=1,
            title=entry.article.title,
            body=entry.article.body,
            category=Category(entry.article.category),
            system=entry.article.system,
            keywords=entry.article.keywords,
            audience=entry.article.audience,
            solved_by=entry.article.solved_by,
            approved=entry.approved,
        )
        for number, entry in enumerate(read, start=1)
    ]


def squad(path: Path, every: int = 1) -> Ranks:
    """Return the ranks of a SQuAD file: each question (or every n-th) must find its passage among all passages."""
    passages: list[Fields] = []
    questions: list[tuple[str, int]] = []
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for article in document["data"]:
        for paragraph in article["paragraphs"]:
            passages.append(Fields("", "", paragraph["context"]))
            questions.extend((question["question"], len(passages) - 1) for question in paragraph["qas"])
    index = LexicalIndex(load(), passages, PLAIN)
    return _ranks("squad-es", [_place(index.score(text).scores, right) for text, right in questions[::every]])


def _place(scores: Floats, right: int) -> int:
    return int((scores > scores[right]).sum())


def _ranks(kind: str, places: Sequence[int]) -> Ranks:
    found_at = np.array(places)
    return Ranks(kind, len(places), float((found_at < _FIRST).mean()), float((found_at < _SEVERAL).mean()))

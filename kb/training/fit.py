"""Fits the finder's confidence on judged queries, on the same ones without their article, and on unrelated texts.

    python -m kb.training.fit [--verdicts FILE] [--examples FILE …] [--meaning] [--write]

prints cross-validated figures for each set of rankers and with `--write` stores the coefficients. `--verdicts` is what
`ventanilla classify --jsonl` says of the queries; without it the models that use the classifier stay as they are.
"""

import argparse
import itertools
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cases.model import Article
from kb import confidence, meaning
from kb.evaluation import DEMO, area, calibration_error, demo_articles, verdicts
from kb.files import Query, load_examples, read_queries
from kb.lexical import Flags, Floats
from kb.search import ArticleFinder

HERE = Path(__file__).parent
RIDGE = 3.0
"""How strongly the weights are held down; chosen by cross-validation."""

UNANSWERABLE = {"none": 0.18, "hidden": 0.08, "unrelated": 0.04}
"""The shares of unanswerable queries that the desk is assumed to get, to which the examples are weighed."""

FOLDS = 10
STEPS, PRECISION = 50, 1e-8


@dataclass(frozen=True, slots=True)
class Example:
    """One query as the finder saw it: its evidence, whether one of the first results answers, and its own group."""

    evidence: Mapping[str, float]
    answered: bool
    kind: str
    group: str
    scores: Floats
    place: int | None


def examples(finder: ArticleFinder, queries: Sequence[Query]) -> list[Example]:
    """Return each query, and each answerable one once more with its article taken out of sight."""
    seen: list[Example] = []
    everything = np.ones(len(finder), dtype=bool)
    for query in queries:
        kind = query.kind or "query"
        seen.extend(_example(finder, query, everything, kind))
        if query.article is not None:
            others = np.array([article.external_id != query.article for article in finder.articles])
            seen.extend(_example(finder, query, others, f"{kind}, article hidden"))
    return seen


def _example(finder: ArticleFinder, query: Query, among: Flags, kind: str) -> list[Example]:
    ranking = finder.rank(query.text, among)
    if ranking is None:
        return []
    ids = [finder.articles[index].external_id for index in ranking.order]
    place = ids.index(query.article) if query.article in ids else None
    answered = place is not None and place < confidence.FIRST
    return [Example(ranking.evidence, answered, kind, str(query.id), ranking.scores, place)]


def fit(seen: Sequence[Example]) -> confidence.Model:
    """Return the model that fits the examples: told apart by whether any article answers, calibrated on the first.

    Whether the right article also reached the first three is the ranker's luck and blurs the weights, so it only
    decides the calibration (Platt's), which changes no order.
    """
    names = tuple(seen[0].evidence)
    values = np.array([[example.evidence[name] for name in names] for example in seen])
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-6)
    standard = np.clip((values - mean) / scale, -confidence.CLIP, confidence.CLIP)
    share = _shares([example.kind.rpartition(" ")[2] for example in seen])
    weights, bias = logistic(
        standard, np.array([example.place is not None for example in seen]), share, RIDGE
    )
    told = standard @ weights + bias
    slope, shift = logistic(told[:, None], np.array([example.answered for example in seen]), share, 0.0)
    return confidence.Model(
        names, mean, scale, weights * slope[0], float(bias * slope[0] + shift), _temperature(seen)
    )


def logistic(values: Floats, true: Flags, share: Floats, ridge: float) -> tuple[Floats, float]:
    """Return weights and bias of a logistic regression with weighed examples, by Newton's method."""
    design = np.column_stack([values, np.ones(len(values))])
    held = np.diag([ridge] * values.shape[1] + [0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        guess = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (share * (guess - true)) + held @ weights
        curve = (design.T * (share * guess * (1 - guess))) @ design + held
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < PRECISION:
            break
    return weights[:-1], float(weights[-1])


def _shares(kinds: Sequence[str]) -> Floats:
    """Return how much each example counts, so that the kinds weigh what the desk is assumed to get."""
    sizes = Counter(kind if kind in UNANSWERABLE else "" for kind in kinds)
    wanted = UNANSWERABLE | {"": 1 - sum(UNANSWERABLE.values())}
    named = [kind if kind in UNANSWERABLE else "" for kind in kinds]
    return np.array([wanted[kind] / sizes[kind] * len(kinds) for kind in named])


def _temperature(seen: Sequence[Example]) -> float:
    """Return the temperature under which the right articles' shares are most likely."""
    found = [(example.scores, example.place) for example in seen if example.place is not None]

    def surprise(temperature: float) -> float:
        total = 0.0
        for scores, place in found:
            shares = np.exp((scores - scores[0]) / temperature)
            total -= float(np.log(shares[place] / shares.sum()))
        return total

    return float(min(np.geomspace(0.02, 2.0, 40), key=surprise))


def cross_validated(seen: Sequence[Example]) -> Floats:
    """Return for each example the confidence of a model that saw neither its query nor that query's twin."""
    groups = {
        group: place % FOLDS for place, group in enumerate(dict.fromkeys(example.group for example in seen))
    }
    fold = np.array([groups[example.group] for example in seen])
    out = np.zeros(len(seen))
    for left_out in range(FOLDS):
        model = fit([example for example, at in zip(seen, fold, strict=True) if at != left_out])
        for place in np.flatnonzero(fold == left_out).tolist():
            out[place] = model.probability(seen[place].evidence)
    return out


def report(seen: Sequence[Example], sure: Floats) -> str:
    """Return the cross-validated figures: AUROC of each kind against `none`, and the rest."""
    by_kind: dict[str, list[float]] = {}
    for example, value in zip(seen, sure, strict=True):
        by_kind.setdefault(example.kind, []).append(float(value))
    real = [kind for kind in by_kind if kind not in {"none", "unrelated"} and not kind.endswith("hidden")]
    every = [value for kind in real for value in by_kind[kind]]
    rest = {kind: values for kind, values in by_kind.items() if kind not in real and kind != "none"}
    lines = [
        *(f"  {kind} against none: AUROC {area(by_kind[kind], by_kind['none']):.3f}" for kind in real),
        f"  all against none: AUROC {area(every, by_kind['none']):.3f}",
        *(f"  all against {kind}: AUROC {area(every, values):.3f}" for kind, values in rest.items()),
    ]
    judged = [
        (float(value), example.answered)
        for example, value in zip(seen, sure, strict=True)
        if example.kind in real or example.kind == "none"
    ]
    lines.append(f"  calibration error on the judged queries: {calibration_error(judged):.3f}")
    return "\n".join(lines)


def stored(model: confidence.Model) -> dict[str, Any]:
    """Return a model as the coefficients' file writes it."""
    return {
        "bias": round(model.bias, 4),
        "temperature": round(model.temperature, 4),
        "features": {
            name: {
                "mean": round(float(mean), 4),
                "scale": round(float(scale), 4),
                "weight": round(float(weight), 4),
            }
            for name, mean, scale, weight in zip(
                model.names, model.mean, model.scale, model.weights, strict=True
            )
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print the figures and store the coefficients if asked to."""
    parser = argparse.ArgumentParser(
        prog="python -m kb.training.fit",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=Path, default=DEMO / "articles.jsonl")
    parser.add_argument(
        "--queries", type=Path, nargs="+", default=[DEMO / "queries.jsonl", HERE / "unrelated.jsonl"]
    )
    parser.add_argument(
        "--verdicts", type=Path, help="what `ventanilla classify --jsonl` says of the queries"
    )
    parser.add_argument("--examples", type=Path, nargs="+", default=[], help="labelled messages that vote")
    parser.add_argument("--meaning", action="store_true", help="fit the models with the sentence model too")
    parser.add_argument(
        "--write", action="store_true", help=f"store the coefficients in {confidence.COEFFICIENTS}"
    )
    chosen = parser.parse_args(arguments)
    articles: list[Article] = demo_articles(chosen.articles)
    queries: list[Query] = []
    for path in chosen.queries:
        with path.open(encoding="utf-8") as lines:
            queries.extend(read_queries(lines))
    classifiers = [None, verdicts(chosen.verdicts, queries) if chosen.verdicts else None]
    encoders = [None, meaning.encoder() if chosen.meaning else None]
    models: dict[str, Any] = {}
    if confidence.COEFFICIENTS.exists():
        models = json.loads(confidence.COEFFICIENTS.read_text(encoding="utf-8"))["models"]
    voters, vectors = (
        [None, load_examples(tuple(chosen.examples)) if chosen.examples else None],
        dict[str, Floats](),
    )
    sets = itertools.product(dict.fromkeys(classifiers), dict.fromkeys(voters), dict.fromkeys(encoders))
    for classify, told, encoder in sets:
        finder = ArticleFinder(articles, classify=classify, encoder=encoder, vectors=vectors, examples=told)
        seen = examples(finder, queries)
        sys.stdout.write(f"{finder.rankers}: {len(seen)} examples\n{report(seen, cross_validated(seen))}\n")
        models[finder.rankers] = stored(fit(seen))
    if chosen.write:
        text = json.dumps({"models": models}, indent=1, ensure_ascii=False)
        confidence.COEFFICIENTS.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

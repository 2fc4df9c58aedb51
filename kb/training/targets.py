"""The knowledge base's targets: what is wanted of the finder, and what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.evaluation import DEMO, Ranks, area, measure, read_judged, squad
from kb.search import ArticleFinder
from kb.training.fit import HERE, cross_validated, examples

FAR = DEMO / "queries_far.jsonl"
STRANGERS = DEMO / "queries_far_stranger.jsonl"
"""Questions that share almost no word with their article, never used to choose anything: by a hand that had seen the
articles' keywords, and by one that had seen their titles alone."""

JUDGED = DEMO / "queries.jsonl"
UNRELATED = HERE / "unrelated.jsonl"


@dataclass(frozen=True, slots=True)
class Target:
    """One figure and what is wanted of it; None where nothing is wanted."""

    what: str
    figure: float
    wanted: float | None = None


def targets(finder: ArticleFinder, squad_file: Path | None = None) -> Sequence[Target]:
    """Measure a finder over the demo articles; a SQuAD file is ranked by words alone, without the desk's concepts."""
    judged = read_judged(JUDGED)
    ranks = {row.kind: row for row in measure(judged, finder).ranks}
    [apart], [stranger] = (measure(read_judged(file), finder).ranks for file in (FAR, STRANGERS))
    found = [
        Target(f"far, {stranger.queries} by a stranger: first three", stranger.three, 0.80),
        Target(f"far, {apart.queries} held apart: first three", apart.three, 0.80),
        Target("far, both: first one", _together(stranger, apart)),
        Target(f"far, {ranks['far'].queries} tuned on: first three", ranks["far"].three),
        Target(f"near, {ranks['near'].queries}: first one", ranks["near"].first),
        Target("unanswerable, unseen folds: AUROC", _auroc(finder), 0.85),
    ]
    if squad_file is not None:
        row = squad(squad_file)
        found += [
            Target(f"squad-es, {row.queries}: first one", row.first, 0.73),
            Target("squad-es: first three", row.three, 0.86),
        ]
    return found


def _together(*rows: Ranks) -> float:
    return sum(row.first * row.queries for row in rows) / sum(row.queries for row in rows)


def _auroc(finder: ArticleFinder) -> float:
    seen = examples(finder, [*read_judged(JUDGED), *read_judged(UNRELATED)])
    sure = cross_validated(seen)
    of = {
        kinds: [value for example, value in zip(seen, sure, strict=True) if example.kind in kinds]
        for kinds in (("near", "far"), ("none",))
    }
    return area(of["near", "far"], of["none",])

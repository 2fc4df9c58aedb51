"""Prints how well the knowledge base finds.

    python -m kb.training.measure [--verdicts FILE] [--examples FILE …] [--meaning] [--squad FILE]

`--verdicts` is what `ventanilla classify --jsonl` says of the queries, `--examples` are labelled messages; with them and
with `--meaning` those rankers take part. `ventanilla evaluate --targets` does all of it with the desk's own model. The confidence is the shipped one, fitted on the demo queries: for those, `kb.training.fit` prints figures on
unseen folds.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from kb import meaning
from kb.evaluation import DEMO, demo_articles, measure, squad, verdicts
from kb.files import load_examples, read_queries
from kb.search import ArticleFinder


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m kb.training.measure",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=Path, default=DEMO / "articles.jsonl")
    parser.add_argument("--queries", type=Path, default=DEMO / "queries.jsonl")
    parser.add_argument("--verdicts", type=Path)
    parser.add_argument("--examples", type=Path, nargs="+", default=[], help="labelled messages that vote")
    parser.add_argument("--meaning", action="store_true")
    parser.add_argument("--squad", type=Path, help="a SQuAD file to rank too, without the desk's concepts")
    chosen = parser.parse_args(arguments)
    with chosen.queries.open(encoding="utf-8") as lines:
        queries = list(read_queries(lines))
    finder = ArticleFinder(
        demo_articles(chosen.articles),
        classify=verdicts(chosen.verdicts, queries) if chosen.verdicts else None,
        encoder=meaning.encoder() if chosen.meaning else None,
        examples=load_examples(tuple(chosen.examples)) if chosen.examples else None,
    )
    sys.stdout.write(f"{measure(queries, finder)}\n")
    if chosen.squad:
        row = squad(chosen.squad)
        sys.stdout.write(
            f"{row.kind}: {row.queries} questions, rank 1 {row.first:.3f}, rank 3 {row.three:.3f}\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

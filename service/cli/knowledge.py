"""The knowledge base on the command line."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cases.model import Article, Verdict
from cases.vocabulary import Channel
from intake.classifier.training.corpus import CORPUS
from kb.evaluation import DEMO, demo_articles
from kb.files import (
    Imported,
    load_examples,
    read_articles,
    read_queries,
    results_json,
    write_articles,
)
from kb.meaning import Encoder
from kb.meaning import encoder as sentence_model
from kb.search import ArticleFinder
from kb.training.targets import Target, targets
from service.cli.context import OperationFailed, open_desk, settings
from service.wiring import load_classifier
from store.work import StoreWork

IMPORTER = "importación"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    kb = typer.Typer(no_args_is_help=True, help="The knowledge base.")
    kb.command("import")(import_articles)
    kb.command("export")(export_articles)
    kb.command("search")(search)
    app.add_typer(kb, name="kb")


def import_articles(file: Annotated[Path, typer.Argument(help="Articles, one JSON object a line.")]) -> None:
    """Take articles in; importing twice updates, never doubles."""
    with open_desk() as desk:
        known = desk.database.read_now(lambda work: {system.id for system in work.accounts.systems()})
        with file.open(encoding="utf-8") as lines:
            imported = read_articles(lines, known)

        def act(work: StoreWork) -> None:
            for entry in imported:
                keep(work, entry)

        def keep(work: StoreWork, entry: Imported) -> None:
            work.articles.keep(entry.article, IMPORTER, desk.now(), approved=entry.approved)

        desk.database.write_now(act)
    typer.echo(f"{len(imported)} articles are in.")


def export_articles(
    file: Annotated[Path, typer.Argument(help="File to write, one JSON object a line.")],
) -> None:
    """Write the articles as they stand."""
    with open_desk() as desk:
        articles = desk.database.read_now(lambda work: work.articles.all())
    with file.open("w", encoding="utf-8") as out:
        for line in write_articles(articles):
            out.write(line + "\n")
    typer.echo(f"{len(articles)} articles written to {file}.")


def search(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, in and out.")] = False,
    top: Annotated[int, typer.Option(min=1, max=100, help="How many articles a query gets.")] = 3,
) -> None:
    """Search the knowledge base for queries from standard input, in the same order."""
    if not jsonl:
        raise typer.BadParameter("say --jsonl: one JSON object a line")
    with open_desk() as desk:
        articles = desk.database.read_now(lambda work: work.articles.all(approved_only=True))
    finder = _finder(articles)
    for query in read_queries(sys.stdin):
        found = finder.answer(query.text, top, internal=False)
        sys.stdout.write(json.dumps(results_json(query.id, found), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def measured(squad: Path | None, *, meaning: bool) -> Sequence[Target]:
    """Measure the finder on the demo articles with the desk's own model, and with the sentence model if wanted.

    Raises OperationFailed where the sentence model is wanted and not installed.
    """
    encoder = sentence_model() if meaning else None
    if meaning and encoder is None:
        raise OperationFailed("--meaning: the sentence model is not installed")
    return targets(_finder(demo_articles(DEMO / "articles.jsonl"), encoder), squad)


def _finder(articles: Sequence[Article], encoder: Encoder | None = None) -> ArticleFinder:
    """Index articles with every ranker that the desk has."""
    classifier = load_classifier(settings())

    def classify(text: str) -> Verdict:
        assert classifier is not None  # else nobody asks
        return classifier.classify([(Channel.WHATSAPP, None, text)])[0]

    return ArticleFinder(
        articles,
        classify=classify if classifier is not None else None,
        encoder=encoder,
        examples=load_examples(tuple(sorted(CORPUS.glob("*.jsonl")))),
    )

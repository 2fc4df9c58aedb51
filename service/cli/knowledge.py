"""The knowledge base on the command line."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kb.files import Imported, read_articles, read_queries, results_json, write_articles
from service.cli.context import open_desk, settings
from service.wiring import build_finder, load_classifier
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
    finder = build_finder(articles, load_classifier(settings()))
    for query in read_queries(sys.stdin):
        found = finder.answer(query.text, top, internal=False)
        sys.stdout.write(json.dumps(results_json(query.id, found), ensure_ascii=False) + "\n")
    sys.stdout.flush()

"""The classifier on the command line: classify, train, evaluate."""

import json
import sys
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from intake.classifier.verdict import read_lines, to_json
from service.cli.context import OperationFailed, settings
from service.wiring import load_classifier

BATCH = 256


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(classify)
    app.command("train")(train_model)
    app.command("evaluate")(evaluate_model)


def classify(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line, in and out.")] = False,
) -> None:
    """Classify messages from standard input to standard output, in the same order."""
    if not jsonl:
        raise typer.BadParameter("say --jsonl: one JSON object a line")
    classifier = load_classifier(settings())
    if classifier is None:
        raise OperationFailed("no model is trained yet: run `ventanilla train`")
    lines = read_lines(sys.stdin)
    while batch := list(islice(lines, BATCH)):
        verdicts = classifier.classify([(line.channel, line.subject, line.text) for line in batch])
        for line, verdict in zip(batch, verdicts, strict=True):
            sys.stdout.write(json.dumps(to_json(line.id, verdict), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def train_model(
    corpus: Annotated[
        Path | None,
        typer.Option(
            help="Labelled file (JSON lines, or CSV with text,label); the shipped corpus if left out."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the model; VENTANILLA_MODEL_DIR if left out.")
    ] = None,
) -> None:
    """Train the classifier; prints what was measured out of fold."""
    from intake.classifier.training.train import train, train_shipped  # noqa: PLC0415 - scikit-learn is slow to import

    folder = out or Path(settings().model_dir)
    folder.mkdir(parents=True, exist_ok=True)
    report = train(corpus, folder) if corpus else train_shipped(folder)
    typer.echo(str(report))


def evaluate_model(
    file: Annotated[Path, typer.Argument(help="Labelled file that the model was not trained on.")],
    model: Annotated[
        Path | None, typer.Option(help="Folder of the model; VENTANILLA_MODEL_DIR if left out.")
    ] = None,
    against: Annotated[Path | None, typer.Option(help="A second model to compare with.")] = None,
) -> None:
    """Print accuracy, macro-F1, calibration error and the confusion matrix of a model on a labelled file."""
    from intake.classifier.training.evaluate import compare, evaluate  # noqa: PLC0415 - scikit-learn is slow to import

    folder = model or Path(settings().model_dir)
    typer.echo(compare(file, folder, against) if against else str(evaluate(file, folder)))

"""The classifier on the command line: classify, train, evaluate."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from desk.desk import Desk
from desk.learning import Lesson, lessons
from intake.classifier.verdict import read_lines, to_json
from service.cli.context import OperationFailed, settings
from service.cli.knowledge import measured
from service.settings import Settings
from service.wiring import build_desk, load_classifier
from store.migrate import is_current

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
    shipped: Annotated[
        bool, typer.Option("--shipped", help="The shipped corpus alone, without the desk's confirmations.")
    ] = False,
    from_history: Annotated[
        bool, typer.Option("--from-history", help="Refuse to train unless the desk has confirmed cases.")
    ] = False,
) -> None:
    """Train the classifier from the shipped corpus and what operators confirmed; prints what was measured out of fold."""
    from intake.classifier.training.corpus import Example  # noqa: PLC0415 - scikit-learn is slow to import
    from intake.classifier.training.train import train, train_shipped  # noqa: PLC0415 - likewise

    if from_history and (corpus or shipped):
        raise typer.BadParameter(
            "--from-history is about the desk's own cases: leave out --corpus and --shipped"
        )
    chosen = settings()
    learnt: Sequence[Lesson] = ()
    if not corpus and not shipped:
        with database_of(chosen) as desk:
            learnt = desk.database.read_now(lessons) if desk else ()
    if from_history and not learnt:
        raise OperationFailed(
            "--from-history: nothing is confirmed in this database yet, and no history was imported"
        )
    folder = out or Path(chosen.model_dir)
    folder.mkdir(parents=True, exist_ok=True)
    extra = [Example(**asdict(lesson)) for lesson in learnt]
    typer.echo(str(train(corpus, folder) if corpus else train_shipped(folder, extra=extra)))
    if not corpus:
        typer.echo(f"confirmations        {len(extra)}")


@contextmanager
def database_of(chosen: Settings) -> Iterator[Desk | None]:
    """Open the desk of these settings; None where there is no database yet, or an old one."""
    file = chosen.database_url.removeprefix("sqlite:///")
    if file != chosen.database_url and not Path(file).exists():
        yield None
        return
    if not is_current(chosen.database_url):
        typer.echo("without the desk's confirmations: its database is old, run `ventanilla init`", err=True)
        yield None
        return
    desk = build_desk(chosen)
    try:
        yield desk
    finally:
        desk.database.close()


def evaluate_model(
    file: Annotated[
        Path | None, typer.Argument(help="Labelled file that the model was not trained on.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Folder of the model; VENTANILLA_MODEL_DIR if left out.")
    ] = None,
    against: Annotated[Path | None, typer.Option(help="A second model to compare with.")] = None,
    targets: Annotated[
        bool,
        typer.Option(
            "--targets", help="Train afresh and print every figure that is promised beside what is wanted."
        ),
    ] = False,
    fb: Annotated[
        Path | None,
        typer.Option(help="With --targets: folder with a train.csv and a dev.csv (text,label) to learn too."),
    ] = None,
    squad: Annotated[
        Path | None,
        typer.Option(help="With --targets: a SQuAD file to rank too.", exists=True, dir_okay=False),
    ] = None,
    meaning: Annotated[
        bool, typer.Option("--meaning", help="With --targets: let the sentence model rank articles too.")
    ] = False,
) -> None:
    """Print accuracy, macro-F1, calibration error and the confusion matrix of a model on a labelled file."""
    if targets:
        if file or model or against:
            raise typer.BadParameter(
                "--targets measures a model trained afresh; it takes no file and no model"
            )
        _print_targets(fb, squad, meaning=meaning)
        return
    if file is None or fb or squad or meaning:
        raise typer.BadParameter(
            "name a labelled file, or say --targets (--fb, --squad, --meaning with it alone)"
        )
    from intake.classifier.training.evaluate import compare, evaluate  # noqa: PLC0415 - scikit-learn is slow to import

    folder = model or Path(settings().model_dir)
    typer.echo(compare(file, folder, against) if against else str(evaluate(file, folder)))


def _print_targets(fb: Path | None, squad: Path | None, *, meaning: bool) -> None:
    from intake.classifier.training.targets import Line, least, measure  # noqa: PLC0415 - scikit-learn is slow to import

    missing = [name for name in ("train.csv", "dev.csv") if fb and not (fb / name).is_file()]
    if missing:
        raise OperationFailed(f"{fb}: holds no {missing[0]}")
    for line in measure(fb):
        typer.echo(str(line))
    for target in measured(squad, meaning=meaning):
        if target.wanted is None:
            typer.echo(str(Line(target.what, f"{target.figure:.3f}")))
        else:
            typer.echo(str(least(target.what, target.figure, target.wanted, ".3f")))

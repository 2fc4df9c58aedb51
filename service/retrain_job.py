"""The training that runs in a process of its own: `python -m service.retrain_job FOLDER`, started by `service.retraining`.

Reads FOLDER/job.json, writes FOLDER/model.msgpack and FOLDER/result.json. A process of its own because a training takes
a core for a quarter of a minute, and threads of one process would take it from whoever waits for an answer.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cases.vocabulary import Channel
from desk.learning import Comparison, Side
from intake.classifier.pipeline import SpacyClassifier
from intake.classifier.training import corpus
from intake.classifier.training.corpus import Example
from intake.classifier.training.evaluate import Metrics, evaluate
from intake.classifier.training.train import train
from service.models import opened

NICE = 10
"""The training yields to whoever serves people."""


def run(folder: Path) -> None:
    """Train, compare with the running and the shipped model, and write both down."""
    job = json.loads((folder / "job.json").read_text("utf-8"))
    examples = corpus.load(Path(job["corpus"])) if job["corpus"] else corpus.shipped()
    learnt, judging = ([Example(**each) for each in job[part]] for part in ("learnt", "judging"))
    taught, held_out = corpus.parts(examples)
    # Confirmations alone never decide whether a sentence model is asked: that is the corpus's choice, and it has none.
    report = train(taught, folder / "new", extra=learnt, encoder=None)
    new = SpacyClassifier.load(folder / "new")
    shipped = SpacyClassifier.load(Path(job["shipped"]))
    running = opened((folder / "running").read_bytes()) if job["running"] else shipped
    assert isinstance(running, SpacyClassifier)
    found = compared(held_out, judging, new, running, shipped)
    (folder / "model.msgpack").write_bytes((folder / "new/report_classifier/model.msgpack").read_bytes())
    result: dict[str, Any] = {
        "version": report.version,
        "running": running.version,
        "examples": report.count,
        "figures": found.stored(),
    }
    (folder / "result.json").write_text(json.dumps(result), "utf-8")


def compared(
    held_out: Sequence[Example],
    judging: Sequence[Example],
    new: SpacyClassifier,
    running: SpacyClassifier,
    shipped: SpacyClassifier,
) -> Comparison:
    """Measure three models on messages that none was taught."""
    measured = [evaluate(held_out, model) for model in (new, running, shipped)]
    won, lost = _only(held_out, measured[0], measured[1])
    mine, theirs = _right(judging, new), _right(judging, running)
    won_shipped, lost_shipped = _only(held_out, measured[0], measured[2])
    return Comparison(
        held_out=len(held_out),
        new=_side(measured[0]),
        running=_side(measured[1]),
        won=won,
        lost=lost,
        won_shipped=won_shipped,
        lost_shipped=lost_shipped,
        judging=len(judging),
        judged_new=sum(mine),
        judged_running=sum(theirs),
        judged_won=sum(one and not other for one, other in zip(mine, theirs, strict=True)),
        judged_lost=sum(other and not one for one, other in zip(mine, theirs, strict=True)),
    )


def _side(found: Metrics) -> Side:
    return Side(found.accuracy, found.macro_f1, found.ece, found.hard_accuracy, found.system_accuracy)


def _only(examples: Sequence[Example], one: Metrics, other: Metrics) -> tuple[int, int]:
    """Count the messages whose category only the one model has right, and those that only the other has."""
    pairs = [
        (mine == each.category, theirs == each.category)
        for each, mine, theirs in zip(examples, one.answers, other.answers, strict=True)
    ]
    return sum(mine and not theirs for mine, theirs in pairs), sum(
        theirs and not mine for mine, theirs in pairs
    )


def _right(examples: Sequence[Example], model: SpacyClassifier) -> list[bool]:
    """Say of each example whether its category is right, and its system where one was confirmed."""
    verdicts = model.classify(
        [(Channel(each.channel or Channel.API), each.subject, each.text) for each in examples]
    )
    return [
        verdict.category == each.category and each.system in (None, verdict.system)
        for each, verdict in zip(examples, verdicts, strict=True)
    ]


if __name__ == "__main__":
    os.nice(NICE)
    run(Path(sys.argv[1]))

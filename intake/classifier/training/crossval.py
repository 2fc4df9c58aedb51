"""Leaves out one hand after the other: the honest figure by which features and settings were chosen.

`python -m intake.classifier.training.crossval` prints it; the held-out part of `split.toml` takes part as any other hand.
"""

import numpy as np

from intake.classifier import pipeline
from intake.classifier.features import Settings
from intake.classifier.linear import CATEGORY
from intake.classifier.training import corpus, fit
from intake.classifier.training.evaluate import calibration_error
from intake.classifier.training.train import read_all, targets_of


def leave_one_hand_out(settings: Settings | None = None) -> str:
    """Return the accuracy of each head on each hand, from models that saw nothing of that hand."""
    examples = corpus.shipped()
    readings = read_all(pipeline.blank(), examples)
    hands = np.array([str(example.writer)[0] for example in examples])
    names, folds = np.unique(hands, return_inverse=True)
    hard = np.array([example.hard is not None for example in examples])
    seen = fit.out_of_fold(readings, targets_of(examples), folds, settings or Settings())
    lines = [f"{'':<10}{'all':>8}{'hard':>8}{'plain':>8}{'ece':>8}" + "".join(f"{name:>7}" for name in names)]
    for name, answers in seen.items():
        confidence, right = answers.judged(answers.temperature())
        error = calibration_error(confidence, right)
        each = "".join(f"{right[folds == fold].mean():>7.3f}" for fold in range(len(names)))
        lines.append(
            f"{name:<10}{right.mean():>8.4f}{right[hard].mean():>8.4f}{right[~hard].mean():>8.4f}{error:>8.4f}"
            + each
        )
        if name == CATEGORY:
            level = fit.threshold(confidence, right, 0.97)
            lines.append(f"           0.97 right on {(confidence >= level).mean():.1%} of the messages")
    return "\n".join(lines)


if __name__ == "__main__":
    print(leave_one_hand_out())  # noqa: T201 - it is a command

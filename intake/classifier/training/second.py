"""Fits the second opinion: a linear head over a sentence model's vectors, and how much it says beside the fast model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from intake.classifier.opinion import SecondOpinion, centred, mix
from intake.classifier.training.fit import Answers, both_sides, threshold

STRENGTH = 50.0
SURE = 0.995
"""Part of the fast model's answers that must be right for the second not to be asked."""
TELLING = 500
"""So many examples tell above which confidence the second need not be asked; with fewer it always is."""
ALWAYS = 2.0
SHARES = (0.2, 0.35, 0.5, 0.65, 0.8)


def fit_second(
    vectors: NDArray[np.floating],
    labels: Sequence[str],
    folds: NDArray[np.int64],
    fast: Answers,
    temperature: float,
) -> tuple[SecondOpinion, Answers]:
    """Return the second opinion, and both models' answers together out of fold."""
    scores = np.full(fast.scores.shape, -1e3)
    for fold in np.unique(folds):
        inside, outside = folds != fold, np.flatnonzero(folds == fold)
        centre, model = _fit(vectors[inside], np.array(labels)[inside])
        weights, bias = both_sides(model)
        columns = [fast.labels.index(str(label)) for label in model.classes_]
        scores[np.ix_(outside, np.array(columns))] = centred(vectors[outside], centre) @ weights + bias
    calibrated = fast.scores / temperature
    sure = threshold(*fast.judged(temperature), SURE) if len(labels) > TELLING else ALWAYS
    asked = fast.judged(temperature)[0] < sure
    if asked.sum() < len(fast.labels):
        sure, asked = ALWAYS, np.ones(len(labels), bool)
    mixed = {
        share: Answers(
            fast.labels, mix(calibrated, scores, share)[asked].astype(np.float64), fast.truth[asked]
        )
        for share in SHARES
    }
    degrees = {share: answers.temperature() for share, answers in mixed.items()}
    share = min(SHARES, key=lambda each: mixed[each].loss(degrees[each]))
    together = calibrated.copy()
    together[asked] = mixed[share].scores / degrees[share]
    centre, model = _fit(vectors, np.array(labels))
    opinion = SecondOpinion(centre, *both_sides(model), sure=sure, share=share, temperature=degrees[share])
    return opinion, Answers(fast.labels, together, fast.truth)


def _fit(
    vectors: NDArray[np.floating], labels: NDArray[np.str_]
) -> tuple[NDArray[np.float32], LogisticRegression]:
    centre = vectors.mean(0).astype(np.float32)
    return centre, LogisticRegression(C=STRENGTH, max_iter=300).fit(centred(vectors, centre), labels)

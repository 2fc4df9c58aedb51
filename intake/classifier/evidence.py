"""The spans of a text that decided: words that lie side by side and pull the same way, the strongest first."""

from bisect import bisect_left
from collections.abc import Sequence

from cases.model import Evidence
from intake.classifier.features import Reading

MOST = 5
GAP = 3
"""Characters between two words that still lie side by side (a space, a comma)."""
FAINT = 0.15
"""A word that moved less than this part of the strongest word's weight is left out."""


def spans(reading: Reading, moved: Sequence[float], offset: int) -> tuple[Evidence, ...]:
    """Return the deciding spans of a text in reading order, `MOST` at most.

    The words stand in the subject and the text together; `offset` is where the text begins there.
    Positive weights speak for the proposed category, negative ones against it, in log-odds.
    """
    first = bisect_left(reading.starts, offset)
    own = moved[first:]
    least = FAINT * max(max(own, default=0.0), -min(own, default=0.0))
    joined: list[tuple[int, int, float]] = []
    for place in [
        place for place, weight in enumerate(own, first) if (weight >= least or -weight >= least) and weight
    ]:
        start, end, weight = reading.starts[place], reading.ends[place], moved[place]
        if joined and start - joined[-1][1] < GAP and joined[-1][2] * weight > 0:
            joined[-1] = (joined[-1][0], end, joined[-1][2] + weight)
        else:
            joined.append((start, end, weight))
    strong = sorted(joined, key=lambda span: -abs(span[2]))[:MOST]
    return tuple(
        Evidence(start - offset, end - offset, round(weight, 4)) for start, end, weight in sorted(strong)
    )

"""The spans of a text that decided: words that lie side by side and pull the same way, the strongest first."""

from bisect import bisect_left
from collections.abc import Sequence

from cases.model import Evidence
from intake.classifier.features import Reading

MOST = 6
GAP = 2
"""Characters between two words that no longer lie side by side: one is a space, two are a sign and a space."""
FAINT = 0.15
"""A word that moved less than this part of the strongest word's weight is left out."""
BRIDGE = 2
"""So many small words may lie inside a span however little they moved."""
CLITICS = frozenset(("se", "me", "te", "le", "les", "nos"))
"""Words that belong to the verb after them; a span may begin with one, never end."""
SMALL = CLITICS | {
    "el", "la", "los", "las", "lo", "un", "una", "unos", "unas", "al", "a", "de", "del", "en",
    "con", "por", "para", "que", "y", "e", "o", "u", "su", "sus", "mi", "mis", "tu", "tus", "es",
    "son", "era", "fue", "ser", "este", "ese", "eso", "esa", "esta", "estos", "estas", "esto", "yo",
    "ella", "ellos", "ha", "he", "han", "hay", "muy", "tan", "si",
}  # fmt: skip
"""Words that say nothing to a reader by themselves."""
DENIALS = frozenset(("no", "ni", "sin", "nunca", "tampoco"))
"""Words that say nothing without what they deny."""
HANGING, LEADING = SMALL | DENIALS, DENIALS | CLITICS
STOPS = frozenset(("?", "!"))


def spans(reading: Reading, moved: Sequence[float], offset: int) -> tuple[Evidence, ...]:
    """Return the deciding spans of a text in reading order, `MOST` at most.

    The words stand in the subject and the text together; `offset` is where the text begins there.
    Positive weights speak for the proposed category, negative ones against it, in log-odds.
    """
    first = bisect_left(reading.starts, offset)
    own = moved[first:]
    least = FAINT * max(max(own, default=0.0), -min(own, default=0.0))
    runs: list[tuple[int, int]] = []
    strong = [
        (place, weight)
        for place, weight in enumerate(own, first)
        if (weight >= least or -weight >= least) and weight
    ]
    for place, weight in strong:
        if runs and moved[runs[-1][0]] * weight > 0 and _joined(reading, runs[-1][1], place):
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    weighed = [(low, high, sum(moved[low:high])) for low, high in runs]
    found: list[Evidence] = []
    for low, high, weight in sorted(weighed, key=lambda run: -abs(run[2])):
        begin, end = _readable(reading, low, high, first)
        if begin < end and all(
            reading.ends[end - 1] - offset <= each.start or each.end <= reading.starts[begin] - offset
            for each in found
        ):
            found.append(
                Evidence(reading.starts[begin] - offset, reading.ends[end - 1] - offset, round(weight, 4))
            )
        if len(found) == MOST:
            break
    return tuple(sorted(found, key=lambda span: span.start))


def _beside(reading: Reading, place: int) -> bool:
    """Say whether a word lies beside the one before it, in one sentence."""
    return reading.starts[place] - reading.ends[place - 1] < GAP and (
        reading.words[place - 1] not in STOPS or reading.words[place] in STOPS
    )


def _joined(reading: Reading, end: int, place: int) -> bool:
    """Say whether the word at `place` carries on a span that ends before `end`."""
    if place == end:
        return _beside(reading, place)
    return (
        place - end <= BRIDGE
        and all(reading.words[between] in SMALL for between in range(end, place))
        and all(_beside(reading, each) for each in range(end, place + 1))
    )


def _readable(reading: Reading, low: int, high: int, first: int) -> tuple[int, int]:
    """Return the span as a reader wants it: a denial with what it denies, no small words at its ends."""
    words = reading.words
    bare = DENIALS.issuperset(words[low:high])
    end = high
    while words[end - 1] in HANGING and end < len(words) and _beside(reading, end):
        end += 1
    if bare:
        return low, end
    if end > high and words[end - 1] not in SMALL and not DENIALS.isdisjoint(words[low:high]):
        high = end
    while low < high and words[low] in SMALL:
        low += 1
    while low < high and words[high - 1] in SMALL:
        high -= 1
    while first < low < high and words[low - 1] in LEADING and _beside(reading, low):
        low -= 1
    return low, high

"""One line of the benchmarks' table."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, beside the machine's own limit measured in the same run where there is one."""

    name: str
    value: str
    limit: str = ""
    ratio: str = ""
    target: str = ""


def seconds(act: Callable[[], object], times: int = 1) -> float:
    """Return the median wall time of an act, in seconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return median(taken)

"""Working time for many spans at once, and what is said of many durations: how many, the middle, the slowest tenth."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from workflow.clocks import Calendar

DAY = timedelta(days=1)
NINE_TENTHS = 9, 10


@dataclass(frozen=True, slots=True)
class Spread:
    """How durations spread, in minutes of working time; None where there is none."""

    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The working time since a beginning at any later moment, looked up instead of walked through.

    `Calendar.working_between` walks day by day; a report asks tens of thousands of times over the same days.
    """

    starts: Sequence[float]
    ends: Sequence[float]
    before: Sequence[float]

    @classmethod
    def of(cls, calendar: Calendar, since: datetime, until: datetime) -> "WorkingTime":
        """Lay out the stretches of work between two moments."""
        starts, ends, before, done = list[float](), list[float](), list[float](), 0.0
        day, last = since.astimezone(calendar.zone).date(), until.astimezone(calendar.zone).date()
        while day <= last:
            if calendar.works_on(day):
                for opens, closes in calendar.hours:
                    start = datetime.combine(day, opens, calendar.zone).timestamp()
                    end = datetime.combine(day, closes, calendar.zone).timestamp()
                    starts.append(start)
                    ends.append(end)
                    before.append(done)
                    done += end - start
            day += DAY
        return cls(starts, ends, before)

    def minutes(
        self, began: datetime, ended: datetime, pauses: Iterable[tuple[datetime, datetime]] = ()
    ) -> float:
        """Return the minutes of work in a span without its pauses, which do not overlap."""
        total = self._till(ended) - self._till(began)
        for start, end in pauses:
            total -= max(0.0, self._till(min(end, ended)) - self._till(max(start, began)))
        return max(0.0, total) / 60

    def _till(self, moment: datetime) -> float:
        at = moment.timestamp()
        place = bisect_right(self.starts, at) - 1
        return 0.0 if place < 0 else self.before[place] + min(at, self.ends[place]) - self.starts[place]


def spread(minutes: Sequence[float]) -> Spread:
    """Sum durations up; the slowest tenth begins at `p90` (nearest rank)."""
    if not minutes:
        return Spread(0, None, None)
    ordered = sorted(minutes)
    part, of = NINE_TENTHS
    rank = -(-len(ordered) * part // of) - 1
    return Spread(len(ordered), round(median(ordered), 1), round(ordered[rank], 1))


def apart(
    spans: Iterable[tuple[int, datetime, datetime]],
) -> Mapping[int, Sequence[tuple[datetime, datetime]]]:
    """Put each case's pauses in order, overlapping ones together."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for case, start, end in sorted(spans):
        mine = found.setdefault(case, [])
        if mine and start <= mine[-1][1]:
            mine[-1] = (mine[-1][0], max(mine[-1][1], end))
        else:
            mine.append((start, end))
    return found

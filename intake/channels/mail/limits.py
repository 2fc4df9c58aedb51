"""How much one sender, and one machine, may hand over in an hour."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
KNOWN = 10_000
"""Senders remembered; the ones heard of longest ago are forgotten first, so that a flood of names costs no memory."""


class Hourly:
    """Counts what each key did within the last hour."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: OrderedDict[str, deque[datetime]] = OrderedDict()

    def is_full(self, key: str, now: datetime) -> bool:
        """Say whether a key has had all that an hour allows."""
        times = self._times.get(key)
        if times is None:
            return False
        while times and times[0] <= now - HOUR:
            times.popleft()
        return len(times) >= self._most

    def note(self, key: str, now: datetime) -> None:
        """Count one for a key."""
        self._times.setdefault(key, deque(maxlen=self._most)).append(now)
        self._times.move_to_end(key)
        while len(self._times) > KNOWN:
            self._times.popitem(last=False)

"""The time of the machine."""

from datetime import UTC, datetime


class SystemClock:
    """Implements `cases.ports.Clock`."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC)

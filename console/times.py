"""Moments and durations as people of the desk say them, in the language in use."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_timedelta

from console.language import gettext as _
from console.language import locale

JUST_NOW = timedelta(seconds=10)
LONG, TOO_LONG = timedelta(minutes=15), timedelta(hours=1)
"""From when on a wait is shown as long, and as too long."""


def ago(at: datetime, now: datetime) -> str:
    """Say how long ago in few words; what happened just now is not counted in seconds."""
    if at > now - JUST_NOW:
        return _("ahora")
    return format_timedelta(at - now, add_direction=True, format="short", locale=locale(), threshold=1)


def until(at: datetime, now: datetime) -> str:
    """Say how much time is left in few words."""
    return format_timedelta(at - now, add_direction=True, format="short", locale=locale(), threshold=1)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Write a moment in full."""
    return _written(at, zone, locale())


@lru_cache(4096)
def _written(at: datetime, zone: ZoneInfo, spoken: Locale) -> str:
    """Write a moment; lists show the same ones each time somebody looks."""
    return format_datetime(at, "EEE d MMM y, HH:mm", tzinfo=zone, locale=spoken)


def short(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Write a moment as briefly as it stays clear: the time today, the day this year."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return format_datetime(local, "HH:mm", tzinfo=zone, locale=locale())
    pattern = "d MMM, HH:mm" if local.year == today.year else "d MMM y"
    return format_datetime(local, pattern, tzinfo=zone, locale=locale())


def for_input(at: datetime, zone: ZoneInfo) -> str:
    """Write a moment as a date-and-time input takes it, in the desk's zone."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def from_input(typed: str, zone: ZoneInfo) -> datetime:
    """Read what a date-and-time input gave; raises ValueError."""
    return datetime.fromisoformat(typed).replace(tzinfo=zone)


def waited(since: datetime, now: datetime) -> str:
    """Write how long somebody has waited, as the page counts on: `12:05`, `1 h 05`, `2 d 3 h`."""
    seconds = max(0, int((now - since).total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60:02d}"
    return f"{minutes}:{seconds % 60:02d}"


def wait_level(since: datetime, now: datetime) -> str:
    """Say whether a wait is `calm`, `warn` (long) or `bad` (too long)."""
    waited = now - since
    return "bad" if waited >= TOO_LONG else "warn" if waited >= LONG else "calm"

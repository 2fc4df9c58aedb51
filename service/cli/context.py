"""What the commands share: settings, an open store, failing with one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from desk.desk import Desk
from service.settings import Settings, read_settings
from service.wiring import build_desk
from store.migrate import is_current


class OperationFailed(Exception):
    """A command could not do what it was asked; the message is the one line that is printed."""


def settings() -> Settings:
    """Return the settings; raises SettingsError."""
    return read_settings()[0]


@contextmanager
def open_desk() -> Iterator[Desk]:
    """Open the configured desk; raises OperationFailed where its database is not ready."""
    chosen = settings()
    if not is_current(chosen.database_url):
        raise OperationFailed("the database is missing or old: run `ventanilla init`")
    desk = build_desk(chosen)
    try:
        yield desk
    finally:
        desk.database.close()

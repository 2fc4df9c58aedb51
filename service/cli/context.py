"""What the commands share: settings, an open store, failing with one line."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from cases.model import Account
from cases.vocabulary import AccountRole, Unit
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


def administrator(desk: Desk, name: str | None = None) -> Account:
    """Return whose act it is: an administrator's account, or whoever runs the command on this machine."""
    if name is None:
        return Account(0, f"consola:{getpass.getuser()}", "Consola", AccountRole.ADMIN, Unit.AIT)
    found = desk.database.read_now(lambda work: work.accounts.named(name))
    if found is None or found[0].role is not AccountRole.ADMIN:
        raise OperationFailed(f"{name} is not an administrator's account")
    return found[0]

"""Creates a database or brings it to the present tables; safe to repeat."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.database import open_engine

_MIGRATIONS = Path(__file__).with_name("migrations")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def migrate(url: str) -> None:
    """Run the steps that a database has not had yet, each in a transaction."""
    engine = open_engine(url, writing=True, pool_size=1)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def is_current(url: str) -> bool:
    """Say whether a database has had every step."""
    engine = open_engine(url, writing=False, pool_size=1)
    try:
        with engine.connect() as connection:
            heads = set(MigrationContext.configure(connection).get_current_heads())
    finally:
        engine.dispose()
    return heads == set(ScriptDirectory.from_config(_config()).get_heads())

"""What all tests share: an open desk on each database."""

import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from store.migrate import migrate
from tests.builders import DeskUnderTest, open_desk
from tests.stores import fresh_database, postgresql, template


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables in it."""
    path = tmp_path_factory.mktemp("template") / "desk.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[tuple[str, str]]:
    """A PostgreSQL of this run's own, and the database to copy."""
    with postgresql() as server:
        yield server, template(server)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "desk.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        server, made_from = request.getfixturevalue("postgresql_server")
        with fresh_database(server, made_from, f"desk_{uuid.uuid4().hex}") as url:
            yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database, for what does not depend on the store."""
    path = tmp_path / "desk.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[DeskUnderTest]:
    """An open desk on each database."""
    opened = open_desk(database_url)
    yield opened
    opened.desk.database.close()


@pytest.fixture
def desk_url(database_url: str) -> str:
    """A database with the desk's units, systems and people in it, on each store."""
    open_desk(database_url).desk.database.close()
    return database_url

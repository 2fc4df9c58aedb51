import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.api.client import Rest, rest
from tests.builders import DeskUnderTest, open_desk

MEMORY = Path("/dev/shm")  # noqa: S108 - the folders made in it are private


@pytest.fixture(scope="session")
def memory() -> Iterator[Path]:
    """A folder without a disk where there is one: that a write survives a power cut is tested below the API."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
async def api(sqlite_template: Path, memory: Path) -> AsyncIterator[Rest]:
    """A desk's API, on SQLite: what differs between the stores is tested below it."""
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        desk = open_desk(_fresh(sqlite_template, Path(folder)))
        async with rest(desk) as client:
            yield client
        desk.desk.database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_api(sqlite_template: Path, memory: Path) -> AsyncIterator[Rest]:
    """One desk's API for a module whose tests each open cases of their own."""
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        desk = open_desk(_fresh(sqlite_template, Path(folder)))
        async with rest(desk) as client:
            yield client
        desk.desk.database.close()


def _fresh(template: Path, folder: Path) -> str:
    shutil.copy(template, folder / "desk.db")
    return f"sqlite:///{folder}/desk.db"


@pytest.fixture
async def api_on_each(desk: DeskUnderTest) -> AsyncIterator[Rest]:
    """A desk's API on each store."""
    async with rest(desk) as client:
        yield client

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.api.client import Rest, rest
from tests.builders import DeskUnderTest, open_desk


@pytest.fixture
async def api(sqlite_url: str) -> AsyncIterator[Rest]:
    """A desk's API, on SQLite: what differs between the stores is tested below it."""
    desk = open_desk(sqlite_url)
    async with rest(desk) as client:
        yield client
    desk.desk.database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_api(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rest]:
    """One desk's API for a module whose tests each open cases of their own."""
    path = tmp_path_factory.mktemp("shared") / "desk.db"
    shutil.copy(sqlite_template, path)
    desk = open_desk(f"sqlite:///{path}")
    async with rest(desk) as client:
        yield client
    desk.desk.database.close()


@pytest.fixture
async def api_on_each(desk: DeskUnderTest) -> AsyncIterator[Rest]:
    """A desk's API on each store."""
    async with rest(desk) as client:
        yield client

from collections.abc import AsyncIterator

import pytest

from tests.api.client import Rest, rest
from tests.builders import DeskUnderTest, open_desk


@pytest.fixture
async def api(sqlite_url: str) -> AsyncIterator[Rest]:
    """A desk's API, on SQLite: what differs between the stores is tested below it."""
    desk = open_desk(sqlite_url)
    async with rest(desk) as client:
        yield client
    desk.desk.database.close()


@pytest.fixture
async def api_on_each(desk: DeskUnderTest) -> AsyncIterator[Rest]:
    """A desk's API on each store."""
    async with rest(desk) as client:
        yield client

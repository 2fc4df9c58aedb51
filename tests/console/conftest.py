"""An open console over a fresh desk, and visitors who look at it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from aiohttp import ClientResponse, DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from console.app import add_console
from console.visitor import COOKIE
from store.work import StoreWork
from tests.builders import DeskUnderTest, open_desk


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


@dataclass(slots=True)
class Seen:
    """One answer: its status, its headers, its source and the words that a person reads."""

    status: int
    headers: Any
    source: str
    address: str

    @property
    def words(self) -> str:
        reader = _Words()
        reader.feed(self.source)
        return " ".join(reader.words)

    @property
    def onward(self) -> str:
        return str(self.headers.get("Location", ""))


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser; forms are not followed on, so that a test sees where they lead."""

    client: TestClient[web.Request, web.Application]
    headers: dict[str, str]

    async def get(self, address: str, **headers: str) -> Seen:
        return await _seen(
            await self.client.get(address, headers=self.headers | headers, allow_redirects=False)
        )

    async def post(self, address: str, form: Any = None, **headers: str) -> Seen:
        answer = await self.client.post(
            address, data=form or {}, headers=self.headers | headers, allow_redirects=False
        )
        return await _seen(answer)


async def _seen(answer: ClientResponse) -> Seen:
    source = await answer.text(errors="replace")
    return Seen(answer.status, answer.headers, source, str(answer.url))


Visit = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[DeskUnderTest]:
    """The pages do not depend on the store: SQLite alone."""
    opened = open_desk(sqlite_url)
    yield opened
    opened.desk.database.close()


@pytest.fixture
async def client(desk: DeskUnderTest) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """A running console."""
    app = web.Application()
    add_console(app, desk.desk, development=False)
    async with TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as opened:
        yield opened


@pytest.fixture
def visit(desk: DeskUnderTest, client: TestClient[web.Request, web.Application]) -> Visit:
    """Let somebody in, by the name of their account, or as nobody in particular."""

    async def visit(username: str | None = None, language: str = "es-BO") -> Visitor:
        headers = {"Accept-Language": language}
        if username is not None:
            account = desk.people[username]

            def session(work: StoreWork) -> str:
                return work.accounts.open_session(account.id, desk.clock.now())

            headers["Cookie"] = f"{COOKIE}={await desk.desk.database.write(session)}"
        return Visitor(client, headers)

    return visit

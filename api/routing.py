"""A route of the API: what it takes and gives, and the one way in which every request is handled."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel

from api.idempotency import Keys, digest_of, key_of
from api.problems import Problem, not_signed_in, settled
from api.reading import body_of, query_of, row_number
from cases.model import Account
from desk.desk import Desk
from desk.entrance import bearer, session

COOKIE = "ventanilla_session"
_READING = ("GET", "HEAD")
B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, understood: who asks for what."""

    desk: Desk
    account: Account
    request: web.Request
    query: BaseModel | None
    body: BaseModel | None

    def name(self, part: str) -> str:
        """Return a word of the path; under one that no store can hold there is nothing."""
        word = self.request.match_info[part]
        if not word.isprintable():
            raise Problem(404, "No existe.")
        return word

    def row(self, part: str) -> int:
        """Return a whole number of the path."""
        return row_number(self.request.match_info[part])

    def given(self, model: type[B]) -> B:
        """Return the body as the route's model."""
        assert isinstance(self.body, model)
        return self.body

    def asked(self, model: type[B]) -> B:
        """Return the query as the route's model."""
        assert isinstance(self.query, model)
        return self.query


Answer = Callable[[Call], Awaitable[BaseModel | str | web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """One route; `gives` is the model of a good answer, or a media type that is not JSON.

    `refuses` are the statuses that the act itself may answer with; those of signing in, of a body and of a query follow.
    """

    method: str
    path: str
    summary: str
    answer: Answer
    gives: type[BaseModel] | str
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    refuses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Api:
    """Handles requests for the routes of one desk."""

    desk: Desk
    keys: Keys

    def serve(self, route: Route) -> Handler:
        """Return the aiohttp handler of a route."""

        async def handle(request: web.Request) -> web.StreamResponse:
            account = await self._account_of(request)
            raw = await request.read() if route.takes else b""
            key = key_of(request) if route.method != "GET" else None
            if key is None:
                return await self._answer(route, request, account, raw)

            async def answer() -> web.Response:
                # A refusal is remembered under the key as well, so it is made into an answer here.
                response = await settled(self._answer(route, request, account, raw))
                assert isinstance(response, web.Response)  # only a GET streams
                return response

            return await self.keys.once(account.id, key, digest_of(request, raw), answer)

        return handle

    async def _answer(
        self, route: Route, request: web.Request, account: Account, raw: bytes
    ) -> web.StreamResponse:
        body = body_of(route.takes, request, raw) if route.takes else None
        query = query_of(route.query, request) if route.query else None
        result = await route.answer(Call(self.desk, account, request, query, body))
        if isinstance(result, web.StreamResponse):
            return result
        if isinstance(result, BaseModel):
            text = result.model_dump_json()
            return web.Response(status=route.status, text=text, content_type="application/json")
        return web.Response(status=route.status, text=result, content_type=str(route.gives))

    async def _account_of(self, request: web.Request) -> Account:
        """Return who asks: by a bearer token, or, for reading, by a console session."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        account = None
        if scheme:
            if scheme.lower() == "bearer" and token.isascii():
                account = await bearer(self.desk, token.strip())
        elif request.method in _READING and (key := request.cookies.get(COOKIE, "")).isascii():
            account = await session(self.desk, key)
        if account is None:
            raise not_signed_in()
        return account

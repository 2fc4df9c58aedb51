"""A route of the API: what it takes and gives, and the one way in which every request is handled."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from api.problems import Problem, fields_of, problem_of
from cases.model import Account
from desk.desk import Desk
from desk.entrance import bearer, session
from store.work import StoreWork

BASE = "/api/v1"
COOKIE = "ventanilla_session"
LARGEST_KEY = 255
B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, understood: who asks for what."""

    desk: Desk
    account: Account
    path: dict[str, str]
    query: BaseModel | None
    body: BaseModel | None

    def number(self, name: str) -> int:
        """Return a whole number of the path; there is nothing under another word."""
        value = self.path[name]
        if not value.isascii() or not value.isdecimal() or len(value) > 15:
            raise Problem(404, "No existe.")
        return int(value)

    def given(self, model: type[B]) -> B:
        """Return the body as the route's model."""
        assert isinstance(self.body, model)
        return self.body

    def asked(self, model: type[B]) -> B:
        """Return the query as the route's model."""
        assert isinstance(self.query, model)
        return self.query


@dataclass(frozen=True, slots=True)
class Route:
    """One route; `gives` is the model of a good answer (or a media type that is not JSON)."""

    method: str
    path: str
    summary: str
    handler: Callable[[Call], Awaitable[BaseModel | str]]
    gives: type[BaseModel] | str
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    refuses: tuple[int, ...] = ()


@dataclass(slots=True)
class Api:
    """Handles requests for the routes of one desk."""

    desk: Desk
    _running: dict[tuple[int, str], asyncio.Lock] = field(default_factory=dict)

    def serve(self, route: Route) -> "web.Handler":
        """Return the aiohttp handler of a route."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await self._handle(route, request)
            except Exception as error:  # every failure is a problem, none a stack trace
                return problem_of(error).response()

        return handle

    async def _handle(self, route: Route, request: web.Request) -> web.StreamResponse:
        account = await self.account_of(request)
        raw = await request.read() if route.takes else b""
        key = request.headers.get("Idempotency-Key") if route.method != "GET" else None
        if key is None:
            return await self._answer(route, request, account, raw)
        if not 1 <= len(key) <= LARGEST_KEY:
            raise Problem(422, "Idempotency-Key: escriba de 1 a 255 caracteres.")
        lock = self._running.setdefault((account.id, key), asyncio.Lock())
        try:
            async with lock:
                return await self._once(route, request, account, raw, key)
        finally:
            if not lock.locked():
                self._running.pop((account.id, key), None)

    async def _once(
        self, route: Route, request: web.Request, account: Account, raw: bytes, key: str
    ) -> web.StreamResponse:
        """Answer a write under its key: a repeated request gets the first one's answer, and nothing runs twice."""
        said = f"{request.method} {request.path}\n".encode() + raw
        digest = hashlib.sha256(said).hexdigest()
        known = await self.desk.database.read(lambda work: work.accounts.answered_before(account.id, key))
        if known is not None:
            if known[0] != digest:
                raise Problem(422, "Esa Idempotency-Key ya se usó para otro pedido.")
            return web.Response(status=known[1], text=known[2], content_type=_kind(known[1]))
        answer = await self._answer(route, request, account, raw)
        if answer.status < 500:
            text = answer.text or ""

            def remember(work: StoreWork) -> None:
                work.accounts.remember_answer(account.id, key, digest, answer.status, text, self.desk.now())

            await self.desk.database.write(remember)
        return answer

    async def _answer(self, route: Route, request: web.Request, account: Account, raw: bytes) -> web.Response:
        try:
            body = _body(route, request, raw) if route.takes else None
            query = _query(route, request) if route.query else None
            result = await route.handler(Call(self.desk, account, dict(request.match_info), query, body))
        except Exception as error:  # remembered under the key as well, so it is made into an answer here
            return problem_of(error).response()
        if isinstance(result, BaseModel):
            return web.Response(status=route.status, text=result.model_dump_json(), content_type="application/json")
        return web.Response(status=route.status, text=result, content_type=str(route.gives))

    async def account_of(self, request: web.Request) -> Account:
        """Return who asks: by a bearer token, or, for reading, by a console session."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        account = None
        if scheme.lower() == "bearer" and token.strip():
            account = await bearer(self.desk, token.strip())
        elif not scheme and request.method == "GET" and (key := request.cookies.get(COOKIE)):
            account = await session(self.desk, key)
        if account is None:
            raise Problem(401, "Falta una ficha válida: Authorization: Bearer FICHA.")
        return account


def _kind(status: int) -> str:
    return "application/json" if status < 400 else "application/problem+json"


def _body(route: Route, request: web.Request, raw: bytes) -> BaseModel:
    assert route.takes is not None
    if request.content_type not in ("application/json", "application/octet-stream") and raw:
        raise Problem(415, "El cuerpo tiene que ser JSON (Content-Type: application/json).")
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Problem(400, "El cuerpo no es JSON válido en UTF-8.") from None
    try:
        return route.takes.model_validate(found)
    except ValidationError as wrong:
        raise Problem(422, "El pedido tiene campos que no valen.", errors=fields_of(wrong)) from None


def _query(route: Route, request: web.Request) -> BaseModel:
    assert route.query is not None
    try:
        return route.query.model_validate(dict(request.query))
    except ValidationError as wrong:
        raise Problem(422, "La consulta tiene parámetros que no valen.", errors=fields_of(wrong)) from None

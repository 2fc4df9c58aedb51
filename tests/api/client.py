"""A REST client of a desk under test, for each of its people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import add_api
from store.work import StoreWork
from tests.builders import DeskUnderTest

Json = dict[str, Any]


@dataclass(slots=True)
class Rest:
    """Asks as one of the desk's people."""

    client: TestClient[Any, Any]
    tokens: dict[str, str]
    desk: DeskUnderTest

    async def ask(
        self, method: str, path: str, by: str | None = "operador", *, body: Any = None, **headers: str
    ) -> tuple[int, Json]:
        auth = {"Authorization": f"Bearer {self.tokens[by]}"} if by else {}
        sent = {"json": body} if body is not None else {}
        async with self.client.request(method, f"/api/v1{path}", headers=auth | headers, **sent) as answer:
            return answer.status, await answer.json(content_type=None)

    async def get(self, path: str, by: str = "operador") -> Json:
        status, body = await self.ask("GET", path, by)
        assert status == 200, body
        return body

    async def note(self, text: str = "Sra. llama de Oruro, no carga la página de pagos", phone: str = "70000001") -> Json:
        """Register a call; returns the case."""
        status, body = await self.ask(
            "POST", "/phone-notes", body={"phone": phone, "name": "Rosa Mamani", "text": text}
        )
        assert status == 201, body
        return await self.get(f"/cases/{body['case']}")

    async def confirm(self, case: Json, category: str, *, before: bool) -> Json:
        said = {
            "category": category, "system": "ppte", "handled_before_by_uit": before, "revision": case["revision"],
        }
        status, body = await self.ask("POST", f"/cases/{case['number']}/classification", body=said)
        assert status == 200, body
        return body

    async def take(self, case: Json, to: str) -> Json:
        """Take the move that leads to a step, as whoever's step it is, with fields that will do."""
        by = str(case["role"])
        case = await self.get(f"/cases/{case['number']}", by)
        move = next(move for move in case["moves"] if move["to"] == to)
        fields = {field["name"]: self.value(field) for field in move["fields"] if field["required"]}
        body = {"move": move["id"], "fields": fields, "revision": case["revision"]}
        status, changed = await self.ask("POST", f"/cases/{case['number']}/moves", by, body=body)
        assert status == 200, changed
        return changed

    def value(self, field: Json) -> Any:
        """Return a value that will do for a field."""
        if field["type"] == "datetime":
            return (self.desk.clock.now() + timedelta(hours=30)).isoformat()
        if field["type"] == "choice":
            return field["options"][0]
        return {"text": "Se reinició el servicio.", "bool": True, "article": "kb-api"}[field["type"]]


@asynccontextmanager
async def rest(desk: DeskUnderTest) -> AsyncIterator[Rest]:
    """Serve a desk's API and give a client of it."""

    def tokens(work: StoreWork) -> dict[str, str]:
        return {name: work.accounts.add_token(name, who.id, desk.clock.now()) for name, who in desk.people.items()}

    made = await desk.desk.database.write(tokens)
    await desk.article(external_id="kb-api", title="La página de pagos no carga")
    app = web.Application()
    add_api(app, desk.desk)
    async with TestClient(TestServer(app)) as client:
        yield Rest(client, made, desk)

"""A REST client of a desk under test, for each of its people."""

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from api.app import add_api
from cases.model import Arrival, Inbound
from cases.vocabulary import Channel
from store.work import StoreWork
from tests.api.schema import check_answer
from tests.builders import DeskUnderTest

Json = dict[str, Any]


@dataclass(slots=True)
class Rest:
    """Asks as one of the desk's people; holds every answer against the API's document."""

    client: TestClient[Any, Any]
    tokens: dict[str, str]
    desk: DeskUnderTest
    called: set[str] = field(default_factory=set)
    callers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def ask(
        self, method: str, path: str, by: str | None = "operador", *, body: Any = None, **headers: str
    ) -> tuple[int, Any]:
        auth = {"Authorization": f"Bearer {self.tokens[by]}"} if by else {}
        sent = {"json": body} if body is not None else {}
        async with self.client.request(method, f"/api/v1{path}", headers=auth | headers, **sent) as answer:
            text = await answer.text()
            assert "+00:00" not in text, "times are given out with Z"
            said = json.loads(text) if answer.content_type.endswith("json") else text
            called = check_answer(method, path, answer.status, answer.content_type, said)
            if called is not None and answer.status < 300:
                self.called.add(called)
            return answer.status, said

    async def get(self, path: str, by: str = "operador") -> Json:
        status, body = await self.ask("GET", path, by)
        assert status == 200, body
        found: Json = body
        return found

    async def do(self, path: str, by: str = "operador", **body: Any) -> Json:
        """Do something that succeeds."""
        status, answer = await self.ask("POST", path, by, body=body)
        assert status in (200, 201, 202), answer
        done: Json = answer
        return done

    async def refused(
        self, path: str, body: Any, named: set[str], *, by: str = "operador", method: str = "POST"
    ) -> None:
        """Ask for something that gets 422 with these fields named."""
        status, problem = await self.ask(method, path, by, body=body)
        assert (status, set(problem.get("errors", {}))) == (422, named), (body, problem)

    async def note(
        self, text: str = "Sra. llama de Oruro, no carga la página de pagos", phone: str | None = None
    ) -> Json:
        """Register a call, of somebody new unless a number is given; returns the case."""
        phone = phone or f"7{next(self.callers):07}"
        taken = await self.do("/phone-notes", phone=phone, name="Rosa Mamani", text=text)
        return await self.get(f"/cases/{taken['case']}")

    async def message(self, inbound: Inbound) -> Json:
        """Take a message in as the worker does; returns the case."""
        received = await self.desk.receive(inbound)
        assert received.case is not None
        return await self.get(f"/cases/{received.case.number}")

    async def confirm(self, case: Json, category: str, *, before: bool) -> Json:
        said: Json = {"category": category, "system": "ppte", "handled_before_by_uit": before}
        return await self.do(f"/cases/{case['number']}/classification", **said, revision=case["revision"])

    async def take(self, case: Json, to: str) -> Json:
        """Take the move that leads to a step, as whoever's step it is, with fields that will do."""
        by = str(case["role"])
        if not case["moves"]:  # the last act was somebody else's
            case = await self.get(f"/cases/{case['number']}", by)
        move = next(move for move in case["moves"] if move["to"] == to)
        fields = {field["name"]: self.value(field) for field in move["fields"] if field["required"]}
        return await self.do(
            f"/cases/{case['number']}/moves", by, move=move["id"], fields=fields, revision=case["revision"]
        )

    async def walk(self, case: Json, *steps: str) -> Json:
        for to in steps:
            case = await self.take(case, to)
            assert (case["step"] or "closed") == to
        return case

    def value(self, asked: Json) -> Any:
        """Return a value that will do for a field."""
        if asked["type"] == "datetime":
            return (self.desk.clock.now() + timedelta(hours=30)).isoformat()
        if asked["type"] == "choice":
            return asked["options"][0]
        return {"text": "Se reinició el servicio.", "bool": True, "article": "kb-api"}[asked["type"]]

    async def everything(self, number: str, by: str = "operador") -> list[Json]:
        """Return all that a refused act must not change."""
        return [await self.get(f"/cases/{number}{part}", by) for part in ("", "/record", "/messages")]

    async def forged(self, payload: bytes) -> None:
        """Put a forged message into quarantine."""

        def keep(work: StoreWork) -> None:
            work.ledger.quarantine(Channel.WHATSAPP, "forged", "firma", payload, self.desk.clock.now())

        await self.desk.desk.database.write(keep)

    async def not_understood(self) -> None:
        """Put an arrival that nobody understands into quarantine."""

        def set_aside(work: StoreWork) -> None:
            now = self.desk.clock.now()
            work.ledger.accept([Arrival(Channel.WHATSAPP, "SM1", "+59170000001", b"{}", now)])
            [item] = work.ledger.claim("test", 1, now)
            work.ledger.set_aside(item, "not-understood", "no text", now)

        await self.desk.desk.database.write(set_aside)

    async def fail_deliveries(self, why: str) -> None:
        """Let everything that waits to be sent fail."""

        def fail(work: StoreWork) -> None:
            now = self.desk.clock.now()
            while parcels := work.outbox.claim("test", 10, now):  # one of a conversation at a time
                for parcel in parcels:
                    work.outbox.failed(parcel.delivery, why, now)

        await self.desk.desk.database.write(fail)


@asynccontextmanager
async def rest(desk: DeskUnderTest) -> AsyncIterator[Rest]:
    """Serve a desk's API and give a client of it."""

    def tokens(work: StoreWork) -> dict[str, str]:
        return {
            name: work.accounts.add_token(name, who.id, desk.clock.now()) for name, who in desk.people.items()
        }

    made = await desk.desk.database.write(tokens)
    await desk.article(external_id="kb-api", title="La página de pagos no carga")
    app = web.Application()
    add_api(app, desk.desk)
    async with TestClient(TestServer(app)) as client:
        yield Rest(client, made, desk)


REVIEWED = ("PR01 4", "PR01 5", "PR01 6", "PR01 7", "PR01 8", "PR01 9")
"""PR01 3 to 9, for a report that is neither an outage nor a design problem."""

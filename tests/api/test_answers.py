"""How the API answers: the case's shape, who gets in, what a request may look like, lists, events."""

import asyncio
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from api import live
from cases.model import Evidence
from cases.vocabulary import Channel
from desk.entrance import hash_password, log_in
from store.work import Event, StoreWork
from tests.api.client import Json, Rest
from tests.builders import SureClassifier, a_message, a_verdict

SHAPE = {
    "number",
    "status",
    "stage",
    "channel",
    "person",
    "system",
    "procedure",
    "step",
    "role",
    "unit",
    "assignee",
    "estimate",
    "parent",
    "merged_into",
    "classification",
    "suggestions",
    "similar_cases",
    "moves",
    "revision",
}


async def test_a_case_has_exactly_the_contracts_shape(api: Rest) -> None:
    api.desk.desk.classifier = SureClassifier(a_verdict(evidence=(Evidence(3, 8, 1.5),)))
    case = await api.note()

    assert set(case) == SHAPE
    assert case["procedure"] == {"code": "PR01", "version": "0"}
    assert (case["step"], case["role"], case["unit"], case["status"], case["stage"]) == (
        "PR01 3",
        "operador",
        "ait",
        "open",
        "1",
    )
    assert case["person"] == {"name": "Rosa Mamani", "addresses": {"phone": "+59170000001"}}
    assert case["classification"] == {
        "proposed": {
            "category": "availability",
            "system": "ppte",
            "confidence": 0.9,
            "evidence": [{"start": 3, "end": 8, "weight": 1.5}],
            "model": "test-1",
        },
        "confirmed": None,
    }
    assert set(case["suggestions"][0]) == {"article", "title", "score"}
    assert case["suggestions"][0]["title"] == "La página de pagos no carga"


async def test_a_confirmation_says_who_and_when(api: Rest) -> None:
    case = await api.confirm(await api.note(), "support", before=True)

    assert case["step"] == "PR01 3"
    assert case["classification"]["confirmed"] == {
        "category": "support",
        "system": "ppte",
        "handled_before_by_uit": True,
        "by": "operador",
        "at": "2026-03-02T13:00:00Z",
    }


async def test_a_unit_sees_only_what_it_has_or_has_had(api: Rest) -> None:
    mine = await api.confirm(await api.note(), "availability", before=True)
    mine = await api.walk(mine, "PR02 1", "PR02 2")
    other = await api.note("otra cosa", phone="70000002")

    assert [row["number"] for row in (await api.get("/cases", "uit"))["items"]] == [mine["number"]]
    for part in ("", "/record", "/messages"):
        assert (await api.ask("GET", f"/cases/{mine['number']}{part}", "upat"))[0] == 404
        assert (await api.ask("GET", f"/cases/{other['number']}{part}", "uit"))[0] == 404
    note = {"text": "x"}
    assert (await api.ask("POST", f"/cases/{other['number']}/notes", "uit", body=note))[0] == 404


STRANGERS: tuple[dict[str, str], ...] = (
    {},
    {"Authorization": "Bearer nobody"},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer ñ"},
    {"Authorization": "Basic eA=="},
    {"Cookie": "ventanilla_session=nobody"},
)


async def test_without_a_good_token_nothing_is_told(api: Rest) -> None:
    for headers in STRANGERS:
        for method, path in (("GET", "/cases"), ("POST", "/phone-notes"), ("GET", "/events")):
            async with api.client.request(method, f"/api/v1{path}", headers=headers) as answer:
                assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), (path, headers)
                assert answer.content_type == "application/problem+json"


async def test_a_console_session_may_read_and_not_write(api: Rest) -> None:
    def add(work: StoreWork) -> None:
        who = api.desk.people["operador"]
        work.accounts.add(
            "rosa", "Rosa", who.role, who.unit, hash_password("secret-enough"), api.desk.clock.now()
        )

    await api.desk.desk.database.write(add)
    _, key = await log_in(api.desk.desk, "rosa", "secret-enough")
    cookie = {"Cookie": f"ventanilla_session={key}"}

    assert (await api.ask("GET", "/cases", None, **cookie))[0] == 200
    note = {"phone": "70000001", "text": "x"}
    assert (await api.ask("POST", "/phone-notes", None, body=note, **cookie))[0] == 401
    assert (await api.ask("GET", "/cases", None, Authorization="Bearer nobody", **cookie))[0] == 401


JSON = "application/json"
BODIES = (
    (b"{", JSON, 400, None),
    (b"", JSON, 400, None),
    (b"\xff", JSON, 400, None),
    (b'{"text":"\\ud800"}', JSON, 400, None),
    (b"a=1", "application/x-www-form-urlencoded", 415, None),
    (b'{"text":"x"}', "application/octet-stream", 415, None),
    (b"[]", JSON, 422, "body"),
    (b'{"text":1}', JSON, 422, "text"),
    (b'{"text":"x","txt":"x"}', JSON, 422, "txt"),
    (b'{"text":"a\\u0000b"}', JSON, 422, "text"),
    (b'{"text":" "}', JSON, 422, "text"),
    (b'{"text":"' + b"x" * 100_001 + b'"}', JSON, 422, "text"),
    (b'{"text":"' + b"x" * 1_100_000 + b'"}', JSON, 413, None),
)


async def test_a_body_that_will_not_do_is_refused_by_name(api: Rest) -> None:
    case = await api.note()
    before = await api.everything(case["number"])

    for raw, kind, status, named in BODIES:
        headers = {"Authorization": f"Bearer {api.tokens['operador']}", "Content-Type": kind}
        path = f"/api/v1/cases/{case['number']}/notes"
        async with api.client.post(path, data=io.BytesIO(raw), headers=headers) as answer:
            assert (answer.status, answer.content_type) == (status, "application/problem+json"), raw[:30]
            problem = await answer.json(content_type=None)
        assert (problem["status"], list(problem.get("errors", {}))) == (status, [named] if named else []), (
            raw[:30]
        )

    assert await api.everything(case["number"]) == before


async def test_no_type_is_guessed_in_a_classification(api: Rest) -> None:
    case = await api.note()
    said = {"category": "support", "handled_before_by_uit": False, "revision": case["revision"]}

    for wrong in (
        {"handled_before_by_uit": "yes"},
        {"handled_before_by_uit": 1},
        {"category": "fax"},
        {"revision": "2"},
        {"system": "none"},
    ):
        await api.refused(f"/cases/{case['number']}/classification", said | wrong, set(wrong))

    assert await api.get(f"/cases/{case['number']}") == case


async def test_another_method_gets_405_and_an_unknown_address_404(api: Rest) -> None:
    assert (await api.ask("DELETE", "/cases"))[0] == 405
    assert (await api.ask("POST", "/events"))[0] == 405
    assert (await api.ask("GET", "/nowhere"))[0] == 404
    async with api.client.delete("/api/v1/cases") as answer:
        assert answer.headers["Allow"] == "GET, HEAD"


async def test_outside_its_own_addresses_the_api_changes_nothing(api: Rest) -> None:
    for path in ("/api/tickets.json", "/api/v10", "/casos"):
        async with api.client.get(path) as answer:
            assert (answer.status, answer.content_type) == (404, "text/plain")


async def test_an_internal_error_has_an_id_that_is_in_the_log_and_no_trace(api: Rest) -> None:
    class Broken:
        version = "broken"

        def classify(self, _texts: object) -> list[object]:
            raise RuntimeError("a secret of the inside")

    api.desk.desk.classifier = Broken()  # type: ignore[assignment]
    with capture_logs() as logs:
        status, problem = await api.ask("POST", "/phone-notes", body={"phone": "70000001", "text": "x"})

    assert status == 500
    assert "secret" not in json.dumps(problem)
    assert [entry["error_id"] for entry in logs] == [problem["id"]]


async def test_lists_page_by_cursor_without_gap_or_repeat(api_on_each: Rest) -> None:
    numbers = [(await api_on_each.note(phone=f"7000000{n}"))["number"] for n in range(4)]
    first = await api_on_each.get("/cases?limit=2")
    second = await api_on_each.get(f"/cases?limit=2&cursor={first['next']}")

    assert [row["number"] for row in first["items"] + second["items"]] == [*reversed(numbers)]
    assert second["next"] is None


async def pages(api: Rest, path: str, by: str) -> list[Any]:
    """Read a list one item a page; returns the items' ids."""
    found: list[Any] = []
    page: Json = {"next": ""}
    while page["next"] is not None:
        page = await api.get(f"{path}?limit=1&cursor={page['next']}", by)
        found += [item["id"] for item in page["items"]]
    return found


async def test_calls_articles_conversations_and_the_quarantine_page_too(api: Rest) -> None:
    for n in range(3):
        case = await api.note(phone=f"7000000{n}")
        await api.do(f"/cases/{case['number']}/replies", text="Ya puede pagar.")
        await api.desk.article()
        await api.forged(f"{n}".encode())

    for path in ("/callbacks", "/articles", "/conversations", "/quarantine"):
        whole = [item["id"] for item in (await api.get(path, "supervisor"))["items"]]
        assert len(whole) >= 3
        assert await pages(api, path, "supervisor") == whole


async def test_q_finds_by_number_phone_name_and_words_without_accents(api_on_each: Rest) -> None:
    case = await api_on_each.note("Sra. olvidó su clave")
    await api_on_each.desk.receive(
        a_message(channel=Channel.EMAIL, sender="ana@example.bo", sender_name="Ana")
    )

    for q in ("OLVIDÓ", "olvido clave", "70000001", "%2B59170000001", "rosa mam", case["number"]):
        assert [row["number"] for row in (await api_on_each.get(f"/cases?q={q}"))["items"]] == [
            case["number"]
        ], q
    assert [row["person"] for row in (await api_on_each.get("/cases?q=ana@example.bo"))["items"]] == ["Ana"]
    assert (await api_on_each.get("/cases?q=clave+olvidada"))["items"] == []


FILTERS: dict[str, Callable[[Json], Any]] = {
    "status": lambda case: case["status"],
    "step": lambda case: case["step"],
    "unit": lambda case: case["unit"],
    "category": lambda case: case["category"],
    "system": lambda case: case["system"],
    "channel": lambda case: case["channel"],
    "assignee": lambda case: case["assignee"],
}


async def test_each_filter_keeps_what_it_asks_for(api: Rest) -> None:
    one = await api.confirm(await api.note(), "support", before=False)
    await api.do(f"/cases/{one['number']}/assign", user="operador2")
    two = await api.message(a_message())
    two = await api.walk(await api.confirm(two, "availability", before=True), "PR02 1", "PR02 2")
    await api.do(f"/cases/{one['number']}/waiting", reason="x")
    rows = (await api.get("/cases"))["items"]
    assert [row["number"] for row in rows] == [two["number"], one["number"]]

    for name, value_of in FILTERS.items():
        for row in rows:
            value = value_of(row)
            if value is not None:
                found = (await api.get(f"/cases?{name}={value}"))["items"]
                assert found == [each for each in rows if value_of(each) == value], name
    assert (await api.get("/cases?step=2"))["items"] == rows[:1]
    assert (await api.get("/cases?incident=2026-000001"))["items"] == []
    assert (await api.get("/cases?status=&q="))["items"] == rows


QUERIES = (
    "status=nothing",
    "limit=0",
    "limit=201",
    "limit=x",
    "cursor=zzz",
    "cursor=YQ==",
    "nothing=1",
    "channel=fax",
    "q=%00",
    "cursor=%C3%B1",
    "cursor=MSwy",
)
NOWHERE = (
    "/cases/2026-999999",
    "/cases/%00",
    "/cases/%FF",
    "/cases/%ED%A0%80",
    "/articles/99999999999999999999",
    "/articles/%00",
    "/procedures/PR02/9",
    "/procedures/%00/0",
)


async def test_a_query_that_will_not_do_is_refused_by_name(api: Rest) -> None:
    for query in QUERIES:
        await api.refused(f"/cases?{query}", None, {query.partition("=")[0]}, method="GET")


async def test_what_is_not_there_gets_404(api: Rest) -> None:
    for path in NOWHERE:
        assert (await api.ask("GET", path))[0] == 404, path


async def listen(api: Rest, by: str, until: bytes) -> bytes:
    """Read the events of a call that is noted and answered meanwhile, up to a word."""
    headers = {"Authorization": f"Bearer {api.tokens[by]}"}
    async with api.client.get("/api/v1/events", headers=headers) as stream:
        assert (stream.status, stream.content_type) == (200, "text/event-stream")
        case = await api.note("un texto que no debe salir")
        await api.do(f"/cases/{case['number']}/replies", text="Ya puede pagar.")
        await api.desk.desk.database.write(lambda work: work.publish("ledger"))
        await api.desk.desk.database.write(lambda work: work.publish("outbox"))
        await api.desk.desk.database.write(lambda work: work.publish("procedures-changed"))
        lines = b""
        while until not in lines:
            lines += await asyncio.wait_for(stream.content.readline(), 5)
    return lines


@pytest.mark.parametrize(("by", "numbers"), [("operador", True), ("uit", False)])
async def test_events_carry_names_and_no_content(api: Rest, by: str, *, numbers: bool) -> None:
    lines = await listen(api, by, b"procedures-changed")

    assert b"event: case-changed" in lines
    assert b"event: queue-changed" in lines
    assert b"no debe salir" not in lines
    assert b"ledger" not in lines
    assert b"outbox" not in lines
    assert (b"2026-000001" in lines) is numbers


async def test_a_listener_who_left_is_forgotten(api: Rest) -> None:
    hub = api.client.app[live.HUB]
    await listen(api, "operador", b"procedures-changed")
    for _ in range(50):  # the server hears of it by its next write
        await api.desk.desk.database.write(lambda work: work.publish("queue-changed"))
        if not len(hub):
            break
    assert len(hub) == 0


async def test_a_listener_too_far_behind_is_let_go() -> None:
    hub = live.Hub()
    with hub.reading() as reader:
        hub.hear([Event(f"e{n}") for n in range(live.CAPACITY + 10)])

        assert [event.name async for event in reader.events()] == [f"e{n}" for n in range(live.CAPACITY)]

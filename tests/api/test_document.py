"""The OpenAPI document is made from the code, and true."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from api.app import ROUTES, described
from api.problems import BASE
from api.reports import PARTS
from tests.api.client import REVIEWED, Rest
from tests.api.schema import faults
from tests.api.test_acts import TEXT
from tests.builders import a_message


async def test_every_route_answers_as_documented(api: Rest) -> None:
    """The client holds each answer against the document; this sees to it that none is left out."""
    case = await api.confirm(await api.note(), "support", before=False)
    here = f"/cases/{case['number']}"
    await api.do(f"{here}/notes", text="x")
    await api.do(f"{here}/assign", user="operador")
    await api.do(f"{here}/estimate", at="2026-03-04T18:00:00-04:00")
    await api.do(f"{here}/waiting", reason="x")
    case, *_ = await api.everything(case["number"])
    await api.walk(case, *REVIEWED, "PR01 10", "closed")
    await api.do(f"{here}/reopen", reason="x")
    await _queues(api, here)
    await _messages(api)
    await _knowledge(api)
    headers = {"Authorization": f"Bearer {api.tokens['operador']}"}
    async with api.client.get(f"{BASE}/events", headers=headers) as stream:
        assert (
            stream.content_type
            in described()["paths"][f"{BASE}/events"]["get"]["responses"]["200"]["content"]
        )
        api.called.add(f"GET {BASE}/events")
    await api.get("/openapi.json")

    documented = {
        f"{method.upper()} {path}"
        for path, operations in described()["paths"].items()
        for method in operations
    }
    assert documented - api.called == set()
    assert len(documented) == len(ROUTES) + 1


async def _queues(api: Rest, here: str) -> None:
    await api.get("/cases?limit=1")
    await api.do(f"{here}/replies", text="x")
    call = (await api.get("/callbacks"))["items"][0]
    await api.do(f"/callbacks/{call['id']}/outcome", reached=True)
    await api.not_understood()
    await api.forged(b"x")
    forged, unread = (await api.get("/quarantine"))["items"]
    await api.do(f"/quarantine/{forged['id']}/discard")
    await api.do(f"/quarantine/{unread['id']}/release")
    await api.get("/conversations", "supervisor")
    for part in PARTS:
        await api.get(f"/reports/{part}", "supervisor")


async def _messages(api: Rest) -> None:
    case = await api.message(a_message())
    other = await api.message(a_message(text="otra cosa"))
    message = (await api.get(f"/cases/{other['number']}/messages"))["items"][0]
    new = await api.do(f"/cases/{case['number']}/split", messages=[message["id"]])
    await api.do(f"/cases/{new['number']}/merge", into=case["number"])
    sent = await api.do(f"/cases/{case['number']}/replies", text="x")
    await api.fail_deliveries("sin crédito")
    await api.do(f"/messages/{sent['message']}/retry")


async def _knowledge(api: Rest) -> None:
    article = await api.do("/articles", **TEXT)
    await api.ask("PUT", f"/articles/{article['id']}", body=TEXT)
    for path in (
        "/articles",
        f"/articles/{article['id']}",
        "/articles/search?q=x",
        "/procedures",
        "/procedures/PR01/0",
    ):
        await api.get(path)
    for kind in ("svg", "bpmn"):
        await api.ask("GET", f"/procedures/PR01/0/diagram.{kind}")


async def test_the_document_needs_no_token_and_is_the_codes(api: Rest) -> None:
    status, body = await api.ask("GET", "/openapi.json", None)

    assert (status, body["openapi"]) == (200, "3.1.0")
    assert body == described()
    assert body["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_operation_has_a_name_of_its_own_a_summary_and_its_refusals() -> None:
    operations = [one for path in described()["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]

    assert len(names) == len(set(names))
    assert all(one["summary"] and one["description"] and one["tags"] for one in operations)
    assert all("401" in one["responses"] for one in operations if one["operationId"] != "get_openapi")


def test_a_route_with_a_number_in_its_path_may_not_find_it() -> None:
    paths = described()["paths"].items()
    assert [
        path
        for path, found in paths
        for one in found.values()
        if "{" in path and "404" not in one["responses"]
    ] == []


def test_every_request_has_an_example_and_every_example_is_true() -> None:
    schemas = described()["components"]["schemas"]
    examples = [(name, example) for name, schema in schemas.items() for example in schema.get("examples", ())]

    assert {route.takes.__name__ for route in ROUTES if route.takes} <= {name for name, _ in examples}
    assert [
        (name, faults(example, schemas[name])) for name, example in examples if faults(example, schemas[name])
    ] == []
    for route in ROUTES:
        if route.takes:
            for example in schemas[route.takes.__name__]["examples"]:
                route.takes.model_validate_json(json.dumps(example))


def test_every_reference_leads_somewhere() -> None:
    found: list[str] = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            found.extend(said for word, said in value.items() if word == "$ref")
            for each in value.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    look(described())
    schemas = described()["components"]["schemas"]
    assert found
    assert [ref for ref in found if ref.rsplit("/", 1)[-1] not in schemas] == []


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"a": 1}, {"properties": {}}),
        ({}, {"required": ["a"]}),
        (True, {"type": "integer"}),
        ("x", {"enum": ["y"]}),
        ("yesterday", {"type": "string", "format": "date-time"}),
        ([1], {"items": {"type": "string"}}),
        (1, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ],
)
def test_the_checker_of_these_tests_does_find_faults(value: Any, schema: dict[str, Any]) -> None:
    assert faults(value, schema)


def test_a_model_refuses_what_its_schema_does_not_name() -> None:
    for route in ROUTES:
        if route.takes:
            with pytest.raises(ValidationError):
                route.takes.model_validate_json('{"no_such_field": 1}')
            schema = described()["components"]["schemas"][route.takes.__name__]
            assert schema["additionalProperties"] is False

"""The contract's answers: what is refused, how it is said, and that nothing changes."""

import asyncio
import json

import pytest

from tests.api.client import Rest


async def test_a_case_has_the_contracts_shape(api: Rest) -> None:
    case = await api.note()

    wanted = {
        "number", "status", "stage", "channel", "person", "system", "procedure", "step", "role", "unit", "assignee",
        "estimate", "parent", "merged_into", "classification", "suggestions", "similar_cases", "moves", "revision",
    }
    assert wanted <= set(case)
    assert case["procedure"] == {"code": "PR01", "version": "0"}
    assert (case["step"], case["role"], case["unit"], case["status"]) == ("PR01 3", "operador", "ait", "open")
    assert case["person"] == {"name": "Rosa Mamani", "addresses": {"phone": "+59170000001"}}
    assert case["classification"]["confirmed"] is None
    assert case["classification"]["proposed"]["model"] == "test-1"
    assert case["suggestions"][0]["title"] == "La página de pagos no carga"


async def test_a_wrong_role_gets_403_and_changes_nothing(api: Rest) -> None:
    case = await api.confirm(await api.note(), "support", before=False)

    status, problem = await api.ask(
        "POST", f"/cases/{case['number']}/moves", "supervisor",
        body={"move": "not-uit", "fields": {}, "revision": case["revision"]},
    )

    assert (status, problem["status"]) == (403, 403)
    assert await api.get(f"/cases/{case['number']}") == case


async def test_a_stale_revision_gets_409_with_the_new_state(api: Rest) -> None:
    case = await api.confirm(await api.note(), "support", before=False)
    faster = await api.take(case, "PR01 4")

    status, problem = await api.ask(
        "POST", f"/cases/{case['number']}/moves",
        body={"move": "not-uit", "fields": {}, "revision": case["revision"]},
    )

    assert status == 409
    assert problem["case"]["step"] == "PR01 4"
    assert await api.get(f"/cases/{case['number']}") == faster


async def test_a_missing_field_gets_422_and_is_named(api: Rest) -> None:
    case = await api.confirm(await api.note(), "support", before=False)
    for to in ("PR01 4", "PR01 5"):
        case = await api.take(case, to)

    status, problem = await api.ask(
        "POST", f"/cases/{case['number']}/moves", body={"move": "solve", "fields": {}, "revision": case["revision"]}
    )

    assert (status, list(problem["errors"])) == (422, ["solution"])
    assert await api.get(f"/cases/{case['number']}") == case


@pytest.mark.parametrize(
    ("move", "fields"), [("no-such", {}), ("not-uit", {"no_such": "x"}), ("derive-uit", {}), ("solve", {"solution": "x"})]
)
async def test_a_move_that_is_not_open_gets_422_and_changes_nothing(api: Rest, move: str, fields: dict[str, str]) -> None:
    case = await api.confirm(await api.note(), "support", before=False)

    status, _ = await api.ask(
        "POST", f"/cases/{case['number']}/moves", body={"move": move, "fields": fields, "revision": case["revision"]}
    )

    assert status == 422
    assert await api.get(f"/cases/{case['number']}") == case


@pytest.mark.parametrize("value", ["mañana", "2026-04-01T10:00:00", "2020-01-01T10:00:00Z", 12, None, True])
async def test_an_estimate_that_is_no_future_moment_gets_422(api: Rest, value: object) -> None:
    case = await api.confirm(await api.note(), "availability", before=True)
    for to in ("PR02 1", "PR02 2", "PR02 3", "PR02 3.A.1"):
        case = await api.take(case, to)

    status, problem = await api.ask(
        "POST", f"/cases/{case['number']}/moves", "uit",
        body={"move": "estimate", "fields": {"estimate": value}, "revision": case["revision"]},
    )

    assert (status, list(problem["errors"])) == (422, ["estimate"])


async def test_a_unit_sees_only_what_it_has_or_has_had(api: Rest) -> None:
    mine = await api.confirm(await api.note(), "availability", before=True)
    for to in ("PR02 1", "PR02 2"):
        mine = await api.take(mine, to)
    await api.note("otra cosa", phone="70000002")

    assert [row["number"] for row in (await api.get("/cases", "uit"))["items"]] == [mine["number"]]
    assert (await api.ask("GET", f"/cases/{mine['number']}", "upat"))[0] == 404


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 401), ({"Authorization": "Bearer nobody"}, 401), ({"Authorization": "Basic eA=="}, 401)]
)
async def test_without_a_good_token_nothing_is_told(api: Rest, headers: dict[str, str], status: int) -> None:
    assert (await api.ask("GET", "/cases", None, **headers))[0] == status


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [(b"{", "application/json", 400), (b"\xff", "application/json", 400), (b"a=1", "application/x-www-form-urlencoded", 415),
     (b"[]", "application/json", 422), (b'{"text":1}', "application/json", 422), (b'{"txt":"x"}', "application/json", 422)],
)
async def test_a_body_that_will_not_do_is_refused_by_name(api: Rest, raw: bytes, kind: str, status: int) -> None:
    case = await api.note()
    headers = {"Authorization": f"Bearer {api.tokens['operador']}", "Content-Type": kind}

    async with api.client.post(f"/api/v1/cases/{case['number']}/notes", data=raw, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (status, "application/problem+json")


async def test_another_method_gets_405_and_an_unknown_address_404(api: Rest) -> None:
    assert (await api.ask("DELETE", "/cases"))[0] == 405
    assert (await api.ask("GET", "/nowhere"))[0] == 404


async def test_the_same_key_runs_once_and_answers_the_same(api: Rest) -> None:
    note = {"phone": "70000002", "name": "Juan", "text": "no abre"}
    answers = await asyncio.gather(
        *(api.ask("POST", "/phone-notes", body=note, **{"Idempotency-Key": "k1"}) for _ in range(5))
    )

    assert {json.dumps(answer) for answer in answers} == {json.dumps(answers[0])}
    assert len((await api.get("/cases"))["items"]) == 1


async def test_a_key_used_for_another_request_is_refused(api: Rest) -> None:
    note = {"phone": "70000002", "name": "Juan", "text": "no abre"}
    await api.ask("POST", "/phone-notes", body=note, **{"Idempotency-Key": "k1"})

    assert (await api.ask("POST", "/phone-notes", body=note | {"text": "x"}, **{"Idempotency-Key": "k1"}))[0] == 422


async def test_lists_page_by_cursor_without_gap_or_repeat(api_on_each: Rest) -> None:
    numbers = [(await api_on_each.note(phone=f"7000000{n}"))["number"] for n in range(3)]
    first = await api_on_each.get("/cases?limit=2")
    second = await api_on_each.get(f"/cases?limit=2&cursor={first['next']}")

    assert [row["number"] for row in first["items"] + second["items"]] == [
        *reversed(numbers)
    ]
    assert second["next"] is None


@pytest.mark.parametrize("q", ["clave olvidada", "OLVIDÓ", "70000001", "+59170000001", "rosa mam", "2026-000001"])
async def test_q_finds_by_number_phone_name_and_words_without_accents(api_on_each: Rest, q: str) -> None:
    await api_on_each.note("Sra. olvidó su clave")
    async with api_on_each.client.get(
        "/api/v1/cases", params={"q": q}, headers={"Authorization": f"Bearer {api_on_each.tokens['operador']}"}
    ) as answer:
        found = await answer.json()

    expected = 0 if q == "clave olvidada" else 1
    assert len(found["items"]) == expected


@pytest.mark.parametrize("query", ["status=nothing", "limit=0", "limit=1000", "cursor=zzz", "nothing=1", "channel=fax"])
async def test_a_query_that_will_not_do_is_refused(api: Rest, query: str) -> None:
    assert (await api.ask("GET", f"/cases?{query}"))[0] == 422


async def test_an_answer_to_a_phone_case_is_a_call_with_an_outcome(api: Rest) -> None:
    case = await api.note()
    status, sent = await api.ask("POST", f"/cases/{case['number']}/replies", body={"text": "Ya puede pagar."})
    assert (status, sent["delivery"]["state"]) == (202, "queued")
    [call] = (await api.get("/callbacks"))["items"]

    outcome = {"reached": False, "text": "No contesta"}
    _, again = await api.ask("POST", f"/callbacks/{call['id']}/outcome", body=outcome)
    assert (again["attempts"], again["done"]) == (1, False)
    await api.ask("POST", f"/callbacks/{call['id']}/outcome", body={"reached": True, "text": "Agradece"})

    messages = (await api.get(f"/cases/{case['number']}/messages"))["items"]
    assert messages[-1]["delivery"] == {"state": "delivered", "reason": None, "attempts": 2}
    assert (await api.get("/callbacks"))["items"] == []


async def test_a_note_of_a_call_with_wrong_fields_names_each(api: Rest) -> None:
    status, problem = await api.ask("POST", "/phone-notes", body={"phone": "12", "text": " ", "name": "x"})

    assert (status, set(problem["errors"])) == (422, {"phone", "text"})


async def test_articles_are_written_versioned_and_found(api: Rest) -> None:
    text = {"title": "Token no reconocido", "body": "Reinstale el controlador.", "category": "support", "system": "firma_digital"}
    status, draft = await api.ask("POST", "/articles", body=text)
    assert (status, draft["approved"]) == (201, False)

    status, shown = await api.ask("PUT", f"/articles/{draft['id']}", "supervisor", body=text | {"body": "Use otro puerto."})
    assert (status, shown["version"], shown["approved"]) == (200, 2, True)

    found = await api.get("/articles/search?q=token+no+reconocido&top=3")
    assert found["items"][0]["article"] == draft["id"]


async def test_a_procedure_is_shown_in_the_manuals_words_and_drawn(api: Rest) -> None:
    shown = await api.get("/procedures/PR02/0")
    step = next(step for step in shown["steps"] if step["number"] == "3.C.4")
    assert step["output"] == "Registro interno del resultado en la herramienta Osticket"

    headers = {"Authorization": f"Bearer {api.tokens['uit']}"}
    async with api.client.get("/api/v1/procedures/PR02/0/diagram.svg", headers=headers) as drawn:
        assert (drawn.status, drawn.content_type) == (200, "image/svg+xml")
    async with api.client.get("/api/v1/procedures/PR02/0/diagram.bpmn", headers=headers) as drawn:
        assert "<bpmn:definitions" in await drawn.text()
    assert (await api.ask("GET", "/procedures/PR02/9"))[0] == 404


async def test_events_carry_names_and_no_content(api: Rest) -> None:
    headers = {"Authorization": f"Bearer {api.tokens['operador']}"}
    async with api.client.get("/api/v1/events", headers=headers) as stream:
        case = await api.note("un texto que no debe salir")
        lines = b""
        while b"queue-changed" not in lines:
            lines += await asyncio.wait_for(stream.content.readline(), 5)

    assert b"event: case-changed" in lines
    assert case["number"].encode() in lines
    assert b"no debe salir" not in lines

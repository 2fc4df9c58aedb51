"""Idempotency-Key: what is repeated under one key runs once and is answered the same."""

import asyncio
import json
from typing import Any

from structlog.testing import capture_logs

from api.idempotency import Keys
from tests.api.client import Rest

NOTE = {"phone": "70000002", "name": "Juan", "text": "no abre"}


async def test_the_same_key_runs_once_and_answers_the_same(api: Rest) -> None:
    answers = await asyncio.gather(
        *(api.ask("POST", "/phone-notes", body=NOTE, **{"Idempotency-Key": "k1"}) for _ in range(5))
    )

    assert answers[0][0] == 201
    assert {json.dumps(answer) for answer in answers} == {json.dumps(answers[0])}
    case = answers[0][1]["case"]
    assert len((await api.get(f"/cases/{case}/messages"))["items"]) == 1
    assert await api.ask("POST", "/phone-notes", body=NOTE, **{"Idempotency-Key": "k1"}) == answers[0]


async def test_a_refusal_is_remembered_too(api: Rest) -> None:
    case = await api.note()
    path = f"/cases/{case['number']}/assign"
    first = await api.ask("POST", path, body={"user": "nobody"}, **{"Idempotency-Key": "k1"})

    assert first[0] == 422
    assert await api.ask("POST", path, body={"user": "nobody"}, **{"Idempotency-Key": "k1"}) == first


async def test_a_key_used_for_another_request_is_refused(api: Rest) -> None:
    await api.ask("POST", "/phone-notes", body=NOTE, **{"Idempotency-Key": "k1"})

    status, problem = await api.ask(
        "POST", "/phone-notes", body=NOTE | {"text": "x"}, **{"Idempotency-Key": "k1"}
    )

    assert (status, list(problem["errors"])) == (422, ["Idempotency-Key"])
    assert len((await api.get("/cases"))["items"]) == 1


async def test_two_accounts_may_use_the_same_key(api: Rest) -> None:
    case = await api.note()
    path = f"/cases/{case['number']}/notes"
    for by in ("operador", "supervisor"):
        await api.ask("POST", path, by, body={"text": "x"}, **{"Idempotency-Key": "k1"})

    assert len((await api.get(f"/cases/{case['number']}/messages"))["items"]) == 3


async def test_a_key_that_cannot_be_kept_is_refused(api: Rest) -> None:
    for key in ("x" * 256, "ñ", ""):
        status, _ = await api.ask("POST", "/phone-notes", body=NOTE, **{"Idempotency-Key": key})
        assert status == 422, key
    assert (await api.get("/cases"))["items"] == []


async def test_an_internal_error_is_not_remembered_and_the_next_one_waits_its_turn(api: Rest) -> None:
    class BrokenOnce:
        version = "broken"
        runs = 0

        def classify(self, texts: Any) -> Any:
            BrokenOnce.runs += 1
            if BrokenOnce.runs == 1:
                raise RuntimeError
            return [None for _ in texts]

    api.desk.desk.classifier = BrokenOnce()
    with capture_logs():
        answers = await asyncio.gather(
            *(api.ask("POST", "/phone-notes", body=NOTE, **{"Idempotency-Key": "k1"}) for _ in range(4))
        )

    assert sorted(status for status, _ in answers) == [201, 201, 201, 500]
    assert BrokenOnce.runs == 2


async def test_the_answer_of_another_node_that_was_faster_stands(api: Rest) -> None:
    """Another node has its own turns; the table's key lets one answer in."""
    keys, account = Keys(api.desk.desk), api.desk.people["operador"].id
    status, first = await api.ask("POST", "/phone-notes", body=NOTE, **{"Idempotency-Key": "k1"})
    known = await api.desk.desk.database.read(lambda work: work.accounts.answered_before(account, "k1"))
    assert known is not None

    async def never() -> Any:
        raise AssertionError("it ran twice")

    again = await keys.once(account, "k1", known[0], never)

    assert (again.status, json.loads(again.text or "")) == (status, first)

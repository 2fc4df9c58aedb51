"""What is done to a case beside the manual's steps, to calls, to the quarantine and to articles."""

import base64
from datetime import timedelta
from typing import Any

from cases.vocabulary import Channel, DeliveryState
from tests.api.client import REVIEWED, Rest
from tests.builders import a_message


async def test_an_answer_goes_out_and_says_how_far_it_got(api: Rest) -> None:
    case = await api.message(a_message())

    taken = await api.do(f"/cases/{case['number']}/replies", text="Ya puede pagar.", channel="whatsapp")

    assert taken["delivery"] == {"state": "queued", "reason": None}
    sent = (await api.get(f"/cases/{case['number']}/messages"))["items"][-1]
    assert (sent["id"], sent["direction"], sent["author"]) == (taken["message"], "out", "Operador")
    assert sent["delivery"] == {"state": "queued", "reason": None, "attempts": 0}


async def test_an_answer_to_a_mail_carries_files_and_an_article(api: Rest) -> None:
    case = await api.message(a_message(channel=Channel.EMAIL, sender="ana@example.bo"))
    file = {
        "name": "guía.pdf",
        "media_type": "application/pdf",
        "content": base64.b64encode(b"%PDF").decode(),
    }

    await api.do(f"/cases/{case['number']}/replies", text="Mire:", article="kb-api", attachments=[file])

    sent = (await api.get(f"/cases/{case['number']}/messages"))["items"][-1]
    assert "La página de pagos no carga" in sent["text"]
    [kept] = sent["attachments"]
    assert kept | {"id": 0} == {"id": 0, "name": "guía.pdf", "media_type": "application/pdf", "size": 4}


FILE = {"name": "a.pdf", "media_type": "application/pdf", "content": "JVBERg=="}


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "text"),
    ({"text": "x", "channel": "email"}, "channel"),
    ({"text": "x", "article": 999}, "article"),
    ({"text": "x", "article": "kb-draft"}, "article"),
    ({"text": "x", "article": True}, "article"),
    ({"text": "x", "attachments": [FILE | {"name": "a\r\nBcc: x"}]}, "attachments.0.name"),
    ({"text": "x", "attachments": [FILE | {"media_type": "text"}]}, "attachments.0.media_type"),
]


async def test_an_answer_that_will_not_do_is_refused_by_name_and_not_sent(api: Rest) -> None:
    await api.do("/articles", id="kb-draft", title="t", body="b", category="support", system="ppte")
    case = await api.message(a_message())
    before = await api.everything(case["number"])

    for said, named in UNFIT:
        await api.refused(f"/cases/{case['number']}/replies", said, {named})
    broken = {"text": "x", "attachments": [FILE | {"content": "%"}]}
    await api.refused(f"/cases/{case['number']}/replies", broken, {"attachments.0.content"})

    assert await api.everything(case["number"]) == before


async def test_no_file_goes_out_where_somebody_reads_the_answer_aloud(api: Rest) -> None:
    case = await api.note()

    await api.refused(
        f"/cases/{case['number']}/replies", {"text": "x", "attachments": [FILE]}, {"attachments"}
    )


async def test_a_note_stays_inside(api: Rest) -> None:
    case = await api.note()

    await api.do(f"/cases/{case['number']}/notes", "supervisor", text="Llamó dos veces.")

    note = (await api.get(f"/cases/{case['number']}/messages"))["items"][-1]
    assert (note["direction"], note["text"], note["delivery"]) == ("note", "Llamó dos veces.", None)


async def test_what_was_not_delivered_is_sent_again_once(api: Rest) -> None:
    case = await api.message(a_message())
    taken = await api.do(f"/cases/{case['number']}/replies", text="Ya puede pagar.")
    path = f"/messages/{taken['message']}/retry"

    status, problem = await api.ask("POST", path)
    assert (status, problem["case"]["number"]) == (409, case["number"])

    await api.fail_deliveries("sin crédito")
    failed = (await api.get(f"/cases/{case['number']}/messages"))["items"][-1]
    assert (failed["delivery"]["state"], failed["delivery"]["reason"]) == (
        DeliveryState.FAILED,
        "sin crédito",
    )
    assert (await api.do(path))["delivery"]["state"] == "queued"
    assert (await api.ask("POST", "/messages/99999/retry"))[0] == 404


async def test_a_report_of_two_problems_is_split_and_joined_again(api: Rest) -> None:
    case = await api.message(a_message())
    await api.message(a_message(text="Además no tengo mi clave"))
    second = [
        m for m in (await api.get(f"/cases/{case['number']}/messages"))["items"] if m["direction"] == "in"
    ][-1]

    new = await api.do(f"/cases/{case['number']}/split", messages=[second["id"]])
    assert (new["parent"], new["step"]) == (case["number"], "PR01 3")
    assert [m["text"] for m in (await api.get(f"/cases/{new['number']}/messages"))["items"]] == [
        "Además no tengo mi clave"
    ]

    joined = await api.do(f"/cases/{new['number']}/merge", into=case["number"])
    assert joined["number"] == case["number"]
    gone = await api.get(f"/cases/{new['number']}")
    assert (gone["status"], gone["merged_into"], gone["moves"]) == ("closed", case["number"], [])


async def test_a_case_is_handed_over_and_given_back(api: Rest) -> None:
    case = await api.note()

    case = await api.do(f"/cases/{case['number']}/assign", "supervisor", user="operador2")
    assert case["assignee"] == "operador2"
    status, problem = await api.ask("POST", f"/cases/{case['number']}/assign", body={"user": "uit"})
    assert (status, list(problem["errors"])) == (422, ["user"])
    assert (await api.do(f"/cases/{case['number']}/assign", user=None))["assignee"] is None


async def test_an_estimate_is_set_and_revised_with_a_reason_only(api: Rest) -> None:
    case = await api.note()
    path = f"/cases/{case['number']}/estimate"

    assert (await api.do(path, at="2026-03-04T18:00:00-04:00", reason="x"))[
        "estimate"
    ] == "2026-03-04T22:00:00Z"
    for wrong, named in (
        ({"at": "2026-03-05T22:00:00Z"}, "reason"),
        ({"at": "2026-03-01T22:00:00Z", "reason": "x"}, "at"),
        ({"at": "2026-03-05T22:00:00"}, "at"),
        ({"at": 1900000000}, "at"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "at"),
    ):
        status, problem = await api.ask("POST", path, body=wrong)
        assert (status, list(problem["errors"])) == (422, [named]), wrong
    assert (await api.do(path, at="2026-03-05T22:00:00Z", reason="Falta un repuesto."))["estimate"][
        :10
    ] == "2026-03-05"


async def test_waiting_ends_with_the_citizens_next_message(api: Rest) -> None:
    case = await api.message(a_message())

    case = await api.do(f"/cases/{case['number']}/waiting", reason="Falta el número de trámite.")
    assert case["status"] == "waiting"
    assert (await api.message(a_message(text="Es el 123")))["status"] == "open"


async def test_only_a_closed_case_is_reopened(api: Rest) -> None:
    case = await api.confirm(await api.note(), "support", before=False)
    path = f"/cases/{case['number']}/reopen"

    status, problem = await api.ask("POST", path, body={"reason": "x"})
    assert (status, problem["case"]) == (409, case)

    await api.walk(case, *REVIEWED, "PR01 10", "closed")
    status, problem = await api.ask("POST", f"/cases/{case['number']}/waiting", body={"reason": "x"})
    assert (status, problem["case"]["status"]) == (409, "closed")
    case = await api.do(path, reason="La persona dice que sigue igual.")
    assert (case["status"], case["step"], case["classification"]["confirmed"]) == ("open", "PR01 3", None)


async def test_a_solved_case_is_shown_to_its_like(api: Rest) -> None:
    solved = await api.confirm(await api.note(), "availability", before=False)
    await api.walk(solved, *REVIEWED, "PR01 10", "closed")
    case = await api.message(a_message())

    [similar] = case["similar_cases"]
    assert similar == {
        "number": solved["number"],
        "subject": similar["subject"],
        "solution": "Se reinició el servicio.",
        "closed": "2026-03-02T13:00:00Z",
    }


async def test_an_answer_to_a_phone_case_is_a_call_with_an_outcome(api: Rest) -> None:
    case = await api.note()
    await api.do(f"/cases/{case['number']}/replies", text="Ya puede pagar.")
    [call] = (await api.get("/callbacks"))["items"]
    path = f"/callbacks/{call['id']}/outcome"

    again = (api.desk.clock.now() + timedelta(hours=3)).isoformat()
    missed = await api.do(path, reached=False, text="No contesta", again_at=again)
    assert (missed["attempts"], missed["done"], missed["due"]) == (1, False, "2026-03-02T16:00:00Z")
    outcome = {"at": "2026-03-02T13:00:00Z", "by": "operador", "reached": False, "text": "No contesta"}
    assert missed["outcomes"] == [outcome]
    await api.do(path, reached=True, text="Agradece")

    messages = (await api.get(f"/cases/{case['number']}/messages"))["items"]
    assert messages[-1]["delivery"] == {"state": "delivered", "reason": None, "attempts": 2}
    assert (await api.get("/callbacks"))["items"] == []
    assert (await api.ask("POST", path, body={"reached": True}))[0] == 409
    assert (await api.ask("GET", "/callbacks", "uit"))[0] == 403


async def test_a_note_of_a_call_with_wrong_fields_names_each(api: Rest) -> None:
    status, problem = await api.ask("POST", "/phone-notes", body={"phone": "12", "text": " ", "name": "x"})

    assert (status, set(problem["errors"])) == (422, {"phone", "text"})
    assert (await api.get("/cases"))["items"] == []


async def test_the_quarantine_is_released_or_discarded_once(api: Rest) -> None:
    await api.not_understood()
    await api.forged(b"x" * 20_000)
    forged, unread = (await api.get("/quarantine", "admin"))["items"]

    assert (forged["size"], len(base64.b64decode(forged["payload"]))) == (20_000, 10_000)
    assert (await api.ask("POST", f"/quarantine/{forged['id']}/release"))[0] == 409
    await api.do(f"/quarantine/{forged['id']}/discard")
    await api.do(f"/quarantine/{unread['id']}/release")
    assert (await api.ask("POST", f"/quarantine/{unread['id']}/discard"))[0] == 409
    assert (await api.get("/quarantine"))["items"] == []
    assert (await api.ask("GET", "/quarantine", "uit"))[0] == 403


async def test_conversations_are_for_supervisors(api: Rest) -> None:
    case = await api.message(a_message())

    [conversation] = (await api.get("/conversations", "supervisor"))["items"]

    assert (conversation["case"], conversation["channel"], conversation["person"]) == (
        case["number"],
        "whatsapp",
        "Rosa Mamani",
    )
    assert (await api.ask("GET", "/conversations"))[0] == 403


TEXT = {
    "title": "Token no reconocido",
    "body": "Reinstale.",
    "category": "support",
    "system": "firma_digital",
}


async def test_articles_are_written_versioned_and_found(api: Rest) -> None:
    draft = await api.do("/articles", **TEXT, id="2000")
    assert (draft["approved"], draft["version"], draft["external_id"]) == (False, 1, "2000")

    status, shown = await api.ask(
        "PUT", "/articles/2000", "supervisor", body=TEXT | {"body": "Use otro puerto."}
    )
    assert (status, shown["id"], shown["version"], shown["approved"]) == (200, draft["id"], 2, True)
    assert await api.get(f"/articles/{draft['id']}") == shown

    found = await api.get("/articles/search?q=token+no+reconocido&top=3")
    assert found["items"][0]["article"] == draft["id"]
    assert (await api.get("/articles/search?q="))["items"] == []


async def test_an_article_that_will_not_do_is_refused_by_name(api: Rest) -> None:
    for wrong in (
        {"title": ""},
        {"system": "none"},
        {"audience": "all"},
        {"category": "x"},
        {"id": "kb-api"},
        {"text": "x"},
        {"keywords": "x"},
    ):
        await api.refused("/articles", TEXT | wrong, set(wrong))
    assert (await api.ask("POST", "/articles", "uit", body=TEXT))[0] == 403


async def test_an_articles_external_id_is_not_changed(api: Rest) -> None:
    draft = await api.do("/articles", **TEXT)

    status, problem = await api.ask("PUT", f"/articles/{draft['id']}", body=TEXT | {"id": "other"})

    assert (status, list(problem["errors"])) == (422, ["id"])
    assert (await api.ask("PUT", "/articles/none", body=TEXT))[0] == 404


async def test_procedures_are_shown_in_the_manuals_words_and_drawn(api: Rest) -> None:
    assert [
        (row["code"], row["version"], row["active"]) for row in (await api.get("/procedures"))["items"]
    ] == [
        ("PR01", "0", True),
        ("PR02", "0", True),
        ("PR03", "0", True),
    ]
    shown = await api.get("/procedures/PR02/0", "uit")
    assert set(shown) == {"code", "version", "title", "resolution", "active", "steps"}
    step = next(step for step in shown["steps"] if step["number"] == "3.C.4")
    assert set(step) == {"number", "activity", "responsible", "output", "stage", "extension"}
    assert step["output"] == "Registro interno del resultado en la herramienta Osticket"

    assert "<svg" in (await api.ask("GET", "/procedures/PR02/0/diagram.svg"))[1]
    assert "<bpmn:definitions" in (await api.ask("GET", "/procedures/PR02/0/diagram.bpmn"))[1]

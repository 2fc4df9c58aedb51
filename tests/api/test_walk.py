"""PR01 whole over the API: from the note of a call to the closing, once returned; and what is refused on the way."""

from typing import Any

import pytest

from tests.api.client import REVIEWED, Rest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_pr01_is_walked_returned_once_and_closed(shared_api: Rest) -> None:
    case = await shared_api.confirm(await shared_api.note(), "support", before=False)
    assert case["step"] == "PR01 3"
    case = await shared_api.walk(case, *REVIEWED)
    assert (case["status"], case["stage"]) == ("in_review", "3")

    case = await shared_api.take(case, "PR01 3")
    assert (case["status"], case["classification"]["confirmed"]) == ("open", None)
    assert [move["id"] for move in case["moves"]] == []

    case = await shared_api.confirm(case, "support", before=False)
    case = await shared_api.walk(case, *REVIEWED, "PR01 10", "closed")

    assert (case["status"], case["step"], case["role"], case["moves"]) == ("closed", None, None, [])
    record = (await shared_api.get(f"/cases/{case['number']}/record"))["items"]
    once = ["PR01 3", *REVIEWED]
    assert [
        f"{entry['procedure']} {entry['step']}" for entry in record if entry["kind"] in ("step", "return")
    ] == [
        "PR01 1",
        "PR01 2",
        *once,
        *once,
        "PR01 10",
    ]
    returned = next(entry for entry in record if entry["kind"] == "return")
    assert (returned["actor"], returned["data"]["observation"]) == ("supervisor", "Se reinició el servicio.")
    assert [entry["previous"] for entry in record[1:]] == [entry["hash"] for entry in record[:-1]]


async def test_the_citizen_is_notified_on_the_channel_of_the_report(shared_api: Rest) -> None:
    case = await shared_api.confirm(await shared_api.note(), "support", before=False)
    case = await shared_api.walk(case, *REVIEWED)

    sent = (await shared_api.get(f"/cases/{case['number']}/messages"))["items"][-1]
    assert (sent["direction"], sent["channel"], sent["text"]) == ("out", "phone", "Se reinició el servicio.")
    assert case["number"] in [call["case"] for call in (await shared_api.get("/callbacks"))["items"]]


async def at_solving(shared_api: Rest) -> dict[str, Any]:
    return await shared_api.walk(
        await shared_api.confirm(await shared_api.note(), "support", before=False), "PR01 4", "PR01 5"
    )


SOLVE = {"move": "solve", "fields": {"solution": "x"}}


async def test_a_wrong_role_is_refused_and_changes_nothing(shared_api: Rest) -> None:
    case = await at_solving(shared_api)
    before = await shared_api.everything(case["number"])

    for by, expected in (("supervisor", 403), ("admin", 403), ("uit", 404)):  # a unit does not even see it
        status, problem = await shared_api.ask(
            "POST", f"/cases/{case['number']}/moves", by, body=SOLVE | {"revision": case["revision"]}
        )
        assert (status, problem["status"]) == (expected, expected)

    assert await shared_api.everything(case["number"]) == before


async def test_a_stale_revision_gets_409_with_the_case_as_get_gives_it(shared_api: Rest) -> None:
    case = await at_solving(shared_api)
    before = await shared_api.everything(case["number"])

    status, problem = await shared_api.ask(
        "POST", f"/cases/{case['number']}/moves", body=SOLVE | {"revision": case["revision"] - 1}
    )

    assert status == 409
    assert problem["case"] == case
    assert await shared_api.everything(case["number"]) == before


REFUSED: list[tuple[dict[str, Any], set[str]]] = [
    ({"move": "solve", "fields": {}}, {"solution"}),
    ({"move": "solve", "fields": {"solution": "  "}}, {"solution"}),
    ({"move": "solve", "fields": {"solution": None, "comment": "x"}}, {"solution"}),
    ({"move": "solve", "fields": {"solution": ["x"]}}, {"solution"}),
    ({"move": "solve", "fields": {"solution": 1.5}}, {"solution"}),
    ({"move": "solve", "fields": {"solution": "x", "no_such": "y"}}, {"no_such"}),
    ({"move": "solve", "fields": {"solution": "a\x00b"}}, {"fields"}),
    ({"move": "no-such", "fields": {}}, set()),
    ({"move": "derive-uit", "fields": {}}, set()),
]


async def test_a_missing_field_or_an_unknown_move_gets_422_by_name_and_changes_nothing(
    shared_api: Rest,
) -> None:
    case = await at_solving(shared_api)
    before = await shared_api.everything(case["number"])

    for said, named in REFUSED:
        await shared_api.refused(
            f"/cases/{case['number']}/moves", said | {"revision": case["revision"]}, named
        )

    assert await shared_api.everything(case["number"]) == before


NO_MOMENTS = (
    "mañana",
    "2026-04-01T10:00:00",
    "2026-04-01",
    "1900000000",
    "2020-01-01T10:00:00Z",
    "9999-12-31T23:59:59-23:59",
    12,
    None,
    True,
)


async def test_an_estimate_that_is_no_future_moment_gets_422(shared_api: Rest) -> None:
    case = await shared_api.confirm(await shared_api.note(), "availability", before=True)
    case = await shared_api.walk(case, "PR02 1", "PR02 2", "PR02 3", "PR02 3.A.1")

    for value in NO_MOMENTS:
        said = {"move": "estimate", "fields": {"estimate": value}, "revision": case["revision"]}
        await shared_api.refused(f"/cases/{case['number']}/moves", said, {"estimate"}, by="uit")

    case = await shared_api.do(
        f"/cases/{case['number']}/moves",
        "uit",
        move="estimate",
        fields={"estimate": "2026-03-04T18:00:00-04:00"},
        revision=case["revision"],
    )
    assert case["estimate"] == "2026-03-04T22:00:00Z"
    entry = (await shared_api.get(f"/cases/{case['number']}/record", "uit"))["items"][-1]
    assert entry["data"]["estimate"] == "2026-03-04T22:00:00Z"


NO_ARTICLES: tuple[Any, ...] = (999, "kb-none", 0, -1, True, 1.5, [], 10**30, "")


async def test_an_article_is_linked_by_number_or_external_id_and_has_to_be_there(shared_api: Rest) -> None:
    numbered = await shared_api.desk.article(external_id="1000", title="Otro artículo")
    case = await shared_api.walk(await at_solving(shared_api), "PR01 6")
    path = f"/cases/{case['number']}/moves"

    for value in NO_ARTICLES:
        said = {"move": "link-article", "fields": {"article": value}, "revision": case["revision"]}
        await shared_api.refused(path, said, {"article"})
    both = {"move": "new-version", "fields": {"article": "kb-none"}, "revision": case["revision"]}
    await shared_api.refused(path, both, {"article", "body"})

    case = await shared_api.do(
        path, move="link-article", fields={"article": "1000"}, revision=case["revision"]
    )
    entry = (await shared_api.get(f"/cases/{case['number']}/record"))["items"][-1]
    assert (case["step"], entry["data"]["article"]) == ("PR01 7", numbered.id)


async def test_a_json_number_is_an_articles_number_even_if_an_external_id_looks_like_it(
    shared_api: Rest,
) -> None:
    wanted = await shared_api.desk.article(external_id="kb-wanted")
    await shared_api.desk.article(external_id=str(wanted.id), title="El que no es")
    case = await shared_api.walk(await at_solving(shared_api), "PR01 6")

    case = await shared_api.do(
        f"/cases/{case['number']}/moves",
        move="link-article",
        fields={"article": wanted.id},
        revision=case["revision"],
    )

    entry = (await shared_api.get(f"/cases/{case['number']}/record"))["items"][-1]
    assert entry["data"]["article"] == wanted.id


async def test_moves_say_where_they_lead_and_options_only_for_a_choice(shared_api: Rest) -> None:
    case = await shared_api.confirm(await shared_api.note(), "availability", before=True)
    case = await shared_api.walk(case, "PR02 1", "PR02 2", "PR02 3", "PR02 3.C.1", "PR02 3.C.2")

    moves = {
        move["id"]: move for move in (await shared_api.get(f"/cases/{case['number']}", "acgii"))["moves"]
    }

    assert moves["prioritise"]["to"] == "PR02 3.C.3"
    assert {asked["name"] for asked in moves["prioritise"]["fields"] if "options" in asked} == {
        "class",
        "priority",
    }
    assert moves["return-to-deriver"]["extension"] is True

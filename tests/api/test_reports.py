"""The reports over the API: the console's numbers, for those who answer for the desk."""

import pytest

from api.reports import PARTS
from tests.api.client import REVIEWED, Rest

MONTH = "from=2026-03-01&to=2026-03-31"


async def test_the_parts_say_what_happened(api_on_each: Rest) -> None:
    api = api_on_each
    case = await api.confirm(await api.note(), "support", before=False)
    await api.walk(case, *REVIEWED, "PR01 10", "closed")
    await api.note()

    found = {part: await api.get(f"/reports/{part}?{MONTH}", "supervisor") for part in PARTS}

    volume = found["volume"]
    assert dict(zip(volume["days"], volume["opened"], strict=True))["2026-03-02"] == 2
    assert (sum(volume["closed"]), volume["channels"][0]["value"]) == (1, "phone")
    assert found["times"]["solution"]["count"] == 1
    assert {step["step"] for step in found["times"]["steps"]} >= {"PR01 3", "PR01 9"}
    assert sum(found["backlog"]["bands"]) == 1
    assert found["agreement"]["total"] == 1
    assert (found["survey"]["answers"], found["survey"]["mean"]) == (0, None)


async def test_filters_and_the_usual_period(api: Rest) -> None:
    await api.note()

    assert sum((await api.get("/reports/volume", "admin"))["opened"]) == 1
    assert sum((await api.get("/reports/volume?channel=email", "admin"))["opened"]) == 0
    assert sum((await api.get("/reports/volume?unit=uit", "admin"))["opened"]) == 0
    assert len((await api.get("/reports/volume", "admin"))["days"]) == 30


@pytest.mark.parametrize("part", PARTS)
async def test_reports_are_for_supervisors(api: Rest, part: str) -> None:
    assert (await api.ask("GET", f"/reports/{part}", "operador"))[0] == 403
    assert (await api.ask("GET", f"/reports/{part}", "uit"))[0] == 403
    assert (await api.ask("GET", f"/reports/{part}", None))[0] == 401


@pytest.mark.parametrize(
    "query", ["from=yesterday", "from=2026-03-02&to=2026-03-01", "from=2020-01-01", "category=x", "other=1"]
)
async def test_what_cannot_be_asked_is_refused(api: Rest, query: str) -> None:
    assert (await api.ask("GET", f"/reports/volume?{query}", "supervisor"))[0] == 422

"""Saved views: one's own, shared ones, the one that the day begins with."""

import pytest

from cases.errors import Forbidden, Invalid, NotFound
from desk import saved_views
from tests.builders import DeskUnderTest


async def names_of(desk: DeskUnderTest, who: str) -> list[str]:
    views = await saved_views.views_of(desk.desk, desk.people[who])
    return [view.name for view in views.all]


async def test_a_view_is_its_owners_until_it_is_shared(desk: DeskUnderTest) -> None:
    supervisor = desk.people["supervisor"]
    view = await saved_views.save(desk.desk, supervisor, " Correos  de hoy ", "canal=email", shared=False)

    assert await names_of(desk, "supervisor") == ["Correos de hoy"]
    assert await names_of(desk, "operador") == []

    await saved_views.change(desk.desk, supervisor, view.id, "Correos", shared=True)

    assert await names_of(desk, "operador") == ["Correos"]


async def test_only_who_supervises_shares(desk: DeskUnderTest) -> None:
    operator = desk.people["operador"]
    with pytest.raises(Forbidden):
        await saved_views.save(desk.desk, operator, "Para todos", "", shared=True)
    mine = await saved_views.save(desk.desk, operator, "Para mí", "", shared=False)
    with pytest.raises(Forbidden):
        await saved_views.change(desk.desk, operator, mine.id, "Para mí", shared=True)

    assert await names_of(desk, "operador") == ["Para mí"]
    assert await names_of(desk, "supervisor") == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "Míos"])
async def test_a_name_is_given_short_and_used_once(desk: DeskUnderTest, name: str) -> None:
    operator = desk.people["operador"]
    await saved_views.save(desk.desk, operator, "Míos", "quien=yo", shared=False)

    with pytest.raises(Invalid) as refused:
        await saved_views.save(desk.desk, operator, name, "", shared=False)

    assert set(refused.value.fields) == {"name"}
    assert await names_of(desk, "operador") == ["Míos"]


async def test_two_people_may_use_the_same_name(desk: DeskUnderTest) -> None:
    for who in ("operador", "operador2"):
        await saved_views.save(desk.desk, desk.people[who], "Míos", "quien=yo", shared=False)

    assert await names_of(desk, "operador2") == ["Míos"]


async def test_somebody_elses_view_is_not_there_and_a_shared_one_is_not_theirs(desk: DeskUnderTest) -> None:
    operator, other = desk.people["operador"], desk.people["operador2"]
    own = await saved_views.save(desk.desk, operator, "Míos", "quien=yo", shared=False)
    shared = await saved_views.save(desk.desk, desk.people["supervisor"], "Todos", "", shared=True)

    with pytest.raises(NotFound):
        await saved_views.open_with(desk.desk, other, own.id)
    with pytest.raises(NotFound):
        await saved_views.remove(desk.desk, other, own.id)
    with pytest.raises(Forbidden):
        await saved_views.change(desk.desk, other, shared.id, "Mío", shared=False)
    with pytest.raises(Forbidden):
        await saved_views.remove(desk.desk, other, shared.id)


async def test_the_day_begins_with_a_view_as_long_as_it_is_to_be_seen(desk: DeskUnderTest) -> None:
    supervisor, operator = desk.people["supervisor"], desk.people["operador"]
    shared = await saved_views.save(desk.desk, supervisor, "Todos", "seccion=todos", shared=True)
    for account in (operator, supervisor):
        await saved_views.open_with(desk.desk, account, shared.id)

    first = (await saved_views.views_of(desk.desk, operator)).first
    assert first is not None
    assert first.query == "seccion=todos"

    await saved_views.change(desk.desk, supervisor, shared.id, "Todos", shared=False)

    assert (await saved_views.views_of(desk.desk, operator)).first is None
    assert (await saved_views.views_of(desk.desk, supervisor)).first is not None

    await saved_views.remove(desk.desk, supervisor, shared.id)

    assert (await saved_views.views_of(desk.desk, supervisor)).first is None

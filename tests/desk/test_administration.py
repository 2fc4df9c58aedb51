"""What administrators do to people, tokens, systems and the calendar, and what their book says of it."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.model import Account, Case, System
from cases.vocabulary import AccountRole, Category, Unit
from desk import entrance
from desk.acts import assign
from desk.administration import people, systems, tokens
from desk.administration.book import book
from desk.administration.calendar import drop_day, ends, refresh_calendar, set_day
from desk.administration.people import Wanted
from store.tables import administration
from store.work import StoreWork
from tests.builders import DeskUnderTest, a_message


async def in_hands(desk: DeskUnderTest, username: str = "operador") -> Case:
    case = (await desk.receive(a_message())).case
    return await assign(desk.desk, desk.people["supervisor"], case.number, username)


async def acts(desk: DeskUnderTest) -> list[str]:
    """Return the kinds of the book, the oldest first; it is whole."""
    view = await book(desk.desk, desk.people["admin"], check=True)
    assert view.checked is not None
    assert (view.checked.whole, view.checked.broken) == (len(view.entries), None)
    return [entry.kind for entry in reversed(view.entries)]


async def add_admin(desk: DeskUnderTest) -> Account:
    """Open a second administrator's account, which can log in."""
    wanted = Wanted("Sara Condori", AccountRole.ADMIN)
    return (await people.add_person(desk.desk, desk.people["admin"], "sara", wanted))[0]


async def test_a_new_person_comes_in_with_the_password_that_was_shown(desk: DeskUnderTest) -> None:
    wanted = Wanted("  María   Quispe ", AccountRole.UNIDAD, Unit.UIT)

    account, password = await people.add_person(desk.desk, desk.people["admin"], " Maria.Quispe ", wanted)

    assert (account.username, account.name, account.unit) == ("maria.quispe", "María Quispe", Unit.UIT)
    assert (await entrance.log_in(desk.desk, "maria.quispe", password))[0] == account
    found = await people.person(desk.desk, desk.people["admin"], account.id)
    assert (found.member.last_login, len(found.sessions)) == (desk.clock.at, 1)
    assert await acts(desk) == ["person-added"]
    entries = (await book(desk.desk, desk.people["admin"])).entries
    assert password not in str(entries)


@pytest.mark.parametrize(
    ("username", "wanted", "fault"),
    [
        ("Ñandú pérez", Wanted("Ana", AccountRole.OPERADOR), "username"),
        ("ana", Wanted(" ", AccountRole.OPERADOR), "name"),
        ("ana", Wanted("Ana", AccountRole.UNIDAD), "unit"),
    ],
)
async def test_an_account_that_cannot_be_is_refused_by_field(
    desk: DeskUnderTest, username: str, wanted: Wanted, fault: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await people.add_person(desk.desk, desk.people["admin"], username, wanted)

    assert set(refused.value.fields) == {fault}


async def test_a_name_is_taken_also_by_a_closed_account(desk: DeskUnderTest) -> None:
    await people.deactivate(desk.desk, desk.people["admin"], desk.people["operador2"].id, None)

    with pytest.raises(Conflict):
        await people.add_person(
            desk.desk, desk.people["admin"], "operador2", Wanted("Otra", AccountRole.OPERADOR)
        )


async def test_whoever_leaves_is_out_at_once_and_the_cases_go_to_the_heir(desk: DeskUnderTest) -> None:
    case, leaver = await in_hands(desk), desk.people["operador"]
    key = await desk.desk.database.write(lambda work: work.accounts.open_session(leaver.id, desk.clock.at))

    moved = await people.deactivate(desk.desk, desk.people["admin"], leaver.id, "operador2")

    assert [one.number for one in moved] == [case.number]
    assert await entrance.session(desk.desk, key) is None
    assert (await desk.case(case.number)).assignee == desk.people["operador2"].id
    last = (await desk.record(case))[-1]
    assert (last.kind, last.data, last.actor, last.internal) == (
        "assignment",
        {"to": "operador2"},
        "admin",
        True,
    )
    with pytest.raises(Conflict):
        await people.deactivate(desk.desk, desk.people["admin"], leaver.id, None)
    await people.reactivate(desk.desk, desk.people["admin"], leaver.id)
    assert await acts(desk) == ["person-deactivated", "person-reactivated"]


async def test_without_an_heir_the_cases_go_back_to_the_queue(desk: DeskUnderTest) -> None:
    case = await in_hands(desk)

    with pytest.raises(Invalid):
        await people.deactivate(desk.desk, desk.people["admin"], desk.people["operador"].id, "supervisor")
    await people.deactivate(desk.desk, desk.people["admin"], desk.people["operador"].id, None)

    assert (await desk.case(case.number)).assignee is None


async def test_nobody_takes_away_themselves_or_the_last_administrator(desk: DeskUnderTest) -> None:
    admin, other = desk.people["admin"], await add_admin(desk)
    console = Account(0, "consola:ana", "Consola", AccountRole.ADMIN, Unit.AIT)

    with pytest.raises(Forbidden):
        await people.deactivate(desk.desk, other, other.id, None)
    with pytest.raises(Forbidden):
        await people.change_person(desk.desk, other, other.id, Wanted("Sara", AccountRole.OPERADOR))
    with pytest.raises(Conflict):
        await people.deactivate(desk.desk, console, other.id, None)
    with pytest.raises(Conflict):
        await people.change_person(desk.desk, admin, other.id, Wanted("Sara", AccountRole.OPERADOR))

    third, _ = await people.add_person(desk.desk, admin, "tito", Wanted("Tito Mamani", AccountRole.ADMIN))
    await people.deactivate(desk.desk, third, other.id, None)
    assert (await people.person(desk.desk, admin, third.id)).last_admin


async def test_another_role_lets_go_of_the_cases_that_are_not_its_own(desk: DeskUnderTest) -> None:
    case, person = await in_hands(desk), desk.people["operador"]

    same = await people.change_person(
        desk.desk, desk.people["admin"], person.id, Wanted("Olga Rojas", AccountRole.OPERADOR)
    )
    left = await people.change_person(
        desk.desk, desk.people["admin"], person.id, Wanted("Olga Rojas", AccountRole.UNIDAD, Unit.ADT)
    )

    assert (list(same), [one.number for one in left]) == ([], [case.number])
    assert (await desk.case(case.number)).assignee is None
    changed = (await people.person(desk.desk, desk.people["admin"], person.id)).member.account
    assert (changed.name, changed.role, changed.unit) == ("Olga Rojas", AccountRole.UNIDAD, Unit.ADT)


async def test_a_new_password_ends_the_sessions_and_the_old_one(desk: DeskUnderTest) -> None:
    account, old = await people.add_person(
        desk.desk, desk.people["admin"], "ana", Wanted("Ana", AccountRole.OPERADOR)
    )
    _, key = await entrance.log_in(desk.desk, "ana", old)

    new = await people.reset_password(desk.desk, desk.people["admin"], account.id)

    assert await entrance.session(desk.desk, key) is None
    with pytest.raises(Forbidden):
        await entrance.log_in(desk.desk, "ana", old)
    assert (await entrance.log_in(desk.desk, "ana", new))[0] == account


async def test_one_session_is_ended_and_the_others_go_on(desk: DeskUnderTest) -> None:
    person = desk.people["operador"]

    def twice(work: StoreWork) -> tuple[str, str]:
        first = work.accounts.open_session(person.id, desk.clock.at)
        return first, work.accounts.open_session(person.id, desk.clock.at + timedelta(hours=1))

    first, second = await desk.desk.database.write(twice)
    newest, _ = (await people.person(desk.desk, desk.people["admin"], person.id)).sessions

    assert await people.end_sessions(desk.desk, desk.people["admin"], person.id, newest.handle) == 1
    with pytest.raises(NotFound):
        await people.end_sessions(desk.desk, desk.people["admin"], person.id, newest.handle)

    assert await entrance.session(desk.desk, first) == person
    assert await entrance.session(desk.desk, second) is None


async def test_a_token_opens_the_api_until_it_is_revoked(desk: DeskUnderTest) -> None:
    admin = desk.people["admin"]

    token = await tokens.add_token(desk.desk, admin, "tablero", AccountRole.SUPERVISOR, None)

    found = await entrance.bearer(desk.desk, token)
    assert found is not None
    assert (found.username, found.role) == ("tablero", AccountRole.SUPERVISOR)
    with pytest.raises(Conflict):
        await tokens.add_token(desk.desk, admin, "tablero", AccountRole.SUPERVISOR, None)
    [kept] = await tokens.tokens(desk.desk, admin)
    assert await tokens.revoke_token(desk.desk, admin, kept.id) == "tablero"
    assert await entrance.bearer(desk.desk, token) is None
    with pytest.raises(Conflict):
        await tokens.revoke_token(desk.desk, admin, kept.id)
    with pytest.raises(Conflict):
        await people.reset_password(desk.desk, admin, found.id)
    assert await acts(desk) == ["token-added", "token-revoked"]


async def test_a_system_is_added_changed_and_stays_as_it_was_edited(desk: DeskUnderTest) -> None:
    admin = desk.people["admin"]
    wanted = System("catastro", "Catastro", systems.read_aliases("Catastro nacional,\nCATÁSTRO"), Unit.UPAT)

    await systems.add_system(desk.desk, admin, wanted)
    await systems.change_system(
        desk.desk, admin, System("catastro", "Catastro Único", wanted.aliases, Unit.ADT)
    )
    await systems.change_system(desk.desk, admin, System("ppte", "Pagos en línea", (), Unit.UIT))
    file = [System("ppte", "PPTE", ("pagos",), Unit.UPAT), System("catastro", "Viejo", (), Unit.UPAT)]
    await desk.desk.database.write(lambda work: work.accounts.keep_systems(file))

    found = {kept.system.id: kept for kept in await systems.kept_systems(desk.desk, admin)}
    assert found["catastro"].system == System(
        "catastro", "Catastro Único", ("catastro nacional", "catastro"), Unit.ADT
    )
    assert (found["ppte"].system.name, found["ppte"].edited_by) == ("Pagos en línea", "admin")
    assert await acts(desk) == ["system-added", "system-changed", "system-changed"]


async def test_a_system_in_use_or_from_the_file_is_never_removed(desk: DeskUnderTest) -> None:
    admin = desk.people["admin"]
    await systems.add_system(desk.desk, admin, System("catastro", "Catastro", (), Unit.UPAT))
    await systems.add_system(desk.desk, admin, System("censo", "Censo", (), Unit.UPAT))
    await desk.article(system="censo")

    for ident in ("censo", "otro"):
        with pytest.raises(Conflict):
            await systems.remove_system(desk.desk, admin, ident)
    await systems.remove_system(desk.desk, admin, "catastro")

    known = {kept.system.id for kept in await systems.kept_systems(desk.desk, admin)}
    assert ("catastro" in known, "censo" in known) == (False, True)


async def test_a_name_by_which_another_system_goes_is_refused(desk: DeskUnderTest) -> None:
    with pytest.raises(Invalid) as refused:
        await systems.add_system(
            desk.desk, desk.people["admin"], System("otra", "Otra", ("segundo factor",), Unit.UIT)
        )

    assert "Ciudadanía Digital" in refused.value.fields["aliases"]


async def test_a_closed_day_moves_what_runs_and_leaves_its_working_time(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    desk.clock.at += timedelta(hours=9)  # six in the evening: what begins now ends tomorrow
    case = await desk.confirm(case, Category.AVAILABILITY, before=True)
    case = await desk.walk(case, ("operador", "derive-uit", {}), ("operador", "derive-uit", {}))
    [before] = await desk.desk.database.read(lambda work: work.clocks.of(case.id))
    tomorrow = date(2026, 3, 3)

    moved = await set_day(desk.desk, desk.people["admin"], tomorrow, works=False, name="Aniversario")

    [after] = await desk.desk.database.read(lambda work: work.clocks.of(case.id))
    assert (moved, after.due) == (1, before.due + timedelta(days=1))
    assert await drop_day(desk.desk, desk.people["admin"], tomorrow) == 1
    [again] = await desk.desk.database.read(lambda work: work.clocks.of(case.id))
    assert (again.near, again.due) == (before.near, before.due)
    assert await acts(desk) == ["day-closed", "day-removed"]


async def test_a_saturday_can_be_worked_and_another_node_hears_of_it(desk: DeskUnderTest) -> None:
    desk.clock.at += timedelta(days=4, hours=9)  # Friday, six in the evening
    usual = ends(desk.desk, desk.clock.at, 2)

    await set_day(desk.desk, desk.people["admin"], date(2026, 3, 7), works=True, name="Compensación")
    kept = desk.desk.calendar
    desk.desk.calendar = type(kept)(kept.hours, kept.zone)
    await refresh_calendar(desk.desk)

    assert usual.astimezone(desk.desk.timezone).strftime("%a %H:%M") == "Mon 10:00"
    assert (
        ends(desk.desk, desk.clock.at, 2).astimezone(desk.desk.timezone).strftime("%a %H:%M") == "Sat 10:00"
    )


@pytest.mark.parametrize(
    ("day", "works", "name", "fault"),
    [
        (date(2026, 3, 1), False, "Ayer", "day"),
        (date(2026, 3, 7), False, "Sábado", "day"),
        (date(2026, 3, 4), True, "Miércoles", "day"),
        (date(2036, 3, 4), False, "Lejos", "day"),
        (date(2026, 3, 4), False, "  ", "name"),
    ],
)
async def test_a_day_that_cannot_be_changed_so_is_refused(
    desk: DeskUnderTest, day: date, *, works: bool, name: str, fault: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await set_day(desk.desk, desk.people["admin"], day, works=works, name=name)

    assert set(refused.value.fields) == {fault}


@pytest.mark.parametrize("who", ["operador", "supervisor", "uit"])
async def test_only_administrators_administer(desk: DeskUnderTest, who: str) -> None:
    account, other = desk.people[who], desk.people["operador2"].id
    wanted = Wanted("Ana", AccountRole.ADMIN)
    refused = (
        lambda: people.people(desk.desk, account),
        lambda: people.person(desk.desk, account, other),
        lambda: people.add_person(desk.desk, account, "ana", wanted),
        lambda: people.change_person(desk.desk, account, other, wanted),
        lambda: people.deactivate(desk.desk, account, other, None),
        lambda: people.reactivate(desk.desk, account, other),
        lambda: people.reset_password(desk.desk, account, other),
        lambda: people.end_sessions(desk.desk, account, other),
        lambda: tokens.tokens(desk.desk, account),
        lambda: tokens.add_token(desk.desk, account, "x", AccountRole.ADMIN, None),
        lambda: tokens.revoke_token(desk.desk, account, 1),
        lambda: systems.kept_systems(desk.desk, account),
        lambda: systems.remove_system(desk.desk, account, "otro"),
        lambda: set_day(desk.desk, account, date(2026, 3, 4), works=False, name="x"),
        lambda: drop_day(desk.desk, account, date(2026, 3, 4)),
        lambda: book(desk.desk, account),
    )

    for act in refused:
        with pytest.raises(Forbidden):
            await act()

    assert await acts(desk) == []


async def test_a_change_to_the_book_shows(desk: DeskUnderTest) -> None:
    admin = desk.people["admin"]
    for day in (4, 5, 6):
        await set_day(desk.desk, admin, date(2026, 3, day), works=False, name="Feriado")

    def forge(work: StoreWork) -> None:
        second = (
            sa.select(administration.c.id).order_by(administration.c.id).offset(1).limit(1).scalar_subquery()
        )
        work.connection.execute(
            administration.update().where(administration.c.id == second).values(data={"day": "otro"})
        )

    await desk.desk.database.write(forge)
    view = await book(desk.desk, admin, kinds=("day-closed",), actor="admin", check=True)

    assert len(view.entries) == 3
    assert view.checked is not None
    assert view.checked.whole == 1
    assert view.checked.broken

"""The people around a case: assignment, turns, notes that name, notices, postponing, presence; on each database."""

from datetime import timedelta

import pytest

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.vocabulary import Category
from desk.acts import assign, merge, note, split
from desk.around import around
from desk.assignment import give_back, hand_over_all
from desk.attendance import declare, people_now, sign, visit
from desk.clocks import strike
from desk.entrance import hash_password, log_in, log_out
from desk.notes import write_note
from desk.notices import notices_of, open_notice, read_notices
from desk.presence import beat, forget_absent, leave, looked_at, lookers
from desk.snooze import bring_back, snooze, wake_all
from desk.views import list_cases, messages_of
from store.notices import Notice
from store.queries import CaseFilter
from store.sections import Section
from store.work import Event
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message

TEN_MINUTES = {"minutes": 11}


async def told(desk: DeskUnderTest, who: str) -> list[Notice]:
    return list((await notices_of(desk.desk, desk.people[who])).found)


def heard(desk: DeskUnderTest) -> list[Event]:
    """Return a list that fills with the events of what is stored from now on."""
    events: list[Event] = []
    desk.desk.database.listen(events.extend)
    return events


async def available(desk: DeskUnderTest, *people: str) -> None:
    for name in people:
        await declare(desk.desk, desk.people[name], available=True)


async def test_a_handed_over_case_tells_the_colleague_and_keeps_the_note(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["operador"], case.number, "operador2", "Ya la llamé ayer.")

    [notice] = await told(desk, "operador2")
    said = {message.id: message.text for message in await desk.messages(case)}
    assert (notice.kind, notice.number, notice.by) == ("assigned", case.number, "Operador")
    assert notice.message is not None
    assert said[notice.message] == "Ya la llamé ayer."
    assert [entry.data["to"] for entry in await desk.record(case) if entry.kind == "assignment"] == [
        "operador2"
    ]


async def test_whoever_takes_a_case_is_not_told_so(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["operador"], case.number, "operador")

    assert await told(desk, "operador") == []


async def test_a_case_is_given_back_by_its_own_person_alone(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["operador"], case.number, "operador")
    with pytest.raises(Conflict):
        await give_back(desk.desk, desk.people["operador2"], case.number)

    assert (await give_back(desk.desk, desk.people["operador"], case.number)).assignee is None


async def test_a_supervisor_hands_over_all_that_somebody_absent_has(desk: DeskUnderTest) -> None:
    texts = ("No carga la página de pagos", "No puedo entrar con mi cuenta")
    opened = [
        (await desk.receive(a_message(sender=f"+5917000000{place}", text=text))).case
        for place, text in enumerate(texts, 1)
    ]
    for case in opened:
        await assign(desk.desk, desk.people["operador"], case.number, "operador")
    with pytest.raises(Forbidden):
        await hand_over_all(desk.desk, desk.people["operador2"], "operador", "operador2")
    with pytest.raises(Invalid):
        await hand_over_all(desk.desk, desk.people["supervisor"], "operador", "operador")

    done = await hand_over_all(desk.desk, desk.people["supervisor"], "operador", "operador2")

    assert (done.moved, done.stayed) == (tuple(case.number for case in opened), 0)
    assert {(await desk.case(case.number)).assignee for case in opened} == {desk.people["operador2"].id}
    assert [notice.kind for notice in await told(desk, "operador2")] == ["assigned", "assigned"]


async def test_what_another_role_does_stays_where_it_is(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["operador"], case.number, "operador")

    done = await hand_over_all(desk.desk, desk.people["supervisor"], "operador", "uit")

    assert (done.moved, done.stayed) == ((), 1)


async def test_new_cases_go_in_turn_to_who_is_available_with_the_fewest(desk: DeskUnderTest) -> None:
    desk.desk.balanced = True
    await available(desk, "operador", "operador2")
    given = []
    for place in range(1, 5):
        case = (await desk.receive(a_message(sender=f"+5917000001{place}"))).case
        given.append((await desk.case(case.number)).assignee)
        desk.clock.advance(minutes=1)

    one, two = desk.people["operador"].id, desk.people["operador2"].id
    assert given == [one, two, one, two]
    assert [notice.by for notice in await told(desk, "operador")] == ["sistema", "sistema"]


async def test_nobody_who_is_away_is_given_a_case(desk: DeskUnderTest) -> None:
    desk.desk.balanced = True
    await available(desk, "operador", "operador2")
    await declare(desk.desk, desk.people["operador"], available=False)
    desk.clock.advance(**TEN_MINUTES)
    silent = (await desk.receive(a_message(sender="+59170000011"))).case
    await sign(desk.desk, desk.people["operador2"])
    seen = (await desk.receive(a_message(sender="+59170000012"))).case

    assert (await desk.case(silent.number)).assignee is None
    assert (await desk.case(seen.number)).assignee == desk.people["operador2"].id


async def test_by_hand_nothing_is_given(desk: DeskUnderTest) -> None:
    await available(desk, "operador")
    case = (await desk.receive(a_message())).case

    assert (await desk.case(case.number)).assignee is None


async def test_a_unit_gets_its_cases_in_turn_and_a_step_alone_gives_nothing(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    desk.desk.balanced = True
    await available(desk, "uit", "operador2")
    case = await desk.confirm(case, Category.AVAILABILITY, before=True)
    stepped = await desk.case(case.number)
    case = await desk.step(case, "operador", "derive-uit")
    case = await desk.step(case, "operador", "derive-uit")

    assert stepped.assignee is None
    assert case.assignee == desk.people["uit"].id


async def test_a_note_tells_those_it_names_and_says_whom_nobody_knows(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    text = "@Supervisor, @nadie: vean esto. @uit no lo ve; rosa@example.bo no es nadie, @operador soy yo."

    noted = await write_note(desk.desk, desk.people["operador"], case.number, text)

    [notice] = await told(desk, "supervisor")
    assert (notice.kind, notice.message) == ("mention", noted.message.id)
    assert (noted.unknown, noted.barred) == (("nadie",), ("uit",))
    assert await told(desk, "uit") == []
    assert await told(desk, "operador") == []


async def test_a_whisper_is_for_the_one_who_has_the_case(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    supervisor = desk.people["supervisor"]
    with pytest.raises(Conflict):
        await write_note(desk.desk, supervisor, case.number, "Ofrezca llamarla.", whisper=True)
    await assign(desk.desk, desk.people["operador"], case.number, "operador")
    with pytest.raises(Forbidden):
        await write_note(desk.desk, desk.people["operador2"], case.number, "Hola", whisper=True)

    await write_note(desk.desk, supervisor, case.number, "Ofrezca llamarla. @operador2", whisper=True)

    assert [notice.kind for notice in await told(desk, "operador")] == ["whisper"]
    assert await told(desk, "operador2") == []
    for who, hears in (("operador", True), ("supervisor", True), ("operador2", False), ("admin", False)):
        said = [message.text for message in await messages_of(desk.desk, desk.people[who], case.number)]
        assert ("Ofrezca llamarla. @operador2" in said) is hears


async def test_the_citizens_words_tell_whose_case_it_is_once(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["operador"], case.number, "operador")
    await desk.receive(a_message(text="¿Hay novedades?"))
    last = await desk.receive(a_message(text="Sigue igual"))

    [notice] = await told(desk, "operador")
    assert (notice.kind, notice.message, notice.by) == ("wrote", last.message.id, "Rosa Mamani")


async def test_a_return_tells_whoever_did_it_before(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)

    await desk.step(case, "supervisor", "return", observation="Falta decir cómo.")

    assert [notice.kind for notice in await told(desk, "operador")] == ["returned"]
    assert await told(desk, "operador2") == []


async def test_a_clock_that_runs_out_tells_whose_case_it_is(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["operador"], case.number, "operador")
    desk.clock.advance(days=5)
    await desk.desk.database.write(lambda work: strike(desk.desk, work, desk.clock.now()))

    assert [notice.kind for notice in await told(desk, "operador")] == ["due"]


async def test_a_merge_tells_whoever_has_the_case_that_goes_on(desk: DeskUnderTest) -> None:
    first = (await desk.receive(a_message())).case
    more = await desk.receive(a_message(text="Y no llega el comprobante"))
    other = await split(desk.desk, desk.people["operador2"], first.number, [more.message.id])
    await assign(desk.desk, desk.people["operador"], first.number, "operador")

    await merge(desk.desk, desk.people["operador2"], other.number, first.number)

    assert [notice.kind for notice in await told(desk, "operador")] == ["wrote"]


async def test_notices_are_read_one_by_one_or_all_and_by_their_own_person(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    for text in ("@operador mire", "@operador otra vez", "@operador y otra"):
        await note(desk.desk, desk.people["supervisor"], case.number, text)
    events = heard(desk)
    first = (await told(desk, "operador"))[0]
    with pytest.raises(NotFound):
        await open_notice(desk.desk, desk.people["operador2"], first.id)

    await open_notice(desk.desk, desk.people["operador"], first.id)
    assert (await notices_of(desk.desk, desk.people["operador"])).unread == 2
    await read_notices(desk.desk, desk.people["operador"])

    assert (await notices_of(desk.desk, desk.people["operador"])).unread == 0
    mine = str(desk.people["operador"].id)
    assert [event.about for event in events if event.name == "notices-changed"] == [{"user": mine}] * 2


async def test_a_postponed_case_leaves_the_lists_and_returns_at_its_time(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    operator = desk.people["operador"]
    await assign(desk.desk, operator, case.number, "operador")
    await snooze(desk.desk, operator, case.number, desk.clock.now() + timedelta(hours=1), "Prueba mañana")

    async def listed(section: Section) -> list[str]:
        wanted = CaseFilter(section=section, now=desk.clock.now())
        return [row.number for row in await list_cases(desk.desk, operator, wanted)]

    assert await listed(Section.CONFIRM) == []
    assert await listed(Section.SNOOZED) == [case.number]
    assert await wake_all(desk.desk) == 0
    desk.clock.advance(hours=1)
    assert await listed(Section.CONFIRM) == [case.number]
    assert await wake_all(desk.desk) == 1

    assert await listed(Section.SNOOZED) == []
    kinds = [(entry.kind, entry.internal) for entry in await desk.record(case)]
    assert kinds[-2:] == [("snooze", True), ("snooze_over", True)]
    assert [notice.kind for notice in await told(desk, "operador")] == ["back"]


async def test_the_citizens_words_bring_a_postponed_case_back_at_once(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    operator = desk.people["operador"]
    await snooze(desk.desk, operator, case.number, desk.clock.now() + timedelta(days=1))
    assert (await around(desk.desk, operator, case.number)).snooze is not None

    await desk.receive(a_message(text="Ya probé y sigue igual"))

    assert (await around(desk.desk, operator, case.number)).snooze is None
    assert (await desk.record(case))[-1].data["reason"] == "La persona escribió."


async def test_a_case_is_postponed_to_a_moment_that_can_be_and_brought_back_once(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    operator, now = desk.people["operador"], desk.clock.now()
    for wrong in (now, now + timedelta(days=61)):
        with pytest.raises(Invalid):
            await snooze(desk.desk, operator, case.number, wrong)
    with pytest.raises(Forbidden):
        await snooze(desk.desk, desk.people["uit"], case.number, now + timedelta(hours=1))
    await snooze(desk.desk, operator, case.number, now + timedelta(hours=1))
    await snooze(desk.desk, operator, case.number, now + timedelta(hours=2))

    await bring_back(desk.desk, operator, case.number)
    with pytest.raises(Conflict):
        await bring_back(desk.desk, operator, case.number)


async def test_a_step_ends_a_postponement(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)
    operator = desk.people["operador"]
    await snooze(desk.desk, operator, case.number, desk.clock.now() + timedelta(days=1))
    await desk.step(await desk.case(case.number), "operador", "not-uit")

    assert (await around(desk.desk, operator, case.number)).snooze is None


async def test_others_see_who_looks_and_who_writes_until_they_leave(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    one, two = desk.people["operador"], desk.people["supervisor"]
    events = heard(desk)
    assert await beat(desk.desk, one, case.number, writing=False) == []
    await beat(desk.desk, one, case.number, writing=False)
    [seen] = await beat(desk.desk, two, case.number, writing=False)
    await beat(desk.desk, one, case.number, writing=True)
    [writes] = await lookers(desk.desk, two, case.number)

    assert (seen.name, seen.writing, writes.writing) == ("Operador", False, True)
    assert await looked_at(desk.desk, two) == {case.number: ["Operador"]}
    await leave(desk.desk, one, case.number)
    assert await lookers(desk.desk, two, case.number) == []
    told = [event.about for event in events if event.name == "presence-changed"]
    assert told == [{"case": case.number, "units": ""}] * 4


async def test_who_gives_no_sign_is_forgotten(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await beat(desk.desk, desk.people["operador"], case.number, writing=True)
    assert await forget_absent(desk.desk) == 0
    desk.clock.advance(seconds=46)
    assert await lookers(desk.desk, desk.people["supervisor"], case.number) == []
    events = heard(desk)

    assert await forget_absent(desk.desk) == 1
    await note(desk.desk, desk.people["operador"], case.number, "Fin")
    assert [event.name for event in events if event.name == "presence-changed"] == ["presence-changed"]


async def test_a_unit_sees_nobody_at_a_case_that_it_may_not_see(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await beat(desk.desk, desk.people["operador"], case.number, writing=False)

    with pytest.raises(NotFound):
        await beat(desk.desk, desk.people["uit"], case.number, writing=False)
    assert await looked_at(desk.desk, desk.people["uit"]) == {}


async def test_a_supervisor_sees_who_is_there_and_what_each_has(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await available(desk, "operador2")
    await assign(desk.desk, desk.people["operador"], case.number, "operador2")
    with pytest.raises(Forbidden):
        await people_now(desk.desk, desk.people["operador"])

    people = {
        one.colleague.account.username: one for one in await people_now(desk.desk, desk.people["supervisor"])
    }

    assert "admin" not in people
    assert (people["operador2"].there, people["operador2"].colleague.load) == (True, 1)
    assert (people["operador"].there, people["operador"].colleague.load) == (False, 0)


async def test_who_logs_in_is_available_and_away_after_the_last_session_ends(desk: DeskUnderTest) -> None:
    work = desk.desk.database
    await work.write(
        lambda rows: rows.staff.change(
            desk.people["operador"].id, password_hash=hash_password("una clave larga")
        )
    )
    _, first = await log_in(desk.desk, "operador", "una clave larga")
    _, second = await log_in(desk.desk, "operador", "una clave larga")

    async def there() -> bool:
        found = await visit(desk.desk, second)
        return found is not None and found[1].available

    assert await there()
    await log_out(desk.desk, first)
    assert await there()
    await log_out(desk.desk, second)
    kept = await work.read(lambda rows: rows.attendances.of(desk.people["operador"].id))
    assert kept is not None
    assert not kept.available

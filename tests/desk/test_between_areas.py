"""What one area may not let through to another: whispers and notes in a split, withdrawn words in a search, waits and naps of cases that are over."""

from datetime import timedelta

import pytest

from cases.errors import Invalid
from cases.model import Case
from cases.vocabulary import Category
from desk.acts import assign, split, wait
from desk.administration.people import deactivate
from desk.answers import Edited, send_edited
from desk.joining import splitting
from desk.monitor import View, monitor
from desk.notes import write_note
from desk.notices import notices_of
from desk.public import case_page
from desk.scheduled_reports import schedule, schedules, send_due
from desk.search import find
from desk.snooze import BACK, snooze, wake
from desk.views import list_cases
from desk.withdrawal import withdraw
from store.queries import CaseFilter
from store.report_scope import Figure, Scope
from store.work import StoreWork
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message
from tests.desk.test_scheduled_reports import MONDAY, Post, plain

UNDO = timedelta(seconds=10)
SECRET = "Ojo: parece fraude interno"


async def whispered(desk: DeskUnderTest) -> tuple[Case, int]:
    """A case of `operador` into which the supervisor whispers."""
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["operador"], case.number, "operador")
    noted = await write_note(desk.desk, desk.people["supervisor"], case.number, SECRET, whisper=True)
    return case, noted.message.id


async def said_and_undone(desk: DeskUnderTest, case: Case, text: str) -> int:
    desk.desk.undo = UNDO
    said = await send_edited(desk.desk, desk.people["operador"], case.number, Edited(text))
    await withdraw(desk.desk, desk.people["operador"], case.number, said.id)
    return said.id


async def found_by(desk: DeskUnderTest, words: str) -> list[str]:
    return [row.number for row in await list_cases(desk.desk, desk.people["operador"], CaseFilter(q=words))]


async def test_the_dialogue_to_split_shows_no_whisper_to_somebody_else(desk: DeskUnderTest) -> None:
    case, whisper = await whispered(desk)

    shown = {
        who: [one.text for one in (await splitting(desk.desk, desk.people[who], case.number)).messages]
        for who in ("operador", "operador2", "supervisor")
    }

    assert SECRET not in shown["operador2"]
    assert SECRET in shown["operador"]
    assert SECRET in shown["supervisor"]
    with pytest.raises(Invalid, match="dividir"):
        await split(desk.desk, desk.people["operador2"], case.number, [whisper])


async def test_a_note_or_a_withdrawn_answer_names_no_case_and_is_not_searched(desk: DeskUnderTest) -> None:
    case, whisper = await whispered(desk)
    undone = await said_and_undone(desk, case, "Pruebe con zumbido")

    new = await split(desk.desk, desk.people["operador"], case.number, [whisper])

    assert "fraude" not in (await case_page(desk.desk, new.token)).subject
    assert await found_by(desk, "fraude") == []
    assert undone not in [
        one.id for one in (await splitting(desk.desk, desk.people["operador"], case.number)).messages
    ]
    with pytest.raises(Invalid, match="dividir"):
        await split(desk.desk, desk.people["operador"], case.number, [undone])


async def test_a_withdrawn_answer_is_no_place_where_a_search_matched(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message(text="Sale un error al pagar"))).case
    await said_and_undone(desk, case, "El error al pagar es del zumbido")

    found = await find(desk.desk, desk.people["operador"], "error al pagar", cases=5, people=0, articles=0)

    [hit] = found.cases
    assert "zumbido" not in "".join(piece.text for piece in hit.said)


@pytest.mark.parametrize("undone", ["no", "👍"])
async def test_taking_back_an_answer_leaves_the_words_after_it(desk: DeskUnderTest, undone: str) -> None:
    case = (await desk.receive(a_message())).case
    desk.desk.undo = UNDO
    said = await send_edited(desk.desk, desk.people["operador"], case.number, Edited(undone))
    await desk.receive(a_message(text="nota importante del zumbido"))

    await withdraw(desk.desk, desk.people["operador"], case.number, said.id)

    for word in ("nota", "importante", "zumbido"):
        assert await found_by(desk, word) == [case.number]


async def test_an_answer_that_is_taken_back_after_the_case_was_closed_leaves_nobody_waiting(
    desk: DeskUnderTest,
) -> None:
    case = (await desk.receive(a_message())).case
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)
    case = await desk.walk(case, ("supervisor", "approve", {}))
    await desk.receive(a_message(text="Sigue sin cargar la página"))
    desk.desk.undo = UNDO
    said = await send_edited(desk.desk, desk.people["operador"], case.number, Edited("Queda resuelto."))
    await desk.walk(case, ("supervisor", "close", {}))

    await withdraw(desk.desk, desk.people["operador"], case.number, said.id)

    found = await monitor(desk.desk, desk.people["supervisor"], View.WAITING, None)
    assert (found.talks, found.mood.waiting) == ([], 0)


async def test_an_answer_that_is_taken_back_while_the_desk_waits_leaves_nobody_waiting(
    desk: DeskUnderTest,
) -> None:
    case = (await desk.receive(a_message())).case
    desk.desk.undo = UNDO
    said = await send_edited(desk.desk, desk.people["operador"], case.number, Edited("Mande una captura."))
    await wait(desk.desk, desk.people["operador"], case.number, "Falta una captura.")

    await withdraw(desk.desk, desk.people["operador"], case.number, said.id)

    assert (await monitor(desk.desk, desk.people["supervisor"], View.WAITING, None)).mood.waiting == 0


async def test_thanks_and_a_mark_after_the_end_leave_nobody_waiting(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)
    case = await desk.walk(case, ("supervisor", "approve", {}), ("supervisor", "close", {}))

    for text in ("5", "gracias"):
        desk.clock.advance(minutes=1)
        await desk.receive(a_message(text=text))

    now = await desk.case(case.number)
    found = await monitor(desk.desk, desk.people["supervisor"], View.WAITING, None)
    assert [(talk.row.number) for talk in found.talks] == ([case.number] if now.closed is None else [])


async def test_a_withdrawn_answer_answers_no_case_of_a_report(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await said_and_undone(desk, case, "Ya lo vemos.")
    now = desk.clock.now()
    scope = Scope(now - timedelta(days=1), now + timedelta(days=1), now)

    listed = await desk.desk.database.read(lambda work: work.figures.cases_behind(scope, Figure.ANSWERED, ""))

    assert listed == []


async def test_two_nodes_wake_a_case_once(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["operador"], case.number, "operador")
    await snooze(desk.desk, desk.people["operador"], case.number, desk.clock.now() + timedelta(hours=1))
    desk.clock.advance(hours=1)

    def both(work: StoreWork) -> None:
        over = work.snoozes.over(desk.clock.now(), 9)
        work.snoozes.over = lambda *_: over  # type: ignore[method-assign]  # what the other node had read
        wake(desk.desk, work, desk.clock.now())
        wake(desk.desk, work, desk.clock.now())

    await desk.desk.database.write(both)

    assert [entry.kind for entry in await desk.record(case)].count(BACK) == 1


async def test_no_report_goes_out_for_whoever_may_not_come_in_any_more(desk: DeskUnderTest) -> None:
    await schedule(desk.desk, desk.people["supervisor"], "ana@example.bo", "week", "es")
    await deactivate(desk.desk, desk.people["admin"], desk.people["supervisor"].id, None)
    desk.clock.at = MONDAY
    post = Post()

    await send_due(desk.desk, plain, post)

    assert post.taken == []
    [kept] = await schedules(desk.desk, desk.people["admin"])
    assert kept.fault is not None


async def test_an_heir_is_told_of_the_cases_of_whoever_left(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["operador"], case.number, "operador")

    await deactivate(desk.desk, desk.people["admin"], desk.people["operador"].id, "operador2")

    found = (await notices_of(desk.desk, desk.people["operador2"])).found
    assert [(one.kind, one.number) for one in found] == [("assigned", case.number)]


async def test_the_bell_counts_what_the_list_shows(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    unit = desk.people["uit"]

    def told(work: StoreWork) -> None:
        work.notices.add(unit.id, "mention", case.id, None, "Operador", desk.clock.now())

    await desk.desk.database.write(told)

    found = await notices_of(desk.desk, unit)
    assert (list(found.found), found.unread) == ([], 0)


@pytest.mark.parametrize("typed", ["7000-0001", "0001", "700 000 01"])
async def test_a_telephone_number_with_a_dash_is_none_of_a_case(desk: DeskUnderTest, typed: str) -> None:
    case = (await desk.receive(a_message(sender="+59170000001"))).case

    assert await found_by(desk, typed) == [case.number]


async def test_braces_that_are_no_variable_of_a_text_leave(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    words = "Llame a GET /personas/{ci} con su ficha."

    said = await send_edited(desk.desk, desk.people["operador"], case.number, Edited(words))

    assert said.text == words

"""The supervisors' monitor: who waits and since when, who speaks, how today goes, taking over."""

import pytest

from cases.errors import Conflict, Forbidden
from cases.model import Case
from cases.vocabulary import Category, Channel
from desk.acts import answer, wait
from desk.monitor import Monitor, Speaks, View, monitor, take_over
from desk.notes import write_note
from intake.dialogue.states import DialogueState
from store.work import StoreWork
from tests.builders import START, SUPPORT_TO_REVIEW, DeskUnderTest, a_message


async def seen(desk: DeskUnderTest, view: View = View.WAITING, channel: Channel | None = None) -> Monitor:
    return await monitor(desk.desk, desk.people["supervisor"], view, channel)


async def numbers(
    desk: DeskUnderTest, view: View = View.WAITING, channel: Channel | None = None
) -> list[str]:
    return [talk.row.number for talk in (await seen(desk, view, channel)).talks]


async def reported(desk: DeskUnderTest, sender: str = "+59170000001", **said: object) -> Case:
    said = {"at": desk.clock.now(), **said}
    case = (await desk.receive(a_message(sender=sender, **said))).case
    assert case is not None
    return case


async def test_who_waits_the_longest_comes_first_and_an_answer_ends_the_wait(desk: DeskUnderTest) -> None:
    first = await reported(desk)
    desk.clock.advance(minutes=5)
    second = await reported(desk, "+59170000002", sender_name="Ana Quispe")
    desk.clock.advance(minutes=5)
    await reported(desk, text="¿Hay alguien?")

    found = await seen(desk)

    assert found.talks[0].row.waits_since == START
    assert [talk.row.number for talk in found.talks] == [first.number, second.number]
    assert found.talks[0].row.last_text == "¿Hay alguien?"
    assert (found.mood.waiting, found.mood.longest, found.mood.longest_since) == (2, first.number, START)

    await answer(desk.desk, desk.people["operador"], first.number, "Ya lo revisamos.")

    assert await numbers(desk) == [second.number]
    assert (await seen(desk)).mood.waiting == 1
    assert await numbers(desk, View.ALL) == [second.number, first.number]


async def test_an_assistants_word_or_a_note_ends_no_wait(desk: DeskUnderTest) -> None:
    case = await reported(desk)
    await write_note(desk.desk, desk.people["operador"], case.number, "Lo miro.")

    [talk] = (await seen(desk)).talks

    assert talk.row.waits_since == START
    assert talk.speaks is Speaks.BOT
    assert await numbers(desk, View.BOT) == [case.number]


async def test_nobody_waits_in_a_case_that_waits_for_the_person_or_is_closed(desk: DeskUnderTest) -> None:
    waiting = await reported(desk)
    closed = await reported(desk, "+59170000002")
    await wait(desk.desk, desk.people["operador"], waiting.number, "Falta una captura.")
    closed = await desk.confirm(closed, Category.SUPPORT)
    closed = await desk.walk(closed, *SUPPORT_TO_REVIEW)
    await desk.walk(closed, ("supervisor", "approve", {}), ("supervisor", "close", {}))

    assert await numbers(desk) == []
    assert await numbers(desk, View.ALL) == [waiting.number]

    desk.clock.advance(minutes=1)
    await reported(desk, text="Aquí está la captura")

    assert await numbers(desk) == [waiting.number]


async def test_channels_and_views_narrow_the_list(desk: DeskUnderTest) -> None:
    whatsapp = await reported(desk)
    mail = await reported(desk, "ana@example.bo", channel=Channel.EMAIL, recipient="mesa@example.bo")
    await reported(desk, text="persona")

    assert await numbers(desk, channel=Channel.EMAIL) == [mail.number]
    assert await numbers(desk, View.PERSON) == [whatsapp.number]
    assert await numbers(desk, View.UNDELIVERED) == []


async def test_an_answer_that_did_not_arrive_is_found_while_the_case_is_open(desk: DeskUnderTest) -> None:
    case = await reported(desk)
    await answer(desk.desk, desk.people["operador"], case.number, "Ya lo revisamos.")

    def fail(work: StoreWork) -> None:
        while parcels := work.outbox.claim("test", 10, desk.clock.now()):
            for parcel in parcels:
                work.outbox.failed(parcel.delivery, "63016", desk.clock.now())

    desk.clock.advance(minutes=1)
    await desk.desk.database.write(fail)

    [talk] = (await seen(desk, View.UNDELIVERED)).talks
    assert (talk.row.number, talk.row.failed) == (case.number, "failed")


async def test_the_mood_is_counted_from_what_is_stored(desk: DeskUnderTest) -> None:
    for week in range(2):
        await reported(desk, f"+5917000001{week}")
        desk.clock.advance(days=7)
    case = await reported(desk)
    desk.clock.advance(minutes=30)
    await answer(desk.desk, desk.people["operador"], case.number, "Ya lo revisamos.")
    await reported(desk, "+59170000002")

    mood = (await seen(desk)).mood

    assert (mood.opened, mood.usual_by_now) == (2, 1.0)
    assert [(hour.hour, hour.count, hour.usual) for hour in mood.hours if hour.count] == [(9, 2, 1.0)]
    assert (mood.first_answer, mood.answered) == (30.0, 1)
    assert mood.solved_by_bot == 0


async def test_taking_over_gives_the_case_and_silences_the_assistant(desk: DeskUnderTest) -> None:
    case = await reported(desk)

    taken = await take_over(desk.desk, desk.people["supervisor"], case.number)

    assert taken.assignee == desk.people["supervisor"].id
    conversation = await desk.desk.database.read(lambda work: work.people.conversation_of(case.conversation))
    assert DialogueState.load(conversation.state).person_writes
    assert (await desk.record(case))[-1].kind == "assignment"
    [talk] = (await seen(desk)).talks
    assert talk.speaks is Speaks.PERSON
    before = len(await desk.messages(case))
    desk.clock.advance(hours=1)
    await reported(desk, text="¿Sigue ahí?")
    assert len(await desk.messages(case)) == before + 1


async def test_only_a_supervisor_takes_over_and_only_what_is_open(desk: DeskUnderTest) -> None:
    case = await reported(desk)
    with pytest.raises(Forbidden):
        await take_over(desk.desk, desk.people["operador"], case.number)
    with pytest.raises(Forbidden):
        await monitor(desk.desk, desk.people["operador"], View.ALL, None)
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(
        case, *SUPPORT_TO_REVIEW, ("supervisor", "approve", {}), ("supervisor", "close", {})
    )
    with pytest.raises(Conflict):
        await take_over(desk.desk, desk.people["supervisor"], case.number)

"""An answer waits some seconds before it leaves; taken back in them, it was never sent."""

from datetime import timedelta

import pytest

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.model import Attachment, Case, Message
from cases.vocabulary import Channel, DeliveryState
from desk.acts import answer, retry
from desk.answers import Edited, send_edited
from desk.drafts import drafts_of
from desk.identities import join
from desk.knowledge import draft_from_case
from desk.public import case_page
from desk.telephone import calls_to_make
from desk.views import conversations, list_cases
from desk.withdrawal import WITHDRAWN, withdraw
from store.drafts import DraftKind
from store.queries import CaseFilter
from store.traffic_report import TrafficReport
from store.work import StoreWork
from tests.builders import DeskUnderTest, a_message

UNDO = timedelta(seconds=10)
WORDS = "Pruebe con zumbido en otro navegador."
FILE = Attachment("pasos.txt", "text/plain", b"uno, dos")


async def a_case(desk: DeskUnderTest, **said: object) -> Case:
    desk.desk.undo = UNDO
    case = (await desk.receive(a_message(**said))).case
    await desk.dispatch()
    return case


async def send(desk: DeskUnderTest, case: Case, text: str = WORDS, **how: object) -> Message:
    edited = Edited(text, **how)  # type: ignore[arg-type]
    return await send_edited(desk.desk, desk.people["operador"], case.number, edited)


async def undo(desk: DeskUnderTest, case: Case, said: Message, who: str = "operador") -> Message:
    return await withdraw(desk.desk, desk.people[who], case.number, said.id)


async def test_an_answer_leaves_when_its_seconds_are_over(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    said = await send(desk, case)
    assert await desk.dispatch() == []
    due = await desk.desk.database.read(lambda work: work.outbox.next_due(desk.clock.now()))
    assert due == desk.clock.now() + UNDO

    desk.clock.advance(seconds=10)

    assert [parcel.message for parcel in await desk.dispatch()] == [said.id]
    with pytest.raises(Conflict, match="ya está saliendo"):
        await undo(desk, case, said)


async def test_without_the_setting_it_leaves_at_once(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    desk.desk.undo = timedelta(0)

    said = await send(desk, case)

    assert [parcel.message for parcel in await desk.dispatch()] == [said.id]
    with pytest.raises(NotFound):
        await undo(desk, case, said)


async def test_the_apis_answer_leaves_at_once(desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    said = await answer(desk.desk, desk.people["operador"], case.number, WORDS)

    assert [parcel.message for parcel in await desk.dispatch()] == [said.id]


async def test_an_answer_that_was_taken_back_was_never_sent(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    token, operator = case.token, desk.people["operador"]
    said = await send(desk, case)
    assert WORDS not in [message.text for message in (await case_page(desk.desk, token)).messages]

    desk.clock.advance(seconds=9)
    taken = await undo(desk, case, said)
    desk.clock.advance(hours=1)
    await desk.receive(a_message(text="¿Hay novedades?"))

    assert taken.withdrawn is not None
    assert said.id not in [parcel.message for parcel in await desk.dispatch()]
    assert WORDS not in [message.text for message in (await case_page(desk.desk, token)).messages]
    assert await list_cases(desk.desk, operator, CaseFilter(q="zumbido")) == []
    assert WORDS not in (await draft_from_case(desk.desk, operator, case.number)).body
    rows = await conversations(desk.desk, desk.people["supervisor"])
    assert WORDS not in [row.last_text for row in rows]
    entries = [entry for entry in await desk.record(case) if entry.kind == WITHDRAWN]
    assert [(entry.actor, entry.internal, entry.data["message"]) for entry in entries] == [
        ("operador", True, said.id)
    ]

    def troubles(work: StoreWork) -> int:
        return len(TrafficReport(work.connection).troubles(Channel.WHATSAPP, case.opened, 9))

    assert await desk.desk.database.read(troubles) == 0
    with pytest.raises(Conflict, match="se retiró"):
        await retry(desk.desk, operator, said.id)
    with pytest.raises(Conflict, match="ya se retiró"):
        await undo(desk, case, said)


async def test_its_words_are_a_draft_again_and_its_files_go_with_the_next_one(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    said = await send(desk, case, files=(FILE,))
    await undo(desk, case, said)

    draft = (await drafts_of(desk.desk, desk.people["operador"], case.number))[DraftKind.REPLY]
    assert (draft.text, draft.channel, draft.withdrawn) == (WORDS, Channel.WHATSAPP, said.id)
    again = await send(desk, case, "Con el archivo.", again=(said.attachments[0].id,))

    assert [file.name for file in again.attachments] == ["pasos.txt"]
    assert await drafts_of(desk.desk, desk.people["operador"], case.number) == {}


async def test_only_files_of_a_withdrawn_answer_of_this_case_go_again(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    said = await send(desk, case, files=(FILE,))

    with pytest.raises(Invalid) as refused:
        await send(desk, case, again=(said.attachments[0].id,))

    assert "files" in refused.value.fields


async def test_what_is_being_sent_is_not_taken_back(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    said = await send(desk, case, "a" * 3000)

    def begin(work: StoreWork) -> None:
        later = desk.clock.now() + UNDO
        assert len(work.outbox.claim("test", 1, later)) == 1

    await desk.desk.database.write(begin)

    with pytest.raises(Conflict, match="ya está saliendo"):
        await undo(desk, case, said)

    found = next(message for message in await desk.messages(case) if message.id == said.id)
    assert found.withdrawn is None
    assert found.delivery is not None
    assert found.delivery.state is not DeliveryState.FAILED


async def test_only_its_author_or_a_supervisor_takes_it_back(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    said = await send(desk, case)

    with pytest.raises(Forbidden):
        await undo(desk, case, said, "operador2")
    with pytest.raises(Forbidden):
        await undo(desk, case, said, "uit")

    assert (await undo(desk, case, said, "supervisor")).withdrawn is not None


async def test_the_dialogue_goes_on_as_if_nobody_had_answered(desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    def state(work: StoreWork) -> dict[str, object]:
        return work.people.conversation_of(case.conversation).state

    before = await desk.desk.database.read(state)
    said = await send(desk, case)
    assert await desk.desk.database.read(state) != before

    await undo(desk, case, said)

    assert await desk.desk.database.read(state) == before


async def test_a_held_answer_waits_again_when_the_one_in_its_place_is_taken_back(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    operator = desk.people["operador"]
    await join(desk.desk, operator, case.number, Channel.EMAIL, "rosa@example.bo", "Lo dijo ella.")
    desk.clock.advance(hours=25)
    held = await send(desk, case, "Ya puede pagar.")
    desk.clock.advance(minutes=1)

    other = await send(desk, case, "Ya puede pagar.", channel=Channel.EMAIL, instead=held.id)
    await undo(desk, case, other)

    def waits(work: StoreWork) -> frozenset[int]:
        return TrafficReport(work.connection).held_of(case.id)

    assert await desk.desk.database.read(waits) == {held.id}


async def test_nobody_is_called_to_read_out_what_was_taken_back(desk: DeskUnderTest) -> None:
    case = await a_case(desk, channel=Channel.PHONE)
    said = await send(desk, case)
    await undo(desk, case, said)

    found, total, _ = await calls_to_make(desk.desk, desk.people["operador"], mine=False, limit=9)

    assert (found, total) == ([], 0)


async def test_what_is_left_open_does_not_leave(desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    with pytest.raises(Invalid) as refused:
        await send(desk, case, "Estará el {estimacion}. Diga {nombre}, o {estimacion}.")

    assert "{estimacion}, {nombre}" in refused.value.fields["text"]
    assert (await send(desk, case, 'El ajuste es {"a": 1} y {1}.')).text.startswith("El ajuste")

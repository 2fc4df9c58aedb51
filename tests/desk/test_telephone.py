"""The telephone: who calls, what a note carries, calls without a case, calls to make and what comes of them."""

from datetime import timedelta

import pytest

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.model import Callback, Case
from cases.vocabulary import Channel, DeliveryState
from desk.acts import answer, assign
from desk.callers import caller, help_with
from desk.identities import identities_of, join
from desk.telephone import (
    Beside,
    call_made,
    call_outcome,
    calls_to_make,
    phone_note,
    settled_call,
    stop_calling,
    write_instead,
)
from intake.channels.phone.translate import NumberFault, fault_of
from store.callbacks import CallResult
from tests.builders import START, DeskUnderTest, a_message

ROSA = "+59170000001"
NONCE = "0123456789abcdef" * 2
TEXT = "No puede recuperar su contraseña"


async def note(desk: DeskUnderTest, text: str = TEXT, phone: str = "7000 0001", **beside: object) -> Case:
    operator = desk.people["operador"]
    said = Beside(**beside)  # type: ignore[arg-type]
    return (await phone_note(desk.desk, operator, phone, "Rosa Mamani", text, None, said)).case


async def a_call(desk: DeskUnderTest, case: Case | None = None, text: str = "Ya puede pagar.") -> Callback:
    case = case or await note(desk)
    await answer(desk.desk, desk.people["operador"], case.number, text)
    return (await desk.desk.database.read(lambda work: work.callbacks.of(case.id)))[-1]


async def tried(desk: DeskUnderTest, call: Callback, result: CallResult, **said: object) -> Callback:
    more = {"text": "", **said}
    return await call_made(desk.desk, desk.people["operador"], call.id, result, **more)  # type: ignore[arg-type]


# Who calls


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("7", NumberFault.TOO_SHORT),
        ("7000 00", NumberFault.TOO_SHORT),
        ("7000 0001 2222 333", NumberFault.TOO_LONG),
        ("doce", NumberFault.NOT_A_NUMBER),
        ("+999 12345678", NumberFault.COUNTRY),
        ("1000 0001", NumberFault.UNLIKELY),
        ("7000-0001", None),
        ("+591 7000 0001", None),
    ],
)
def test_what_is_wrong_with_a_number_is_named(typed: str, fault: NumberFault | None) -> None:
    assert fault_of(typed) is fault


async def test_a_caller_is_known_by_the_number_however_it_is_typed(desk: DeskUnderTest) -> None:
    case = await note(desk)
    operator = desk.people["operador"]
    await join(desk.desk, operator, case.number, Channel.EMAIL, "rosa@example.bo", "Lo dijo ella.")

    found = await caller(desk.desk, operator, "+591 70-000-001")

    assert (found.number, found.names, found.channels) == (ROSA, ["Rosa Mamani"], [Channel.EMAIL])
    assert found.joins is not None
    assert (found.joins.number, found.others, found.closed) == (case.number, [], [])


async def test_an_unknown_number_is_nobodys_and_stays_so(desk: DeskUnderTest) -> None:
    found = await caller(desk.desk, desk.people["operador"], "7000 0055")

    assert (found.number, found.known, found.fault) == ("+59170000055", False, None)
    rows = await desk.desk.database.read(lambda work: work.identities.find(Channel.PHONE, "+59170000055"))
    assert rows is None


async def test_only_the_desk_may_ask_who_calls(desk: DeskUnderTest) -> None:
    for name in ("uit", "admin"):
        with pytest.raises(Forbidden):
            await caller(desk.desk, desk.people[name], ROSA)
        with pytest.raises(Forbidden):
            await help_with(desk.desk, desk.people[name], TEXT, ())


async def test_who_writes_from_the_same_number_is_shown_and_may_be_written_to(desk: DeskUnderTest) -> None:
    chat = (await desk.receive(a_message(text="No carga la página de pagos"))).case
    assert chat is not None
    found = await caller(desk.desk, desk.people["operador"], "70000001")
    assert (found.joins, [case.number for case in found.others]) == (None, [chat.number])

    case = await note(desk, "Sigue sin cargar", into=chat.number)

    assert case.number == chat.number
    assert [message.text for message in await desk.messages(chat)][-1] == "Sigue sin cargar"
    joined = await identities_of(desk.desk, desk.people["operador"], chat.number)
    assert {(each.channel, each.address) for each in joined} == {
        (Channel.WHATSAPP, ROSA),
        (Channel.PHONE, ROSA),
    }


async def test_a_note_is_not_written_into_somebody_elses_case_nor_a_closed_one(desk: DeskUnderTest) -> None:
    other = (await desk.receive(a_message(sender="+59170000002"))).case
    assert other is not None

    with pytest.raises(Invalid) as refused:
        await note(desk, into=other.number)
    with pytest.raises(NotFound):
        await note(desk, into="2026-999999")

    assert refused.value.fields == {"into": "Ese caso no es de quien llama."}
    assert (await caller(desk.desk, desk.people["operador"], ROSA)).known is False


# What a note carries


async def test_a_form_that_is_sent_twice_is_one_note_and_a_changed_one_another(desk: DeskUnderTest) -> None:
    first = await note(desk, nonce=NONCE)
    again = await note(desk, nonce=NONCE)
    changed = await note(desk, "Además no carga el correo", nonce=NONCE)

    assert first.number == again.number == changed.number
    assert [message.text for message in await desk.messages(first)] == [TEXT, "Además no carga el correo"]


async def test_an_article_that_was_read_out_is_in_the_record(desk: DeskUnderTest) -> None:
    article = await desk.article(title="Recuperar la contraseña")

    case = await note(desk, read=(article.id,))

    last = (await desk.record(case))[-1]
    assert (last.kind, last.actor, last.data["article"]) == ("article_opened", "operador", article.id)


async def test_consent_makes_a_person_reachable_elsewhere_and_is_recorded(desk: DeskUnderTest) -> None:
    case = await note(desk, whatsapp=True, mail="Rosa@Example.bo")

    operator = desk.people["operador"]
    joined = await identities_of(desk.desk, operator, case.number)
    assert [(each.channel, each.address, each.proof) for each in joined] == [
        (Channel.PHONE, ROSA, None),
        (Channel.WHATSAPP, ROSA, "consent"),
        (Channel.EMAIL, "rosa@example.bo", "consent"),
    ]
    recorded = [entry.data["channel"] for entry in await desk.record(case) if entry.kind == "consent"]
    assert recorded == ["whatsapp", "email"]
    sent = await answer(desk.desk, operator, case.number, "Le escribo.", channel=Channel.EMAIL)
    assert sent.channel is Channel.EMAIL


async def test_nobody_gets_somebody_elses_mail_by_a_call(desk: DeskUnderTest) -> None:
    await desk.receive(a_message(channel=Channel.EMAIL, sender="juan@example.bo", recipient="a@example.bo"))

    with pytest.raises(Invalid) as refused:
        await note(desk, mail="juan@example.bo")
    with pytest.raises(Invalid) as wrong:
        await note(desk, mail="juan en el correo")

    assert list(refused.value.fields) == list(wrong.value.fields) == ["mail"]
    assert (await caller(desk.desk, desk.people["operador"], ROSA)).known is False


async def test_help_names_what_it_is_and_keeps_what_was_read(desk: DeskUnderTest) -> None:
    article = await desk.article(title="Recuperar la contraseña", body="Elija **Olvidé mi contraseña**.")
    internal = await desk.article(title="Solo para el equipo", audience="internal")

    found = await help_with(desk.desk, desk.people["operador"], "recuperar contraseña", [internal.id])

    assert found.proposed is not None
    assert found.proposed.system == "ppte"
    texts = {reading.article: (reading.text, reading.internal) for reading in found.readings}
    assert texts[article.id] == ("Elija Olvidé mi contraseña.", False)
    assert texts[internal.id][1] is True
    assert (await help_with(desk.desk, desk.people["operador"], "No", ())).readings == ()


# Calls without a case


async def test_a_call_that_needs_no_case_is_kept_once_without_one(desk: DeskUnderTest) -> None:
    article = await desk.article(external_id="kb-clave")
    operator = desk.people["operador"]
    beside = Beside(nonce=NONCE, read=(article.id,))
    first = await settled_call(desk.desk, operator, "70000001", "Rosa Mamani", "Olvidó su clave", beside)
    again = await settled_call(desk.desk, operator, "70000001", "Rosa Mamani", "Olvidó su clave", beside)

    found = await caller(desk.desk, operator, ROSA)

    assert (first.id, first.case) == (again.id, None)
    assert first.text == "Olvidó su clave\n[Resuelto en la llamada con kb-clave]"
    assert [call.text for call in found.settled] == [first.text]
    assert (found.names, found.joins) == (["Rosa Mamani"], None)
    assert (await note(desk)).number == "2026-000001"


async def test_consent_without_a_case_is_kept_with_the_address(desk: DeskUnderTest) -> None:
    operator = desk.people["operador"]
    await settled_call(
        desk.desk, operator, ROSA, "Rosa", "Preguntó el horario", Beside(mail="rosa@example.bo")
    )

    found = await caller(desk.desk, operator, ROSA)

    assert found.channels == [Channel.EMAIL]
    with pytest.raises(Forbidden):
        await settled_call(desk.desk, desk.people["uit"], ROSA, "Rosa", "Preguntó el horario")


# Calls to make


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (CallResult.NO_ANSWER, "No contesta: Sonó seis veces"),
        (CallResult.BUSY, "Ocupado: Sonó seis veces"),
        (CallResult.WRONG_NUMBER, "Número equivocado: Sonó seis veces"),
    ],
)
async def test_an_attempt_without_an_answer_is_repeated_in_a_working_hour_and_recorded(
    desk: DeskUnderTest, result: CallResult, said: str
) -> None:
    call = await a_call(desk)
    desk.clock.advance(hours=3)  # noon in La Paz: half an hour is left before the break

    missed = await tried(desk, call, result, text="Sonó seis veces")

    assert (missed.attempts, missed.done) == (1, False)
    assert missed.due == START + timedelta(hours=6)  # three in the afternoon
    case = await desk.case(call.case)
    last, message = (await desk.record(case))[-1], (await desk.messages(case))[-1]
    assert (last.kind, last.data["text"], last.internal) == ("call_attempt", said, True)
    assert message.delivery is not None
    assert (message.delivery.state, message.delivery.reason) == (DeliveryState.QUEUED, said)
    [proof] = await desk.desk.database.read(lambda work: work.outbox.proof(message.id))
    assert [attempt.detail for attempt in proof.attempts] == [said]


async def test_an_answered_call_is_done_and_the_message_delivered(desk: DeskUnderTest) -> None:
    call = await a_call(desk)
    again = desk.clock.now() + timedelta(days=2)
    missed = await tried(desk, call, CallResult.NO_ANSWER, again=again)
    assert missed.due == again

    done = await tried(desk, call, CallResult.ANSWERED, seen=1)

    message = (await desk.messages(await desk.case(call.case)))[-1]
    assert (done.done, done.attempts) == (True, 2)
    assert message.delivery is not None
    assert message.delivery.state is DeliveryState.DELIVERED
    with pytest.raises(Conflict):
        await tried(desk, call, CallResult.ANSWERED)


async def test_an_attempt_that_somebody_else_noted_in_between_is_refused(desk: DeskUnderTest) -> None:
    call = await a_call(desk)
    await tried(desk, call, CallResult.BUSY, seen=0)

    with pytest.raises(Conflict):
        await tried(desk, call, CallResult.BUSY, seen=0)
    with pytest.raises(Invalid):
        await tried(desk, call, CallResult.BUSY, again=desk.clock.now())


async def test_a_wrong_number_is_marked_for_every_call_until_somebody_calls_from_it(
    desk: DeskUnderTest,
) -> None:
    call = await a_call(desk)
    await tried(desk, call, CallResult.WRONG_NUMBER)
    operator = desk.people["operador"]
    second = await a_call(desk, await desk.case(call.case), "Otra respuesta.")

    calls, _, _ = await calls_to_make(desk.desk, operator, mine=False, limit=10)
    marked = [(each.row.call.id, each.row.unreachable, each.enough) for each in calls]
    assert sorted(marked) == [(each, "Número equivocado.", True) for each in (call.id, second.id)]
    assert (await caller(desk.desk, operator, ROSA)).unreachable == "Número equivocado."

    await note(desk, "Soy yo, Rosa")

    assert (await caller(desk.desk, operator, ROSA)).unreachable is None


async def test_a_call_from_the_person_does_not_send_what_was_to_be_read_out(desk: DeskUnderTest) -> None:
    call = await a_call(desk)
    await tried(desk, call, CallResult.NO_ANSWER)

    await note(desk, "Llama por lo mismo")

    assert await desk.dispatch() == []
    waiting = (await caller(desk.desk, desk.people["operador"], ROSA)).waiting
    assert [(each.id, each.text) for each in waiting] == [(call.id, "Ya puede pagar.")]


async def test_after_three_attempts_the_desk_proposes_to_stop(desk: DeskUnderTest) -> None:
    call = await a_call(desk)
    operator = desk.people["operador"]
    seen = []
    for _ in range(3):
        await tried(desk, call, CallResult.NO_ANSWER)
        [each] = (await calls_to_make(desk.desk, operator, mine=False, limit=10))[0]
        seen.append(each.enough)
    assert seen == [False, False, True]
    with pytest.raises(Invalid):
        await stop_calling(desk.desk, operator, call.id, " ")

    closed = await stop_calling(desk.desk, operator, call.id, "Vino en persona.")

    message = (await desk.messages(await desk.case(call.case)))[-1]
    assert (closed.done, closed.attempts) == (True, 3)
    assert message.delivery is not None
    assert message.delivery.state is DeliveryState.FAILED
    assert message.delivery.reason == "Se cerró sin hablar: Vino en persona."


async def test_the_same_text_may_go_out_on_another_channel_instead(desk: DeskUnderTest) -> None:
    call = await a_call(desk, await note(desk, mail="rosa@example.bo"))
    operator = desk.people["operador"]
    for channel in (Channel.PHONE, Channel.WHATSAPP):
        with pytest.raises(Invalid):
            await write_instead(desk.desk, operator, call.id, channel)
    assert (await desk.desk.database.read(lambda work: work.callbacks.get(call.id))).done is False

    await write_instead(desk.desk, operator, call.id, Channel.EMAIL)

    [mail] = await desk.dispatch()
    assert (mail.address, mail.body, mail.case) == ("rosa@example.bo", "Ya puede pagar.", call.case)
    assert await calls_to_make(desk.desk, operator, mine=False, limit=10) == ([], 0, 0)


async def test_the_list_is_by_due_marks_the_late_and_tells_mine_from_all(desk: DeskUnderTest) -> None:
    mine = await a_call(desk)
    theirs = await note(desk, "Otra cosa", phone="70000002")
    await answer(desk.desk, desk.people["operador2"], theirs.number, "Listo.")
    await tried(desk, mine, CallResult.BUSY)
    desk.clock.advance(minutes=59)

    everybodys, count, own = await calls_to_make(desk.desk, desk.people["operador"], mine=False, limit=10)
    assert [(each.row.call.case, each.late) for each in everybodys] == [
        (theirs.number, False),
        (mine.case, False),
    ]
    assert (count, own) == (2, 1)
    desk.clock.advance(minutes=2)
    mines, _, _ = await calls_to_make(desk.desk, desk.people["operador"], mine=True, limit=10)
    assert [each.row.call.id for each in mines] == [mine.id]
    [first, _] = (await calls_to_make(desk.desk, desk.people["operador"], mine=False, limit=10))[0]
    assert first.late

    await assign(desk.desk, desk.people["operador"], theirs.number, "operador")
    assert (await calls_to_make(desk.desk, desk.people["operador"], mine=True, limit=10))[2] == 2


async def test_calls_are_the_desks_alone_and_the_contract_keeps_its_words(desk: DeskUnderTest) -> None:
    call = await a_call(desk)
    for name in ("uit", "admin"):
        with pytest.raises(Forbidden):
            await calls_to_make(desk.desk, desk.people[name], mine=False, limit=10)
        with pytest.raises(Forbidden):
            await stop_calling(desk.desk, desk.people[name], call.id, "No.")
        with pytest.raises(Forbidden):
            await write_instead(desk.desk, desk.people[name], call.id, Channel.EMAIL)

    missed = await call_outcome(
        desk.desk, desk.people["operador"], call.id, reached=False, text="No contesta", again=None
    )

    assert missed.due == START + timedelta(hours=1)
    assert (missed.outcomes[-1]["reached"], missed.outcomes[-1]["text"]) == (False, "No contesta")
    with pytest.raises(NotFound):
        await call_outcome(desk.desk, desk.people["operador"], 999, reached=True, text="", again=None)

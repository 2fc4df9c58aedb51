"""One person on several channels: joined by proof or with a reason, and separable again."""

import re

import pytest

from cases.errors import Conflict, Invalid, NotFound
from cases.model import Case, Parcel
from cases.vocabulary import Channel
from desk.acts import answer
from desk.identities import (
    NOT_THE_CODE,
    PROVED,
    ask_for_code,
    identities_of,
    join,
    send_code,
    separate,
    type_code,
)
from intake.receive import How
from tests.builders import DeskUnderTest, a_message

ROSA_MAIL = "rosa@example.bo"


async def a_case(desk: DeskUnderTest, **said: object) -> Case:
    case = (await desk.receive(a_message(**said))).case
    assert case is not None
    return case


async def outbox(desk: DeskUnderTest) -> list[Parcel]:
    return list(await desk.desk.database.write(lambda work: work.outbox.claim("test", 20, desk.clock.now())))


async def code_sent(desk: DeskUnderTest) -> str:
    [mail] = [parcel for parcel in await outbox(desk) if parcel.channel is Channel.EMAIL]
    found = re.search(r"\b(\d{6})\b", mail.body)
    assert found is not None
    assert mail.case is None
    return found[1]


async def test_typing_the_code_in_the_chat_joins_the_mail_address(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    await send_code(desk.desk, desk.people["operador"], case.number, Channel.EMAIL, "Rosa@Example.bo")
    code = await code_sent(desk)

    await desk.receive(a_message(text=code))

    joined = await identities_of(desk.desk, desk.people["operador"], case.number)
    said = [message.text for message in await desk.messages(case)]
    assert [(each.channel, each.address, each.proof) for each in joined][1:] == [
        (Channel.EMAIL, ROSA_MAIL, "code")
    ]
    assert PROVED in said


async def test_a_joined_address_writes_into_the_persons_open_case(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    await join(desk.desk, desk.people["operador"], case.number, Channel.EMAIL, ROSA_MAIL, "Lo dijo ella.")

    received = await desk.receive(
        a_message(
            channel=Channel.EMAIL, sender=ROSA_MAIL, recipient="soporte@example.bo", text="Adjunto lo pedido"
        )
    )

    assert (received.how, received.case.id) == (How.JOINED, case.id)


async def test_separating_gives_the_address_and_its_cases_back(desk: DeskUnderTest) -> None:
    other = await a_case(desk, channel=Channel.EMAIL, sender=ROSA_MAIL, sender_name="Rosa Choque")
    case = await a_case(desk)
    operador = desk.people["operador"]
    await join(desk.desk, operador, case.number, Channel.EMAIL, ROSA_MAIL, "Mismo nombre.")
    [_, joined] = sorted(
        await identities_of(desk.desk, operador, case.number), key=lambda each: each.link or 0
    )
    assert (await desk.case(other.number)).person == case.person

    await separate(desk.desk, operador, case.number, joined.link, "Son dos Rosas.")

    assert (await desk.case(other.number)).person == other.person
    with pytest.raises(NotFound):
        await separate(desk.desk, operador, case.number, joined.link, "Otra vez.")


async def test_the_record_tells_of_a_join_without_the_address(desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    await join(desk.desk, desk.people["operador"], case.number, Channel.EMAIL, ROSA_MAIL, "Lo dijo ella.")

    entry = (await desk.record(case))[-1]
    assert (entry.kind, entry.internal) == ("identity_joined", True)
    assert ROSA_MAIL not in str(entry.data)


async def test_a_join_needs_a_reason_and_a_fresh_address(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    operador = desk.people["operador"]
    with pytest.raises(Invalid):
        await join(desk.desk, operador, case.number, Channel.EMAIL, ROSA_MAIL, " ")
    with pytest.raises(Conflict):
        await join(desk.desk, operador, case.number, Channel.WHATSAPP, "70000001", "Es el suyo.")
    with pytest.raises(Invalid) as wrong:
        await join(desk.desk, operador, case.number, Channel.EMAIL, "rosa", "Es el suyo.")
    assert "address" in wrong.value.fields


async def test_a_wrong_code_joins_nothing_and_five_end_it(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    await ask_for_code(desk.desk, case.token, ROSA_MAIL)
    code = await code_sent(desk)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(Invalid) as refused:
            await type_code(desk.desk, case.token, wrong)
        assert refused.value.fields == {"code": NOT_THE_CODE}

    with pytest.raises(Invalid):
        await type_code(desk.desk, case.token, code)

    assert len(await identities_of(desk.desk, desk.people["operador"], case.number)) == 1


async def test_a_code_ends_after_a_quarter_of_an_hour(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    await ask_for_code(desk.desk, case.token, ROSA_MAIL)
    code = await code_sent(desk)
    desk.clock.advance(minutes=16)

    with pytest.raises(Invalid):
        await type_code(desk.desk, case.token, code)


async def test_nobody_is_sent_codes_without_end(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    for _ in range(3):
        await ask_for_code(desk.desk, case.token, ROSA_MAIL)

    with pytest.raises(Conflict):
        await ask_for_code(desk.desk, case.token, ROSA_MAIL)


async def test_one_case_cannot_be_used_to_write_to_many_addresses(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    for number in range(6):
        await ask_for_code(desk.desk, case.token, f"persona{number}@example.bo")

    with pytest.raises(Conflict):
        await ask_for_code(desk.desk, case.token, "otra@example.bo")


async def test_six_digits_without_a_code_waited_for_are_a_message_like_any_other(desk: DeskUnderTest) -> None:
    received = await desk.receive(a_message(text="503503"))

    assert received.how is How.OPENED


async def test_the_link_of_a_case_joins_the_chat_that_opens_it(desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    received = await desk.receive(
        a_message(sender="+59170000055", token=case.reply_token, text="/start", sender_name="R")
    )

    talk = await desk.desk.database.read(
        lambda work: work.people.conversation_of(received.message.conversation)
    )
    assert (received.how, received.case.id, talk.person) == (How.LINKED, case.id, case.person)
    assert f"Caso {case.number}" in (await desk.messages(case))[-1].text


async def test_an_operator_may_answer_on_another_channel_that_the_person_has(desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    operador = desk.people["operador"]
    with pytest.raises(Invalid):
        await answer(desk.desk, operador, case.number, "Le escribo.", channel=Channel.EMAIL)
    await join(desk.desk, operador, case.number, Channel.EMAIL, ROSA_MAIL, "Lo dijo ella.")

    sent = await answer(desk.desk, operador, case.number, "Le escribo.", channel=Channel.EMAIL)

    [mail] = [parcel for parcel in await outbox(desk) if parcel.channel is Channel.EMAIL]
    [proof] = await desk.desk.database.read(lambda work: work.outbox.proof(sent.id))
    assert (mail.address, mail.case) == (ROSA_MAIL, case.number)
    assert proof.why == "Por el canal que eligió Operador."

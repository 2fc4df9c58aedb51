"""To which case a message belongs, and what never joins one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.model import Case
from cases.traffic import Checks, DeliveryReport
from cases.vocabulary import Channel, DeliveryState, Direction
from desk.acts import answer, merge
from intake.receive import How
from tests.builders import DeskUnderTest, a_message

MAIL = {
    "channel": Channel.EMAIL,
    "sender": "rosa@example.bo",
    "recipient": "soporte@example.bo",
    "subject": "Pagos",
}
STRANGER = MAIL | {"sender": "beto@example.bo", "sender_name": "Beto"}
BLOCKED = "La persona bloqueó el bot."


async def a_mail_case(desk: DeskUnderTest, **said: object) -> Case:
    case = (await desk.receive(a_message(**(MAIL | said)))).case
    assert case is not None
    return case


async def test_a_strangers_answer_to_a_thread_opens_a_linked_case(desk: DeskUnderTest) -> None:
    case = await a_mail_case(desk, provider_id="<first@example.bo>")

    received = await desk.receive(
        a_message(**STRANGER, references=("<first@example.bo>",), text="A mí también")
    )

    assert received.case is not None
    assert (received.how, received.case.parent) == (How.OPENED, case.id)
    assert "answered_by_other" in {entry.kind for entry in await desk.record(received.case)}
    assert "A mí también" not in {message.text for message in await desk.messages(case)}


async def test_a_second_answer_of_the_stranger_joins_the_linked_case(desk: DeskUnderTest) -> None:
    await a_mail_case(desk, provider_id="<first@example.bo>")
    linked = (await desk.receive(a_message(**STRANGER, references=("<first@example.bo>",)))).case

    again = await desk.receive(a_message(**STRANGER, references=("<first@example.bo>",), text="¿Hola?"))

    assert (again.how, again.case.id) == (How.JOINED, linked.id)


async def test_an_operator_may_confirm_that_a_linked_case_is_the_same(desk: DeskUnderTest) -> None:
    case = await a_mail_case(desk, provider_id="<first@example.bo>")
    linked = (
        await desk.receive(a_message(**STRANGER, references=("<first@example.bo>",), text="Anexo"))
    ).case

    await merge(desk.desk, desk.people["operador"], linked.number, case.number)

    assert "Anexo" in {message.text for message in await desk.messages(case)}


async def test_the_token_of_the_reply_address_finds_the_case_without_references(desk: DeskUnderTest) -> None:
    case = await a_mail_case(desk)
    await a_mail_case(desk, sender="otra@example.bo")

    received = await desk.receive(a_message(**MAIL, token=case.reply_token, text="Sigue igual"))

    assert (received.how, received.case.id) == (How.JOINED, case.id)


async def test_the_token_in_a_strangers_mail_joins_nothing(desk: DeskUnderTest) -> None:
    case = await a_mail_case(desk)

    received = await desk.receive(a_message(**STRANGER, token=case.reply_token))

    assert (received.how, received.case.parent) == (How.OPENED, case.id)


async def test_the_cases_number_in_a_subject_joins_nothing(desk: DeskUnderTest) -> None:
    case = await a_mail_case(desk)

    received = await desk.receive(a_message(**(STRANGER | {"subject": f"Re: Pagos [{case.number}]"})))

    assert (received.how, received.case.parent) == (How.OPENED, None)


async def test_answers_go_where_the_first_mail_asked_for_them(desk: DeskUnderTest) -> None:
    await a_mail_case(desk, reply_to="rosa.trabajo@example.bo")

    [parcel] = await desk.desk.database.write(lambda work: work.outbox.claim("test", 5, desk.clock.now()))

    assert parcel.address == "rosa.trabajo@example.bo"


@pytest.mark.parametrize(
    ("checks", "address"),
    [(None, "rosa@example.bo"), (Checks(proven=True, summary="DKIM: pasa"), "nueva@example.bo")],
    ids=["unproven", "proven"],
)
async def test_only_a_proven_mail_moves_the_answers_of_a_known_person(
    desk: DeskUnderTest, checks: Checks | None, address: str
) -> None:
    case = await a_mail_case(desk)
    await desk.receive(a_message(**MAIL, reply_to="nueva@example.bo", checks=checks))

    conversation = await desk.desk.database.read(lambda work: work.people.conversation_of(case.conversation))

    assert (conversation.answer_to or conversation.address) == address


async def test_a_new_version_replaces_the_text_and_keeps_the_old_one(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message(provider_id="700:1", text="No abre el portl"))).case

    received = await desk.receive(a_message(provider_id="700:1:e9", edits="700:1", text="No abre el portal"))

    said = [message for message in await desk.messages(case) if message.direction is Direction.IN]
    assert received.how is How.EDITED
    assert [(m.text, [v.text for v in m.versions]) for m in said] == [
        ("No abre el portal", ["No abre el portl"])
    ]


async def test_nobody_changes_another_persons_message(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message(provider_id="700:1", text="No abre"))).case

    await desk.receive(
        a_message(sender="+59170000002", provider_id="700:1:e9", edits="700:1", text="Otra cosa")
    )

    assert (await desk.messages(case))[0].text == "No abre"


async def test_the_files_of_an_album_are_one_message_with_one_answer(desk: DeskUnderTest) -> None:
    first = await desk.receive(a_message(album="700:al", text="Mire las capturas"))
    second = await desk.receive(a_message(album="700:al", text="la segunda"))

    messages = await desk.messages(first.case)

    assert (second.how, second.message.id) == (How.ADDED, first.message.id)
    assert [message.text for message in messages if message.direction is Direction.IN] == [
        "Mire las capturas\nla segunda"
    ]
    assert len([message for message in messages if message.direction is Direction.OUT]) == 1


async def test_opening_the_conversation_greets_and_opens_no_case(desk: DeskUnderTest) -> None:
    received = await desk.receive(a_message(greeting=True, text="/start"))

    [parcel] = await desk.desk.database.write(lambda work: work.outbox.claim("test", 5, desk.clock.now()))
    assert received.case is None
    assert "Cuénteme" in parcel.body


async def test_a_bounce_fails_the_delivery_that_it_names_and_is_kept_with_the_case(
    desk: DeskUnderTest,
) -> None:
    case = await a_mail_case(desk)
    out = (await desk.dispatch())[-1]
    report = DeliveryReport(
        (f"<{out.delivery}@desk>",), DeliveryState.FAILED, "La dirección no existe (5.1.1).", unreachable=True
    )

    received = await desk.receive(
        a_message(channel=Channel.EMAIL, sender="mailer-daemon@example.bo", automatic=True, report=report)
    )

    message = next(m for m in await desk.messages(case) if m.id == out.message)
    conversation = await desk.desk.database.read(lambda work: work.people.conversation_of(case.conversation))
    assert received.case is not None
    assert received.case.id == case.id
    assert (message.delivery.state, message.delivery.reason) == (
        DeliveryState.FAILED,
        "La dirección no existe (5.1.1).",
    )
    assert conversation.unreachable == "La dirección no existe (5.1.1)."


async def test_a_blocked_conversation_holds_answers_until_the_person_writes(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    report = DeliveryReport((), DeliveryState.FAILED, BLOCKED, unreachable=True)
    await desk.receive(a_message(automatic=True, report=report, text="[La persona bloqueó el bot]"))

    held = await answer(desk.desk, desk.people["operador"], case.number, "Ya puede entrar.")
    await desk.receive(a_message(text="¿Y mi caso?"))
    freed = next(m for m in await desk.messages(case) if m.id == held.id)

    assert BLOCKED in held.delivery.reason
    assert freed.delivery.reason is None


async def test_a_machines_message_releases_nothing_that_waits_for_the_person(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    desk.clock.advance(hours=30)
    held = await answer(desk.desk, desk.people["operador"], case.number, "Ya puede entrar.")

    await desk.receive(a_message(automatic=True, text="Fuera de la oficina"))

    message = next(m for m in await desk.messages(case) if m.id == held.id)
    assert message.delivery.reason is not None


async def test_automatic_mails_to_one_address_stop_at_the_days_limit(desk: DeskUnderTest) -> None:
    kind = desk.desk.channels[Channel.EMAIL]
    limited = replace(kind, can=replace(kind.can, automatic_per_day=3))
    desk.desk.channels = {**desk.desk.channels, Channel.EMAIL: limited}
    case = await a_mail_case(desk)
    for _ in range(8):
        await desk.receive(a_message(**MAIL, text="estado"))

    said = [m for m in await desk.messages(case) if m.direction is Direction.OUT]
    desk.clock.at += timedelta(days=1, minutes=1)
    await desk.receive(a_message(**MAIL, text="estado"))

    assert len(said) == 3
    assert len([m for m in await desk.messages(case) if m.direction is Direction.OUT]) == 4

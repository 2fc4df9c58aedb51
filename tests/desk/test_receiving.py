"""What becomes of a message: its case, its record, what the assistant answers."""

import pytest

from cases.model import Case
from cases.vocabulary import Category, Channel, DeliveryState, Status
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, SureClassifier, a_message, a_verdict


async def test_a_second_message_joins_the_open_case(desk: DeskUnderTest) -> None:
    first = await desk.receive(a_message(text="No carga la página de pagos"))
    second = await desk.receive(a_message(text="Sale error 503"))

    assert second.case.number == first.case.number
    said = [message.text for message in await desk.messages(first.case) if message.direction == "in"]
    assert said == ["No carga la página de pagos", "Sale error 503"]


async def test_two_people_get_two_cases_numbered_in_turn(desk: DeskUnderTest) -> None:
    first = await desk.receive(a_message())
    second = await desk.receive(a_message(sender="+59170000002", sender_name="Juan Flores"))

    assert (first.case.number, second.case.number) == ("2026-000001", "2026-000002")


async def test_a_person_on_another_channel_gets_a_case_of_its_own(desk: DeskUnderTest) -> None:
    first = await desk.receive(a_message())
    second = await desk.receive(
        a_message(
            channel=Channel.EMAIL, sender="rosa@example.bo", provider_id="<1@example.bo>", subject="Pagos"
        )
    )

    assert second.case.number != first.case.number


async def test_a_message_after_closing_opens_a_new_case(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(
        case, *SUPPORT_TO_REVIEW, ("supervisor", "approve", {}), ("supervisor", "close", {})
    )
    assert case.status is Status.CLOSED
    desk.clock.advance(days=60)

    later = await desk.receive(a_message(text="Ahora no puedo pagar"))

    assert later.case.number != case.number


async def test_arrival_and_registration_are_the_first_two_entries(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    record = await desk.record(case)

    assert [(entry.procedure, entry.step, entry.actor) for entry in record] == [
        ("PR01", "1", "usuario"),
        ("PR01", "2", "sistema"),
    ]
    assert record[0].responsible == "Usuario"
    assert record[1].output == "Registro del Problema en la herramienta OsTicket"
    assert str(case.place) == "PR01 3"


async def test_the_assistant_acknowledges_with_the_number_and_offers_articles(desk: DeskUnderTest) -> None:
    await desk.stocked()

    case = (await desk.receive(a_message(text="no carga la pagina de pagos"))).case

    [said] = [message for message in await desk.messages(case) if message.direction == "out"]
    assert f"*{case.number}*" in said.text
    assert "1. La página de pagos no carga" in said.text
    assert said.delivery is not None
    assert said.delivery.state is DeliveryState.QUEUED


async def test_an_article_is_sent_when_its_number_is_answered(desk: DeskUnderTest) -> None:
    await desk.stocked()
    case = (await desk.receive(a_message(text="no carga la pagina de pagos"))).case

    await desk.receive(a_message(text="1"))

    texts = [message.text for message in await desk.messages(case) if message.direction == "out"]
    assert "pruebe con *otro* navegador." in texts[1]
    assert texts[2] == "¿Esto resolvió su problema? Responda *sí* o *no*."


async def test_estado_tells_stage_and_unit_and_nothing_internal(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    await desk.receive(a_message(text="¿Estado?"))

    last = (await desk.messages(case))[-1].text
    assert "Etapa 1 de 3" in last
    assert "Área de Implementación Tecnológica" in last
    assert "Aún no hay una fecha estimada" in last


async def test_asking_for_a_person_marks_the_conversation(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    await desk.receive(a_message(text="hablar con una persona"))

    conversation = await desk.desk.database.read(lambda work: work.people.conversation_of(case.conversation))
    assert conversation.state["wants_person"] is True
    assert (await desk.record(case))[-1].kind == "person_wanted"


async def test_an_automatic_mail_is_recorded_and_never_answered(desk: DeskUnderTest) -> None:
    mail = {"channel": Channel.EMAIL, "sender": "rosa@example.bo", "subject": "Pagos"}
    case = (await desk.receive(a_message(**mail))).case
    before = len(await desk.messages(case))

    await desk.receive(a_message(**mail, text="Estoy de vacaciones", automatic=True))

    assert [message.text for message in await desk.messages(case)][before:] == ["Estoy de vacaciones"]


async def test_a_machines_mail_that_concerns_no_case_opens_none(desk: DeskUnderTest) -> None:
    received = await desk.receive(a_message(channel=Channel.EMAIL, sender="robot@example.bo", automatic=True))

    assert (received.case, received.message.text) == (None, "No carga la página de pagos")


async def test_the_proposal_is_kept_with_the_version_of_its_model(desk: DeskUnderTest) -> None:
    desk.desk.classifier = SureClassifier(a_verdict(category=Category.SUPPORT, model="test-7"))
    case = (await desk.receive(a_message())).case

    proposal = await desk.desk.database.read(lambda work: work.cases.proposal(case.id))

    assert proposal is not None
    assert (proposal.category, proposal.model) == (Category.SUPPORT, "test-7")


async def closed(desk: DeskUnderTest) -> Case:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)
    return await desk.walk(
        case, *SUPPORT_TO_REVIEW, ("supervisor", "approve", {}), ("supervisor", "close", {})
    )


async def test_an_answer_within_the_reopening_time_reopens_the_case(desk: DeskUnderTest) -> None:
    case = await closed(desk)
    desk.clock.advance(days=13)

    again = await desk.receive(a_message(text="Volvió a pasar lo mismo"))

    assert (again.case.number, str(again.case.place)) == (case.number, "PR01 3")
    assert f"Reabrí su caso {case.number}" in (await desk.messages(case))[-1].text


async def test_an_answer_after_the_reopening_time_opens_a_linked_case(desk: DeskUnderTest) -> None:
    case = await closed(desk)
    desk.clock.advance(days=15)

    later = await desk.receive(a_message(text="Volvió a pasar lo mismo"))

    assert (later.case.number != case.number, later.case.parent) == (True, case.id)


@pytest.mark.parametrize("text", ["Muchas gracias!", "👍", "estado"])
async def test_thanks_and_a_question_for_the_state_do_not_reopen(desk: DeskUnderTest, text: str) -> None:
    case = await closed(desk)

    await desk.receive(a_message(text=text))

    assert (await desk.case(case.number)).status is Status.CLOSED

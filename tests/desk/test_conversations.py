"""Whole conversations with the assistant, one for each way that they go."""

from dataclasses import replace

import pytest

from cases.errors import Conflict, Invalid
from cases.model import Case
from cases.vocabulary import Category, Channel, Direction, Status
from desk.acts import answer, wait
from desk.silence import remind, waiting_long
from desk.surveys import rate
from intake.receive import How
from service.workers import Sending
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, SureClassifier, a_message, a_verdict

UNSURE = a_verdict(category=Category.SUPPORT, confidence=0.4, abstain=True)


async def says(desk: DeskUnderTest, text: str, **said: object) -> list[str]:
    """Let Rosa write, and return what the desk says to it."""
    before = len(await spoken(desk))
    await desk.receive(a_message(text=text, **said))
    return (await spoken(desk))[before:]


async def spoken(desk: DeskUnderTest) -> list[str]:
    def read(work):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - one query of a test
        rows = work.connection.exec_driver_sql(
            "SELECT text FROM messages WHERE direction = 'out' ORDER BY id"
        )
        return [row[0] for row in rows]

    return list(await desk.desk.database.read(read))


async def the_case(desk: DeskUnderTest) -> Case:
    return await desk.case("2026-000001")


async def closed(desk: DeskUnderTest) -> Case:
    case = await desk.confirm(await the_case(desk), Category.SUPPORT)
    return await desk.walk(
        case, *SUPPORT_TO_REVIEW, ("supervisor", "approve", {}), ("supervisor", "close", {})
    )


async def test_a_greeting_is_answered_and_the_report_after_it_opens_the_case(desk: DeskUnderTest) -> None:
    [greeting] = await says(desk, "Buenas tardes")
    [registered] = await says(desk, "No carga la página de pagos")

    assert "Cuénteme" in greeting
    assert "2026-000001" in registered


async def test_an_unclear_report_costs_one_question_and_a_clear_answer_is_proposed(
    desk: DeskUnderTest,
) -> None:
    desk.desk.classifier = SureClassifier(UNSURE)
    [asked] = await says(desk, "no puedo")
    desk.desk.classifier = SureClassifier(a_verdict(system="firma_digital"))

    [noted] = await says(desk, "el token de firma no responde, a nadie en la oficina")

    case = await the_case(desk)
    proposal = await desk.desk.database.read(lambda work: work.cases.proposal(case.id))
    assert "¿qué le pasa?" in asked
    assert noted.startswith("Gracias, lo anoté")
    assert (proposal.system, case.system) == ("firma_digital", "firma_digital")


async def test_a_pressed_answer_to_the_question_is_written_down(desk: DeskUnderTest) -> None:
    desk.desk.classifier = SureClassifier(UNSURE)
    await says(desk, "no puedo")

    await says(desk, "No abre o está caído", choice="1")

    entry = (await desk.record(await the_case(desk)))[-1]
    assert (entry.kind, entry.data["text"]) == (
        "kind_told",
        "Se preguntó a la persona qué le pasa; respondió: «No abre o está caído».",
    )


async def test_an_article_that_helps_is_a_solution_that_still_goes_to_the_desk(desk: DeskUnderTest) -> None:
    await desk.stocked()
    await says(desk, "no carga la pagina de pagos")
    await says(desk, "1")

    [thanks] = await says(desk, "Sí")

    case = await the_case(desk)
    assert "¡Qué bien!" in thanks
    assert (case.status, (await desk.record(case))[-1].kind) == (Status.OPEN, "self_solved")


async def test_the_assistant_is_silent_while_a_person_answers(desk: DeskUnderTest) -> None:
    await says(desk, "no carga la pagina de pagos")
    await answer(desk.desk, desk.people["operador"], "2026-000001", "¿Desde cuándo le pasa?")
    desk.clock.advance(hours=1)

    assert await says(desk, "desde ayer") == []


async def test_what_was_to_be_asked_is_not_sent_once_a_person_has_answered(desk: DeskUnderTest) -> None:
    desk.desk.classifier = SureClassifier(UNSURE)
    await says(desk, "no puedo")
    await answer(desk.desk, desk.people["operador"], "2026-000001", "Ya lo estoy viendo.")

    sender = Recording()
    worker = Sending(desk.desk, {Channel.WHATSAPP: sender}, "test")  # type: ignore[dict-item]
    while await worker.step():
        pass

    [question, _] = [m for m in await desk.messages(await the_case(desk)) if m.direction is Direction.OUT]
    assert sender.bodies == ["Ya lo estoy viendo."]
    assert "Ya no hacía falta" in (question.delivery.reason or "")


class Recording:
    """Takes whatever is to be sent."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    async def send(self, parcel):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
        self.bodies.append(parcel.body)
        return f"SM{parcel.delivery}"


async def test_out_of_hours_the_person_hears_when_the_desk_opens(desk: DeskUnderTest) -> None:
    desk.clock.at = desk.clock.at.replace(hour=3)  # eleven at night in La Paz, on Sunday

    [registered] = await says(desk, "No carga la página de pagos")

    assert "fuera de horario; le respondemos mañana desde las 08:30" in registered


async def test_a_closed_case_is_followed_by_a_mark_and_a_comment(desk: DeskUnderTest) -> None:
    await says(desk, "olvidé mi contraseña")
    await closed(desk)

    [thanks] = await says(desk, "5")
    [noted] = await says(desk, "muy rápido todo")

    record = await desk.record(await the_case(desk))
    assert "¿Cómo le atendimos?" in (await spoken(desk))[-3]
    assert "Gracias por su nota" in thanks
    assert noted.startswith("Gracias, anoté")
    assert [(e.kind, e.data.get("rating")) for e in record[-2:]] == [("rated", 5), ("commented", None)]
    assert (await the_case(desk)).status is Status.CLOSED


async def test_a_problem_instead_of_a_mark_brings_the_case_back(desk: DeskUnderTest) -> None:
    await says(desk, "olvidé mi contraseña")
    await closed(desk)

    received = await desk.receive(a_message(text="otra vez no me deja entrar"))

    assert received.how is How.REOPENED


async def test_the_mark_may_be_given_once_on_the_cases_page(desk: DeskUnderTest) -> None:
    await says(desk, "olvidé mi contraseña")
    token = (await the_case(desk)).token
    with pytest.raises(Conflict):
        await rate(desk.desk, token, "4", "")
    await closed(desk)
    with pytest.raises(Invalid):
        await rate(desk.desk, token, "9", "")

    await rate(desk.desk, token, "4", "Bien")

    with pytest.raises(Conflict):
        await rate(desk.desk, token, "1", "")
    assert [e.kind for e in (await desk.record(await the_case(desk)))[-2:]] == ["rated", "commented"]


async def test_nobody_is_asked_for_a_mark_where_they_cannot_be_written_to(desk: DeskUnderTest) -> None:
    await says(desk, "olvidé mi contraseña")
    desk.clock.advance(hours=30)

    await closed(desk)

    assert not any("¿Cómo le atendimos?" in text for text in await spoken(desk))


async def test_who_does_not_answer_is_reminded_once(desk: DeskUnderTest) -> None:
    kind = desk.desk.channels[Channel.WHATSAPP]
    always = replace(kind, can=replace(kind.can, window=None))
    desk.desk.channels = {**desk.desk.channels, Channel.WHATSAPP: always}
    await says(desk, "no carga la pagina de pagos")
    await wait(desk.desk, desk.people["operador"], "2026-000001", "Falta la captura.")
    sent = []
    for _ in range(5):
        desk.clock.advance(days=1)
        sent.append(await desk.desk.database.write(lambda work: remind(desk.desk, work, desk.clock.now())))

    assert sent == [0, 1, 0, 0, 0]
    assert "Seguimos esperando" in (await spoken(desk))[-1]


async def test_who_was_reminded_hides_nobody_who_still_has_to_be(desk: DeskUnderTest) -> None:
    await says(desk, "no carga la pagina de pagos")
    await wait(desk.desk, desk.people["operador"], "2026-000001", "Falta la captura.")
    desk.clock.advance(days=3)
    await desk.desk.database.write(lambda work: remind(desk.desk, work, desk.clock.now()))
    await desk.receive(a_message(sender="+59170000002"))
    await wait(desk.desk, desk.people["operador"], "2026-000002", "Falta la captura.")
    desk.clock.advance(days=5)

    due = await desk.desk.database.read(lambda work: waiting_long(desk.desk, work, desk.clock.now(), 1))

    assert [case.number for case in due] == ["2026-000002"]


async def test_a_complaint_is_on_record_and_calls_a_person(desk: DeskUnderTest) -> None:
    await says(desk, "no carga la pagina de pagos")

    [sorry] = await says(desk, "quiero hacer un reclamo")

    assert "supervisor" in sorry
    assert (await desk.record(await the_case(desk)))[-1].kind == "complaint"


async def test_the_conversation_goes_on_in_english_when_asked(desk: DeskUnderTest) -> None:
    [changed] = await says(desk, "English please")
    [registered] = await says(desk, "the payment page does not load")

    assert changed == "All right, I go on in English."
    assert registered.startswith("Hello, I am the support desk's automatic assistant.")


async def test_by_mail_the_articles_come_with_their_addresses(desk: DeskUnderTest) -> None:
    await desk.stocked()

    [registered] = await says(
        desk, "no carga la pagina de pagos", channel=Channel.EMAIL, sender="rosa@example.bo", subject="Pagos"
    )

    assert "/ayuda/kb-pagos" in registered
    assert "Responda a este correo con el número." in registered

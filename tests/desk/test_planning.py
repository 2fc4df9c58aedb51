"""How an answer goes out: parts, choices, files, the closed window and what announces it."""

from dataclasses import replace
from datetime import timedelta

from cases.model import Attachment, Conversation
from cases.traffic import Choice, Template
from cases.vocabulary import Channel, DeliveryState
from desk.acts import answer
from intake.channels.channel import Capabilities
from intake.reply import WINDOW_CLOSED, Written, plan_reply
from tests.builders import START, DeskUnderTest, a_message

NOTICE = Template(
    "HX1", "ventanilla_aviso", "es", "twilio/text", "Hay una respuesta a su caso {{1}}.", ("1",), "approved"
)
TALK = Conversation(1, 1, Channel.TELEGRAM, "700", None, {}, START)
YES_NO = (Choice("Sí", "sí"), Choice("No", "no"))
NUMBERED = (Choice("Cambiar la clave", "1"), Choice("Pagar", "2"))


def test_choices_are_buttons_on_the_last_part_where_the_channel_has_them() -> None:
    can = Capabilities(part_length=20, chat=True, buttons=3)

    planned = plan_reply(can, TALK, Written("Una frase larga. Y otra frase.", "x", NUMBERED), START)

    assert [part.choices for part in planned.parts] == [(), NUMBERED]


def test_choices_are_numbered_where_nothing_can_be_pressed() -> None:
    planned = plan_reply(
        Capabilities(part_length=900, chat=True), TALK, Written("Elija:", "x", NUMBERED), START
    )

    assert planned.parts[0].body == "Elija:\n1. Cambiar la clave\n2. Pagar\nResponda con el número."


def test_yes_and_no_are_asked_for_in_words() -> None:
    planned = plan_reply(
        Capabilities(part_length=900, chat=True), TALK, Written("¿Sirvió?", "x", YES_NO), START
    )

    assert planned.parts[0].body == "¿Sirvió? Responda *sí* o *no*."


def test_each_file_is_a_part_where_the_channel_sends_files_apart() -> None:
    can = Capabilities(part_length=900, attachments=True, files_apart=True)
    files = (Attachment("a.pdf", "application/pdf", b"a"), Attachment("b.pdf", "application/pdf", b"b"))

    planned = plan_reply(can, TALK, Written("Van dos.", "x", attachments=files), START)

    assert [(part.body, part.file) for part in planned.parts] == [("Van dos.", None), ("", 0), ("", 1)]


def test_a_channel_without_files_says_that_they_stayed() -> None:
    files = (Attachment("a.pdf", "application/pdf", b"a"),)

    planned = plan_reply(Capabilities(part_length=900), TALK, Written("Va.", "x", attachments=files), START)

    assert planned.attachments == ()
    assert "Sin los adjuntos" in (planned.why or "")


async def test_outside_the_window_an_approved_template_announces_what_waits(desk: DeskUnderTest) -> None:
    await desk.desk.database.write(lambda work: work.upkeep.keep_templates(Channel.WHATSAPP, [NOTICE]))
    case = (await desk.receive(a_message())).case
    await desk.dispatch()
    desk.clock.advance(hours=30)

    held = await answer(desk.desk, desk.people["operador"], case.number, "Ya puede entrar.")
    await answer(desk.desk, desk.people["operador"], case.number, "Y otra cosa.")

    [notice] = await desk.desk.database.write(lambda work: work.outbox.claim("t", 9, desk.clock.now()))
    assert (notice.template.sid, notice.template.variables) == ("HX1", {"1": case.number})
    assert notice.body == f"Hay una respuesta a su caso {case.number}."
    assert "Se le avisó" in held.delivery.reason


async def test_what_waited_goes_out_when_the_person_answers_the_announcement(desk: DeskUnderTest) -> None:
    await desk.desk.database.write(lambda work: work.upkeep.keep_templates(Channel.WHATSAPP, [NOTICE]))
    case = (await desk.receive(a_message())).case
    desk.clock.advance(hours=30)
    held = await answer(desk.desk, desk.people["operador"], case.number, "Ya puede entrar.")

    await desk.receive(a_message(text="A ver"))

    message = next(m for m in await desk.messages(case) if m.id == held.id)
    assert (message.delivery.state, message.delivery.reason) == (DeliveryState.QUEUED, None)
    assert "Ya puede entrar." in [parcel.body for parcel in await desk.dispatch()]


async def test_without_an_approved_template_the_answer_waits_and_says_so(desk: DeskUnderTest) -> None:
    pending = replace(NOTICE, status="pending")
    await desk.desk.database.write(lambda work: work.upkeep.keep_templates(Channel.WHATSAPP, [pending]))
    case = (await desk.receive(a_message())).case
    await desk.dispatch()
    desk.clock.at += timedelta(hours=30)

    held = await answer(desk.desk, desk.people["operador"], case.number, "Ya puede entrar.")

    assert held.delivery.reason == WINDOW_CLOSED
    assert await desk.dispatch() == []

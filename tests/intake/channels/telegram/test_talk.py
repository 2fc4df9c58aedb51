"""What people do in a chat beside writing, and groups."""

import pytest
import structlog

from cases.traffic import Choice
from intake.channels.channel import Refusal
from intake.channels.simulated.telegram import Fault
from intake.channels.telegram.groups import PRIVATELY
from tests.intake.channels.telegram.stand_ins import (
    PNG,
    ROSA,
    FakeDoors,
    a_message,
    a_parcel,
    a_scene,
)

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Vecinos"}


async def test_a_group_is_asked_once_to_write_in_private_and_makes_no_case() -> None:
    async with a_scene() as scene:
        statuses = [
            await scene.twin.updates.give(message=a_message(chat=GROUP, text=text))
            for text in ("Hola", "¿Hay alguien?", "Oigan")
        ]
        await scene.heard("sendMessage")
        await scene.twin.updates.give(message=a_message(chat=GROUP | {"id": -5}, text="Otro grupo"))
        await scene.heard("sendMessage", 2)
        await scene.twin.send(ROSA, "Hola")

    assert statuses == [200, 200, 200]
    assert [(reason, b"Hola" in kept, b"Otro" in kept) for reason, kept in scene.doors.aside] == [
        ("group-chat", True, False),
        ("group-chat", False, True),
    ]
    assert [arrival.sender for arrival in scene.doors.arrivals] == [str(ROSA)]
    assert scene.twin.said(-1001234567890) == scene.twin.said(-5) == [PRIVATELY]


async def test_what_a_group_says_is_counted_where_it_is_not_kept() -> None:
    with structlog.testing.capture_logs() as logs:
        async with a_scene() as scene:
            for text in ("Hola", "¿Hay alguien?", "Oigan"):
                await scene.twin.updates.give(message=a_message(chat=GROUP, text=text))

    counted = [line["updates"] for line in logs if line["event"] == "telegram_group_update_not_kept"]
    assert counted == [2, 3]


async def test_a_group_that_cannot_be_set_aside_is_heard_again() -> None:
    async with a_scene(FakeDoors(unkept=[OSError("disk full")])) as scene:
        refused = await scene.twin.updates.give(message=a_message(chat=GROUP, text="Hola"))
        await scene.twin.updates.deliver()

    assert refused == 500
    assert [reason for reason, _ in scene.doors.aside] == ["group-chat"]


async def test_a_group_that_lets_the_bot_in_is_told_at_once() -> None:
    bot = {"user": {"id": 123456, "is_bot": True, "first_name": "Mesa"}, "status": "member"}
    change = {"chat": GROUP, "from": a_message()["from"], "date": 1, "new_chat_member": bot}
    async with a_scene() as scene:
        await scene.twin.updates.give(my_chat_member=change)
        await scene.heard("sendMessage")
        await scene.twin.updates.give(message=a_message(chat=GROUP, text="Hola"))
        await scene.twin.send(ROSA, "Hola")

    assert len(scene.doors.aside) == 1
    assert scene.twin.said(-1001234567890) == [PRIVATELY]


async def test_channels_edits_and_bots_in_groups_hear_nothing() -> None:
    channel = GROUP | {"type": "channel", "id": -1}
    async with a_scene() as scene:
        await scene.twin.updates.give(message=a_message(chat=channel))
        await scene.twin.updates.give(edited_message=a_message(chat=GROUP))
        await scene.twin.updates.give(message=a_message(chat=GROUP) | {"from": {"id": 1, "is_bot": True}})

    assert len(scene.doors.aside) == 2
    assert "sendmessage" not in scene.twin.calls


YES, NO = Choice("Sí, resuelto", "solved:yes"), Choice("Todavía no", "solved:no")


async def test_a_button_is_kept_stops_turning_and_leaves_its_mark() -> None:
    async with a_scene() as scene:
        await scene.channel.send(a_parcel("¿Esto resolvió su problema?", choices=(YES, NO)))
        [asked] = scene.twin.chats[ROSA]
        status = await scene.twin.press(ROSA, "solved:yes", asked.number)
        await scene.heard("answerCallbackQuery")
        await scene.heard("editMessageReplyMarkup")
        [left] = asked.buttons()
        again = await scene.twin.press(ROSA, left["callback_data"], asked.number)
        await scene.heard("answerCallbackQuery", 2)

    [message] = scene.doors.messages()
    assert (status, again) == (200, 200)
    assert (message.text, message.choice) == ("Sí, resuelto", "solved:yes")
    assert message.references == (f"{ROSA}:{asked.number}",)
    assert left["text"] == "✓ Sí, resuelto"
    assert len(scene.twin.answered) == 2


async def test_a_button_pressed_twice_before_it_is_gone_counts_once() -> None:
    async with a_scene(prepare=lambda twin: twin.fail("editMessageReplyMarkup", Fault.RESET)) as scene:
        await scene.channel.send(a_parcel("¿Esto resolvió su problema?", choices=(YES, NO)))
        [asked] = scene.twin.chats[ROSA]
        for _ in range(2):
            await scene.twin.press(ROSA, "solved:yes", asked.number)
        await scene.heard("editMessageReplyMarkup", 2)
        await scene.heard("answerCallbackQuery", 2)

    assert [message.choice for message in scene.doors.messages()] == ["solved:yes"]
    assert [button["text"] for button in asked.buttons()] == ["✓ Sí, resuelto"]


async def test_a_button_that_cannot_be_kept_stays_as_it_is() -> None:
    async with a_scene(FakeDoors(broken=[OSError("disk full")])) as scene:
        await scene.channel.send(a_parcel("¿Esto resolvió su problema?", choices=(YES,)))
        [asked] = scene.twin.chats[ROSA]
        refused = await scene.twin.press(ROSA, "solved:yes", asked.number)
        before = len(scene.twin.answered)
        await scene.twin.updates.deliver()
        await scene.heard("editMessageReplyMarkup")

    assert (refused, before) == (500, 0)
    assert [message.choice for message in scene.doors.messages()] == ["solved:yes"]


async def test_a_person_who_blocks_the_bot_is_noted_and_can_come_back() -> None:
    for mode in ("webhook", "polling"):
        async with a_scene(telegram_mode=mode) as scene:
            await scene.twin.block(ROSA)
            await scene.doors.holding(arrivals=1)
            with pytest.raises(Refusal) as caught:
                await scene.channel.send(a_parcel())
            await scene.twin.block(ROSA, blocks=False)
            await scene.doors.holding(arrivals=2)
            await scene.channel.send(a_parcel())

        gone, back = scene.doors.messages()
        assert gone.report is not None
        assert gone.report.unreachable
        assert (gone.automatic, back.automatic, back.report) == (True, True, None)
        assert caught.value.unreachable


async def test_an_edit_and_an_album_say_what_they_belong_to() -> None:
    async with a_scene() as scene:
        await scene.twin.send(ROSA, "No carga la pagina")
        await scene.twin.edit(ROSA, scene.twin.chats[ROSA][0].number, "No carga la página")
        await scene.twin.send_album(ROSA, [PNG, PNG], "Sale esto")

    text, edit, first, second = scene.doors.messages()
    assert (edit.edits, edit.text) == (text.provider_id, "No carga la página")
    assert (first.text, second.text) == ("Sale esto\n[Foto]", "[Foto]")
    assert first.album == second.album is not None
    assert [file.content for part in (first, second) for file in part.attachments] == [PNG, PNG]


async def test_updates_may_come_twice_and_out_of_order() -> None:
    async with a_scene(prepare=lambda twin: twin.fail("webhook", Fault.TWICE, Fault.SWAPPED)) as scene:
        for text in ("uno", "dos", "tres"):
            await scene.twin.send(ROSA, text)

    assert [message.text for message in scene.doors.messages()] == ["uno", "tres", "dos"]
    assert scene.twin.updates.pending == []

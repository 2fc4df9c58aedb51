"""The twin against python-telegram-bot as it is, with its own HTTP client: it notices no difference."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, MessageEntity
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TimedOut
from telegram.ext import Application, ApplicationBuilder, MessageHandler, filters

from intake.channels.simulated.telegram import Fault, TelegramTwin
from tests.intake.channels.telegram.stand_ins import PNG, ROSA, SOON, TOKEN, a_twin, served


@asynccontextmanager
async def a_bot(token: str = TOKEN) -> AsyncIterator[tuple[Bot, TelegramTwin, str]]:
    twin = a_twin()
    async with served(twin) as url:
        base = f"{url}/simulated/telegram"
        async with Bot(token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
            yield bot, twin, url


async def test_it_is_a_bot() -> None:
    async with a_bot() as (bot, twin, _):
        me = await bot.get_me()

    assert (me.id, me.username, me.is_bot) == (123456, twin.username, True)


async def test_it_takes_messages_and_documents() -> None:
    async with a_bot() as (bot, twin, _):
        message = await bot.send_message(ROSA, "Hola Rosa", entities=[MessageEntity("bold", 5, 4)])
        document = await bot.send_document(ROSA, InputFile(b"%PDF", filename="guia.pdf"), caption="La guía")
        assert document.document is not None
        file = await bot.get_file(document.document.file_id)
        content = await file.download_as_bytearray()

    assert (message.chat.id, message.text, message.entities[0].type) == (ROSA, "Hola Rosa", "bold")
    assert document.document.file_name == "guia.pdf"
    assert bytes(content) == b"%PDF"
    assert twin.said(ROSA) == ["Hola Rosa", "La guía"]


async def test_it_gives_updates_until_they_are_confirmed() -> None:
    async with a_bot() as (bot, twin, _):
        await twin.send(ROSA, "Hola")
        await twin.press(ROSA, "solved:yes")
        first, second = await bot.get_updates()
        [again] = await bot.get_updates(offset=second.update_id)
        none = await bot.get_updates(offset=second.update_id + 1, timeout=0)
        assert second.callback_query is not None
        assert await bot.answer_callback_query(second.callback_query.id)

    assert first.message is not None
    assert (first.message.text, first.message.from_user and first.message.from_user.full_name) == (
        "Hola",
        "Rosa",
    )
    assert (again, none) == (second, ())
    assert twin.answered == [second.callback_query.id]


async def test_a_webhook_excludes_asking() -> None:
    async with a_bot() as (bot, _, _):
        assert await bot.set_webhook("https://mesa.example.bo/updates", secret_token="abc")
        told = await bot.get_webhook_info()
        with pytest.raises(Conflict):
            await bot.get_updates()
        assert await bot.delete_webhook()

        assert told.url == "https://mesa.example.bo/updates"
        assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        (Fault.BLOCKED, Forbidden, "Forbidden: bot was blocked by the user"),
        (Fault.BROKEN, NetworkError, "Internal Server Error"),
        (Fault.RESET, NetworkError, ""),
        (Fault.CUT, NetworkError, ""),
        (Fault.UNANSWERED, TimedOut, "Timed out"),
    ],
)
async def test_the_sdk_sees_each_fault(fault: Fault, error: type[NetworkError], message: str) -> None:
    async with a_bot() as (bot, twin, _):
        twin.fail("sendMessage", fault)
        with pytest.raises(error) as caught:
            await bot.send_message(ROSA, "Hola", read_timeout=0.2)
        await bot.send_message(ROSA, "Otra vez")

    assert message in caught.value.message
    assert len(twin.said(ROSA)) == 1 + (fault in {Fault.CUT, Fault.UNANSWERED})


async def test_flood_control_names_the_seconds_to_wait() -> None:
    async with a_bot() as (_, twin, url), aiohttp.ClientSession() as session:
        twin.fail("sendMessage", Fault.FLOOD)
        call = f"{url}/simulated/telegram/bot{TOKEN}/sendMessage"
        async with session.post(call, json={"chat_id": ROSA, "text": "Hola"}) as answer:
            status, body = answer.status, await answer.json()

    assert (status, body["error_code"], body["parameters"]) == (429, 429, {"retry_after": 7})
    assert body["description"] == "Too Many Requests: retry after 7"


async def test_what_is_wrong_is_refused_as_telegram_does() -> None:
    async with a_bot() as (bot, twin, _):
        twin.strangers.add(5)
        for chat, text in ((5, "Hola"), (ROSA, ""), (ROSA, "x" * 4097)):
            with pytest.raises(BadRequest):
                await bot.send_message(chat, text)
        with pytest.raises(BadRequest):
            await bot.get_file("unknown")

    with pytest.raises(InvalidToken):
        async with a_bot("1:wrong"):
            pass


async def test_an_application_of_the_sdk_runs_on_it() -> None:
    twin, texts = a_twin(), asyncio.Queue[str]()

    async def heard(update: object, _context: object) -> None:
        await texts.put(str(getattr(getattr(update, "message", None), "text", None)))

    async with served(twin) as url:
        base = f"{url}/simulated/telegram"
        application: Application = (  # type: ignore[type-arg]
            ApplicationBuilder()
            .token(TOKEN)
            .base_url(f"{base}/bot")
            .base_file_url(f"{base}/file/bot")
            .build()
        )
        application.add_handler(MessageHandler(filters.TEXT, heard))
        async with application, asyncio.timeout(SOON):
            assert application.updater is not None
            await application.updater.start_polling(poll_interval=0)
            await application.start()
            await twin.send(ROSA, "Hola")
            text = await texts.get()
            twin.let_go()
            await application.updater.stop()
            await application.stop()

    assert text == "Hola"


async def ask(session: aiohttp.ClientSession, phone: str, **act: Any) -> tuple[int, Any]:
    """Do something on a phone; gives the status and the answer."""
    async with session.post(phone, json=act) as done:
        return done.status, await done.json()


async def screen(session: aiohttp.ClientSession, phone: str) -> Any:
    async with session.get(phone) as shown:
        return await shown.json()


async def test_a_phone_reads_and_writes_over_http() -> None:
    async with a_bot() as (bot, twin, url), aiohttp.ClientSession() as session:
        phone = f"{url}/simulated/telegram/chat/{ROSA}"
        wrote = await ask(session, phone, text="Ola", name="Rosa Mamani")
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Sí", callback_data="yes")]])
        await bot.send_message(ROSA, "¿Resolvió?", reply_markup=keyboard)
        first, asked = (await screen(session, phone))["messages"]
        await ask(session, phone, edit=first["number"], text="Hola")
        await ask(session, phone, press="yes", under=asked["number"])
        await ask(session, phone, photo=base64.b64encode(PNG).decode(), caption="Sale esto")
        await ask(session, phone, document="eA==", file_name="a.txt")
        shown = await screen(session, phone)
        async with session.get(f"{url}{shown['messages'][2]['file']['url']}") as picture:
            content, kind = await picture.read(), picture.content_type
        message, edited, pressed, photo, document = await bot.get_updates()

    assert wrote == (200, {"status": None})
    assert (shown["bot"], shown["blocked"]) == (twin.username, False)
    assert [(each["direction"], each["text"], each["edited"]) for each in shown["messages"]] == [
        ("in", "Hola", True),
        ("out", "¿Resolvió?", False),
        ("in", "Sale esto", False),
        ("in", "", False),
    ]
    assert shown["messages"][1]["buttons"] == [{"text": "Sí", "data": "yes"}]
    assert (content, kind) == (PNG, "image/png")
    assert message.message is not None
    assert message.message.from_user is not None
    assert message.message.from_user.full_name == "Rosa Mamani"
    assert edited.edited_message is not None
    assert edited.edited_message.text == "Hola"
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "yes"
    assert photo.message is not None
    assert (photo.message.caption, len(photo.message.photo)) == ("Sale esto", 1)
    assert document.message is not None
    assert document.message.document is not None
    assert document.message.document.file_name == "a.txt"


async def test_a_phone_that_blocked_the_bot_neither_gets_nor_writes_anything() -> None:
    async with a_bot() as (bot, _, url), aiohttp.ClientSession() as session:
        phone = f"{url}/simulated/telegram/chat/{ROSA}"
        await ask(session, phone, block=True)
        with pytest.raises(Forbidden, match="blocked by the user"):
            await bot.send_message(ROSA, "Hola")
        refused, _ = await ask(session, phone, text="Hola")
        shown = await screen(session, phone)
        await ask(session, phone, block=False)
        taken, _ = await ask(session, phone, text="Hola")
        blocked, back, _ = await bot.get_updates()

    assert (refused, taken, shown["blocked"]) == (409, 200, True)
    assert blocked.my_chat_member is not None
    assert (blocked.my_chat_member.chat.id, blocked.my_chat_member.new_chat_member.status) == (ROSA, "kicked")
    assert back.my_chat_member is not None
    assert back.my_chat_member.new_chat_member.status == "member"


@pytest.mark.parametrize(
    "act", [{}, {"text": " "}, {"edit": 5, "text": "x"}, {"press": "a", "under": 1}, {"photo": "ñ"}]
)
async def test_what_makes_no_sense_on_a_phone_is_refused(act: dict[str, Any]) -> None:
    async with a_bot() as (_, twin, url), aiohttp.ClientSession() as session:
        status, said = await ask(session, f"{url}/simulated/telegram/chat/{ROSA}", **act)

    assert (status, list(said)) == (400, ["error"])
    assert twin.updates.pending == []


async def test_faults_can_be_ordered_over_http() -> None:
    async with a_bot() as (bot, _, url), aiohttp.ClientSession() as session:
        faults = f"{url}/simulated/telegram/faults"
        ordered, _ = await ask(session, faults, method="sendMessage", faults=["broken"])
        unknown, _ = await ask(session, faults, method="sendMessage", faults=["swapped"])
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(ROSA, "Hola")

    assert (ordered, unknown) == (200, 400)


async def test_only_the_kinds_that_the_bot_asked_for_come() -> None:
    async with a_bot() as (bot, twin, _):
        await bot.get_updates(timeout=0, allowed_updates=["message"])
        await twin.block(ROSA)
        await twin.send(ROSA, "Hola")
        [update] = await bot.get_updates()

    assert update.message is not None


async def test_buttons_are_changed_as_telegram_does() -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Sí", callback_data="yes")]])
    async with a_bot() as (bot, twin, _):
        message = await bot.send_message(ROSA, "¿Resolvió?", reply_markup=keyboard)
        await bot.edit_message_reply_markup(ROSA, message.message_id)
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_reply_markup(ROSA, message.message_id)
        with pytest.raises(BadRequest, match="not found"):
            await bot.edit_message_reply_markup(ROSA, 1)
        long = InlineKeyboardMarkup([[InlineKeyboardButton("Sí", callback_data="x" * 65)]])
        with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
            await bot.send_message(ROSA, "¿Resolvió?", reply_markup=long)
        with pytest.raises(BadRequest, match="too old"):
            await bot.answer_callback_query("unknown")

    assert message.reply_markup == keyboard
    assert [bubble.markup for bubble in twin.chats[ROSA]] == [None]


async def test_the_page_is_there() -> None:
    async with a_bot() as (_, _, url), aiohttp.ClientSession() as session:
        for name, kind in (("", "text/html"), (".css", "text/css"), (".js", "text/javascript")):
            async with session.get(f"{url}/simulated/telegram{name}") as answer:
                assert (answer.status, answer.content_type.replace("application/j", "text/j")) == (200, kind)

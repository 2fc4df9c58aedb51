"""Telegram's updates in, the Bot API out."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from cases.model import Arrival, Parcel
from cases.vocabulary import Channel
from intake.channels.channel import Adapter, CannotUnderstand, Doors, Finding, Unknown
from intake.channels.telegram.buttons import chosen, was_chosen
from intake.channels.telegram.client import Patience, SessionRequest
from intake.channels.telegram.files import Files
from intake.channels.telegram.groups import PRIVATELY, Groups, may_be_told
from intake.channels.telegram.polling import Polling, announce
from intake.channels.telegram.probing import probe
from intake.channels.telegram.sending import Sender
from intake.channels.telegram.settings import TelegramSettings
from intake.channels.telegram.translate import is_group, label_of, provider_id, sender
from intake.channels.telegram.update import Json, message_in, number_in, object_in, parse, text_in

log = structlog.get_logger(__name__)

PATH = "/channels/telegram/updates"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
KEPT = 65_536
"""Bytes of a forged request that are kept: enough to see what it was, too little to fill the disk."""


class Telegram:
    """The open channel."""

    def __init__(self, bot: Bot, secret: str, files: Files, doors: Doors, *, polled: bool = False) -> None:
        self._bot = bot
        self._polled = polled
        self._secret = secret.encode("ascii")
        self._files = files
        self._doors = doors
        self._sender = Sender(bot)
        self._groups = Groups()
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> Sequence[web.RouteDef]:
        """Return Telegram's webhook."""
        return (web.post(PATH, self.receive),)

    async def receive(self, request: web.Request) -> web.Response:
        """Store one update from Telegram durably; the work happens after the answer."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        body = await request.read()
        if not hmac.compare_digest(given, self._secret):
            await self._set_aside("forged", "the secret is not the one that Telegram was given", body[:KEPT])
            return web.Response(status=403, text="secret does not match")
        try:
            update = parse(body)
        except CannotUnderstand as why:
            await self._set_aside("unreadable", str(why), body)
            return web.Response()
        await self.take(update, await self.prepare(update, body))
        return web.Response()

    async def prepare(self, update: Json, body: bytes) -> bytes:
        """Return what is to be kept of an update: its bytes, and its message's file if that can be had in time."""
        if is_group(update) or "callback_query" in update:
            return body
        return await self._files.with_file(update, body)

    async def take(self, update: Json, payload: bytes) -> None:
        """Keep one update durably, then do what Telegram's user waits for."""
        if is_group(update):
            await self._decline(update, payload)
            return
        callback = object_in(update, "callback_query")
        if was_chosen(callback):
            log.info("telegram_mark_pressed")
            self._answer(callback)
            return
        name = provider_id(update) or _update_name(update)
        if name is None:
            await self._set_aside("no-id", "the update has no id", payload)
            return
        await self._doors.accept(Arrival(Channel.TELEGRAM, name, sender(update), payload, self._doors.now()))
        if callback:
            self._answer(callback)
            self._mark(callback)

    def _answer(self, callback: Json) -> None:
        """Let a button stop turning."""
        pressed = text_in(callback, "id")
        if pressed:
            self.start(self._quietly(self._bot.answer_callback_query(pressed)))

    def _mark(self, callback: Json) -> None:
        """Leave of a message's buttons the one that was pressed, so that none is pressed again."""
        message, data = object_in(callback, "message"), text_in(callback, "data")
        chat, number = number_in(object_in(message, "chat"), "id"), number_in(message, "message_id")
        if chat is None or number is None:
            return
        label = label_of(message, data)
        left = chosen(label) if label else None
        self.start(self._quietly(self._bot.edit_message_reply_markup(chat, number, reply_markup=left)))

    async def _set_aside(self, reason: str, detail: str, payload: bytes) -> None:
        await self._doors.quarantine(Channel.TELEGRAM, reason, detail, payload)

    async def _decline(self, update: Json, payload: bytes) -> None:
        """Keep the first update of a group, count the others, and ask once to write in private."""
        group = number_in(object_in(message_in(update), "chat"), "id")
        if group is None or not self._groups.knows(group):
            await self._set_aside("group-chat", "a group or channel: answered once, never a case", payload)
        if group is None:
            return
        count = self._groups.count(group)
        if count > 1:
            log.info("telegram_group_update_not_kept", group=group, updates=count)
        if may_be_told(update) and self._groups.tell(group):
            self.start(self._quietly(self._bot.send_message(group, PRIVATELY)))

    async def _quietly(self, call: Coroutine[Any, Any, object]) -> None:
        """Make a call that nothing depends on."""
        try:
            await call
        except TelegramError as failed:
            log.info("telegram_courtesy_failed", error=type(failed).__name__)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside, until it is done or the channel closes."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop what runs beside."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def send(self, parcel: Parcel) -> str:
        """Hand one part to Telegram; returns its id, `chat:message`."""
        return await self._sender.send(parcel)

    async def find(self, parcel: Parcel, since: datetime) -> Sequence[str]:  # noqa: ARG002 - the protocol's names
        """Telegram has no list of what a bot has sent."""
        raise Unknown("Telegram no permite preguntar si un mensaje salió.")

    async def probe(self) -> Sequence[Finding]:
        """Ask Telegram whether it knows the bot and where its updates go."""
        return await probe(self._bot, None if self._polled else webhook_of(self._doors))


def webhook_of(doors: Doors) -> str:
    """Return the address to which Telegram sends updates."""
    return f"{doors.public_url.rstrip('/')}{PATH}"


def _update_name(update: Json) -> str | None:
    """Return a name for an update that is no message: it is kept, and named as what the desk does not take."""
    number = number_in(update, "update_id")
    return None if number is None else f"update:{number}"


def open_telegram(
    settings: TelegramSettings, doors: Doors, patience: Patience | None = None
) -> AbstractAsyncContextManager[Adapter] | None:
    """Open the channel, or return None where no bot is configured."""
    token = settings.telegram_token
    if token is None or not token.get_secret_value():
        return None
    return _opened(settings, token.get_secret_value(), doors, patience or Patience())


def webhook_secret(settings: TelegramSettings, token: str) -> str:
    """Return the webhook's secret: the configured one, or one made from the token, the same on every node."""
    if settings.telegram_secret is not None:
        return settings.telegram_secret.get_secret_value()
    return hmac.new(token.encode(), b"ventanilla telegram webhook", hashlib.sha256).hexdigest()


@asynccontextmanager
async def _opened(
    settings: TelegramSettings, token: str, doors: Doors, patience: Patience
) -> AsyncIterator[Adapter]:
    api, secret = settings.telegram_api_url.rstrip("/"), webhook_secret(settings, token)
    async with aiohttp.ClientSession() as session:
        request = SessionRequest(session, patience)
        bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=request,
            get_updates_request=request,
        )
        polled = settings.telegram_mode == "polling"
        channel = Telegram(bot, secret, Files(bot, session, patience), doors, polled=polled)
        if doors.listens and polled:
            channel.start(Polling(bot, request, channel.prepare, channel.take, patience).run())
        elif doors.listens:
            channel.start(announce(bot, webhook_of(doors), secret, patience))
        try:
            yield channel
        finally:
            await channel.close()

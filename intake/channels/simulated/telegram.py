"""A twin of Telegram's Bot API with the phones behind it: it takes messages, gives updates, and fails on demand."""

import asyncio
import contextlib
import hmac
import json
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from intake.channels.simulated.telegram_page import page_routes
from intake.channels.simulated.telegram_phones import Phones
from intake.channels.simulated.telegram_screen import (
    OF_WEBHOOK,
    SENT_BY_DESK,
    Bubble,
    Fault,
    Json,
    Refused,
    answer,
    cut,
    markup_of,
    parameters,
    picture_type,
    upload_of,
)

__all__ = ["Bubble", "Fault", "TelegramTwin"]

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST_PHOTO = 10 * 1000 * 1000
HANGING = 60
"""Seconds that a call which never answers keeps its connection, unless it is let go."""


@dataclass(slots=True)
class TelegramTwin(Phones):
    """Telegram with its phones, for one bot.

    Updates go to the webhook once the bot has set one (`setWebhook` also tells the secret), else they wait for
    `getUpdates`. `faults` are what happens to the next calls of each method (by its name in lower case); see `fail`.
    """

    retry_after: int = 7
    answered: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the Bot API as far as the service uses it, the phones, and a page to use one."""
        return (
            web.route("*", "/simulated/telegram/bot{token}/{method}", self.call),
            web.get("/simulated/telegram/file/bot{token}/{path:.+}", self.download),
            *page_routes(self, self.fail),
        )

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method go wrong, one after another; `webhook`: the next updates on their way."""
        if any((fault in OF_WEBHOOK) != (method == "webhook") for fault in faults):
            raise ValueError("twice and swapped happen to the webhook, the others to methods")
        queue = self.updates.faults if method == "webhook" else self.faults[method.lower()]
        queue.extend(faults)

    def let_go(self) -> None:
        """Answer what hangs or waits, as a server does that is about to stop."""
        self._let_go.set()
        self.updates.close()

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call of the Bot API; names of methods are compared without case, as Telegram does."""
        if not hmac.compare_digest(request.match_info["token"].encode(), self.token.encode()):
            return answer(Refused(401, "Unauthorized").answer)
        name = request.match_info["method"].lower()
        method = self._methods().get(name)
        if method is None:
            return answer(Refused(404, "Not Found").answer)
        given = await parameters(request)
        fault = self.faults[name].popleft() if self.faults[name] else None
        try:
            self._refuse(fault)
            body = {"ok": True, "result": None if fault is Fault.RESET else await method(given)}
        except Refused as refused:
            body = refused.answer
        async with self._changed:
            self.calls.append(name)
            self._changed.notify_all()
        if fault in (Fault.CUT, Fault.RESET):
            return cut(request)
        if fault is Fault.UNANSWERED:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._let_go.wait(), HANGING)
        return answer(body)

    async def heard(self, method: str, times: int = 1) -> None:
        """Wait until a method has been called so often, rightly or not."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.calls.count(method.lower()) >= times)

    def _methods(self) -> dict[str, Callable[[Json], Any]]:
        return {
            "getme": self._get_me,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
            "getupdates": self._get_updates,
            "sendmessage": self._send_message,
            "senddocument": self._send_document,
            "sendphoto": self._send_photo,
            "editmessagereplymarkup": self._edit_message_reply_markup,
            "answercallbackquery": self._answer_callback_query,
            "getfile": self._get_file,
        }

    def _refuse(self, fault: Fault | None) -> None:
        if fault is Fault.FLOOD:
            wait = self.retry_after
            raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        if fault is Fault.BLOCKED:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if fault is Fault.BROKEN:
            raise Refused(500, "Internal Server Error")

    async def _get_me(self, _given: Json) -> Json:
        me = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return self.bot() | me

    async def _set_webhook(self, given: Json) -> bool:
        self._allow(given)
        self.updates.send_to(str(given.get("url", "")), str(given.get("secret_token", "")))
        return True

    async def _delete_webhook(self, _given: Json) -> bool:
        self.updates.webhook = self.updates.secret = ""
        return True

    async def _get_webhook_info(self, _given: Json) -> Json:
        return {
            "url": self.updates.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
        }

    async def _get_updates(self, given: Json) -> list[Json]:
        self._allow(given)
        return await self.updates.ask(
            int(given.get("offset", 0)), int(given.get("limit", 100)), int(given.get("timeout", 0))
        )

    def _allow(self, given: Json) -> None:
        """Note which kinds of updates the bot asks for; unsaid, it is as before."""
        asked = given.get("allowed_updates")
        if asked:
            self.updates.allowed = frozenset(json.loads(asked) if isinstance(asked, str) else asked)

    async def _send_message(self, given: Json) -> Json:
        text = str(given.get("text", ""))
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(text) > LONGEST_TEXT:
            raise Refused(400, "Bad Request: message is too long")
        return self._sent(given, text, json.loads(given.get("entities") or "[]"))

    async def _send_document(self, given: Json) -> Json:
        name, content = upload_of(given, "document")
        document = {"file_id": self.keep(content), "file_unique_id": "u", "file_name": name}
        return self._sent_file(given, (name, content), {"document": document})

    async def _send_photo(self, given: Json) -> Json:
        name, content = upload_of(given, "photo")
        if len(content) > LARGEST_PHOTO:
            raise Refused(400, "Bad Request: file is too big")
        if picture_type(content) is None:
            raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
        photo = {"file_id": self.keep(content), "file_unique_id": "u", "width": 9, "height": 9}
        return self._sent_file(given, (name, content), {"photo": [photo]}, photo=True)

    def _sent_file(self, given: Json, file: tuple[str, bytes], parts: Json, *, photo: bool = False) -> Json:
        caption = str(given.get("caption", ""))
        if len(caption) > LONGEST_CAPTION:
            raise Refused(400, "Bad Request: message caption is too long")
        entities = json.loads(given.get("caption_entities") or "[]")
        return self._sent(given, caption, entities, file, parts, photo=photo)

    def _sent(
        self,
        given: Json,
        text: str,
        entities: list[Json],
        file: tuple[str, bytes] | None = None,
        parts: Json | None = None,
        *,
        photo: bool = False,
    ) -> Json:
        chat, markup = self._chat(given), markup_of(given)
        bubble = self.put(chat, SENT_BY_DESK, text)
        bubble.entities, bubble.markup, bubble.file, bubble.photo = entities, markup, file, photo
        bubble.parts = parts or {}
        return self.message(chat, bubble)

    async def _edit_message_reply_markup(self, given: Json) -> Json:
        chat, markup = self._chat(given), markup_of(given)
        try:
            bubble = self.bubble(chat, int(given.get("message_id", 0)), SENT_BY_DESK)
        except (KeyError, ValueError):
            raise Refused(400, "Bad Request: message to edit not found") from None
        if bubble.markup == markup:
            raise Refused(400, "Bad Request: message is not modified")
        bubble.markup = markup
        return self.message(chat, bubble)

    async def _answer_callback_query(self, given: Json) -> bool:
        name = str(given.get("callback_query_id", ""))
        if name not in self.queries:
            raise Refused(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self.answered.append(name)
        return True

    async def _get_file(self, given: Json) -> Json:
        name = str(given.get("file_id", ""))
        if name not in self.files:
            raise Refused(400, "Bad Request: invalid file_id")
        size = len(self.files[name])
        return {
            "file_id": name,
            "file_unique_id": f"u{name}",
            "file_size": size,
            "file_path": f"documents/{name}",
        }

    async def download(self, request: web.Request) -> web.Response:
        """Give a file's content, as `…/file/bot<token>/<file_path>` does."""
        content = self.files.get(request.match_info["path"].removeprefix("documents/"))
        if request.match_info["token"] != self.token or content is None:
            return answer(Refused(404, "Not Found").answer)
        return web.Response(body=content, content_type="application/octet-stream")

    def _chat(self, given: Json) -> int:
        number = str(given.get("chat_id", ""))
        if not number.removeprefix("-").isdecimal() or int(number) in self.strangers:
            raise Refused(400, "Bad Request: chat not found")
        if int(number) in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return int(number)

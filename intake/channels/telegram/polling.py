"""The two ways in which updates come: Telegram is told where to call, or is asked again and again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from intake.channels.telegram.client import Flooded, Patience, SessionRequest
from intake.channels.telegram.update import Json, number_in

log = structlog.get_logger(__name__)

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that the desk asks for."""

AT_ONCE = 8
"""Updates taken in one request; their files are fetched together."""

SLACK = 10
"""Seconds beyond the long poll's own time after which an answer no longer comes."""

Prepare = Callable[[Json, bytes], Awaitable[bytes]]
Take = Callable[[Json, bytes], Awaitable[None]]


async def announce(bot: Bot, url: str, secret: str, patience: Patience) -> None:
    """Tell Telegram where updates go; tried again until Telegram can be reached, given up where it refuses."""
    failures = 0
    while True:
        try:
            await bot.set_webhook(url, secret_token=secret, allowed_updates=list(WANTED))
        except (BadRequest, InvalidToken) as refused:
            log.warning("telegram_webhook_refused", reason=refused.message)
            return
        except TelegramError as broken:
            failures += 1
            log.warning("telegram_webhook_not_set", error=type(broken).__name__)
            await asyncio.sleep(patience.after(failures, _asked(broken)))
        else:
            log.info("telegram_webhook_set")
            return


class Polling:
    """Asks Telegram for updates for as long as it runs; each is confirmed only once it is kept (`offset`).

    `prepare` returns what is to be kept of an update, `take` keeps it. Telegram answers with a conflict where a webhook
    was set meanwhile, which is then removed again, or where another poller asks: both go on, each update comes to one
    of them or to both, and is kept once.
    """

    def __init__(
        self, bot: Bot, request: SessionRequest, prepare: Prepare, take: Take, patience: Patience
    ) -> None:
        self._bot = bot
        self._request = request
        self._prepare = prepare
        self._take = take
        self._patience = patience
        self._offset: int | None = None
        self._ready = False

    async def run(self) -> None:
        """Ask and take until cancelled, more and more slowly while it fails."""
        failures = 0
        while True:
            try:
                await self._once()
            except Exception as broken:  # noqa: BLE001 - whatever fails, updates wait at Telegram until it works again
                failures += 1
                self._ready = False
                if isinstance(broken, Conflict):
                    log.warning("telegram_polling_conflict", reason=broken.message, failures=failures)
                else:
                    log.warning("telegram_polling_failed", error=type(broken).__name__, failures=failures)
                await asyncio.sleep(self._patience.after(failures, _asked(broken)))
            else:
                failures = 0

    async def _once(self) -> None:
        """Ask for the next updates and take them in order."""
        if not self._ready:
            await self._bot.delete_webhook()
            self._ready = True
        updates = await self._updates()
        payloads = await asyncio.gather(
            *(self._prepare(update, json.dumps(update).encode("ascii")) for update in updates)
        )
        for update, payload in zip(updates, payloads, strict=True):
            await self._take(update, payload)
            self._offset = update["update_id"] + 1

    async def _updates(self) -> list[Json]:
        """Return what waits at Telegram, as it wrote it: parsing by the SDK could fail and would lose what is new."""
        asked: dict[str, Any] = {
            "timeout": self._patience.poll,
            "limit": AT_ONCE,
            "allowed_updates": json.dumps(WANTED),
        }
        if self._offset is not None:
            asked["offset"] = self._offset
        found = await self._request.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(asked)}", read_timeout=self._patience.poll + SLACK
        )
        if not isinstance(found, list):
            raise TelegramError("the answer is no list of updates")
        updates: list[Json] = [update for update in found if isinstance(update, dict)]
        if any(number_in(update, "update_id") is None for update in updates):
            raise TelegramError("an update has no id")
        return updates


def _asked(broken: Exception) -> Any:
    return broken.after if isinstance(broken, Flooded) else None

"""How Telegram's twin gives updates to the bot: to the webhook with the secret, or to whoever asks."""

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from intake.channels.simulated.telegram_screen import Fault, Json, Refused

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
BAD = 300
UNREACHED = 502
"""What counts as the webhook's answer where nothing answers."""

USES_WEBHOOK = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
TWO_POLLERS = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class Updates:
    """What the bot is still to hear: by the webhook once one is set, else it waits for `getUpdates`.

    `allowed` are the kinds that the bot asked for, all of them if it did not say. `faults` happen to the next updates
    on their way to the webhook, None to one that nothing happens to.
    """

    webhook: str = ""
    secret: str = ""
    allowed: frozenset[str] = frozenset()
    pending: list[Json] = field(default_factory=list)
    faults: deque[Fault | None] = field(default_factory=deque)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _held: list[Json] = field(default_factory=list)
    _under_way: set[int] = field(default_factory=set)
    _delivering: set[asyncio.Task[None]] = field(default_factory=set)
    _closed: bool = False
    _asked: int = 0
    _number: int = 10_000

    def send_to(self, webhook: str, secret: str) -> None:
        """Give updates to this webhook from now on, and soon what waited for one."""
        self.webhook, self.secret = webhook, secret
        if webhook and self.pending:
            task = asyncio.create_task(self.deliver())
            self._delivering.add(task)
            task.add_done_callback(self._delivering.discard)

    async def give(self, **update: Any) -> int | None:
        """Give the bot an update of a kind that it asked for; returns the webhook's status, None without one.

        What was not taken before goes with it, in order.
        """
        if self.allowed and not self.allowed & update.keys():
            return None
        self._number += 1
        numbered = {"update_id": self._number, **update}
        self.pending.append(numbered)
        self._news.set()
        if not self.webhook:
            return None
        fault = self.faults.popleft() if self.faults else None
        if fault is Fault.SWAPPED:
            self._held.append(numbered)
            return None
        held, self._held = self._held, []
        waiting = [each for each in self.pending if each not in held]
        statuses = {
            each["update_id"]: await self.post(each) for each in (*waiting, *held) if self._free(each)
        }
        if fault is Fault.TWICE:
            await self.post(numbered)
        return statuses.get(numbered["update_id"])

    async def deliver(self) -> None:
        """Post again all that waits, as Telegram does after a while."""
        self._held.clear()
        for update in list(self.pending):
            if self._free(update):
                await self.post(update)

    def _free(self, update: Json) -> bool:
        return update["update_id"] not in self._under_way

    async def post(self, update: Json, secret: str | None = None) -> int:
        """Post an update to the webhook, as often as one likes; what is not taken with 2xx goes on waiting."""
        headers = {SECRET_HEADER: self.secret if secret is None else secret}
        self._under_way.add(update["update_id"])
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(self.webhook, json=update, headers=headers) as answer,
            ):
                status = answer.status
        except aiohttp.ClientError:
            status = UNREACHED
        finally:
            self._under_way.discard(update["update_id"])
        if status < BAD:
            self.pending = [waiting for waiting in self.pending if waiting is not update]
        return status

    async def ask(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Confirm what is below `offset` and return what waits, or wait for it; whoever asks later ends the wait."""
        if self.webhook:
            raise Refused(409, f"Conflict: {USES_WEBHOOK}")
        self._asked += 1
        mine = self._asked
        self._news.set()
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if not self.pending and not self._closed:
            self._news = asyncio.Event()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), seconds)
        if mine != self._asked:
            raise Refused(409, f"Conflict: {TWO_POLLERS}")
        return self.pending[:limit]

    def wake(self) -> None:
        """Answer whoever waits with what there is."""
        self._news.set()

    def close(self) -> None:
        """Let nobody wait any more."""
        self._closed = True
        self._news.set()
        for task in self._delivering:
            task.cancel()

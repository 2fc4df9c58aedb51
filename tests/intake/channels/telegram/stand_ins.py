"""Builders and stand-ins for the tests of Telegram."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from cases.model import Arrival, Attachment, Inbound, Parcel
from cases.vocabulary import Channel
from intake.channels.channel import Adapter
from intake.channels.simulated.telegram import TelegramTwin
from intake.channels.telegram.adapter import PATH, open_telegram
from intake.channels.telegram.client import Patience
from intake.channels.telegram.settings import TelegramSettings
from intake.channels.telegram.translate import translate
from tests.intake.channels.doors import MemoryDoors

NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
ROSA = 1111111
SOON = 5
"""Seconds in which what a test waits for must have happened."""

PNG = b"\x89PNG\r\n\x1a\n made up"

UPLOAD = 60 * 1024 * 1024
"""Bytes that the server takes: more than Telegram's own limit of 50 MB."""

IMPATIENT = Patience(connect=2, answer=2, upload=2, file=2, poll=20, pauses=(0,))


@dataclass
class FakeDoors(MemoryDoors):
    """Raises `broken`, one after another, instead of keeping (None: keep); `unkept` likewise for what is set aside."""

    aside: list[tuple[str, bytes]] = field(default_factory=list)
    broken: list[Exception | None] = field(default_factory=list)
    unkept: list[Exception] = field(default_factory=list)

    async def accept(self, arrival: Arrival) -> None:
        failure = self.broken.pop(0) if self.broken else None
        if failure is not None:
            raise failure
        await super().accept(arrival)

    async def quarantine(self, channel: Channel, reason: str, detail: str, payload: bytes) -> None:
        assert channel is Channel.TELEGRAM
        assert detail
        if self.unkept:
            raise self.unkept.pop(0)
        self.aside.append((reason, payload))
        await self.tell()

    async def holding(self, arrivals: int = 0, aside: int = 0) -> None:
        """Wait until so many are kept."""
        await self.until(lambda: len(self.arrivals) >= arrivals and len(self.aside) >= aside)

    def messages(self) -> list[Inbound]:
        """Return what the channel makes of what is kept."""
        return [translate(arrival.payload, arrival.at) for arrival in self.arrivals]


@dataclass
class Scene:
    """A desk's open channel, and the twin that it talks to."""

    channel: Adapter
    twin: TelegramTwin
    doors: FakeDoors
    url: str

    async def heard(self, method: str, times: int = 1) -> None:
        async with asyncio.timeout(SOON):
            await self.twin.heard(method, times)


def a_twin() -> TelegramTwin:
    return TelegramTwin(TOKEN, lambda: NOW)


@asynccontextmanager
async def served(twin: TelegramTwin, *more: web.RouteDef, largest_upload: int = UPLOAD) -> AsyncIterator[str]:
    """Run a twin, and what else is given; gives the address."""
    app = web.Application(client_max_size=largest_upload)
    app.add_routes([*twin.routes(), *more])
    async with TestServer(app) as server:
        try:
            yield str(server.make_url("")).rstrip("/")
        finally:
            twin.let_go()


@asynccontextmanager
async def a_scene(
    doors: FakeDoors | None = None,
    prepare: Callable[[TelegramTwin], object] = lambda _: None,
    patience: Patience = IMPATIENT,
    largest_upload: int = UPLOAD,
    **settings: Any,
) -> AsyncIterator[Scene]:
    """Open the channel against a twin; in webhook mode, once Telegram has been told where to call."""
    twin, doors = a_twin(), doors or FakeDoors()
    prepare(twin)
    channels: list[Adapter] = []

    async def receive(request: web.Request) -> web.StreamResponse:
        [route] = channels[0].routes()
        assert isinstance(route, web.RouteDef)
        answer = await route.handler(request)
        assert isinstance(answer, web.StreamResponse)
        return answer

    async with served(twin, web.post(PATH, receive), largest_upload=largest_upload) as url:
        doors.public_url = url
        chosen = TelegramSettings.model_validate(
            {"telegram_token": TOKEN, "telegram_api_url": f"{url}/simulated/telegram"} | settings
        )
        opening = open_telegram(chosen, doors, patience)
        assert opening is not None
        async with opening as channel:
            channels.append(channel)
            scene = Scene(channel, twin, doors, url)
            if doors.listens:
                await scene.heard("deleteWebhook" if chosen.telegram_mode == "polling" else "setWebhook")
            yield scene


def a_parcel(body: str = "Ya funciona.", *files: Attachment, **changes: Any) -> Parcel:
    parcel = Parcel(
        delivery=7,
        message=5,
        part=0,
        channel=Channel.TELEGRAM,
        address=str(ROSA),
        desk_address=None,
        body=body,
        subject=None,
        automatic=False,
        references=(),
        case="2026-000123",
        attempts=1,
        attachments=files,
    )
    return replace(parcel, **changes)


def a_message(**parts: Any) -> dict[str, Any]:
    """Return the message of Telegram's own examples with other parts."""
    message: dict[str, Any] = {
        "date": 1441645532,
        "chat": {
            "last_name": "Test Lastname",
            "id": ROSA,
            "type": "private",
            "first_name": "Test Firstname",
            "username": "Testusername",
        },
        "message_id": 1365,
        "from": {
            "last_name": "Test Lastname",
            "id": ROSA,
            "first_name": "Test Firstname",
            "username": "Testusername",
        },
    }
    return message | parts

"""Builders and stand-ins for the tests of WhatsApp."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from twilio.request_validator import RequestValidator

from cases.errors import NotFound
from cases.model import Arrival, Attachment, Inbound, Parcel
from cases.traffic import Choice, Template
from cases.vocabulary import Channel, DeliveryState
from intake.channels.simulated.twilio import Bubble, TwilioTwin
from intake.channels.whatsapp.adapter import PATH, WhatsApp, open_whatsapp
from intake.channels.whatsapp.client import Patience
from intake.channels.whatsapp.settings import WhatsAppSettings
from intake.channels.whatsapp.translate import translate
from tests.intake.channels.doors import MemoryDoors

NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
ACCOUNT, TOKEN, FORMER = "AC" + "1" * 32, "a-token", "a-former-token"
ROSA, DESK = "+59170000001", "+59170000099"
OFFERS = (
    Choice("Recuperar la contraseña de Ciudadanía Digital", "1"),
    Choice("Borrar los datos del navegador", "2"),
)
YES_NO = (Choice("Sí", "sí"), Choice("No", "no"))

SOON = 5
"""Seconds in which what a test waits for must have happened."""

IMPATIENT = Patience(total=2, connect=2, files=2, hourly=3600, pauses=(0,))
PAYLOADS = Path(__file__).with_name("payloads")


def payload(name: str, **changes: str) -> dict[str, str]:
    """Return a webhook's form with the fields of Twilio's documentation."""
    return {**json.loads((PAYLOADS / f"{name}.json").read_text("utf-8")), **changes}


def posted(form: dict[str, str]) -> bytes:
    return urlencode(form).encode()


@dataclass
class FakeDoors(MemoryDoors):
    """Keeps reports, files and templates too; `full` refuses what comes."""

    aside: list[str] = field(default_factory=list)
    reports: list[tuple[str, DeliveryState, str | None, bool]] = field(default_factory=list)
    files: dict[int, Attachment] = field(default_factory=dict)
    register: list[Template] | None = None
    full: bool = False

    async def accept(self, arrival: Arrival) -> None:
        if self.full:
            raise web.HTTPServiceUnavailable
        await super().accept(arrival)

    async def quarantine(self, channel: Channel, reason: str, detail: str, payload: bytes) -> None:
        assert channel is Channel.WHATSAPP
        assert detail
        assert isinstance(payload, bytes)
        self.aside.append(reason)

    async def report(
        self,
        channel: Channel,
        provider_id: str,
        state: DeliveryState,
        reason: str | None,
        *,
        unreachable: bool = False,
    ) -> None:
        assert channel is Channel.WHATSAPP
        self.reports.append((provider_id, state, reason, unreachable))
        await self.tell()

    async def attachment(self, number: int) -> Attachment:
        if number not in self.files:
            raise NotFound("no such file")
        return self.files[number]

    async def templates(self, channel: Channel) -> Sequence[Template]:
        assert channel is Channel.WHATSAPP
        return self.register or []

    async def keep_templates(self, channel: Channel, templates: Sequence[Template]) -> None:
        assert channel is Channel.WHATSAPP
        self.register = list(templates)
        await self.tell()

    def messages(self) -> list[Inbound]:
        """Return what the channel makes of what is kept."""
        return [translate(arrival.payload, arrival.at) for arrival in self.arrivals]


@dataclass
class Scene:
    """A desk's open channel, the twin that it talks to, and a client for whoever else comes."""

    channel: WhatsApp
    twin: TwilioTwin
    doors: FakeDoors
    url: str
    client: aiohttp.ClientSession

    async def post(
        self,
        form: dict[str, str],
        path: str = PATH,
        *,
        token: str = TOKEN,
        signed_url: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> int:
        """Post a form to the service, signed for its public URL; returns the status."""
        signature = RequestValidator(token).compute_signature(
            signed_url or self.doors.public_url + path, form
        )
        given = {"X-Twilio-Signature": signature} | (headers or {})
        async with self.client.post(self.url + path, data=form, headers=given) as answer:
            return answer.status

    def last(self) -> Bubble:
        """Return the newest message on Rosa's phone."""
        return self.twin.phones[ROSA][-1]


@asynccontextmanager
async def a_scene(
    doors: FakeDoors | None = None,
    patience: Patience = IMPATIENT,
    prepare: Callable[[TwilioTwin], object] = lambda _: None,
    public_url: str | None = None,
    more: Sequence[web.RouteDef] = (),
    **settings: Any,
) -> AsyncIterator[Scene]:
    """Open the channel against a twin that runs beside it."""
    doors = doors or FakeDoors()
    twin = TwilioTwin(ACCOUNT, TOKEN, DESK, "", doors.now)
    prepare(twin)
    app = web.Application()
    opened: list[WhatsApp] = []

    def late(place: int) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            route = opened[0].routes()[place]
            assert isinstance(route, web.RouteDef)
            answered = await route.handler(request)
            assert isinstance(answered, web.StreamResponse)
            return answered

        return answer

    app.add_routes(twin.routes())
    app.add_routes(more)
    app.add_routes([web.post(PATH, late(0)), web.post("/channels/whatsapp/status", late(1))])
    app.add_routes([web.get("/channels/whatsapp/media/{token}", late(2))])
    async with TestServer(app) as server, aiohttp.ClientSession() as client:
        url = str(server.make_url("")).rstrip("/")
        doors.public_url = public_url or url
        twin.messages_url = url + PATH
        chosen = WhatsAppSettings.model_validate(
            {
                "twilio_account_sid": ACCOUNT,
                "twilio_auth_token": TOKEN,
                "twilio_whatsapp_from": DESK,
                "twilio_api_url": f"{url}/simulated/twilio",
            }
            | settings
        )
        opening = open_whatsapp(chosen, doors, patience)
        assert opening is not None
        async with opening as channel:
            assert isinstance(channel, WhatsApp)
            opened.append(channel)
            if doors.listens:
                await doors.until(lambda: doors.register is not None)
            twin.calls.clear()
            try:
                yield Scene(channel, twin, doors, url, client)
            finally:
                twin.let_go.set()


def a_parcel(body: str = "Ya funciona.", **changes: Any) -> Parcel:
    parcel = Parcel(
        delivery=7,
        message=5,
        part=0,
        channel=Channel.WHATSAPP,
        address=ROSA,
        desk_address=DESK,
        body=body,
        subject=None,
        automatic=False,
        references=(),
        case="2026-000123",
        attempts=1,
    )
    return replace(parcel, **changes)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)

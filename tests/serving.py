"""A whole running service for the tests: real adapters, twins, workers taken by hand or running."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator

from service.settings import Settings
from service.web import build_app
from service.wiring import Service, opened
from service.workers import settle_all
from tests.builders import TestClock

TOKEN = "simulated-token"
BOT = "123456:simulated-token"
ACCOUNT = "AC" + "1" * 32


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def some_settings(url: str, folder: Path, **said: object) -> Settings:
    """Build the settings of a simulated desk on ports of its own."""
    port = free_port()
    mailbox = free_port()
    values: dict[str, object] = {
        "database_url": url,
        "port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "smtp_port": free_port(),
        "simulated": True,
        "simulated_smtp_port": mailbox,
        "mail_smarthost": f"smtp://127.0.0.1:{mailbox}",
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_whatsapp_from": "+59170000099",
        "twilio_api_url": f"http://127.0.0.1:{port}/simulated/twilio",
        "telegram_token": BOT,
        "telegram_api_url": f"http://127.0.0.1:{port}/simulated/telegram",
        "model_dir": str(folder / "model"),
        "secret_key": "test-secret",
    }
    return Settings.model_validate(values | said)


@dataclass(slots=True)
class Served:
    """A service that listens, and a client of it."""

    service: Service
    client: aiohttp.ClientSession
    clock: TestClock

    @property
    def url(self) -> str:
        return self.service.settings.public_url

    async def work(self) -> None:
        """Let the workers do what there is to do now."""
        await settle_all(self.service.workers)

    async def post_signed(
        self, form: dict[str, str], *, token: str = TOKEN, path: str = "/channels/whatsapp/messages"
    ) -> int:
        """Post a form as Twilio does; returns the status."""
        signature = RequestValidator(token).compute_signature(self.url + path, form)
        headers = {"X-Twilio-Signature": signature}
        async with self.client.post(self.url + path, data=form, headers=headers) as answer:
            return answer.status


@asynccontextmanager
async def serving(settings: Settings, *, workers: bool = False) -> AsyncIterator[Served]:
    """Serve on the settings' port; the workers stand still unless asked for."""
    clock = TestClock()
    roles = frozenset({"web", "channels", "workers"} if workers else {"web", "channels"})
    async with opened(settings, clock) as service:
        runner = web.AppRunner(build_app(service, roles), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", settings.port).start()
        try:
            async with aiohttp.ClientSession() as client:
                yield Served(service, client, clock)
        finally:
            await runner.cleanup()


def a_form(**said: str) -> dict[str, str]:
    """Build an incoming form with the fields of Twilio's "Messaging webhooks" page."""
    form = {
        "MessageSid": "SM" + "a" * 32,
        "SmsMessageSid": "SM" + "a" * 32,
        "AccountSid": ACCOUNT,
        "From": "whatsapp:+59170000001",
        "To": "whatsapp:+59170000099",
        "Body": "No carga la página de pagos",
        "NumMedia": "0",
        "NumSegments": "1",
        "ProfileName": "Rosa Mamani",
        "WaId": "59170000001",
        "ApiVersion": "2010-04-01",
        "SmsStatus": "received",
    }
    return form | said

"""kill -9 in the middle of a stream of posts: what was acknowledged is there, once."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import aiohttp
from twilio.request_validator import RequestValidator

from service.settings import Settings
from tests.builders import open_desk
from tests.serving import TOKEN, a_form, some_settings

POSTS = 200
START_SECONDS = 30


def start(settings: Settings, folder: Path) -> "subprocess.Popen[bytes]":
    values = settings.model_dump(exclude_none=True)
    environment = {
        f"VENTANILLA_{key.upper()}": value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for key, value in values.items()
    }
    command = [sys.executable, "-m", "service.cli", "serve"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VENTANILLA_")}
    with (folder / "serve.log").open("ab") as log:
        return subprocess.Popen(command, env=kept | environment, stdout=log, stderr=log, start_new_session=True)


async def listening(session: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                async with session.get(f"{url}/health/live") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def test_a_kill_in_the_middle_of_200_posts_loses_nothing_and_doubles_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    open_desk(sqlite_url).desk.database.close()
    settings = some_settings(sqlite_url, tmp_path)
    url = f"{settings.public_url}/channels/whatsapp/messages"
    forms = [a_form(MessageSid=f"SM{n:032d}", From=f"whatsapp:+591700000{n % 100:02d}") for n in range(POSTS)]
    acknowledged: set[str] = set()
    killed: list[int] = []

    async with aiohttp.ClientSession() as session:
        service = start(settings, tmp_path)
        await listening(session, settings.public_url)

        async def post(form: dict[str, str]) -> None:
            signature = RequestValidator(TOKEN).compute_signature(url, form)
            try:
                async with session.post(url, data=form, headers={"X-Twilio-Signature": signature}) as answer:
                    if answer.status == 204:
                        acknowledged.add(form["MessageSid"])
                        if not killed and len(acknowledged) == POSTS // 3:
                            killed.append(service.pid)
                            os.killpg(service.pid, signal.SIGKILL)
            except aiohttp.ClientError:
                pass

        gate = asyncio.Semaphore(16)

        async def gated(form: dict[str, str]) -> None:
            async with gate:
                await post(form)

        await asyncio.gather(*(gated(form) for form in forms))
        service.wait()
        assert POSTS // 3 <= len(acknowledged) < POSTS

        service = start(settings, tmp_path)
        await listening(session, settings.public_url)
        before = set(acknowledged)
        await asyncio.gather(*(gated(form) for form in forms))
        assert len(acknowledged) == POSTS
        os.killpg(service.pid, signal.SIGTERM)
        assert service.wait(timeout=30) == 0

    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        kept = [row[0] for row in connection.execute("SELECT provider_id FROM ledger")]
    assert before <= set(kept)
    assert len(kept) == len(set(kept)) == POSTS

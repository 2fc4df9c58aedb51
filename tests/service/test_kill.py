"""kill -9 in the middle of a stream of posts: what was acknowledged is there, once."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import aiohttp
from twilio.request_validator import RequestValidator

from tests.builders import open_desk
from tests.processes import kill, start, stop
from tests.serving import TOKEN, a_form, some_settings

POSTS = 200


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

        async def post(form: dict[str, str]) -> None:
            signature = RequestValidator(TOKEN).compute_signature(url, form)
            try:
                async with session.post(url, data=form, headers={"X-Twilio-Signature": signature}) as answer:
                    if answer.status == 204:
                        acknowledged.add(form["MessageSid"])
                        if not killed and len(acknowledged) == POSTS // 3:
                            killed.append(service.pid)
                            kill(service)
            except aiohttp.ClientError:
                pass

        gate = asyncio.Semaphore(16)

        async def gated(form: dict[str, str]) -> None:
            async with gate:
                await post(form)

        await asyncio.gather(*(gated(form) for form in forms))
        assert POSTS // 3 <= len(acknowledged) < POSTS

        service = start(settings, tmp_path)
        before = set(acknowledged)
        await asyncio.gather(*(gated(form) for form in forms))
        assert len(acknowledged) == POSTS
        stop(service)

    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        kept = [row[0] for row in connection.execute("SELECT provider_id FROM ledger")]
    assert before <= set(kept)
    assert len(kept) == len(set(kept)) == POSTS

"""The files of incoming messages, fetched before an update is kept; whatever goes wrong, the message stays."""

import asyncio

import aiohttp
import structlog
from telegram import Bot

from intake.channels.telegram.client import Patience
from intake.channels.telegram.kinds import file_of
from intake.channels.telegram.update import Fetched, Json, message_in, sealed

log = structlog.get_logger(__name__)

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest file that the Bot API gives out."""

AT_ONCE = 4
"""How many files are in memory at the same time."""

TOO_LARGE = "pesa más de 20 MB"
NOT_GIVEN = "Telegram no lo entregó"
OK = 200


class Unfetched(Exception):
    """A file cannot be had; the message says why, in Spanish."""


class Files:
    """Fetches files from the API's host, and from nowhere else."""

    def __init__(self, bot: Bot, session: aiohttp.ClientSession, patience: Patience) -> None:
        self._bot = bot
        self._session = session
        self._patience = patience
        self._places = asyncio.Semaphore(AT_ONCE)

    async def with_file(self, update: Json, body: bytes) -> bytes:
        """Return what is to be kept of an update: its bytes, and its message's file or why there is none."""
        file = file_of(message_in(update))
        if file is None:
            return body
        try:
            if file.size is not None and file.size > LARGEST:
                raise Unfetched(TOO_LARGE)  # noqa: TRY301 - said as if the fetching had found it
            return sealed(body, Fetched(await self.fetch(file.file_id)))
        except Unfetched as why:
            return sealed(body, Fetched(None, str(why)))

    async def fetch(self, file_id: str) -> bytes:
        """Return a file's content (`getFile`, then the file); raises Unfetched after at most `Patience.file` seconds."""
        try:
            async with asyncio.timeout(self._patience.file), self._places:
                file = await self._bot.get_file(file_id)
                return await self._download(file.file_path or "")
        except Unfetched:
            raise
        except Exception as broken:  # whatever becomes of a file, its message is kept
            log.warning("telegram_file_not_fetched", error=type(broken).__name__)
            raise Unfetched(NOT_GIVEN) from broken

    async def _download(self, url: str) -> bytes:
        """Read a file of the API's host, as far as is allowed."""
        base = f"{self._bot.base_file_url}/"
        path = url.removeprefix(base)
        if not url.startswith(base) or ".." in path or not path.isprintable() or set("?#\\") & set(path):
            raise Unfetched(NOT_GIVEN)
        async with self._session.get(url, allow_redirects=False) as answer:
            if answer.status != OK:
                raise Unfetched(NOT_GIVEN)
            content = bytearray()
            async for piece in answer.content.iter_any():
                content += piece
                if len(content) > LARGEST:
                    raise Unfetched(TOO_LARGE)
            return bytes(content)

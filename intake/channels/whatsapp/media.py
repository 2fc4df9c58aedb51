"""The files of incoming messages, fetched before a form is kept; whatever goes wrong, the message stays."""

import asyncio
import re
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp
import structlog

from intake.channels.whatsapp.client import API_HOST, Patience, is_twilio
from intake.channels.whatsapp.form import Fetched, Form, media_count, media_type, sealed

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""How many messages' files are in memory at the same time."""

MOST_REDIRECTS = 3
OK = 200
MOVED = frozenset({301, 302, 303, 307, 308})

NOT_TAKEN = "no se aceptan archivos de este tipo"
NOT_GIVEN = "Twilio no lo entregó"
NOT_IN_TIME = "Twilio no lo entregó a tiempo"
ELSEWHERE = "está en un servidor que no es de Twilio"

HOSTS = re.compile(
    r"(?:api(?:\.[a-z0-9-]+){0,2}|mcs\.[a-z0-9-]+)\.twilio\.com|(?:media|mms)(?:\.[a-z0-9-]+){0,2}\.twiliocdn\.com"
)
"""Twilio's hosts that give out media: the API's, the media service's and the content network's, in any region."""

_TYPES = re.compile(
    r"image/(?!svg)[\w.+-]+|audio/[\w.+-]+|video/[\w.+-]+"
    r"|application/(?:pdf|ogg|rtf|msword|vnd\.ms-(?:excel|powerpoint|word)[\w.+-]*"
    r"|vnd\.openxmlformats-officedocument\.[\w.+-]+|vnd\.oasis\.opendocument\.[\w.+-]+)"
    r"|text/(?:plain|csv|rtf|vcard|x-vcard|directory)"
)
"""Types that are fetched. An SVG or HTML file may hold a script, which nobody at the desk should open."""


class Unfetched(Exception):
    """A file cannot be had; the message says why, in Spanish."""


class Media:
    """Fetches files from Twilio's hosts, and from nowhere else; the account's password goes to its API alone."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        account: str,
        token: str,
        largest: int,
        patience: Patience,
    ) -> None:
        self._session = session
        self._api = urlsplit(api_url)
        self._password = aiohttp.encode_basic_auth(account, token)
        self._largest = largest
        self._patience = patience
        self._places = asyncio.Semaphore(AT_ONCE)

    async def with_files(self, form: Form, body: bytes) -> bytes:
        """Return what is to be kept of a form: its bytes, and its files or why there are none."""
        count = media_count(form)
        if not count:
            return body
        files: list[Fetched] = []
        try:
            async with asyncio.timeout(self._patience.files), self._places:
                for number in range(count):
                    files.append(await self._one(form, number))  # noqa: PERF401 - those before a time-out stay
        except TimeoutError:
            log.warning("whatsapp_media_late", files=count - len(files))
        files += [Fetched(None, NOT_IN_TIME)] * (count - len(files))
        return sealed(body, files)

    async def _one(self, form: Form, number: int) -> Fetched:
        try:
            if not _TYPES.fullmatch(media_type(form, number)):
                raise Unfetched(NOT_TAKEN)  # noqa: TRY301 - said as if the fetching had found it
            return await self._fetch(form.get(f"MediaUrl{number}", ""))
        except Unfetched as why:
            return Fetched(None, str(why))
        except (aiohttp.ClientError, ValueError, OSError) as broken:
            if isinstance(broken, TimeoutError):
                raise
            log.warning("whatsapp_media_not_fetched", error=type(broken).__name__)
            return Fetched(None, NOT_GIVEN)

    async def _fetch(self, url: str) -> Fetched:
        """Read a file, following Twilio from its API to its content network."""
        for _ in range(MOST_REDIRECTS + 1):
            place = urlsplit(url)
            if not self._allowed(place):
                raise Unfetched(ELSEWHERE)
            headers = {"Authorization": self._password} if self._is_api(place) else {}
            async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status in MOVED:
                    url = urljoin(url, answer.headers.get("Location", ""))
                    continue
                if answer.status != OK:
                    raise Unfetched(NOT_GIVEN)
                told = answer.content_disposition
                return Fetched(await self._content(answer), None, told.filename if told else None)
        raise Unfetched(NOT_GIVEN)

    async def _content(self, answer: aiohttp.ClientResponse) -> bytes:
        content = bytearray()
        async for piece in answer.content.iter_any():
            content += piece
            if len(content) > self._largest:
                raise Unfetched(f"pesa más de {self._largest / 1_048_576:.0f} MB")
        return bytes(content)

    def _allowed(self, place: SplitResult) -> bool:
        """Say whether a file may be read there: the API as configured, or one of Twilio's hosts over https."""
        if place.username is not None or place.password is not None:
            return False
        if self._is_api(place):
            return True
        return (
            place.scheme == "https"
            and place.port in (None, 443)
            and bool(HOSTS.fullmatch(place.hostname or ""))
        )

    def _is_api(self, place: SplitResult) -> bool:
        """Say whether an address is the API's, which may ask for the account's password.

        Twilio's own regional API hosts count when the configured one is Twilio's too.
        """
        if (place.scheme, place.hostname, _port(place)) == (
            self._api.scheme,
            self._api.hostname,
            _port(self._api),
        ):
            return True
        host = place.hostname or ""
        at_twilio = is_twilio(self._api.hostname) and is_twilio(host) and HOSTS.fullmatch(host)
        named = host == API_HOST or host.startswith(("api.", "mcs."))
        return bool(at_twilio and named and place.scheme == "https" and place.port in (None, 443))


def _port(place: SplitResult) -> int | None:
    return place.port or {"http": 80, "https": 443}.get(place.scheme)

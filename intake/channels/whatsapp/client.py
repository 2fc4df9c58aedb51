"""The `twilio` SDK's client over the service's own HTTP session, pointed at whatever API URL is configured."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

_SILENT = logging.getLogger("twilio.off")
"""The SDK writes bodies and numbers at debug level; personal text stays out of the logs."""
_SILENT.disabled = True

TOO_MANY = 429
API_HOST = "api.twilio.com"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long Twilio may take, in seconds.

    `files` is for all files of one message together: Twilio waits 15 seconds for the webhook's answer. Between two looks
    at the registered templates passes `hourly`, after a failure the next of `pauses`, of which the last one stays.
    """

    total: float = 20
    connect: float = 5
    files: float = 8
    hourly: float = 3600
    pauses: tuple[float, ...] = (5, 60, 600)


class Throttled(Exception):
    """Twilio asks to wait: 429, with how long if it says so."""

    def __init__(self, after: timedelta | None) -> None:
        super().__init__("Too Many Requests")
        self.after = after


class RedirectedClient(AsyncHttpClient):  # type: ignore[misc]  # the SDK is not typed
    """Sends the SDK's requests to `api_url`, with the time-out that the SDK's own client lacks.

    The SDK speaks to several of Twilio's hosts (`api`, `content`). Another server gets all of them under its one address:
    their paths differ (`/2010-04-01/…`, `/v1/…`).
    """

    def __init__(self, session: aiohttp.ClientSession, api_url: str, patience: Patience) -> None:
        super().__init__(logger=_SILENT, is_async=True, timeout=None)
        self._session = session
        self._api_url = api_url.rstrip("/")
        self._limits = aiohttp.ClientTimeout(total=patience.total, connect=patience.connect)

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the SDK's signature
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - the SDK's signature
    ) -> Response:
        """Send one request and return the whole answer; raises Throttled when Twilio asks to go slower."""
        signed = {"Authorization": aiohttp.encode_basic_auth(*auth)} if auth else {}
        as_json = (headers or {}).get("Content-Type") == "application/json"
        async with self._session.request(
            method.upper(),
            self.target(url),
            params=params,
            data=None if as_json else data,
            json=data if as_json else None,
            headers={**(headers or {}), **signed},
            timeout=self._limits,
            allow_redirects=allow_redirects,
        ) as answer:
            if answer.status == TOO_MANY:
                raise Throttled(waiting(answer.headers.get("Retry-After")))
            return Response(answer.status, await answer.text(), dict(answer.headers))

    def target(self, url: str) -> str:
        """Return where a request of the SDK goes."""
        split = urlsplit(url)
        if is_twilio(urlsplit(self._api_url).hostname) and split.hostname != API_HOST:
            return url
        return f"{self._api_url}{split.path}{f'?{split.query}' if split.query else ''}"


def is_twilio(host: str | None) -> bool:
    """Say whether a host is one of Twilio's own."""
    return host is not None and (host == "twilio.com" or host.endswith(".twilio.com"))


def waiting(header: str | None) -> timedelta | None:
    """Read `Retry-After` in seconds; a date or nonsense says nothing."""
    text = (header or "").strip()
    return timedelta(seconds=int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else None  # noqa: PLR2004 - eleven days

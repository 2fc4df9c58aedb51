"""The `twilio` SDK's client over the service's own HTTP session, pointed at whatever API URL is configured."""

import logging
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

_SILENT = logging.getLogger("twilio.off")
"""The SDK writes bodies and numbers at debug level; personal text stays out of the logs."""
_SILENT.disabled = True

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)


class RedirectedClient(AsyncHttpClient):  # type: ignore[misc]  # the SDK is not typed
    """Sends the SDK's requests to `api_url`, with the time-out that the SDK's own client lacks."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str) -> None:
        super().__init__(logger=_SILENT, is_async=True, timeout=None)
        self._session = session
        self._api_url = api_url.rstrip("/")

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
        """Send one request and return the whole answer."""
        split = urlsplit(url)
        target = f"{self._api_url}{split.path}{f'?{split.query}' if split.query else ''}"
        signed = {"Authorization": aiohttp.encode_basic_auth(*auth)} if auth else {}
        async with self._session.request(
            method.upper(),
            target,
            params=params,
            data=data,
            headers={**(headers or {}), **signed},
            timeout=TIMEOUT,
            allow_redirects=allow_redirects,
        ) as answer:
            return Response(answer.status, await answer.text(), dict(answer.headers))

"""python-telegram-bot's requests over the service's own HTTP session, so that each failure says how far it got."""

import io
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

TOO_MANY = 429
TOO_LARGE = 413
BAD = 400
LONGEST_WAIT = 86_400


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the channel waits, in seconds: to connect, for an answer, for one to an upload, for a file, for updates.

    `pauses` are the waits after failures one after another; the last one repeats.
    """

    connect: float = 5
    answer: float = 20
    upload: float = 90
    file: float = 10
    poll: int = 30
    pauses: tuple[float, ...] = (1, 2, 5, 10, 30, 60)

    def after(self, failures: int, asked: timedelta | None = None) -> float:
        """Return how long to wait after so many failures, and not less than was asked for."""
        pause = self.pauses[min(failures, len(self.pauses)) - 1]
        return max(pause, asked.total_seconds() if asked else 0)


class NotReached(NetworkError):
    """No connection was made: nothing was handed over."""


class Flooded(TelegramError):
    """Telegram asks to wait: flood control."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"Too Many Requests: retry after {after.total_seconds():.0f}")
        self.after = after


class SessionRequest(BaseRequest):
    """Sends the SDK's requests through a session that whoever opened it closes.

    Unlike the SDK's own it tells a connection that was never made from one that broke, and writes no texts or
    addresses (which hold the token) into logs.
    """

    __slots__ = ("_patience", "_session")

    def __init__(self, session: aiohttp.ClientSession, patience: Patience) -> None:
        self._session = session
        self._patience = patience

    @property
    def read_timeout(self) -> float:
        """How long an answer may take."""
        return self._patience.answer

    async def initialize(self) -> None:
        """Do nothing: the session is open."""

    async def shutdown(self) -> None:
        """Do nothing: the session is not this object's."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the SDK's signature
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - likewise
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - likewise
    ) -> tuple[int, bytes]:
        """Send one request; raises NotReached, Flooded, TimedOut or NetworkError, else returns status and body."""
        patient = self._patience
        wait = patient.upload if request_data is not None and request_data.contains_files else patient.answer
        if isinstance(read_timeout, int | float):
            wait = read_timeout
        limits = aiohttp.ClientTimeout(
            total=None, connect=patient.connect, sock_connect=patient.connect, sock_read=wait
        )
        try:
            async with self._session.request(
                method, url, data=_form(request_data), timeout=limits, allow_redirects=False
            ) as answer:
                status, body = answer.status, await answer.read()
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.InvalidURL,
        ) as unreached:
            raise NotReached(type(unreached).__name__) from unreached
        except TimeoutError as late:
            raise TimedOut from late
        except aiohttp.ClientError as broken:
            raise NetworkError(type(broken).__name__) from broken
        if status >= BAD:
            _heed(status, body)
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; raises TelegramError without a word of what it was."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is not one of the Bot API's")
        return answer


def _form(request_data: RequestData | None) -> aiohttp.FormData | None:
    """Return the parameters as a form, with file names as they are: Telegram does not decode quoted ones."""
    if request_data is None:
        return None
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in (request_data.multipart_data or {}).items():
        # As a stream, so that a large file does not hold up the event loop while it is written.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=media_type)
    return form


def _heed(status: int, body: bytes) -> None:
    """Raise Flooded where an error answer says to wait (`parameters.retry_after`, in seconds).

    A body that is too large is refused by what stands before the Bot API, which the SDK takes for a broken connection.
    """
    if status == TOO_LARGE:
        raise BadRequest("Request Entity Too Large")
    try:
        answer = SessionRequest.parse_json_payload(body)
    except TelegramError:
        answer = {}
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(seconds, int) and seconds > 0:
        raise Flooded(timedelta(seconds=min(seconds, LONGEST_WAIT)))
    if status == TOO_MANY:
        raise Flooded(timedelta(seconds=30))

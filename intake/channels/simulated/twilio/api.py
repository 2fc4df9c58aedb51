"""The twin's API: messages, their files, templates; as far as the SDK is used here."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler

from intake.channels.simulated.twilio import wire
from intake.channels.simulated.twilio.letters import collect, made
from intake.channels.simulated.twilio.state import (
    API_FAULTS,
    BASE,
    HANGING,
    REPORT_FAULTS,
    Bubble,
    Content,
    Fault,
    Json,
    State,
    new_sid,
)

_ACCOUNT = f"{BASE}{wire.API}/{{account}}"
_FILES = f"{BASE}/files/{{sid}}"
A_PAGE, LARGEST_PAGE = 50, 1000
QUIET = web.RequestKey("quiet", bool)
"""Whether a request is to have no answer of its own."""


class Api:
    """Answers the SDK."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the API's addresses."""
        one = f"{_ACCOUNT}/Messages/{{sid}}"
        return (
            web.get(f"{_ACCOUNT}.json", self._guarded(self.account)),
            web.post(f"{_ACCOUNT}/Messages.json", self._guarded(self.create)),
            web.get(f"{_ACCOUNT}/Messages.json", self._guarded(self.list)),
            web.get(f"{one}.json", self._guarded(self.fetch)),
            web.get(f"{one}/Media.json", self._guarded(self.list_media)),
            web.get(f"{one}/Media/{{file}}", self._guarded(self.give_media)),
            web.get(_FILES, self.give_file),
            web.get(f"{BASE}/v1/Content", self._guarded(self.list_contents)),
            web.post(f"{BASE}/v1/Content", self._guarded(self.create_content)),
            web.get(f"{BASE}/v1/ContentAndApprovals", self._guarded(self.list_contents)),
        )

    def _guarded(self, handler: Handler) -> Handler:
        """Let only the account in, and let go wrong what is to go wrong."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if not wire.known(self._state, request):
                return wire.error(401, 20003, "Authenticate")
            fault = self._state.take(API_FAULTS)
            self._state.calls.append(f"{request.method} {request.path.removeprefix(BASE)}")
            undone = self._undone(request, fault)
            if undone is not None:
                return undone
            request[QUIET] = fault is not None
            answered = await handler(request)
            return answered if fault is None else await self._done_badly(request, fault, answered)

        return answer

    def _undone(self, request: web.Request, fault: Fault | None) -> web.Response | None:
        """Answer a request of which nothing is done, or None if it is to be done."""
        if fault is Fault.RESET:
            return _cut(request)
        if fault is Fault.BROKEN:
            return wire.error(500, 20500, "An internal server error has occurred")
        if fault is Fault.FLOOD:
            wait = {"Retry-After": str(self._state.retry_after)}
            return wire.error(429, 20429, "Too Many Requests", wait)
        return None

    async def _done_badly(
        self, request: web.Request, fault: Fault, answered: web.StreamResponse
    ) -> web.StreamResponse:
        """Let a request that was done have no good answer."""
        if fault is Fault.BROKEN_AFTER:
            return wire.error(500, 20500, "An internal server error has occurred")
        if fault is Fault.CUT:
            return _cut(request)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._state.let_go.wait(), HANGING)
        return answered

    async def account(self, request: web.Request) -> web.Response:
        """Return the account, as `GET Accounts/<sid>.json` does."""
        if request.match_info["account"] != self._state.account:
            return _missing(request)
        sid = self._state.account
        about: Json = {"sid": sid, "owner_account_sid": sid, "type": "Full", "status": "active"}
        return web.json_response({**about, "friendly_name": "Mesa simulada", "subresource_uris": {}})

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Take a message for a phone, as `POST Messages.json` does, and report its delivery."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        bubble = made(self._state, form)
        if isinstance(bubble, web.Response):
            return bubble
        fault = self._state.take(REPORT_FAULTS)
        self._state.phones[bubble.to.removeprefix("whatsapp:")].append(bubble)
        answer = web.json_response(wire.message(self._state, bubble, fresh=True), status=201)
        if not request[QUIET] and fault is not Fault.REPORTS_FIRST:
            await answer.prepare(request)
            await answer.write_eof()
        if form.get("MediaUrl"):
            await collect(bubble, form["MediaUrl"])
        await wire.deliver(self._state, bubble, fault)
        return answer

    async def list(self, request: web.Request) -> web.Response:
        """Return messages both ways, the newest first, as `GET Messages.json` does."""
        query = request.query
        found = [
            bubble
            for bubbles in self._state.phones.values()
            for bubble in bubbles
            if query.get("To", bubble.to) == bubble.to
            and query.get("From", bubble.sender) == bubble.sender
            and _within(bubble, query.get("DateSent>"), query.get("DateSent<"), query.get("DateSent"))
        ]
        found.sort(key=lambda bubble: bubble.at)
        size, page = _page(request)
        shown = found[::-1][page * size : (page + 1) * size]
        here = f"{wire.API}/{self._state.account}/Messages.json"
        more = {**query, "PageSize": str(size), "Page": str(page + 1), "PageToken": f"PA{page + 1}"}
        return web.json_response(
            {
                "messages": [wire.message(self._state, bubble) for bubble in shown],
                "uri": f"{here}?{urlencode(query)}",
                "first_page_uri": f"{here}?PageSize={size}&Page=0",
                "previous_page_uri": None,
                "next_page_uri": f"{here}?{urlencode(more)}" if (page + 1) * size < len(found) else None,
                "page": page,
                "page_size": size,
                "start": page * size,
                "end": page * size + len(shown) - 1,
            }
        )

    async def fetch(self, request: web.Request) -> web.Response:
        """Return one message."""
        bubble = self._state.found(request.match_info["sid"])
        if bubble is None:
            return _missing(request)
        return web.json_response(wire.message(self._state, bubble))

    async def list_media(self, request: web.Request) -> web.Response:
        """Return the files of a message."""
        bubble = self._state.found(request.match_info["sid"])
        if bubble is None:
            return _missing(request)
        listed = [wire.media(self._state, bubble, file) for file in bubble.files]
        uri = request.path.removeprefix(BASE)
        about: Json = {"uri": uri, "first_page_uri": uri, "next_page_uri": None, "previous_page_uri": None}
        size = {"page": 0, "page_size": A_PAGE, "start": 0, "end": len(listed)}
        return web.json_response({"media_list": listed, **about, **size})

    async def give_media(self, request: web.Request) -> web.Response:
        """Send whoever has the account's password on to a file, as Twilio's API does to its content network."""
        bubble = self._state.found(request.match_info["sid"])
        sid = request.match_info["file"]
        if bubble is None or all(file.sid != sid for file in bubble.files):
            return _missing(request)
        place = f"{self._state.url}{_FILES.removeprefix(BASE).format(sid=sid)}"
        return web.Response(status=307, headers={"Location": place})

    async def give_file(self, request: web.Request) -> web.Response:
        """Give a file out, as the content network does to whoever knows its address."""
        sid = request.match_info["sid"]
        bubbles = (bubble for bubbles in self._state.phones.values() for bubble in bubbles)
        file = next((file for bubble in bubbles for file in bubble.files if file.sid == sid), None)
        if file is None:
            raise web.HTTPNotFound
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return web.Response(body=file.content, content_type=file.media_type, headers=headers)

    async def list_contents(self, request: web.Request) -> web.Response:
        """Return the templates with WhatsApp's word on each, as the Content API does."""
        size, page = _page(request)
        found = list(self._state.contents.values())
        here = f"https://content.twilio.com{request.path.removeprefix(BASE)}?PageSize={size}&Page="
        more = f"{here}{page + 1}" if (page + 1) * size < len(found) else None
        meta = {
            "page": page,
            "page_size": size,
            "first_page_url": f"{here}0",
            "previous_page_url": None,
            "next_page_url": more,
            "url": f"{here}{page}",
            "key": "contents",
        }
        shown = found[page * size : (page + 1) * size]
        return web.json_response(
            {"meta": meta, "contents": [wire.content(self._state, template) for template in shown]}
        )

    async def create_content(self, request: web.Request) -> web.Response:
        """Register a template, as `POST /v1/Content` does."""
        given = await request.json()
        template = Content(
            new_sid("HX"),
            str(given["friendly_name"]),
            str(given["language"]),
            {str(name): str(value) for name, value in (given.get("variables") or {}).items()},
            given["types"],
            self._state.now(),
        )
        self._state.contents[template.sid] = template
        return web.json_response(wire.content(self._state, template), status=201)


def _within(bubble: Bubble, after: str | None, before: str | None, on: str | None) -> bool:
    """Say whether a message was sent in a time; a date stands for its whole day."""
    if on is not None and bubble.at.date() != _moment(on).date():
        return False
    if after is not None and bubble.at < _moment(after):
        return False
    return before is None or bubble.at <= _moment(before) + (
        timedelta(days=1) if "T" not in before else timedelta()
    )


def _moment(written: str) -> datetime:
    if "T" not in written:
        return datetime.combine(date.fromisoformat(written), time(), UTC)
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page(request: web.Request) -> tuple[int, int]:
    """Return how many to show, and which page."""
    size = int(request.query.get("PageSize", A_PAGE))
    return min(max(size, 1), LARGEST_PAGE), int(request.query.get("Page", 0))


def _missing(request: web.Request) -> web.Response:
    path = request.path.removeprefix(BASE)
    return wire.error(404, 20404, f"The requested resource {path} was not found")


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

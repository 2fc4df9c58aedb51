"""What guards the pages: who may post, what a page may load, and what a refusal looks like."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from cases.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from console import language
from console.keys import CONSOLE
from console.pages.failure import FailurePage
from console.rendering import render
from console.visitor import LogInFirstError, recognise, to_login
from store.writer import Busy

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

RETRY_AFTER = "2"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STATIC = "/static/"
OTHERS = ("/api/", "/channels/", "/health/", "/simulated/", "/metrics")
"""What stands beside the console in the same application and has its own manners."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
STATUS = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer the console's own addresses, and unknown ones, with a page whatever happens."""
    if request.path.startswith(OTHERS):
        return await handler(request)
    console = request.app[CONSOLE]
    language.speak(console.catalogues, language.wanted(request))
    trusted = request.method in SAFE or from_here(request)
    return await _answer(request, handler) if trusted else failure(request, 403, "")


async def harden(request: web.Request, response: web.StreamResponse) -> None:
    """Put the safe headers on whatever the console sends, just before it goes."""
    if request.path.startswith(OTHERS):
        return
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.path.startswith(STATIC):
        response.headers.setdefault("Cache-Control", "no-store")


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        if not request.path.startswith(STATIC):
            await recognise(request)
        return await handler(request)
    except LogInFirstError:
        return to_login(request)
    except web.HTTPException as answer:
        if answer.status < HTTPStatus.BAD_REQUEST:
            return answer
        status, message = answer.status, ""
    except Refused as refused:
        status, message = status_of(refused), str(refused)
    except Busy:
        status, message = 503, ""
    except Exception:
        log.exception("page failed", path=request.path)
        status, message = 500, ""
    return failure(request, status, message)


def status_of(refused: Refused) -> int:
    """Return the status of a refusal; one of no special kind is a conflict with the state that is stored."""
    return next((status for kind, status in STATUS.items() if isinstance(refused, kind)), 409)


def failure(request: web.Request, status: int, message: str) -> web.Response:
    """Answer with a page that says what happened and where to go on."""
    response = render(request, FailurePage(status=status, message=message), status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def from_here(request: web.Request) -> bool:
    """Say whether a form was sent by one of these pages; a program that is no browser says neither and may post."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = {request.host, urlsplit(request.app[CONSOLE].desk.public_url).netloc}
    return urlsplit(origin).netloc in own

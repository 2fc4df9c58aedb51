"""The web application: channels, console, API, health; each adds its own routes."""

import asyncio
from collections.abc import AsyncIterator

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from api.app import add_api
from cases.vocabulary import Channel
from console.app import add_console
from console.keys import ADAPTERS, SETTINGS, Shown
from console.pages.channels import OPEN_CHANNELS
from console.pages.schedules import MAIL_GOES_OUT
from desk.desk import Desk
from intake.channels.simulated import page
from service.settings import described
from service.wiring import Service, working
from store.database import is_ready
from store.writer import Busy

log = structlog.get_logger()

SERVICE = web.AppKey("service", Service)
LARGEST_BODY = 30 * 1024 * 1024
RETRY_AFTER = "2"


ROLES = frozenset({"web", "channels", "workers"})


def build_app(service: Service, roles: frozenset[str] = ROLES) -> web.Application:
    """Return the application of an open service with the roles of this node (`web`, `channels`, `workers`)."""
    app = web.Application(middlewares=[_busy], client_max_size=LARGEST_BODY)
    app[SERVICE] = service
    if "channels" in roles:
        for adapter in service.adapters.values():
            app.add_routes(adapter.routes())
    app.add_routes([web.get("/health/live", _live), web.get("/health/ready", _ready)])
    if service.twins is not None:
        twins = service.twins
        app.add_routes(
            [*twins.twilio.routes(), *twins.telegram.routes(), *twins.mailbox.routes(), *page.routes()]
        )
        app.on_shutdown.append(_let_go)
    if "web" in roles:
        add_api(app, service.desk)
        app[OPEN_CHANNELS] = frozenset(service.adapters)
        app[MAIL_GOES_OUT] = Channel.EMAIL in service.adapters and service.settings.mail_smarthost is not None
        app[ADAPTERS] = dict(service.adapters)
        app[SETTINGS] = tuple(
            Shown(key, value, origin, text)
            for key, value, origin, text in described(service.settings, service.origins)
        )
        add_console(app, service.desk, development=service.settings.simulated)
    works = "workers" in roles

    async def work(_app: web.Application) -> AsyncIterator[None]:
        async with working(service, workers=works):
            yield

    app.cleanup_ctx.append(work)
    return app


async def _let_go(app: web.Application) -> None:
    twins = app[SERVICE].twins
    if twins is not None:
        twins.let_go()


@web.middleware
async def _busy(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell whoever sends too fast to come back, instead of keeping more than can be stored."""
    try:
        return await handler(request)
    except Busy:
        return web.Response(status=503, headers={"Retry-After": RETRY_AFTER}, text="busy, try again")


async def _live(_request: web.Request) -> web.Response:
    return web.json_response({"status": "live"})


async def _ready(request: web.Request) -> web.Response:
    """Say whether each part is ready, and which is not."""
    service = request.app[SERVICE]
    parts = {
        "database": await _database_ready(service.desk),
        "classifier": service.desk.classifier is not None,
        "knowledge_base": service.desk.finder is not None,
    }
    ready = all(parts.values())
    body = {
        "status": "ready" if ready else "not ready",
        "parts": {n: "ready" if up else "not ready" for n, up in parts.items()},
    }
    return web.json_response(body, status=200 if ready else 503)


async def _database_ready(desk: Desk) -> bool:
    try:
        return await asyncio.to_thread(is_ready, desk.database)
    except Exception:  # whatever is wrong with it, it is not ready
        log.exception("database is not ready")
        return False

"""Adds the API to the web application."""

from collections.abc import AsyncIterator
from functools import cache
from importlib.metadata import version
from typing import Any

from aiohttp import web

from api import acts, cases, knowledge, live, procedures, queues, reports
from api.idempotency import Keys
from api.live import HUB, Hub
from api.openapi import PATH, document
from api.problems import BASE, problems
from api.routing import Api
from desk.desk import Desk

ROUTES = (
    *cases.ROUTES,
    *acts.ROUTES,
    *queues.ROUTES,
    *knowledge.ROUTES,
    *procedures.ROUTES,
    *reports.ROUTES,
    *live.ROUTES,
)


def add_api(app: web.Application, desk: Desk) -> None:
    """Serve the API's routes, its document and its events; what it adds touches its own addresses only."""
    api, hub = Api(desk, Keys(desk)), Hub()
    app[HUB] = hub
    app.middlewares.append(problems)
    app.add_routes([web.route(route.method, BASE + route.path, api.serve(route)) for route in ROUTES])
    app.add_routes([web.route("GET", BASE + PATH, _openapi)])

    async def listen(_app: web.Application) -> AsyncIterator[None]:
        desk.database.listen(hub.hear)
        yield

    async def close_streams(_app: web.Application) -> None:
        hub.close()

    app.cleanup_ctx.append(listen)
    app.on_shutdown.append(close_streams)


@cache
def described() -> dict[str, Any]:
    """Return the API's OpenAPI document."""
    return document(ROUTES, version("ventanilla"))


async def _openapi(_request: web.Request) -> web.Response:
    return web.json_response(described())

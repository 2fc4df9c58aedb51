"""Adds the API to the web application."""

from collections.abc import AsyncIterator
from importlib.metadata import version

from aiohttp import web

from api import acts, cases, knowledge, queues
from api.live import Hub, events_handler
from api.openapi import document
from api.problems import Problem
from api.routing import BASE, Api
from desk.desk import Desk

ROUTES = (*cases.ROUTES, *acts.ROUTES, *knowledge.ROUTES, *queues.ROUTES)


def add_api(app: web.Application, desk: Desk) -> None:
    """Serve the API's routes, its document and its events."""
    api, hub = Api(desk), Hub()
    app.add_routes([web.route(route.method, BASE + route.path, api.serve(route)) for route in ROUTES])
    described = document(ROUTES, version("ventanilla"))

    async def openapi(_request: web.Request) -> web.Response:
        return web.json_response(described)

    app.add_routes([web.get(f"{BASE}/openapi.json", openapi), web.get(f"{BASE}/events", events_handler(api, hub))])
    app.add_routes([web.route("*", BASE + "/{rest:.*}", _no_such)])

    async def listen(_app: web.Application) -> AsyncIterator[None]:
        desk.database.listen(hub.hear)
        yield

    async def close_streams(_app: web.Application) -> None:
        hub.close()

    app.cleanup_ctx.append(listen)
    app.on_shutdown.append(close_streams)


async def _no_such(request: web.Request) -> web.Response:
    """Answer what no route serves: another method of a known path, or nothing."""
    allowed = sorted({route.method for route in ROUTES if _fits(route.path, request.path)})
    if allowed:
        answer = Problem(405, f"Aquí se puede: {', '.join(allowed)}.").response()
        answer.headers["Allow"] = ", ".join(allowed)
        return answer
    return Problem(404, "No existe esa dirección en la API.").response()


def _fits(pattern: str, path: str) -> bool:
    wanted, given = (BASE + pattern).split("/"), path.split("/")
    return len(wanted) == len(given) and all(a == b or a.startswith("{") for a, b in zip(wanted, given, strict=True))

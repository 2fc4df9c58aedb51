"""The simulated phone and mailbox as a page."""

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

_FILES = {"": "phone.html", "phone.css": "phone.css", "phone.js": "phone.js"}


def routes() -> Sequence[web.RouteDef]:
    """Return the page and its two files."""
    return [web.get(f"/simulated/{name}", _serve(file)) for name, file in _FILES.items()]


def _serve(file: str) -> Handler:
    async def serve(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(Path(__file__).with_name(file), headers={"Cache-Control": "no-cache"})

    return serve

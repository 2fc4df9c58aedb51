"""Opens the console: adds its pages, its files, its guard and its live stream to the application."""

from aiohttp import web

from console.assets import load_assets
from console.keys import CONSOLE, Console
from console.language import load_catalogues
from console.live import Live
from console.rendering import set_up
from console.routes import ROUTES
from console.security import guard, harden
from desk.desk import Desk


def add_console(app: web.Application, desk: Desk, *, development: bool) -> None:
    """Add the console to an application; raises MissingAssetError where the set-up has not been run."""
    console = Console(desk, load_assets(), load_catalogues(), Live(), development)
    app[CONSOLE] = console
    set_up(app, console)
    app.middlewares.append(guard)
    app.add_routes(ROUTES)
    app.on_response_prepare.append(harden)
    app.on_startup.append(_hear)
    app.on_shutdown.append(_end_streams)


async def _hear(app: web.Application) -> None:
    console = app[CONSOLE]
    console.desk.database.listen(console.live.hear)


async def _end_streams(app: web.Application) -> None:
    app[CONSOLE].live.close()

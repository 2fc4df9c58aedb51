"""What the pages find in the application and in a request."""

from dataclasses import dataclass

from aiohttp import web

from cases.model import Account
from console.assets import Assets
from console.language import Catalogues
from console.live import Live
from desk.desk import Desk


@dataclass(frozen=True, slots=True)
class Console:
    """The open console: the desk it shows and what it is shown with."""

    desk: Desk
    assets: Assets
    catalogues: Catalogues
    live: Live
    development: bool


CONSOLE = web.AppKey("console", Console)
ACCOUNT = web.RequestKey("account", Account)

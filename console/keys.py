"""What the pages find in the application and in a request."""

from dataclasses import dataclass

from aiohttp import web

from cases.model import Account
from cases.vocabulary import Channel
from console.assets import Assets
from console.language import Catalogues
from console.live import Live
from desk.attendance import Standing
from desk.desk import Desk
from intake.channels.channel import Adapter


@dataclass(frozen=True, slots=True)
class Console:
    """The open console: the desk it shows and what it is shown with."""

    desk: Desk
    assets: Assets
    catalogues: Catalogues
    live: Live
    development: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as it may be shown: secrets are masked; `origin` is where its value comes from."""

    key: str
    value: str
    origin: str
    help: str


CONSOLE = web.AppKey("console", Console)
ACCOUNT = web.RequestKey("account", Account)
STANDING = web.RequestKey("standing", Standing)
ADAPTERS = web.AppKey("adapters", dict[Channel, Adapter])
"""The channels that this node has open, to be tested; who builds the application knows them."""
SETTINGS = web.AppKey("settings", tuple[Shown, ...])
"""The settings that this node was started with."""

"""Administration at a glance: where each thing is kept, and the latest acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from console.administering import Told, administrator, told
from console.rendering import render
from desk.administration.overview import Overview, overview


@dataclass(frozen=True, slots=True)
class AdministrationPage:
    """How many of each thing there are, and what was done lately."""

    template: ClassVar[str] = "admin_index.html"
    view: Overview
    latest: Sequence[Told]


async def show(request: web.Request) -> web.Response:
    """Show administration at a glance."""
    view = await overview(*administrator(request))
    page = AdministrationPage(view, [told(entry) for entry in view.latest])
    return render(request, page, live=("administration-changed", "procedures-changed", "quarantine-changed"))

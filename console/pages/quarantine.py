"""The quarantine: what could not be trusted or understood, to take up again or to discard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.model import Quarantined
from console.rendering import render
from console.visitor import desk_of, who
from desk.safekeeping import discard, quarantined, release

PREVIEW = 4000
"""Characters of a payload that are shown."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing in quarantine and the beginning of what arrived, as text."""

    item: Quarantined
    preview: str


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """What waits for somebody's decision, the newest first."""

    template: ClassVar[str] = "quarantine.html"
    kept: Sequence[Kept]


async def show(request: web.Request) -> web.Response:
    """Show what is in quarantine."""
    items = await quarantined(desk_of(request), who(request))
    kept = [Kept(item, item.payload.decode("utf-8", "replace")[:PREVIEW]) for item in items]
    return render(request, QuarantinePage(kept), live=("quarantine-changed",))


async def settle(request: web.Request) -> web.Response:
    """Take something up again, or discard it."""
    act = release if request.match_info["act"] == "liberar" else discard
    await act(desk_of(request), who(request), int(request.match_info["item"]))
    return web.Response(status=303, headers={"Location": "/cuarentena"})

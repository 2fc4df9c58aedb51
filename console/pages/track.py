"""A citizen's own page: how their case goes, and what was said; nothing internal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.vocabulary import Stage
from console.rendering import render
from console.visitor import desk_of
from desk.public import PublicCase, case_page


@dataclass(frozen=True, slots=True)
class TrackPage:
    """The case as its own person may see it."""

    template: ClassVar[str] = "track.html"
    case: PublicCase
    stages: Sequence[Stage]


async def show(request: web.Request) -> web.Response:
    """Show the case that the token opens; the address is a secret, so no search engine keeps it."""
    found = await case_page(desk_of(request), request.match_info["token"])
    response = render(request, TrackPage(found, tuple(Stage)))
    response.headers["X-Robots-Tag"] = "noindex"
    return response

"""The manual's units: who works in each, what it has open, which systems it owns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from console.administering import administrator
from console.rendering import render
from desk.administration.overview import UnitLine, units


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """Every unit of the manual."""

    template: ClassVar[str] = "admin_units.html"
    lines: Sequence[UnitLine]


async def show(request: web.Request) -> web.Response:
    """Show the units."""
    page = UnitsPage(await units(*administrator(request)))
    return render(request, page, live=("administration-changed", "queue-changed"))

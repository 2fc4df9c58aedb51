"""The procedures that the desk follows, each version of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.rights import Action, demand
from console.rendering import render
from console.visitor import desk_of, who
from workflow.definition import Procedure


@dataclass(frozen=True, slots=True)
class Listed:
    """One version, and whether new cases take it."""

    procedure: Procedure
    active: bool


@dataclass(frozen=True, slots=True)
class ProceduresPage:
    """Every version, by code."""

    template: ClassVar[str] = "procedures.html"
    listed: Sequence[Listed]


async def show(request: web.Request) -> web.Response:
    """List the procedures."""
    demand(who(request), Action.SEE_PROCEDURES)
    library = desk_of(request).library
    listed = [Listed(each, library.active.get(each.code) == each.version) for each in library]
    return render(request, ProceduresPage(listed), live=("procedures-changed",))

"""One version of a procedure in the manual's own words, drawn, with a case's place in it if one is named."""

from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web
from markupsafe import Markup

from cases.errors import NotFound
from cases.model import Account
from cases.rights import Action, demand
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, who
from desk.desk import Desk
from desk.views import case_view, record_of
from workflow.definition import Procedure, UnknownPlaceError
from workflow.drawing import draw


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """The steps, the drawing, and the step at which the named case stands."""

    template: ClassVar[str] = "procedure.html"
    procedure: Procedure
    active: bool
    drawing: Markup
    case: str
    current: str | None


async def show(request: web.Request) -> web.Response:
    """Show one version."""
    desk, account = desk_of(request), who(request)
    demand(account, Action.SEE_PROCEDURES)
    code, version = request.match_info["code"], request.match_info["version"]
    try:
        procedure = desk.library.procedure(code, version)
    except UnknownPlaceError:
        raise NotFound(_("No existe esa versión de ese procedimiento.")) from None
    number = request.query.get("caso", "")
    current, path = await _way(desk, account, number, procedure) if number else (None, [])
    svg = draw(desk.library, code, version, current=current, path=path)
    page = ProcedurePage(
        procedure=procedure,
        active=desk.library.active.get(code) == version,
        drawing=Markup(svg),  # noqa: S704 - drawn by us, its words escaped by ElementTree
        case=number,
        current=current,
    )
    return render(request, page)


async def _way(
    desk: Desk, account: Account, number: str, procedure: Procedure
) -> tuple[str | None, list[str]]:
    """Return where a case stands in this version, and the steps it took there, in order."""
    view = await case_view(desk, account, number)
    here = (procedure.code, procedure.version)
    taken = [
        entry.step
        for entry in await record_of(desk, account, number)
        if (entry.procedure, entry.version) == here and "answer" in entry.data
    ]
    place = view.case.place
    stands = place is not None and (place.procedure, place.version) == here
    return place.step if place is not None and stands else None, taken

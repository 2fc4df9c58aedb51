"""The procedures: their versions in the manual's words, drawn as BPMN 2.0 and SVG."""

import asyncio

from api.models.common import Page
from api.models.knowledge import ProcedureRowShown, ProcedureVersionShown, StepShown
from api.routing import Call, Route
from cases.errors import NotFound
from cases.rights import Action, demand
from workflow.bpmn import to_bpmn
from workflow.definition import Library, Procedure, UnknownPlaceError
from workflow.drawing import draw


async def get_procedures(call: Call) -> Page[ProcedureRowShown]:
    """List every version of every procedure."""
    demand(call.account, Action.SEE_PROCEDURES)
    library = call.desk.library
    return Page[ProcedureRowShown](items=[_row(library, procedure) for procedure in library], next=None)


async def get_procedure(call: Call) -> ProcedureVersionShown:
    """Show one version in the manual's words."""
    procedure = _procedure(call)
    steps = [
        StepShown(
            number=step.number,
            activity=step.activity,
            responsible=step.responsible,
            output=step.output,
            stage=step.stage.value,
            extension=step.extension,
        )
        for step in procedure.steps
    ]
    return ProcedureVersionShown(**_row(call.desk.library, procedure).model_dump(), steps=steps)


async def get_bpmn(call: Call) -> str:
    """Draw one version as BPMN 2.0."""
    procedure = _procedure(call)
    return await asyncio.to_thread(to_bpmn, call.desk.library, procedure.code, procedure.version)


async def get_svg(call: Call) -> str:
    """Draw one version as SVG."""
    procedure = _procedure(call)
    return await asyncio.to_thread(draw, call.desk.library, procedure.code, procedure.version)


def _procedure(call: Call) -> Procedure:
    demand(call.account, Action.SEE_PROCEDURES)
    try:
        return call.desk.library.procedure(call.name("code"), call.name("version"))
    except UnknownPlaceError as unknown:
        raise NotFound(str(unknown)) from unknown


def _row(library: Library, procedure: Procedure) -> ProcedureRowShown:
    return ProcedureRowShown(
        code=procedure.code,
        version=procedure.version,
        title=procedure.title,
        resolution=procedure.resolution,
        active=library.active.get(procedure.code) == procedure.version,
    )


_ONE = "/procedures/{code}/{version}"
ROUTES = (
    Route("GET", "/procedures", "List procedures", get_procedures, Page[ProcedureRowShown]),
    Route("GET", _ONE, "Show a procedure", get_procedure, ProcedureVersionShown, refuses=(404,)),
    Route("GET", f"{_ONE}/diagram.bpmn", "Draw as BPMN 2.0", get_bpmn, "application/xml", refuses=(404,)),
    Route("GET", f"{_ONE}/diagram.svg", "Draw as SVG", get_svg, "image/svg+xml", refuses=(404,)),
)

"""The procedures as an administrator keeps them: every version, a new one from a file, the extensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid, Refused
from cases.model import Account
from console import forms
from console.administering import administrator, again, do
from console.forms import Form, Typed
from console.language import gettext as _
from console.rendering import render
from desk.administration.versions import VersionLine, versions
from desk.desk import Desk
from desk.procedures import add_version, switch_extension
from workflow.faults import FaultyProcedureError

ADDRESS = "/administracion/procedimientos"
LARGEST = 512 * 1024


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """One extension to the manual, where it begins, and whether it may be used."""

    answer: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class AdminProceduresPage:
    """Every version by code; `faults` are those of a file that was refused."""

    template: ClassVar[str] = "admin_procedures.html"
    procedures: Sequence[tuple[str, Sequence[VersionLine]]]
    extensions: Sequence[ExtensionLine]
    faults: Sequence[tuple[str, str]]
    done: str
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show the procedures."""
    return await _page(request)


async def _page(
    request: web.Request,
    *,
    typed: Typed | None = None,
    status: int = 200,
    faults: Sequence[tuple[str, str]] = (),
) -> web.Response:
    desk, account = administrator(request)
    found = await versions(desk, account)
    codes = dict.fromkeys(line.procedure.code for line in found)
    page = AdminProceduresPage(
        procedures=[(code, [line for line in found if line.procedure.code == code]) for code in codes],
        extensions=_extensions(desk),
        faults=faults,
        done="" if typed else request.query.get("hecho", ""),
        typed=typed or Typed(),
    )
    return render(request, page, status=status, live=("procedures-changed", "queue-changed"), fresh=ADDRESS)


def _extensions(desk: Desk) -> Sequence[ExtensionLine]:
    labels: dict[str, str] = {}
    for procedure in desk.library:
        for step in procedure.steps:
            for answer in step.answers:
                if answer.id in desk.library.extensions:
                    labels.setdefault(answer.id, answer.label)
    return [
        ExtensionLine(answer, labels.get(answer, answer), answer not in desk.switched_off)
        for answer in sorted(desk.library.extensions)
    ]


async def add(request: web.Request) -> web.Response:
    """Keep a new version from a file; if it is faulty, every fault is shown."""
    desk, account = administrator(request)
    form = await forms.read(request)
    try:
        added = await add_version(desk, account, await _source(request))
    except FaultyProcedureError as faulty:
        faults = [(fault.step or "", fault.text) for fault in faulty.faults]
        typed = Typed("version", form, {}, _("El archivo tiene faltas: no se guardó nada."))
        return await _page(request, typed=typed, status=422, faults=faults)
    except Refused as refused:
        return await again(request, "version", form, refused, _page)
    address = f"{ADDRESS}/{added.code}?hecho=version&a={added.version}"
    return web.Response(status=303, headers={"Location": address})


async def _source(request: web.Request) -> str:
    """Return the file that was sent as text; raises Invalid."""
    file = (await request.post()).get("file")
    if not isinstance(file, web.FileField) or not file.filename:
        raise Invalid(_("Revise los campos marcados."), {"file": _("Elija el archivo de la versión nueva.")})
    content = file.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid(_("Revise los campos marcados."), {"file": _("El archivo es demasiado grande.")})
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        message = _("El archivo no es un texto en UTF-8.")
        raise Invalid(_("Revise los campos marcados."), {"file": message}) from None


async def switch(request: web.Request) -> web.Response:
    """Switch an extension on or off."""
    answer, on = request.match_info["answer"], request.match_info["act"] == "encender"

    async def act(desk: Desk, account: Account, _form: Form) -> None:
        await switch_extension(desk, account, answer, on=on)

    return await do(request, "extension", act, _page, ADDRESS)

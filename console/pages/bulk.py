"""One act for the chosen cases of the queue, and what became of each; confirming has a page to look at first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Invalid
from cases.model import Account
from console import forms, reads, snoozing
from console.forms import Form
from console.language import gettext as _
from console.rendering import render
from console.visitor import desk_of, local, who
from desk import bulk
from desk.bulk import Proposal
from desk.desk import Desk
from desk.selfservice import Passed

QUEUE = "/casos"


@dataclass(frozen=True, slots=True)
class BulkPage:
    """What became of the chosen cases; `said` names the act, `message` why nothing was done."""

    template: ClassVar[str] = "bulk.html"
    passed: Passed | None
    said: str
    message: str
    back: str


@dataclass(frozen=True, slots=True)
class BulkConfirmPage:
    """What would be confirmed, the sure ones ticked; `asked` is whether somebody chose the cases."""

    template: ClassVar[str] = "bulk_confirm.html"
    proposals: Sequence[Proposal]
    names: Mapping[str, str]
    chosen: bool
    sure: float
    back: str


async def act(request: web.Request) -> web.Response:
    """Do the act to every chosen case and say what became of each."""
    form, numbers = await forms.read(request), await _chosen(request)
    back = local(form.get("back", QUEUE))
    try:
        said, passed = await _do(desk_of(request), who(request), form, numbers)
    except Invalid as refused:
        page = BulkPage(None, "", " ".join((str(refused), *refused.fields.values())), back)
        return render(request, page, status=422)
    return render(request, BulkPage(passed, said, "", back))


async def _do(desk: Desk, account: Account, form: Form, numbers: Sequence[str]) -> tuple[str, Passed]:
    match form.get("act", ""):
        case "take":
            return _("Quedan con usted"), await bulk.assign_all(desk, account, numbers, account.username)
        case "assign":
            given = form.get("user") or None
            passed = await bulk.assign_all(desk, account, numbers, given)
            return (_("Quedan sin asignar") if given is None else _("Entregados a %s") % given), passed
        case "snooze":
            until = snoozing.chosen(form, desk.now(), desk.timezone)
            passed = await bulk.snooze_all(desk, account, numbers, until, form.get("reason", ""))
            return _("Quedan pospuestos"), passed
        case "confirm":
            seen = [_seen(each) for each in numbers]
            return _("Quedan confirmados"), await bulk.confirm_all(desk, account, seen)
        case _:
            raise Invalid(_("Elija qué hacer con los casos."))


async def confirm(request: web.Request) -> web.Response:
    """Show what would be confirmed of the chosen cases, or of all that wait for it."""
    desk, account = desk_of(request), who(request)
    numbers = [forms.clean(each) for each in request.query.getall("case", [])]
    proposals = await bulk.proposals(desk, account, numbers[: bulk.MOST])
    names = {system.id: system.name for system in await reads.systems(desk)}
    back = local(request.query.get("back", QUEUE))
    return render(request, BulkConfirmPage(proposals, names, bool(numbers), bulk.SURE, back))


async def _chosen(request: web.Request) -> list[str]:
    data = await request.post()
    return [forms.clean(value) for value in data.getall("case", []) if isinstance(value, str)]


def _seen(chosen: str) -> tuple[str, int]:
    """Read a number and the revision at which the case was seen."""
    number, _colon, revision = chosen.partition(":")
    read = forms.number(revision)
    if read is None:
        raise Invalid(_("El formulario no está completo. Vuelva a abrir la página."))
    return number, read

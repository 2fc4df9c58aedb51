"""One procedure's versions: what differs between two, which one new cases take, and how open cases pass to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Conflict, NotFound
from cases.model import Account
from console.administering import administrator, do
from console.forms import Form, Typed
from console.language import gettext as _
from console.rendering import render
from desk.administration.versions import Preview, VersionLine, preview, versions
from desk.desk import Desk
from desk.procedures import activate, migrate_cases
from workflow.diff import Change, diff

STEP = "paso-"


@dataclass(frozen=True, slots=True)
class AdminProcedurePage:
    """The versions of one procedure; `changes` are what differs between `before` and `after`, None where they are one."""

    template: ClassVar[str] = "admin_procedure.html"
    code: str
    lines: Sequence[VersionLine]
    before: str
    after: str
    target: VersionLine
    changes: Sequence[Change] | None
    preview: Preview | None
    moved: Mapping[str, str]
    done: str
    count: str
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show one procedure's versions, two of them compared."""
    return await _page(request)


def _address(request: web.Request) -> str:
    return f"/administracion/procedimientos/{request.match_info['code']}"


def _moved(given: Mapping[str, str]) -> dict[str, str]:
    """Read which step each occupied one goes to."""
    return {
        name.removeprefix(STEP): value for name, value in given.items() if name.startswith(STEP) and value
    }


async def _page(request: web.Request, *, typed: Typed | None = None, status: int = 200) -> web.Response:
    desk, account = administrator(request)
    code = request.match_info["code"]
    lines = [line for line in await versions(desk, account) if line.procedure.code == code]
    if not lines:
        raise NotFound(_("No existe esa versión de ese procedimiento."))
    asked = typed.values if typed else request.query
    active = next(line.procedure.version for line in lines if line.active)
    before, after = asked.get("de") or active, asked.get("a") or lines[-1].procedure.version
    known = {line.procedure.version: line for line in lines}
    if not {before, after} <= known.keys():
        raise NotFound(_("No existe esa versión de ese procedimiento."))
    moved = _moved(asked)
    both = before != after
    page = AdminProcedurePage(
        code=code,
        lines=lines,
        before=before,
        after=after,
        target=known[after],
        changes=diff(known[before].procedure, known[after].procedure) if both else None,
        preview=await preview(desk, account, code, before, after, moved) if both else None,
        moved=moved,
        done="" if typed else request.query.get("hecho", ""),
        count=request.query.get("casos", ""),
        typed=typed or Typed(),
    )
    fresh = request.path_qs if request.method == "GET" else _address(request)
    return render(request, page, status=status, live=("procedures-changed", "queue-changed"), fresh=fresh)


async def put_in_use(request: web.Request) -> web.Response:
    """Let new cases begin on a version."""

    async def act(desk: Desk, account: Account, form: Form) -> None:
        if desk.library.active.get(request.match_info["code"]) != form.get("de"):
            raise Conflict(_("Mientras tanto cambió la versión vigente. Esto es lo que hay ahora."))
        await activate(desk, account, request.match_info["code"], form.get("a", ""))

    return await do(request, "activate", act, _page, _address(request))


async def migrate(request: web.Request) -> web.Response:
    """Move the open cases of a version to another one."""
    count = 0

    async def act(desk: Desk, account: Account, form: Form) -> None:
        nonlocal count
        code = request.match_info["code"]
        count = await migrate_cases(desk, account, code, form.get("de", ""), form.get("a", ""), _moved(form))

    answer = await do(request, "migrate", act, _page, _address(request))
    if answer.status == web.HTTPSeeOther.status_code:
        answer.headers["Location"] += f"&casos={count}"
    return answer

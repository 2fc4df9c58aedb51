"""What the pages of administration share: forms that become acts, and words for what administrators do."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from babel.dates import format_date

from cases.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from cases.model import Account
from cases.rights import Action, demand
from cases.vocabulary import AccountRole, Channel, Unit
from console import forms, language, words
from console.forms import Form, Typed
from console.language import gettext as _
from console.visitor import desk_of, who
from desk.desk import Desk
from store.governing import BookEntry

Act = Callable[[Desk, Account, Form], Awaitable[object]]
Page = Callable[..., Awaitable[web.Response]]
LONGEST = 300
"""Characters of one thing that an act's line shows."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that is shown once: of whom or what it is, and itself."""

    of: str
    value: str


@dataclass(frozen=True, slots=True)
class Told:
    """One act of the book in words; `details` are (what, value)."""

    entry: BookEntry
    title: str
    details: Sequence[tuple[str, str]]


def administrator(request: web.Request) -> tuple[Desk, Account]:
    """Return the desk and who looks; raises Forbidden unless it is an administrator."""
    account = who(request)
    demand(account, Action.ADMINISTER)
    return desk_of(request), account


async def do(
    request: web.Request, name: str, act: Act, page: Page, onward: str, **said: object
) -> web.Response:
    """Do an act and go on to `onward`; if it is refused, show the page again with what was typed and what is wrong."""
    desk, account = administrator(request)
    form = await forms.read(request)
    try:
        await act(desk, account, form)
    except NotFound:
        raise
    except Refused as refused:
        return await again(request, name, form, refused, page)
    return web.Response(status=303, headers={"Location": f"{onward}?{urlencode({'hecho': name, **said})}"})


async def again(request: web.Request, name: str, form: Form, refused: Refused, page: Page) -> web.Response:
    """Show a page again with what was typed into one of its forms and what is wrong with it."""
    typed = Typed.refused(name, form, refused)
    return await page(request, typed=typed, status=_status(refused))


def _status(refused: Refused) -> int:
    if isinstance(refused, Forbidden):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.CONFLICT if isinstance(refused, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY


def role_in(form: Form) -> AccountRole:
    """Read the role of a form; raises Invalid."""
    if form.get("role") not in list(AccountRole):
        raise Invalid(_("Revise los campos marcados."), {"role": _("Elija el rol.")})
    return AccountRole(form["role"])


def unit_in(form: Form) -> Unit | None:
    """Read the unit of a form, with the role unidad; the other roles have none."""
    chosen = form.get("unit", "")
    return Unit(chosen) if form.get("role") == AccountRole.UNIDAD and chosen in list(Unit) else None


def roles() -> Sequence[tuple[str, str]]:
    """Return the roles that an account may have, with their words."""
    return [
        (AccountRole.OPERADOR, _("Operador")),
        (AccountRole.SUPERVISOR, _("Supervisor")),
        (AccountRole.UNIDAD, _("Unidad")),
        (AccountRole.ADMIN, _("Administrador")),
    ]


def units(*, with_area: bool = False) -> Sequence[tuple[str, str]]:
    """Return the units, with their names; the operators' own area only if asked for."""
    return [(unit, unit.upper()) for unit in Unit if with_area or unit is not Unit.AIT]


def day_word(day: date) -> str:
    """Write a day in full."""
    return format_date(day, "EEE d MMM y", locale=language.locale())


def kinds() -> Mapping[str, str]:
    """Name every kind of act of the book."""
    return {
        "person-added": _("Cuenta abierta"),
        "person-changed": _("Cuenta cambiada"),
        "person-deactivated": _("Cuenta desactivada"),
        "person-reactivated": _("Cuenta activada otra vez"),
        "password-reset": _("Contraseña nueva"),
        "sessions-ended": _("Sesiones cerradas"),
        "token-added": _("Ficha de API creada"),
        "token-revoked": _("Ficha de API revocada"),
        "system-added": _("Sistema agregado"),
        "system-changed": _("Sistema cambiado"),
        "system-removed": _("Sistema quitado"),
        "day-closed": _("Día cerrado"),
        "day-opened": _("Día de trabajo agregado"),
        "day-removed": _("Día devuelto al calendario"),
        "channel-probed": _("Canal probado"),
        "templates-refreshed": _("Plantillas actualizadas"),
        "procedure-added": _("Versión de procedimiento agregada"),
        "procedure-activated": _("Versión de procedimiento puesta en vigencia"),
        "cases-migrated": _("Casos pasados a otra versión"),
        "extension-on": _("Extensión encendida"),
        "extension-off": _("Extensión apagada"),
        "model-activated": _("Modelo puesto en uso"),
        "model-returned": _("Vuelta a un modelo anterior"),
    }


def told(entry: BookEntry) -> Told:
    """Put one act of the book into words."""
    title = kinds().get(entry.kind, entry.kind)
    return Told(entry, title, [(name, value[:LONGEST]) for name, value in _details(entry.data) if value])


def _details(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = _names()
    order = {name: place for place, name in enumerate(names)}
    for key in sorted(data, key=lambda key: (order.get(key, len(order)), key)):  # as every database gives it
        name, value = names.get(key, key), data[key]
        match value:
            case dict():
                yield name, "; ".join(f"{one}: {said}" for one, said in _details(value))
            case list():
                yield name, "; ".join(_one(item).removesuffix(".") for item in value)
            case _:
                yield name, _word(key, value)


def _word(key: str, value: object) -> str:
    """Put one value into words; a role and a channel have names."""
    if key == "role":
        return dict(roles()).get(str(value), str(value))
    if key == "channel" and value in list(Channel):
        return words.channel(Channel(str(value)))
    return _one(value)


def _one(value: object) -> str:
    if isinstance(value, dict):
        return ": ".join(_one(item) for item in value.values() if not isinstance(item, bool))
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    return "" if value is None else str(value)


def _names() -> Mapping[str, str]:
    return {
        "username": _("Cuenta"),
        "name": _("Nombre"),
        "role": _("Rol"),
        "unit": _("Unidad"),
        "before": _("Antes"),
        "after": _("Después"),
        "cases": _("Casos"),
        "sessions": _("Sesiones"),
        "to": _("Pasa a"),
        "from": _("Viene de"),
        "token": _("Ficha"),
        "system": _("Sistema"),
        "aliases": _("Alias"),
        "day": _("Día"),
        "limits": _("Plazos movidos"),
        "channel": _("Canal"),
        "findings": _("Resultado"),
        "templates": _("Plantillas"),
        "added": _("Agregadas"),
        "code": _("Procedimiento"),
        "version": _("Versión"),
        "resolution": _("Resolución"),
        "steps": _("Numerales"),
        "answer": _("Extensión"),
        "reason": _("Motivo"),
    }

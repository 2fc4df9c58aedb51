"""The settings that this node was started with: value, origin and meaning; secrets masked, nothing to change here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from console import language
from console.administering import administrator
from console.keys import SETTINGS, Shown
from console.language import gettext as _
from console.rendering import render
from console.setting_words import SPANISH
from console.times import moment

UNSET = "(unset)"
PREFIX = "VENTANILLA_"
AREAS = ("twilio_", "whatsapp_"), ("telegram_",), ("mail_", "smtp_")
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting in words; `value` is empty where it is unset, `own`: somebody said so, it is not the default."""

    key: str
    value: str
    origin: str
    own: bool
    help: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The settings by area, and the present moment as the desk's zone has it."""

    template: ClassVar[str] = "admin_settings.html"
    areas: Sequence[tuple[str, Sequence[SettingLine]]]
    now: str


async def show(request: web.Request) -> web.Response:
    """Show the settings."""
    desk, _account = administrator(request)
    shown = request.app.get(SETTINGS, ())
    rest = [one for one in shown if _area(one) is None]
    titles = ("WhatsApp", "Telegram", _("Correo"))
    areas = [(_("El servicio"), [line(one) for one in rest])]
    areas += [
        (title, [line(one) for one in shown if _area(one) == place]) for place, title in enumerate(titles)
    ]
    page = SettingsPage([area for area in areas if area[1]], moment(desk.now(), desk.timezone))
    return render(request, page)


def _area(one: Shown) -> int | None:
    name = one.key.removeprefix(PREFIX).lower()
    return next((place for place, prefixes in enumerate(AREAS) if name.startswith(prefixes)), None)


def line(one: Shown) -> SettingLine:
    """Put a setting into words."""
    name = one.key.removeprefix(PREFIX).lower()
    said = SPANISH.get(name, one.help) if language.code() == language.SOURCE else one.help
    return SettingLine(
        one.key, "" if one.value == UNSET else one.value, origin(one.origin), one.origin != DEFAULT, said
    )


def origin(value: str) -> str:
    """Say where a value comes from."""
    known = {
        DEFAULT: _("de fábrica"),
        "environment": _("entorno"),
        "simulated": _("escritorio simulado"),
    }
    if value.startswith("file "):
        return _("archivo %(path)s") % {"path": value.removeprefix("file ")}
    return known.get(value, value)

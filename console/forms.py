"""What people type: read from a request, and shown again with what was wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from aiohttp import web

from cases.errors import Invalid, Refused
from cases.procedure import Value
from console.language import gettext as _
from console.times import from_input
from workflow.definition import Answer, Field

Form = Mapping[str, str]
LONGEST_NUMBER = 12
LONGER = 20
"""Characters from which a text is worth keeping for whoever typed it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed into one form of a page, and what is wrong with it; nothing on a fresh page."""

    form: str = ""
    values: Form = field(default_factory=dict)
    faults: Form = field(default_factory=dict)
    message: str = ""

    @classmethod
    def refused(cls, form: str, values: Form, refusal: Refused) -> "Typed":
        """Return what a refused form held, with each field's sentence where the refusal names fields."""
        faults = dict(refusal.fields) if isinstance(refusal, Invalid) else {}
        return cls(form, values, faults, str(refusal))

    def value(self, form: str, name: str, default: str | None = None) -> str:
        """Return what a field starts with: what was typed, or else the default."""
        if form == self.form:
            return self.values.get(name, "")
        return default or ""

    def fault(self, form: str, name: str) -> str:
        """Say what is wrong with a field, or nothing."""
        return self.faults.get(name, "") if form == self.form else ""

    def about(self, form: str) -> bool:
        """Say whether this form is the one that was sent."""
        return form == self.form

    @property
    def texts(self) -> Sequence[str]:
        """The longer texts that were typed, which nobody should have to type again."""
        return [value for value in self.values.values() if len(value) >= LONGER]


async def read(request: web.Request) -> dict[str, str]:
    """Return the fields of a form that are texts, clean of browsers' line ends and of what no store keeps."""
    data = await request.post()
    return {name: clean(value) for name, value in data.items() if isinstance(value, str)}


def clean(typed: str) -> str:
    """Return a text with plain line ends and without NUL."""
    return typed.replace("\r\n", "\n").replace("\0", "")


def number(typed: str) -> int | None:
    """Return a row's number as an address or a form gives it, or None if it is none."""
    return int(typed) if typed.isdecimal() and len(typed) <= LONGEST_NUMBER else None


async def read_many(request: web.Request, name: str) -> list[int]:
    """Return the numbers that were ticked under one name."""
    data = await request.post()
    ticked = [number(value) for value in data.getall(name, []) if isinstance(value, str)]
    return [value for value in ticked if value is not None]


def whole(form: Form, name: str) -> int:
    """Return a number that the page itself put into the form; raises Invalid if somebody changed it."""
    value = number(form.get(name, ""))
    if value is None:
        raise Invalid(_("El formulario no está completo. Vuelva a abrir la página."))
    return value


def read_fields(answer: Answer, form: Form, zone: ZoneInfo) -> dict[str, Value | None]:
    """Return the values of a move's fields; raises Invalid naming each that cannot be read."""
    values: dict[str, Value | None] = {}
    faults: dict[str, str] = {}
    for asked in answer.fields:
        try:
            values[asked.name] = _read_field(asked, form, zone)
        except ValueError:
            faults[asked.name] = {
                "datetime": _("Escriba la fecha y la hora."),
                "article": _("Elija un artículo o escriba su número."),
            }[asked.type]
    if faults:
        raise Invalid(_("Revise los campos marcados."), faults)
    return values


def _read_field(asked: Field, form: Form, zone: ZoneInfo) -> Value | None:
    typed = form.get(asked.name, "").strip()
    match asked.type:
        case "bool":
            return asked.name in form
        case "datetime":
            return from_input(typed, zone) if typed else None
        case "article":
            chosen = form.get(f"{asked.name}_number", "").strip() or typed
            if chosen and number(chosen) is None:
                raise ValueError(chosen)
            return number(chosen)
        case _:
            return typed or None

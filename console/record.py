"""A case's record as a person reads it: the step in the manual's words, what was recorded, by whom."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.model import Entry
from cases.procedure import Place
from cases.vocabulary import Category, Channel
from console import times, words
from console.language import gettext as _
from desk.desk import Desk
from workflow.definition import Answer, Step, UnknownPlaceError

NAMED = {"clock": words.clock, "proof": words.proof, "reason_code": words.return_reason}
"""What holds a word of a closed set, and what says it."""
CASE = re.compile(r"\d{4}-\d+")


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that a line of the record holds; `address` leads to what it names."""

    label: str
    value: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the record."""

    seq: int
    at: datetime
    place: str
    kind: str
    title: str
    responsible: str
    output: str
    actor: str
    details: Sequence[Detail]
    internal: bool
    hash: str


def lines(desk: Desk, entries: Sequence[Entry], systems: Mapping[str, str]) -> Sequence[Line]:
    """Return a record's lines, in order."""
    return [_line(desk, entry, systems) for entry in entries]


def earlier_values(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Return the texts recorded so far by the name of their field, the latest of each: what forms start with."""
    values: dict[str, str] = {}
    for entry in entries:
        values |= {name: value for name, value in entry.data.items() if isinstance(value, str)}
    return values


def _line(desk: Desk, entry: Entry, systems: Mapping[str, str]) -> Line:
    step = _step(desk, entry)
    answer = step.answer(str(entry.data.get("answer"))) if step else None
    shown = {
        name: value for name, value in entry.data.items() if name != "answer" and value not in ("", None)
    }
    if entry.kind == "call_attempt" and "due" in shown:  # no clock of the case: when it is called again
        shown["again"] = shown.pop("due")
    return Line(
        seq=entry.seq,
        at=entry.at,
        place=f"{entry.procedure} {entry.step}",
        kind=entry.kind,
        title=answer.label if answer else "",
        responsible=entry.responsible,
        output=entry.output,
        actor=entry.actor,
        details=[_detail(desk, name, value, answer, systems) for name, value in shown.items()],
        internal=entry.internal,
        hash=entry.hash,
    )


def _step(desk: Desk, entry: Entry) -> Step | None:
    try:
        return desk.library.step(Place(entry.procedure, entry.version, entry.step))
    except UnknownPlaceError:
        return None


def _detail(
    desk: Desk, name: str, value: object, answer: Answer | None, systems: Mapping[str, str]
) -> Detail:
    fields = {field.name: field.label for field in answer.fields} if answer else {}
    return Detail(
        label=fields.get(name) or _label(name),
        value=_value(desk, name, value, systems),
        address=_address(name, value),
    )


def _label(name: str) -> str:
    return {
        "to": _("Pasa a"),
        "from": _("Viene de"),
        "into": _("Sigue en"),
        "message": _("Mensaje"),
        "category": _("Categoría confirmada"),
        "proposed": _("Categoría propuesta"),
        "system": _("Sistema"),
        "handled_before_by_uit": _("Atendido antes por la UIT"),
        "model": _("Modelo"),
        "reason": _("Motivo"),
        "reason_code": _("Por qué se devuelve"),
        "confirmed_by": _("La confirmó"),
        "text": _("Texto"),
        "article": _("Artículo"),
        "channel": _("Canal"),
        "estimate": _("Estimación"),
        "case": _("Caso"),
        "clock": _("Plazo"),
        "due": _("Vence"),
        "proof": _("Cómo se supo"),
        "again": _("Se llama otra vez"),
        "until": _("Hasta"),
    }.get(name, name)


def _value(desk: Desk, name: str, value: object, systems: Mapping[str, str]) -> str:
    said = str(value)
    match name, value:
        case _, bool():
            said = _("Sí") if value else _("No")
        case "to", "closed":
            said = _("Caso cerrado")
        case (("category" | "proposed"), str()) if value in list(Category):
            said = words.category(Category(value))
        case "channel", str() if value in list(Channel):
            said = words.channel(Channel(value))
        case "system", str():
            said = systems.get(value, value)
        case (("clock" | "proof" | "reason_code"), str()):
            said = NAMED[name](value)
        case (("estimate" | "due" | "again" | "until"), str()):
            said = times.moment(datetime.fromisoformat(value), desk.timezone)
        case (("message" | "article"), int()):
            said = _("n.º %(number)s") % {"number": value}
    return said


def _address(name: str, value: object) -> str:
    match name:
        case "message":
            return f"#mensaje-{value}"
        case "article":
            return f"/articulos/{value}"
        case "from" | "into" | "case" if CASE.fullmatch(str(value)):
            return f"/casos/{value}"
        case _:
            return ""

"""The values given with an answer, checked against the fields it asks."""

from collections.abc import Mapping
from datetime import datetime

from cases.errors import Invalid
from cases.procedure import Value
from workflow.definition import Answer, Field


class FieldsError(Invalid):
    """Some fields of an answer will not do; `fields` holds a message in Spanish for each name."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()), dict(fields))


class MissingFields(FieldsError):
    """Required fields were left out, all of them named."""


class InvalidField(FieldsError):
    """Values of the wrong type, not among the options, in the past, or for a field that does not exist."""


def read_values(answer: Answer, values: Mapping[str, Value | None], now: datetime) -> dict[str, Value]:
    """Return what was given, in the order of the fields; None and blank text count as not given.

    Raises MissingFields, or else InvalidField. Times are aware, and still to come.
    """
    given = {name: value for name, value in values.items() if not _blank(value)}
    required = [field for field in answer.fields if field.required]
    missing = {field.name: f"Falta «{field.label}»." for field in required if field.name not in given}
    if missing:
        raise MissingFields(missing)
    known = {field.name: field for field in answer.fields}
    faults = {
        name: fault
        for name, value in given.items()
        if (fault := _fault(known[name], value, now) if name in known else f"No hay un campo «{name}» aquí.")
    }
    if faults:
        raise InvalidField(faults)
    return {name: value for name in known if (value := given.get(name)) is not None}


def _blank(value: Value | None) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _fault(field: Field, value: Value | None, now: datetime) -> str | None:
    match field.type, value:
        case ("text", str()) | ("bool", bool()):
            return None
        case "choice", str():
            return None if value in field.options else f"«{field.label}»: elija una de las opciones."
        case "article", int() if not isinstance(value, bool) and value > 0:
            return None
        case "datetime", datetime() if value.utcoffset() is None:
            return f"«{field.label}»: falta la zona horaria."
        case "datetime", datetime():
            return None if value > now else f"«{field.label}»: debe ser posterior a este momento."
        case _:
            return f"«{field.label}»: {EXPECTED[field.type]}."


EXPECTED = {
    "text": "se espera un texto",
    "bool": "se espera sí o no",
    "choice": "elija una de las opciones",
    "article": "se espera el número de un artículo",
    "datetime": "se espera una fecha y hora",
}

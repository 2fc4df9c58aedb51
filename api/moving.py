"""A move's fields: JSON values, read by the types that the procedure gives them."""

from collections.abc import Mapping
from typing import Any

from api.models.acts import MoveGiven
from api.models.common import article_ref, moment
from cases.errors import Invalid, NotFound
from cases.model import Account
from cases.procedure import Value
from desk.desk import Desk, open_to
from desk.knowledge import article, article_number
from desk.steps import moves_for
from store.work import StoreWork
from workflow.definition import Answer, Field


async def values_of(
    desk: Desk, account: Account, number: str, given: MoveGiven
) -> Mapping[str, Value | None]:
    """Return the values of a move's fields; raises Invalid naming each that is missing or will not do.

    A move that is not open, or one of another revision, is left for the desk to refuse.
    """

    def look(work: StoreWork) -> tuple[int, tuple[Answer, ...]]:
        case = open_to(work, account, number)
        return case.revision, moves_for(desk, case, account)

    if not given.fields:
        return {}
    revision, moves = await desk.database.read(look)
    chosen = next((legal for legal in moves if legal.id == given.move), None)
    if chosen is None or revision != given.revision:
        return given.fields
    kinds = {field.name: field for field in chosen.fields}
    values: dict[str, Value | None] = {}
    faults: dict[str, str] = {}
    for name, value in given.fields.items():
        try:
            values[name] = await _value(desk, account, kinds.get(name), value)
        except (ValueError, Invalid, NotFound) as wrong:
            faults[name] = f"«{kinds[name].label}»: {wrong}"
    if faults:
        raise Invalid("El paso tiene campos que no valen.", _missing(chosen, given) | faults)
    return values


def _missing(chosen: Answer, given: MoveGiven) -> dict[str, str]:
    required = [field for field in chosen.fields if field.required]
    return {
        field.name: f"Falta «{field.label}»." for field in required if _blank(given.fields.get(field.name))
    }


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


async def _value(desk: Desk, account: Account, field: Field | None, value: Any) -> Any:
    """Read one value; what needs no reading is left for the engine to check."""
    if field is None or _blank(value):
        return value
    if field.type == "datetime":
        return moment(value)
    if field.type == "article":
        return await number_of(desk, account, article_ref(value))
    return value


async def number_of(desk: Desk, account: Account, ref: int | str) -> int:
    """Return the number of an article: a JSON number is one, a string is its external id. Raises NotFound or Invalid."""
    if isinstance(ref, int):
        return (await article(desk, account, ref)).id
    return await article_number(desk, account, ref)

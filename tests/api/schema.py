"""A reader of the part of JSON Schema that the API's document uses; it stumbles over any word it does not know."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from api.app import described
from api.problems import BASE, KIND

Json = dict[str, Any]

TOLD = {"title", "description", "default", "examples", "contentEncoding"}
KINDS: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
    "integer": int,
}


def faults(value: Any, schema: Json, where: str = "") -> list[str]:
    """Say where a value is not as a schema wants it; a property that the schema does not name is a fault too."""
    found: list[str] = []
    for word, said in schema.items():
        if word in TOLD:
            continue
        assert word in SIMPLE or word in DEEP, f"the checker does not know «{word}»"
        if word in SIMPLE and not SIMPLE[word](value, said):
            found.append(f"{where}: {value!r} is not {word} {said}")
        if word in DEEP:
            found += DEEP[word](value, said, where)
    return found


def _is_kind(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, KINDS[kind])


def _is_moment(value: Any, form: str) -> bool:
    assert form == "date-time"
    if not isinstance(value, str):
        return True
    return (
        bool(re.fullmatch(r"[\d-]{10}T[\d:.]+(Z|[+-]\d\d:\d\d)", value))
        and datetime.fromisoformat(value).tzinfo is not None
    )


SIMPLE: dict[str, Callable[[Any, Any], bool]] = {
    "type": _is_kind,
    "enum": lambda value, said: value in said,
    "const": lambda value, said: bool(value == said),
    "format": _is_moment,
    "minLength": lambda value, said: not isinstance(value, str) or len(value) >= said,
    "maxLength": lambda value, said: not isinstance(value, str) or len(value) <= said,
    "maxItems": lambda value, said: not isinstance(value, list) or len(value) <= said,
    "minimum": lambda value, said: not isinstance(value, int) or value >= said,
    "pattern": lambda value, said: not isinstance(value, str) or bool(re.search(said, value)),
    "required": lambda value, said: not isinstance(value, dict) or set(said) <= set(value),
}


def _ref(value: Any, said: str, where: str) -> list[str]:
    return faults(value, described()["components"]["schemas"][said.rsplit("/", 1)[-1]], where)


def _any_of(value: Any, said: list[Json], where: str) -> list[str]:
    tried = [faults(value, choice, where) for choice in said]
    return [] if [] in tried else [f"{where}: none of {tried}"]


def _properties(value: Any, known: Json, where: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    found = [f"{where}.{name} is not documented" for name in value if name not in known]
    return found + [
        fault
        for name in value
        if name in known
        for fault in faults(value[name], known[name], f"{where}.{name}")
    ]


def _values(value: Any, said: Any, where: str) -> list[str]:
    if not isinstance(said, dict) or not isinstance(value, dict):
        return []
    return [fault for name, each in value.items() for fault in faults(each, said, f"{where}.{name}")]


def _names(value: Any, said: Json, where: str) -> list[str]:
    return [fault for name in value for fault in faults(name, said, where)] if isinstance(value, dict) else []


def _items(value: Any, said: Json, where: str) -> list[str]:
    if not isinstance(value, list):
        return []
    return [fault for place, each in enumerate(value) for fault in faults(each, said, f"{where}.{place}")]


DEEP: dict[str, Callable[[Any, Any, str], list[str]]] = {
    "$ref": _ref,
    "anyOf": _any_of,
    "properties": _properties,
    "additionalProperties": _values,
    "propertyNames": _names,
    "items": _items,
}


def operation_of(method: str, path: str) -> tuple[str, Json] | None:
    """Return the documented operation that an address is of, an exact one before one with parameters."""
    given = (BASE + path.partition("?")[0]).split("/")
    for pattern, operations in sorted(described()["paths"].items(), key=lambda item: item[0].count("{")):
        wanted = pattern.split("/")
        fits = len(wanted) == len(given) and all(
            a == b or a.startswith("{") for a, b in zip(wanted, given, strict=True)
        )
        if fits and method.lower() in operations:
            return f"{method} {pattern}", operations[method.lower()]
    return None


def check_answer(method: str, path: str, status: int, kind: str, body: Any) -> str | None:
    """Hold an answer against the document; returns the operation's name, None for what is no operation."""
    found = operation_of(method, path)
    if found is None:
        assert kind == KIND
        assert faults(body, {"$ref": "#/components/schemas/ProblemDetails"}) == []
        return None
    name, operation = found
    assert str(status) in operation["responses"], f"{name} does not document {status}: {body}"
    content = operation["responses"][str(status)]["content"]
    assert kind in content, f"{name} {status} documents {list(content)}, not {kind}"
    assert faults(body, content[kind]["schema"]) == [], f"{name} {status}"
    return name

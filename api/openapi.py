"""OpenAPI 3.1 of the API, made from its routes and models."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.models.common import ProblemDetails
from api.problems import TITLES
from api.routing import BASE, Route

REF = "#/components/schemas/{model}"


def document(routes: Sequence[Route], version: str) -> dict[str, Any]:
    """Return the whole document."""
    taken = [(route.takes, "validation") for route in routes if route.takes]
    given = [(route.gives, "serialization") for route in routes if not isinstance(route.gives, str)]
    names, schemas = models_json_schema(
        [*dict.fromkeys([*taken, *given]), (ProblemDetails, "serialization")],  # type: ignore[list-item]
        ref_template=REF,
    )
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(BASE + route.path, {})[route.method.lower()] = _operation(route, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ventanilla", "version": version,
            "description": "Citizen-support intake: cases, their steps by the procedure manual, messages, articles.",
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route, names: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__ if route.handler.__name__ != "settle" else _identifier(route),
        "summary": route.summary,
        "description": route.handler.__doc__ or route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)],
        "responses": _responses(route, names),
    }
    if route.takes:
        schema = names[(route.takes, "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _identifier(route: Route) -> str:
    return "_".join(re.findall(r"[a-z]+", f"{route.method} {route.path}".lower()))


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = _flat(route.query)
    return [
        {
            "name": name, "in": "query", "required": name in schema.get("required", ()),
            "schema": {key: value for key, value in asked.items() if key not in ("title", "description")},
            **({"description": asked["description"]} if "description" in asked else {}),
        }
        for name, asked in schema["properties"].items()
    ]


def _flat(model: type[BaseModel]) -> dict[str, Any]:
    """Return a query model's schema without null (a parameter is left out instead) and without references."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})

    def resolved(asked: dict[str, Any]) -> dict[str, Any]:
        for choice in asked.get("anyOf", ()):
            if choice.get("type") != "null":
                rest = {key: value for key, value in asked.items() if key not in ("anyOf", "default")}
                return resolved(choice) | rest
        if "$ref" in asked:
            return dict(definitions[asked["$ref"].rsplit("/", 1)[-1]])
        return asked

    schema["properties"] = {name: resolved(asked) for name, asked in schema["properties"].items()}
    return schema


def _header_parameters(route: Route) -> list[dict[str, Any]]:
    if route.method == "GET":
        return []
    told = "The same key with the same request gets the first answer again."
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "description": told, "schema": schema}]


def _responses(route: Route, names: Any) -> dict[str, Any]:
    if isinstance(route.gives, str):
        content: dict[str, Any] = {route.gives: {"schema": {"type": "string"}}}
    else:
        content = {"application/json": {"schema": names[(route.gives, "serialization")]}}
    problem = {"application/problem+json": {"schema": names[(ProblemDetails, "serialization")]}}
    refused = {401, 500, 503, *route.refuses}
    if route.takes:
        refused |= {400, 413, 415, 422}
    elif route.method != "GET":
        refused |= {422}
    return {
        str(route.status): {"description": route.summary, "content": content},
        **{str(status): {"description": TITLES[status], "content": problem} for status in sorted(refused)},
    }

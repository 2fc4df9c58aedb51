"""OpenAPI 3.1 of the API, made from its routes and models."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.idempotency import HEADER, LARGEST_KEY
from api.models.cases import CaseShown
from api.models.problems import ConflictDetails, ProblemDetails
from api.problems import BASE, KIND, TITLES
from api.routing import COOKIE, Route

PATH = "/openapi.json"
REF = "#/components/schemas/{model}"
ABOUT = """\
Citizen-support intake: cases, their steps by the procedure manual, messages, articles.

Lists page by `cursor`: give the `next` of one page to get the one after. Times are RFC 3339, in UTC when given out.
Problems are RFC 9457; `detail` and `errors` are in Spanish, for the person.
"""

Mode = Literal["validation", "serialization"]
Names = Mapping[Any, dict[str, Any]]
"""Where the schema of a (model, mode) is."""


def document(routes: Sequence[Route], version: str) -> dict[str, Any]:
    """Return the whole document."""
    names, components = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(BASE + route.path, {})[route.method.lower()] = _operation(route, names)
    paths[BASE + PATH] = {"get": _self()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ventanilla",
            "version": version,
            "description": ABOUT,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`ventanilla token add NAME --role …` prints one.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": COOKIE,
                    "description": "The console's session; for reading only.",
                },
            },
        },
    }


def _schemas(routes: Sequence[Route]) -> tuple[Names, dict[str, Any]]:
    """Return where each model's schema is, and the schemas."""
    wanted: dict[tuple[type[BaseModel], Mode], None] = {
        (ProblemDetails, "serialization"): None,
        (ConflictDetails, "serialization"): None,
    }
    for route in routes:
        if route.takes:
            wanted[route.takes, "validation"] = None
        if not isinstance(route.gives, str):
            wanted[route.gives, "serialization"] = None
    names, schemas = models_json_schema(list(wanted), ref_template=REF)
    return names, schemas["$defs"]


def _operation(route: Route, names: Names) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.answer.__name__,
        "tags": [route.path.split("/")[1]],
        "summary": route.summary,
        "description": route.answer.__doc__,
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)],
        "responses": _responses(route, names),
    }
    if route.method == "GET":
        operation["security"] = [{"bearer": []}, {"session": []}]
    if route.takes:
        schema = names[route.takes, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _self() -> dict[str, Any]:
    return {
        "operationId": "get_openapi",
        "tags": ["openapi.json"],
        "summary": "Describe the API",
        "description": "Return this document; no token is needed.",
        "security": [],
        "responses": {
            "200": {
                "description": "Describe the API",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema()
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, **_asked(asked, schema.get("$defs", {}))}
        for name, asked in schema["properties"].items()
    ]


def _asked(asked: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema, without null (it is left out instead), and its description."""
    choices: list[dict[str, Any]] = asked.get("anyOf", [])
    kind = next((choice for choice in choices if choice.get("type") != "null"), {})
    rest = {key: value for key, value in asked.items() if key not in ("anyOf", "title", "description")}
    schema = {**kind, **{key: value for key, value in rest.items() if value is not None}}
    if "$ref" in schema:
        named = definitions[schema.pop("$ref").rsplit("/", 1)[-1]]
        schema = {"type": named["type"], "enum": named["enum"], **schema}
    told = {"description": asked["description"]} if "description" in asked else {}
    return {"schema": schema, **told}


def _header_parameters(route: Route) -> list[dict[str, Any]]:
    if route.method == "GET":
        return []
    return [
        {
            "name": HEADER,
            "in": "header",
            "required": False,
            "description": "The same key with the same request gets the first answer again; nothing runs twice.",
            "schema": {"type": "string", "minLength": 1, "maxLength": LARGEST_KEY},
        }
    ]


def refusals(route: Route) -> list[int]:
    """Return the statuses with which a route may refuse."""
    statuses = {401, 500, 503, *route.refuses}
    if route.takes:
        statuses |= {400, 413, 415}
    if route.takes or route.query or route.method != "GET":
        statuses.add(422)
    return sorted(statuses)


def _responses(route: Route, names: Names) -> dict[str, Any]:
    if isinstance(route.gives, str):
        content: dict[str, Any] = {route.gives: {"schema": {"type": "string"}}}
    else:
        content = {"application/json": {"schema": names[route.gives, "serialization"]}}
    responses = {str(route.status): {"description": route.summary, "content": content}}
    for status in refusals(route):
        model = ConflictDetails if status == 409 and _of_a_case(route) else ProblemDetails  # noqa: PLR2004
        schema = names[model, "serialization"]
        responses[str(status)] = {"description": TITLES[status], "content": {KIND: {"schema": schema}}}
    return responses


def _of_a_case(route: Route) -> bool:
    """Say whether a conflict on this route is about a case, which it then shows."""
    return route.gives is CaseShown or route.path.startswith("/messages/")

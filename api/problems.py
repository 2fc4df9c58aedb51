"""What went wrong, as RFC 9457 problem details."""

import json
import secrets
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import ValidationError

from cases.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from store.writer import Busy

log = structlog.get_logger()

BASE = "/api/v1"
KIND = "application/problem+json"
RETRY_AFTER = "2"

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not yours to do",
    404: "Not found",
    405: "Method not allowed",
    409: "Somebody was faster",
    413: "Too large",
    415: "Not JSON",
    422: "Not valid",
    500: "Internal error",
    503: "Busy",
}
DETAILS = {
    404: "No existe esa dirección en la API.",
    413: "El pedido es demasiado grande.",
}
STATUSES: tuple[tuple[type[Refused], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Refused, 422),
)


class Problem(Exception):
    """An answer that is a problem."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        title = TITLES.get(status, "Error")
        self.body = {"type": "about:blank", "title": title, "status": status, "detail": detail} | more
        self.headers: dict[str, str] = {}

    def response(self) -> web.Response:
        """Return the problem as an HTTP response."""
        text = json.dumps(self.body, ensure_ascii=False)
        return web.Response(status=self.status, headers=self.headers, content_type=KIND, text=text)


def not_signed_in() -> Problem:
    """Return the problem of a caller whom nobody knows (RFC 6750, 3)."""
    problem = Problem(401, "Falta una ficha válida: Authorization: Bearer FICHA.")
    problem.headers["WWW-Authenticate"] = "Bearer"
    return problem


async def settled(answer: Awaitable[web.StreamResponse]) -> web.StreamResponse:
    """Return an answer, or the problem that it failed with; an unexpected one is logged under an id that the caller gets."""
    try:
        return await answer
    except Problem as problem:
        return problem.response()
    except Refused as refused:
        return _of(refused).response()
    except Busy:
        busy = Problem(503, "Hay demasiado trabajo en espera; intente de nuevo en unos segundos.")
        busy.headers["Retry-After"] = RETRY_AFTER
        return busy.response()
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return _of_http(error).response()
    except Exception:
        name = secrets.token_hex(8)
        log.exception("request failed", error_id=name)
        return Problem(500, f"Error interno. Si se repite, informe este código: {name}", id=name).response()


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer everything under the API's addresses, and whatever befalls it there, in the API's manner."""
    if request.path != BASE and not request.path.startswith(f"{BASE}/"):
        return await handler(request)
    response = await settled(handler(request))
    if not response.prepared:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def _of(refused: Refused) -> Problem:
    status = next(status for kind, status in STATUSES if isinstance(refused, kind))
    fields = refused.fields if isinstance(refused, Invalid) else {}
    return Problem(status, str(refused), **({"errors": fields} if fields else {}))


def _of_http(error: web.HTTPException) -> Problem:
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        problem = Problem(error.status, f"Aquí se puede: {allowed}.")
        problem.headers["Allow"] = allowed
        return problem
    return Problem(error.status, DETAILS.get(error.status, error.reason))


def fields_of(wrong: ValidationError) -> dict[str, str]:
    """Name each field that a model refused, with a sentence; a fault of the whole is the body's."""
    return {".".join(map(str, fault["loc"])) or "body": _sentence(fault) for fault in wrong.errors()}


_TEXT, _LIST, _OBJECT = "Se espera un texto.", "Se espera una lista.", "Se espera un objeto."
_WHOLE, _BOOL = "Se espera un número entero.", "Se espera true o false."
_SENTENCES = {
    "missing": "Falta este campo.",
    "extra_forbidden": "No existe este campo.",
    "string_type": _TEXT,
    "string_too_short": "No puede estar vacío.",
    "string_too_long": "Es demasiado largo.",
    "string_pattern_mismatch": "Tiene caracteres que no valen aquí.",
    "string_unicode": _TEXT,
    "bool_type": _BOOL,
    "bool_parsing": _BOOL,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "list_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "too_long": "Son demasiados.",
    "too_short": "No puede estar vacío.",
}


def _sentence(fault: Any) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "enum" | "literal_error":
            return f"Se espera uno de: {context['expected'].replace(' or ', ' o ')}."
        case "greater_than_equal":
            return f"Tiene que ser {context['ge']} o más."
        case "less_than_equal":
            return f"Tiene que ser {context['le']} o menos."
        case "value_error":
            return str(context["error"])
        case kind:
            return _SENTENCES.get(kind, "No vale.")

"""What went wrong, as RFC 9457 problem details."""

import json
import secrets
from typing import Any

import structlog
from aiohttp import web
from pydantic import ValidationError

from cases.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from store.writer import Busy

log = structlog.get_logger()

TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Not yours to do", 404: "Not found", 405: "Method not allowed",
    409: "Somebody was faster", 413: "Too large", 415: "Not JSON", 422: "Not valid", 429: "Too many requests",
    500: "Internal error", 503: "Busy",
}
STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (NotFound, 404), (Forbidden, 403), (Conflict, 409), (Invalid, 422), (Refused, 422),
)


class Problem(Exception):
    """An answer that is a problem."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, "detail": detail} | more

    def response(self) -> web.Response:
        """Return the problem as an HTTP response."""
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else {}
        if self.status == 503:
            headers["Retry-After"] = "2"
        return web.Response(
            status=self.status, headers=headers, content_type="application/problem+json",
            text=json.dumps(self.body, ensure_ascii=False),
        )


def problem_of(error: Exception) -> Problem:
    """Return the problem that an error is to the caller; an unexpected one is logged under an id that the caller gets."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Busy):
        return Problem(503, "Hay demasiado trabajo en espera; intente de nuevo en unos segundos.")
    for kind, status in STATUSES:
        if isinstance(error, kind):
            fields = getattr(error, "fields", None)
            return Problem(status, str(error), **({"errors": fields} if fields else {}))
    if isinstance(error, web.HTTPException):
        return Problem(error.status, error.reason)
    name = secrets.token_hex(8)
    log.error("request failed", error_id=name, exc_info=error)
    return Problem(500, f"Error interno. Si se repite, informe este código: {name}", id=name)


def fields_of(wrong: ValidationError) -> dict[str, str]:
    """Name each field that a model refused, with a sentence."""
    return {".".join(str(part) for part in fault["loc"]) or "body": _sentence(fault) for fault in wrong.errors()}


def _sentence(fault: Any) -> str:
    known = {
        "missing": "Falta este campo.", "extra_forbidden": "No existe este campo.", "string_type": "Se espera un texto.",
        "bool_type": "Se espera true o false.", "bool_parsing": "Se espera true o false.",
        "int_type": "Se espera un número entero.", "int_parsing": "Se espera un número entero.",
        "timezone_aware": "Falta la zona horaria (RFC 3339).", "datetime_from_date_parsing": "Se espera fecha y hora (RFC 3339).",
        "datetime_parsing": "Se espera fecha y hora (RFC 3339).", "datetime_type": "Se espera fecha y hora (RFC 3339).",
        "list_type": "Se espera una lista.", "dict_type": "Se espera un objeto.", "string_too_short": "No puede estar vacío.",
        "string_too_long": "Es demasiado largo.", "too_short": "No puede estar vacío.",
    }
    if fault["type"] in ("enum", "literal_error"):
        return f"Se espera uno de: {fault['ctx']['expected']}."
    return known.get(fault["type"], f"No vale: {fault['msg']}.")

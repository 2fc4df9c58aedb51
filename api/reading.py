"""What a request says, read into a route's models; a number of the path, a cursor of a list."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from aiohttp import hdrs, web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.models.common import Page, Shown, Text
from api.problems import Problem, fields_of

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
S = TypeVar("S", bound=Shown)

_LARGEST_ROW = 2**53
_CURSOR = re.compile(r"\d{1,16}(?:,\d{1,16})*", re.ASCII)


def body_of(model: type[M], request: web.Request, raw: bytes) -> M:
    """Read a JSON body; raises Problem 415, 400 or 422, the last naming each field."""
    if request.headers.get(hdrs.CONTENT_TYPE) is not None and request.content_type != "application/json":
        raise Problem(415, "El cuerpo tiene que ser JSON (Content-Type: application/json).")
    try:
        return model.model_validate_json(raw)
    except ValidationError as wrong:
        if any(fault["type"] == "json_invalid" for fault in wrong.errors()):
            raise Problem(400, "El cuerpo no es JSON válido en UTF-8.") from None
        raise Problem(422, "El pedido tiene campos que no valen.", errors=fields_of(wrong)) from None


def query_of(model: type[M], request: web.Request) -> M:
    """Read the query; a filter left blank is one not given. Raises Problem naming each parameter."""
    required = {name for name, asked in model.model_fields.items() if asked.is_required()}
    given = {name: value for name, value in request.query.items() if value or name in required}
    try:
        return model.model_validate(given)
    except ValidationError as wrong:
        raise Problem(422, "La consulta tiene parámetros que no valen.", errors=fields_of(wrong)) from None


def row_number(word: str) -> int:
    """Read a whole number of the path; under another word there is nothing."""
    if not re.fullmatch(r"\d{1,16}", word, re.ASCII) or int(word) > _LARGEST_ROW:
        raise Problem(404, "No existe.")
    return int(word)


class Paging(BaseModel):
    """How a list is paged."""

    model_config = ConfigDict(extra="forbid")
    cursor: Text | None = Field(None, description="The `next` of the page before.")
    limit: Annotated[int, Field(ge=1, le=200, description="Items on a page.")] = 50

    def place(self, parts: int = 1) -> tuple[int, ...] | None:
        """Return the place that the cursor names; raises Problem for one that this list did not give."""
        if self.cursor is None:
            return None
        try:
            said = base64.b64decode(self.cursor.encode(), altchars=b"-_", validate=True).decode("ascii")
        except (ValueError, binascii.Error):
            said = ""
        place = tuple(map(int, said.split(","))) if _CURSOR.fullmatch(said) else ()
        if len(place) != parts:
            fault = {"cursor": "No es un cursor de esta lista."}
            raise Problem(422, "La consulta tiene parámetros que no valen.", errors=fault)
        return place

    def before(self) -> int | None:
        """Return the row before which the page begins."""
        place = self.place()
        return place[0] if place else None

    def page(
        self, found: Sequence[T], show: Callable[[T], S], key: Callable[[T], tuple[int, ...]]
    ) -> Page[S]:
        """Make a page of what was found, one more than the limit if there is more; `key` is an item's place."""
        items, more = found[: self.limit], len(found) > self.limit
        after = ",".join(map(str, key(items[-1]))) if more else None
        cursor = base64.urlsafe_b64encode(after.encode()).decode() if after else None
        return Page(items=[show(item) for item in items], next=cursor)

    def page_after(
        self,
        everything: Sequence[T],
        show: Callable[[T], S],
        key: Callable[[T], tuple[int, ...]],
        parts: int = 1,
    ) -> Page[S]:
        """Make a page of a whole list that is in the order of its keys."""
        place = self.place(parts)
        return self.page([item for item in everything if place is None or key(item) > place], show, key)

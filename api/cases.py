"""Reading cases: lists, one, its record and its messages."""

import base64
import binascii
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.models.cases import CaseRowShown, CaseShown, EntryShown, MessageShown
from api.models.common import Page
from api.problems import Problem
from api.routing import Call, Route
from api.shaping import case_shown, entry_shown, message_shown, row_shown
from cases.vocabulary import Category, Channel, Status, Unit
from desk.views import case_view, list_cases, messages_of, record_of
from store.queries import CaseFilter


class Paging(BaseModel):
    """How a list is paged."""

    model_config = ConfigDict(extra="forbid")
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def before(self) -> int | None:
        """Return the row that the cursor names; raises Problem for one that is none of ours."""
        if self.cursor is None:
            return None
        try:
            word, _, row = base64.urlsafe_b64decode(self.cursor.encode()).decode("ascii").partition(":")
            if word != "before" or not row.isdecimal():
                raise ValueError
            return min(int(row), 2**62)
        except (ValueError, binascii.Error):
            raise Problem(422, "La consulta tiene parámetros que no valen.", errors={"cursor": "No es un cursor."}) from None

    def after(self, rows: int, last: int) -> str | None:
        """Return the cursor of the next page, or None if this was the last."""
        return base64.urlsafe_b64encode(f"before:{last}".encode()).decode() if rows == self.limit else None


class CaseQuery(Paging):
    """What a list of cases may ask for."""

    status: Status | None = None
    step: str | None = Field(None, description="Such as `PR02 3.C.2`, or the number alone.")
    unit: Unit | None = None
    category: Category | None = None
    system: str | None = None
    channel: Channel | None = None
    assignee: str | None = None
    incident: str | None = Field(None, description="Number of the mother case.")
    q: str | None = Field(None, description="Number, phone, mail address, name or words, without accents.", max_length=500)


async def get_cases(call: Call) -> Page[CaseRowShown]:
    """List the cases that the caller may see, newest first."""
    query = call.asked(CaseQuery)
    wanted = CaseFilter(**query.model_dump(exclude={"cursor", "limit"}))
    rows = await list_cases(call.desk, call.account, wanted, before=query.before(), limit=query.limit)
    after = query.after(len(rows), rows[-1].id) if rows else None
    return Page[CaseRowShown](items=[row_shown(row) for row in rows], next=after)


async def get_case(call: Call) -> CaseShown:
    """Show one case with what the caller may do now."""
    return case_shown(await case_view(call.desk, call.account, call.path["number"]), call.desk.now())


async def get_record(call: Call) -> Page[EntryShown]:
    """Show the whole case record."""
    entries = await record_of(call.desk, call.account, call.path["number"])
    return Page[EntryShown](items=[entry_shown(entry) for entry in entries], next=None)


async def get_messages(call: Call) -> Page[MessageShown]:
    """Show a case's messages."""
    messages = await messages_of(call.desk, call.account, call.path["number"])
    return Page[MessageShown](items=[message_shown(message) for message in messages], next=None)


ROUTES = (
    Route("GET", "/cases", "List cases", get_cases, Page[CaseRowShown], query=CaseQuery, refuses=(422,)),
    Route("GET", "/cases/{number}", "Show a case", get_case, CaseShown, refuses=(404,)),
    Route("GET", "/cases/{number}/record", "Show the case record", get_record, Page[EntryShown], refuses=(404,)),
    Route("GET", "/cases/{number}/messages", "Show a case's messages", get_messages, Page[MessageShown], refuses=(404,)),
)

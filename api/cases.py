"""Reading cases: lists, one, its record and its messages."""

from pydantic import Field

from api.models.cases import CaseRowShown, CaseShown, EntryShown, MessageShown
from api.models.common import Page, Text
from api.reading import Paging
from api.routing import Call, Route
from api.shaping import case_shown, entry_shown, message_shown, row_shown
from cases.vocabulary import Category, Channel, Status, Unit
from desk.views import case_view, list_cases, messages_of, record_of
from store.queries import CaseFilter


class CaseQuery(Paging):
    """What a list of cases may ask for."""

    status: Status | None = None
    step: Text | None = Field(None, description="Such as `PR02 3.C.2`, or the number alone.")
    unit: Unit | None = None
    category: Category | None = None
    system: Text | None = None
    channel: Channel | None = None
    assignee: Text | None = Field(None, description="User name.")
    incident: Text | None = Field(None, description="Number of the mother case.")
    q: Text | None = Field(
        None, description="Number, phone, mail address, name or words, without accents.", max_length=500
    )


async def get_cases(call: Call) -> Page[CaseRowShown]:
    """List the cases that the caller may see, newest first."""
    query = call.asked(CaseQuery)
    wanted = CaseFilter(**query.model_dump(exclude={"cursor", "limit"}))
    rows = await list_cases(call.desk, call.account, wanted, before=query.before(), limit=query.limit + 1)
    return query.page(rows, row_shown, lambda row: (row.id,))


async def get_case(call: Call) -> CaseShown:
    """Show one case with what the caller may do now; the number of a merged case says where it went."""
    return case_shown(await case_view(call.desk, call.account, call.name("number")))


async def get_record(call: Call) -> Page[EntryShown]:
    """Show the whole case record (expediente), on one page."""
    entries = await record_of(call.desk, call.account, call.name("number"))
    return Page[EntryShown](items=[entry_shown(entry) for entry in entries], next=None)


async def get_messages(call: Call) -> Page[MessageShown]:
    """Show a case's messages, on one page; notes too, but no answer that was taken back before it left."""
    messages = await messages_of(call.desk, call.account, call.name("number"))
    sent = [message for message in messages if message.withdrawn is None]
    return Page[MessageShown](items=[message_shown(message) for message in sent], next=None)


_CASE = "/cases/{number}"
ROUTES = (
    Route("GET", "/cases", "List cases", get_cases, Page[CaseRowShown], query=CaseQuery),
    Route("GET", _CASE, "Show a case", get_case, CaseShown, refuses=(404,)),
    Route("GET", f"{_CASE}/record", "Show the case record", get_record, Page[EntryShown], refuses=(404,)),
    Route(
        "GET", f"{_CASE}/messages", "Show a case's messages", get_messages, Page[MessageShown], refuses=(404,)
    ),
)

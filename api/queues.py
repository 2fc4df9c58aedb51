"""Calls to make, the quarantine, and the conversations that supervisors monitor."""

from collections.abc import Awaitable, Callable

from api.cases import Paging
from api.models.common import Page
from api.models.knowledge import CallbackShown, ConversationShown, OutcomeGiven, QuarantinedShown
from api.routing import Call, Route
from cases.model import Account, Quarantined
from desk.desk import Desk
from desk.safekeeping import discard, quarantined, release
from desk.telephone import call_outcome
from desk.views import callbacks, conversations


async def get_callbacks(call: Call) -> Page[CallbackShown]:
    """List the calls to make, the one due first at the top."""
    found = await callbacks(call.desk, call.account)
    return Page[CallbackShown](items=[CallbackShown.model_validate(one) for one in found], next=None)


async def post_outcome(call: Call) -> CallbackShown:
    """Record what came of a call."""
    given = call.given(OutcomeGiven)
    done = await call_outcome(
        call.desk, call.account, call.number("callback"), reached=given.reached, text=given.text, again=given.again_at
    )
    return CallbackShown.model_validate(done)


async def get_quarantine(call: Call) -> Page[QuarantinedShown]:
    """List what could not be trusted or understood."""
    query = call.asked(Paging)
    found = await quarantined(call.desk, call.account, before=query.before(), limit=query.limit)
    after = query.after(len(found), found[-1].id) if found else None
    return Page[QuarantinedShown](items=[_quarantined(one) for one in found], next=after)


def _settling(act: Callable[[Desk, Account, int], Awaitable[Quarantined]]) -> Callable[[Call], Awaitable[QuarantinedShown]]:
    async def settle(call: Call) -> QuarantinedShown:
        return _quarantined(await act(call.desk, call.account, call.number("item")))

    return settle


def _quarantined(kept: Quarantined) -> QuarantinedShown:
    return QuarantinedShown(
        id=kept.id, channel=kept.channel, reason=kept.reason, detail=kept.detail, at=kept.at,
        payload=QuarantinedShown.encoded(kept.payload),
    )


async def get_conversations(call: Call) -> Page[ConversationShown]:
    """List the conversations with their last message, newest first."""
    query = call.asked(Paging)
    found = await conversations(call.desk, call.account, before=query.before(), limit=query.limit)
    after = query.after(len(found), found[-1].last_message) if found else None
    return Page[ConversationShown](items=[ConversationShown.model_validate(one) for one in found], next=after)


_REFUSED = (403, 404, 409)
ROUTES = (
    Route("GET", "/callbacks", "List calls to make", get_callbacks, Page[CallbackShown], refuses=(403,)),
    Route("POST", "/callbacks/{callback}/outcome", "Record a call", post_outcome, CallbackShown, OutcomeGiven, refuses=(*_REFUSED, 422)),
    Route("GET", "/quarantine", "List the quarantine", get_quarantine, Page[QuarantinedShown], query=Paging, refuses=(403, 422)),
    Route("POST", "/quarantine/{item}/release", "Take it up again", _settling(release), QuarantinedShown, refuses=_REFUSED),
    Route("POST", "/quarantine/{item}/discard", "Settle it without a case", _settling(discard), QuarantinedShown, refuses=_REFUSED),
    Route("GET", "/conversations", "List conversations", get_conversations, Page[ConversationShown], query=Paging, refuses=(403, 422)),
)

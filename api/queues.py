"""Calls to make, the quarantine, and the conversations that supervisors follow."""

import base64

from api.models.common import Page
from api.models.queues import CallbackShown, ConversationShown, OutcomeGiven, QuarantinedShown
from api.reading import Paging
from api.routing import Call, Route
from cases.model import Callback, Quarantined
from desk.safekeeping import discard, quarantined, release
from desk.telephone import call_outcome
from desk.views import callbacks, conversations

ALL_CALLS = 100_000
LONGEST_PAYLOAD = 10_000


async def get_callbacks(call: Call) -> Page[CallbackShown]:
    """List the calls to make, the one due first at the top."""
    found = await callbacks(call.desk, call.account, ALL_CALLS)
    return call.asked(Paging).page_after(found, CallbackShown.model_validate, _turn, parts=2)


def _turn(call: Callback) -> tuple[int, int]:
    return round(call.due.timestamp() * 1_000_000), call.id


async def post_outcome(call: Call) -> CallbackShown:
    """Record what came of a call; if the person was not reached it is made again, in an hour unless said otherwise."""
    given, callback = call.given(OutcomeGiven), call.row("callback")
    done = await call_outcome(
        call.desk,
        call.account,
        callback,
        reached=given.reached,
        text=given.text,
        again=given.again_at,
    )
    return CallbackShown.model_validate(done)


async def get_quarantine(call: Call) -> Page[QuarantinedShown]:
    """List what could not be trusted or understood, newest first."""
    query = call.asked(Paging)
    found = await quarantined(call.desk, call.account, before=query.before(), limit=query.limit + 1)
    return query.page(found, _quarantined, lambda kept: (kept.id,))


async def post_release(call: Call) -> QuarantinedShown:
    """Take something up again as if it had just arrived; a forged message cannot be."""
    return _quarantined(await release(call.desk, call.account, call.row("item")))


async def post_discard(call: Call) -> QuarantinedShown:
    """Settle something as not worth a case; it stays in the ledger."""
    return _quarantined(await discard(call.desk, call.account, call.row("item")))


def _quarantined(kept: Quarantined) -> QuarantinedShown:
    return QuarantinedShown(
        id=kept.id,
        channel=kept.channel,
        reason=kept.reason,
        detail=kept.detail,
        at=kept.at,
        size=len(kept.payload),
        payload=base64.b64encode(kept.payload[:LONGEST_PAYLOAD]).decode(),
    )


async def get_conversations(call: Call) -> Page[ConversationShown]:
    """List the conversations with their last message, newest first; for supervisors."""
    query = call.asked(Paging)
    found = await conversations(call.desk, call.account, before=query.before(), limit=query.limit + 1)
    return query.page(found, ConversationShown.model_validate, lambda row: (row.last_message,))


_CALL = "/callbacks/{callback}/outcome"
_ITEM = "/quarantine/{item}"
_PROBLEMS = (403, 404, 409)
ROUTES = (
    Route(
        "GET",
        "/callbacks",
        "List calls to make",
        get_callbacks,
        Page[CallbackShown],
        query=Paging,
        refuses=(403,),
    ),
    Route("POST", _CALL, "Record a call", post_outcome, CallbackShown, OutcomeGiven, refuses=_PROBLEMS),
    Route(
        "GET",
        "/quarantine",
        "List the quarantine",
        get_quarantine,
        Page[QuarantinedShown],
        query=Paging,
        refuses=(403,),
    ),
    Route("POST", f"{_ITEM}/release", "Take it up again", post_release, QuarantinedShown, refuses=_PROBLEMS),
    Route(
        "POST",
        f"{_ITEM}/discard",
        "Settle it without a case",
        post_discard,
        QuarantinedShown,
        refuses=_PROBLEMS,
    ),
    Route(
        "GET",
        "/conversations",
        "List conversations",
        get_conversations,
        Page[ConversationShown],
        query=Paging,
        refuses=(403,),
    ),
)

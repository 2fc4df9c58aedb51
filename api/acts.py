"""What is done to a case: classify, move, answer, note, split, merge, hand over, estimate, wait, reopen."""

import base64
import binascii
from collections.abc import Awaitable

from api.models.acts import (
    AssignGiven,
    AttachmentGiven,
    ClassificationGiven,
    EstimateGiven,
    MergeGiven,
    MoveGiven,
    NoteGiven,
    PhoneNoteGiven,
    ReasonGiven,
    ReplyGiven,
    SplitGiven,
)
from api.models.cases import CaseShown, FirstDelivery, MessageShown, PhoneNoteTaken, ReplyTaken
from api.models.common import Given
from api.moving import number_of, values_of
from api.problems import Problem
from api.routing import Answer, Call, Route
from api.shaping import case_shown, message_shown
from cases.errors import Conflict, Invalid, NotFound
from cases.model import Attachment, Case
from cases.vocabulary import Channel
from desk.acts import answer, assign, merge, note, reopen, retry, set_estimate, split, wait
from desk.desk import open_to
from desk.steps import Classified, classify, move
from desk.telephone import phone_note
from desk.views import case_view
from store.work import StoreWork


async def post_phone_note(call: Call) -> PhoneNoteTaken:
    """Register an operator's note of a call; it joins the caller's open case or opens one."""
    given = call.given(PhoneNoteGiven)
    done = await phone_note(call.desk, call.account, given.phone, given.name, given.text, given.system)
    return PhoneNoteTaken(case=done.case.number, message=done.message.id)


async def post_classification(call: Call) -> CaseShown:
    """Confirm or correct what a case is; it stays where it is, and `moves` then lists what these facts allow."""
    given = call.given(ClassificationGiven)
    said = Classified(given.category, given.system, given.handled_before_by_uit, given.revision)
    return await _changed(call, classify(call.desk, call.account, call.name("number"), said))


async def post_move(call: Call) -> CaseShown:
    """Take a step of the procedure: one of the case's `moves` with the fields that it asks."""
    given, number = call.given(MoveGiven), call.name("number")
    values = await values_of(call.desk, call.account, number, given)
    return await _changed(call, move(call.desk, call.account, number, given.move, values, given.revision))


async def _changed(call: Call, act: Awaitable[Case]) -> CaseShown:
    """Do an act and return the case after it; if somebody was faster the problem carries the new state."""
    try:
        changed = await act
    except Conflict as slower:
        raise await _overtaken(call, call.name("number"), slower) from slower
    return case_shown(await case_view(call.desk, call.account, changed.number))


async def _overtaken(call: Call, number: str, slower: Conflict) -> Problem:
    view = await case_view(call.desk, call.account, number)
    return Problem(409, str(slower), case=case_shown(view).model_dump(mode="json"))


async def post_reply(call: Call) -> ReplyTaken:
    """Answer the citizen on the channel that the report came from, or on another one that the person has."""
    given, number = call.given(ReplyGiven), call.name("number")
    case = await call.desk.database.read(lambda work: open_to(work, call.account, number))
    files, faults = _files(given.attachments)
    faults |= _unfit(call, given.channel or case.channel, given)
    article = None
    if given.article is not None:
        try:
            article = await number_of(call.desk, call.account, given.article)
        except (Invalid, NotFound):
            faults["article"] = f"No existe el artículo {given.article}."
    if faults:
        raise Invalid("La respuesta no puede salir así.", faults)
    sent = await answer(
        call.desk,
        call.account,
        number,
        given.text,
        article=article,
        attachments=files,
        channel=given.channel,
    )
    assert sent.delivery is not None  # an answer has one from the start
    return ReplyTaken(message=sent.id, delivery=FirstDelivery.model_validate(sent.delivery))


def _unfit(call: Call, channel: Channel, given: ReplyGiven) -> dict[str, str]:
    """Say what of an answer the channel will not carry."""
    faults = {}
    if channel not in call.desk.channels:
        faults["channel"] = f"El canal {channel} no lleva respuestas."
    elif given.attachments and not call.desk.channels[channel].can.attachments:
        faults["attachments"] = f"Por {channel} no salen archivos; envíe solo el texto."
    return faults


def _files(given: list[AttachmentGiven]) -> tuple[tuple[Attachment, ...], dict[str, str]]:
    """Read attachments; returns them and what is wrong with each that cannot be read."""
    files, faults = [], {}
    for place, file in enumerate(given):
        try:
            content = base64.b64decode(file.content, validate=True)
        except (binascii.Error, ValueError):
            faults[f"attachments.{place}.content"] = "Se espera base64."
        else:
            files.append(Attachment(file.name, file.media_type, content))
    return tuple(files), faults


async def post_note(call: Call) -> MessageShown:
    """Write an internal note, which never leaves."""
    return message_shown(await note(call.desk, call.account, call.name("number"), call.given(NoteGiven).text))


async def post_retry(call: Call) -> MessageShown:
    """Send again what did not arrive."""
    message = call.row("message")
    try:
        return message_shown(await retry(call.desk, call.account, message))
    except Conflict as slower:

        def case_of(work: StoreWork) -> str | None:
            found = work.messages.get(message)
            return work.cases.by_id(found.case).number if found.case is not None else None

        number = await call.desk.database.read(case_of)
        if number is None:
            raise
        raise await _overtaken(call, number, slower) from slower


async def post_split(call: Call) -> CaseShown:
    """Make a case of its own out of some messages; answers with the new case."""
    given = call.given(SplitGiven)
    return await _changed(call, split(call.desk, call.account, call.name("number"), given.messages))


async def post_merge(call: Call) -> CaseShown:
    """Join two reports of one problem by the same person; answers with the case that carries on."""
    given = call.given(MergeGiven)
    return await _changed(call, merge(call.desk, call.account, call.name("number"), given.into))


async def post_assign(call: Call) -> CaseShown:
    """Hand a case to another person of the same unit or role, or to nobody."""
    given = call.given(AssignGiven)
    return await _changed(call, assign(call.desk, call.account, call.name("number"), given.user))


async def post_estimate(call: Call) -> CaseShown:
    """Set or revise when the case will be solved; the citizen hears it."""
    given = call.given(EstimateGiven)
    act = set_estimate(call.desk, call.account, call.name("number"), given.at, given.reason)
    return await _changed(call, act)


async def post_waiting(call: Call) -> CaseShown:
    """Wait for the citizen; it ends with their next message."""
    given = call.given(ReasonGiven)
    return await _changed(call, wait(call.desk, call.account, call.name("number"), given.reason))


async def post_reopen(call: Call) -> CaseShown:
    """Open a closed case again at PR01 3."""
    given = call.given(ReasonGiven)
    return await _changed(call, reopen(call.desk, call.account, call.name("number"), given.reason))


_CASE = "/cases/{number}"
_SOME = (403, 404)
_ALL = (403, 404, 409)


def _act(name: str, summary: str, handler: Answer, takes: type[Given], status: int = 200) -> Route:
    """Return the route of an act that answers with the case after it."""
    return Route("POST", f"{_CASE}/{name}", summary, handler, CaseShown, takes, status=status, refuses=_ALL)


ROUTES = (
    Route(
        "POST",
        "/phone-notes",
        "Register a call",
        post_phone_note,
        PhoneNoteTaken,
        PhoneNoteGiven,
        status=201,
        refuses=(403,),
    ),
    _act("classification", "Confirm what a case is", post_classification, ClassificationGiven),
    _act("moves", "Take a step", post_move, MoveGiven),
    Route(
        "POST",
        f"{_CASE}/replies",
        "Answer the citizen",
        post_reply,
        ReplyTaken,
        ReplyGiven,
        status=202,
        refuses=_SOME,
    ),
    Route(
        "POST",
        f"{_CASE}/notes",
        "Write an internal note",
        post_note,
        MessageShown,
        NoteGiven,
        status=201,
        refuses=_SOME,
    ),
    _act("split", "Make two cases of one", post_split, SplitGiven, 201),
    _act("merge", "Join two cases", post_merge, MergeGiven),
    _act("assign", "Hand a case over", post_assign, AssignGiven),
    _act("estimate", "Set or revise the estimate", post_estimate, EstimateGiven),
    _act("waiting", "Wait for the citizen", post_waiting, ReasonGiven),
    _act("reopen", "Open a closed case again", post_reopen, ReasonGiven),
    Route(
        "POST",
        "/messages/{message}/retry",
        "Send a message again",
        post_retry,
        MessageShown,
        refuses=_ALL,
    ),
)

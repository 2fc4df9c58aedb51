"""What is done to a case: classify, move, answer, note, split, merge, hand over, estimate, wait, reopen."""

import base64
import binascii
from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from api.models.cases import (
    AssignGiven,
    AttachmentGiven,
    CaseShown,
    ClassificationGiven,
    DeliveryShown,
    EstimateGiven,
    MergeGiven,
    MessageShown,
    MoveGiven,
    NoteGiven,
    PhoneNoteGiven,
    PhoneNoteTaken,
    ReasonGiven,
    ReplyGiven,
    ReplyTaken,
    SplitGiven,
)
from api.problems import Problem
from api.routing import Call, Route
from api.shaping import case_shown, message_shown
from cases.errors import Conflict, Invalid
from cases.model import Attachment, Case
from cases.procedure import Value
from desk.acts import answer, assign, merge, note, reopen, retry, set_estimate, split, wait
from desk.knowledge import article_number
from desk.steps import Classified, classify, move
from desk.telephone import phone_note
from desk.views import case_view

T = TypeVar("T")
MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


async def post_phone_note(call: Call) -> PhoneNoteTaken:
    """Register a call."""
    given = call.given(PhoneNoteGiven)
    done = await phone_note(call.desk, call.account, given.phone, given.name, given.text, given.system)
    return PhoneNoteTaken(case=done.case.number, message=done.message.id)


async def post_classification(call: Call) -> CaseShown:
    """Confirm or correct what a case is; the case stays where it is."""
    given = call.given(ClassificationGiven)
    said = Classified(given.category, given.system, given.handled_before_by_uit, given.revision)
    return await _changed(call, classify(call.desk, call.account, call.path["number"], said))


async def post_move(call: Call) -> CaseShown:
    """Take a step of the procedure."""
    given = call.given(MoveGiven)
    number = call.path["number"]
    values = await _values(call, number, given)
    return await _changed(call, move(call.desk, call.account, number, given.move, values, given.revision))


async def _values(call: Call, number: str, given: MoveGiven) -> Mapping[str, Value | None]:
    """Read a move's fields by the types that the procedure gives them; what it does not know it will refuse."""
    view = await case_view(call.desk, call.account, number)
    chosen = next((legal for legal in view.moves if legal.id == given.move), None)
    kinds = {asked.name: asked for asked in chosen.fields} if chosen else {}
    faults: dict[str, str] = {}
    values: dict[str, Value | None] = {}
    for name, value in given.fields.items():
        kind = kinds[name].type if name in kinds else None
        try:
            values[name] = await _value(call, kind, value)
        except (ValidationError, Invalid):
            faults[name] = f"«{kinds[name].label}»: " + _EXPECTED[str(kind)]
    if faults:
        raise Invalid("El paso tiene campos que no valen.", faults)
    return values


_EXPECTED = {
    "datetime": "se espera fecha y hora con zona (RFC 3339).",
    "article": "se espera el número o el id de un artículo que exista.",
}


async def _value(call: Call, kind: str | None, value: Any) -> Any:
    if kind == "datetime" and isinstance(value, str):
        return MOMENT.validate_python(value)
    if kind == "article" and isinstance(value, int | str) and not isinstance(value, bool):
        return await article_number(call.desk, call.account, value)
    return value


async def _changed(call: Call, act: Awaitable[Case]) -> CaseShown:
    """Do an act and return the case after it; if somebody was faster the problem carries the new state."""
    number = call.path["number"]
    try:
        changed = await act
    except Conflict as slower:
        view = await case_view(call.desk, call.account, number)
        now = case_shown(view, call.desk.now()).model_dump(mode="json")
        raise Problem(409, str(slower), case=now) from slower
    return case_shown(await case_view(call.desk, call.account, changed.number), call.desk.now())


async def post_reply(call: Call) -> ReplyTaken:
    """Answer the citizen on the channel that the report came from."""
    given, number = call.given(ReplyGiven), call.path["number"]
    if given.channel is not None:
        case = (await case_view(call.desk, call.account, number)).case
        if given.channel != case.channel:
            fault = f"El caso llegó por {case.channel}; la respuesta sale por ahí."
            raise Invalid("No se puede responder por ese canal.", {"channel": fault})
    article = None
    if given.article is not None:
        article = await article_number(call.desk, call.account, given.article)
    files = tuple(_file(file, place) for place, file in enumerate(given.attachments))
    sent = await answer(call.desk, call.account, number, given.text, article=article, attachments=files)
    assert sent.delivery is not None
    return ReplyTaken(message=sent.id, delivery=DeliveryShown.model_validate(sent.delivery))


def _file(given: AttachmentGiven, place: int) -> Attachment:
    try:
        return Attachment(given.name, given.media_type, base64.b64decode(given.content, validate=True))
    except (binascii.Error, ValueError):
        raise Invalid("El adjunto no vale.", {f"attachments.{place}.content": "Se espera base64."}) from None


async def post_note(call: Call) -> MessageShown:
    """Write an internal note, which never leaves."""
    return message_shown(await note(call.desk, call.account, call.path["number"], call.given(NoteGiven).text))


async def post_retry(call: Call) -> MessageShown:
    """Send again what did not arrive."""
    return message_shown(await retry(call.desk, call.account, call.number("message")))


async def post_split(call: Call) -> CaseShown:
    """Make a case of its own out of some messages; answers with the new case."""
    given = call.given(SplitGiven)
    return await _changed(call, split(call.desk, call.account, call.path["number"], given.messages))


async def post_merge(call: Call) -> CaseShown:
    """Join two reports of one problem by the same person; answers with the case that carries on."""
    return await _changed(call, merge(call.desk, call.account, call.path["number"], call.given(MergeGiven).into))


async def post_assign(call: Call) -> CaseShown:
    """Hand a case to another person of the same unit or role."""
    return await _changed(call, assign(call.desk, call.account, call.path["number"], call.given(AssignGiven).user))


async def post_estimate(call: Call) -> CaseShown:
    """Set or revise when the case will be solved; the citizen hears it."""
    given = call.given(EstimateGiven)
    return await _changed(call, set_estimate(call.desk, call.account, call.path["number"], given.at, given.reason))


async def post_waiting(call: Call) -> CaseShown:
    """Wait for the citizen; it ends with their next message."""
    return await _changed(call, wait(call.desk, call.account, call.path["number"], call.given(ReasonGiven).reason))


async def post_reopen(call: Call) -> CaseShown:
    """Open a closed case again at PR01 3."""
    return await _changed(call, reopen(call.desk, call.account, call.path["number"], call.given(ReasonGiven).reason))


_CASE = "/cases/{number}"
_ALL = (403, 404, 409, 422)
ROUTES = (
    Route("POST", "/phone-notes", "Register a call", post_phone_note, PhoneNoteTaken, PhoneNoteGiven, status=201, refuses=(403, 422)),
    Route("POST", f"{_CASE}/classification", "Confirm what a case is", post_classification, CaseShown, ClassificationGiven, refuses=_ALL),
    Route("POST", f"{_CASE}/moves", "Take a step", post_move, CaseShown, MoveGiven, refuses=_ALL),
    Route("POST", f"{_CASE}/replies", "Answer the citizen", post_reply, ReplyTaken, ReplyGiven, status=202, refuses=(403, 404, 422)),
    Route("POST", f"{_CASE}/notes", "Write an internal note", post_note, MessageShown, NoteGiven, status=201, refuses=(403, 404, 422)),
    Route("POST", f"{_CASE}/split", "Make two cases of one", post_split, CaseShown, SplitGiven, status=201, refuses=_ALL),
    Route("POST", f"{_CASE}/merge", "Join two cases", post_merge, CaseShown, MergeGiven, refuses=_ALL),
    Route("POST", f"{_CASE}/assign", "Hand a case over", post_assign, CaseShown, AssignGiven, refuses=_ALL),
    Route("POST", f"{_CASE}/estimate", "Set or revise the estimate", post_estimate, CaseShown, EstimateGiven, refuses=_ALL),
    Route("POST", f"{_CASE}/waiting", "Wait for the citizen", post_waiting, CaseShown, ReasonGiven, refuses=_ALL),
    Route("POST", f"{_CASE}/reopen", "Open a closed case again", post_reopen, CaseShown, ReasonGiven, refuses=_ALL),
    Route("POST", "/messages/{message}/retry", "Send a message again", post_retry, MessageShown, refuses=(403, 404, 409)),
)

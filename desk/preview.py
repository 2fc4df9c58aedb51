"""An answer as its channel will show it, before it goes: planned by the same planner, stored nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.model import Account, Attachment, Case, Conversation, Outgoing, Parcel
from cases.rights import Action, demand
from cases.vocabulary import Channel
from desk.desk import Desk, open_to
from desk.talk import Way, ways
from desk.texts import unfilled
from intake.channels.channel import Shown
from intake.reply import Written, plan_reply, thread
from store.work import StoreWork


@dataclass(frozen=True, slots=True)
class Preview:
    """What the person will get, part by part, and by which way.

    `files` are names; `lost` says that the channel carries none of them. `apart`: each is a message of its own.
    `left_open` is what a text still leaves to fill in.
    """

    way: Way
    parts: Sequence[Shown]
    messages: int
    length: int
    most: int
    files: Sequence[str]
    apart: bool
    lost: bool
    left_open: Sequence[str]


async def preview(
    desk: Desk, account: Account, number: str, text: str, channel: Channel | None, files: Sequence[str] = ()
) -> Preview | None:
    """Return an answer as it would go out now; None while there is nothing to show, or no such way to the person."""
    demand(account, Action.REPLY)

    def read(work: StoreWork) -> Preview | None:
        case = open_to(work, account, number)
        return preview_of(desk, work, case, account, text, channel, files)

    return await desk.database.read(read)


def preview_of(
    desk: Desk,
    work: StoreWork,
    case: Case,
    account: Account,
    text: str,
    channel: Channel | None,
    files: Sequence[str] = (),
) -> Preview | None:
    """Plan an answer within a transaction (see `preview`)."""
    found = list(ways(desk, work, case))
    way = next((one for one in found if one.channel is channel), None) or next(iter(found), None)
    if way is None or not (text.strip() or files):
        return None
    kind, talk = desk.channels[way.channel], _talk(work, case, way)
    subject, references = thread(work, case, talk) if kind.can.threads else (None, ())
    written = Written(
        text.strip(),
        account.name,
        attachments=tuple(Attachment(name, "", b"") for name in files),
        chosen=not way.origin,
    )
    planned = plan_reply(kind.can, talk, written, desk.now(), subject=subject, references=references)
    texts = [part.body for part in planned.parts if part.file is None]
    return Preview(
        way=way,
        parts=[kind.show(_parcel(desk, case, talk, planned, body)) for body in texts],
        messages=len(planned.parts),
        length=len(text.strip()),
        most=kind.can.part_length,
        files=files,
        apart=kind.can.files_apart,
        lost=bool(files) and not kind.can.attachments,
        left_open=unfilled(text),
    )


def _talk(work: StoreWork, case: Case, way: Way) -> Conversation:
    """Return the conversation that an answer would go into; one that is not open yet stays so."""
    if way.origin:
        return work.people.conversation_of(case.conversation)
    known = work.people.talk_at(way.channel, way.address)
    return known or Conversation(0, case.person, way.channel, way.address, None, {}, None)


def _parcel(desk: Desk, case: Case, talk: Conversation, planned: Outgoing, body: str) -> Parcel:
    return Parcel(
        delivery=0,
        message=0,
        part=0,
        channel=talk.channel,
        address=talk.answer_to or talk.address,
        desk_address=talk.desk_address,
        body=body,
        subject=planned.subject,
        automatic=False,
        references=planned.references,
        case=case.number,
        attempts=0,
        reply_token=case.reply_token,
        case_page=f"{desk.public_url.rstrip('/')}/caso/{case.token}",
    )

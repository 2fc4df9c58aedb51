"""An answer as it leaves the editor: checked, put into the outbox for a little later, its draft gone."""

from dataclasses import dataclass

from cases.errors import Invalid
from cases.model import Account, Attachment, Message
from cases.rights import Action, demand
from cases.vocabulary import Channel
from desk.desk import Desk, open_to
from desk.steps import say
from desk.talk import check_files, give_way
from desk.texts import check_filled
from desk.withdrawal import files_again
from store.drafts import DraftKind
from store.work import StoreWork


@dataclass(frozen=True, slots=True)
class Edited:
    """What an editor sends: `again` are files of an answer that was taken back, `instead` a held answer that gives way."""

    text: str
    channel: Channel | None = None
    files: tuple[Attachment, ...] = ()
    again: tuple[int, ...] = ()
    instead: int | None = None


async def send_edited(desk: Desk, account: Account, number: str, edited: Edited) -> Message:
    """Answer on the case's channel, or on the one that was chosen; for `desk.undo` it can be taken back.

    Raises Invalid for an empty answer, for one that leaves something open and for files that cannot go, Conflict where
    the answer in whose place it goes is not held any more.
    """
    demand(account, Action.REPLY)
    text = edited.text.strip()
    if not text:
        raise Invalid("La respuesta está vacía.", {"text": "Escriba la respuesta."})
    check_filled(text)

    def act(work: StoreWork) -> Message:
        case, now = open_to(work, account, number), desk.now()
        channel = edited.channel or case.channel
        files = files_again(work, case.id, edited.again) + edited.files
        check_files(desk, channel, files)
        if edited.instead is not None:
            give_way(desk, work, case, edited.instead, channel)
        leaves = now + desk.undo if desk.undo else None
        said = say(desk, work, case, text, account, now, attachments=files, channel=channel, leaves=leaves)
        work.drafts.clear(account.id, case.id, DraftKind.REPLY)
        work.cases.index(case.id, text)
        work.publish("case-changed", case=number)
        return work.messages.get(said)

    return await desk.database.write(act)

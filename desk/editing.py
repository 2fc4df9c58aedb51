"""What the editor of a case starts with: this person's drafts, the texts in use, and how the answer would look."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.model import Account, Case, StoredAttachment
from cases.rights import RIGHTS, Action
from desk.desk import Desk, open_to
from store.drafts import Draft, DraftKind
from store.texts import CannedText
from store.work import StoreWork


@dataclass(frozen=True, slots=True)
class Editing:
    """`again` are the files of an answer that was taken back, which may go out with the draft."""

    reply: Draft | None
    note: Draft | None
    again: Sequence[StoredAttachment]
    texts: Sequence[CannedText]


async def editing_of(desk: Desk, account: Account, number: str) -> Editing:
    """Return what somebody's editor of a case starts with; raises NotFound."""

    def read(work: StoreWork) -> Editing:
        return editing_with(work, account, open_to(work, account, number))

    return await desk.database.read(read)


def editing_with(work: StoreWork, account: Account, case: Case) -> Editing:
    """Read what the editor starts with within a transaction (see `editing_of`)."""
    drafts = work.drafts.of(account.id, case.id)
    reply = drafts.get(DraftKind.REPLY)
    again = work.messages.get(reply.withdrawn).attachments if reply and reply.withdrawn else ()
    texts = work.texts.all(active=True) if account.role in RIGHTS[Action.USE_TEXT] else ()
    return Editing(reply, drafts.get(DraftKind.NOTE), again, texts)

"""What the answer's editor shows beside its fields: drafts, what can still be undone, how the answer will look."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases.model import Account, Message, StoredAttachment
from cases.rights import RIGHTS, Action
from console import reach
from console.forms import Typed
from desk.desk import Desk
from desk.editing import Editing
from desk.preview import Preview, preview
from desk.withdrawal import Leaving, leaving
from store.texts import CannedText


@dataclass(frozen=True, slots=True)
class Editor:
    """`note` is the begun note's text, `kept` says that the answer is a stored draft, `again` are files to send once more.

    `leaving` are the answers that can still be taken back, the last one last.
    """

    note: str
    kept: bool
    again: Sequence[StoredAttachment]
    texts: Sequence[CannedText]
    leaving: Sequence[Leaving]


@dataclass(frozen=True, slots=True)
class AsShown:
    """An answer as it will arrive; `note` says what will become of it where it is not simply sent."""

    plan: Preview
    note: str


def editor_of(
    desk: Desk, account: Account, editing: Editing, said: Sequence[Message], begun: reach.Begun
) -> Editor:
    """Return what the editor shows."""
    stands = (leaving(desk, account, message) for message in said)
    return Editor(
        note=editing.note.text if editing.note else "",
        kept=editing.reply is not None and begun.draft == editing.reply.text,
        again=editing.again,
        texts=editing.texts,
        leaving=[one for one in stands if one is not None],
    )


def with_draft(begun: reach.Begun, editing: Editing) -> reach.Begun:
    """Begin with the stored draft; what a link adds goes below it, and a held answer's words go before it."""
    draft = editing.reply
    if draft is None or begun.instead is not None:
        return begun
    text = f"{draft.text.rstrip()}\n\n{begun.draft}" if begun.draft else draft.text
    return replace(begun, draft=text, channel=begun.channel or draft.channel)


async def as_shown(
    desk: Desk, account: Account, number: str, answering: reach.Answering, typed: Typed
) -> AsShown | None:
    """Return how the answer that the form starts with would arrive."""
    if account.role not in RIGHTS[Action.REPLY]:
        return None
    text = typed.value(reach.REPLY, "text", answering.draft)
    if not text.strip():
        return None  # nothing to show of nothing
    chosen = next((choice.way.channel for choice in answering.choices if choice.chosen), None)
    plan = await preview(desk, account, number, text, chosen)
    return shown(plan)


def shown(plan: Preview | None) -> AsShown | None:
    """Return a plan with its words."""
    return AsShown(plan, reach.note(plan.way)) if plan is not None else None

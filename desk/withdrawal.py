"""Taking back an answer in the seconds before it leaves: nothing of it goes out, and its words are a draft again."""

from dataclasses import dataclass

from cases.errors import Forbidden, Invalid, NotFound
from cases.model import Account, Attachment, Message
from cases.rights import Action, demand
from cases.vocabulary import AccountRole
from desk.desk import Desk, open_to
from desk.marks import write_entry
from store.drafts import Draft, DraftKind
from store.work import StoreWork

WITHDRAWN = "answer_withdrawn"


@dataclass(frozen=True, slots=True)
class Leaving:
    """An answer that can still be taken back, and for how many seconds."""

    message: Message
    seconds: float


def leaving(desk: Desk, account: Account, message: Message) -> Leaving | None:
    """Return an answer with the time that is left, if this person may still take it back."""
    if message.undo_until is None or message.withdrawn is not None or message.automatic:
        return None
    rest = (message.undo_until - desk.now()).total_seconds()
    return Leaving(message, rest) if rest > 0 and _theirs(account, message) else None


def _theirs(account: Account, message: Message) -> bool:
    return account.role is AccountRole.SUPERVISOR or message.author == account.name


async def withdraw(desk: Desk, account: Account, number: str, message: int) -> Message:
    """Take an answer back: it counts as never sent, its record says so, and its words and files are a draft again.

    Raises Conflict once it is being sent, Forbidden for somebody else's answer, NotFound.
    """
    demand(account, Action.REPLY)

    def act(work: StoreWork) -> Message:
        case = open_to(work, account, number)
        found = work.messages.get(message)
        if found.case != case.id or found.undo_until is None or found.automatic:
            raise NotFound("Esa respuesta no es de este caso.")
        if not _theirs(account, found):
            raise Forbidden("Solo quien escribió la respuesta, o un supervisor, puede deshacerla.")
        now = desk.now()
        work.withdrawal.withdraw(message, f"Retirada por {account.name} antes de salir.", now)
        work.cases.unindex(case.id, found.text)
        write_entry(desk, work, case, WITHDRAWN, {"message": message}, account.username, now, internal=True)
        begun = work.drafts.of(account.id, case.id).get(DraftKind.REPLY)
        text = "\n\n".join(filter(None, (found.text, begun.text if begun else "")))
        files = message if found.attachments else None
        work.drafts.keep(account.id, case.id, Draft(DraftKind.REPLY, text, found.channel, files, now))
        work.publish("case-changed", case=number)
        work.publish("queue-changed")
        return work.messages.get(message)

    return await desk.database.write(act)


def files_again(work: StoreWork, case: int, wanted: tuple[int, ...]) -> tuple[Attachment, ...]:
    """Return files of withdrawn answers of a case, to go out with another one; raises Invalid for any other file."""
    files = []
    for number in wanted:
        try:
            owner, file = work.withdrawal.file(number)
        except NotFound:
            owner = None
        if owner != case:
            raise Invalid("Los archivos no pueden salir así.", {"files": "Uno de los archivos ya no está."})
        files.append(Attachment(file.name, file.media_type, file.content))
    return tuple(files)

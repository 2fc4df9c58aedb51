"""What people do to a case beside the manual's steps: answer, note, hand over, wait, split, merge, reopen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.model import Account, Attachment, Case, Message
from cases.procedure import Value
from cases.rights import Action, demand
from cases.vocabulary import Channel, Direction, Stage
from desk.arrivals import as_text, register
from desk.assignment import assign
from desk.desk import Desk, open_to
from desk.joining import may_go
from desk.marks import saved, settle, still_open, write_entry
from desk.notes import write_note
from desk.notices import tell_wrote
from desk.places import reopened
from desk.steps import estimate, say
from intake.receive import SUBJECT_LENGTH
from store.work import StoreWork

__all__ = ["answer", "assign", "merge", "note", "reopen", "retry", "set_estimate", "split", "wait"]


async def answer(
    desk: Desk,
    account: Account,
    number: str,
    text: str,
    *,
    article: int | None = None,
    attachments: tuple[Attachment, ...] = (),
    channel: Channel | None = None,
) -> Message:
    """Answer at once on the originating channel, or on another that is chosen and that the person has; with an article, its text follows. Raises Invalid for an empty answer."""
    demand(account, Action.REPLY)

    def act(work: StoreWork) -> Message:
        case = open_to(work, account, number)
        said = text.strip()
        now = desk.now()
        if article is not None:
            found = work.articles.get(article)
            if not found.approved or found.audience != "public":
                raise Invalid(
                    "Ese artículo no puede enviarse.", {"article": "Es interno o aún no está aprobado."}
                )
            said = "\n\n".join(
                filter(
                    None,
                    (
                        said,
                        f"{found.title}\n\n{as_text(found.body, desk.channels[channel or case.channel].can)}",
                    ),
                )
            )
            work.articles.used(case.id, article, "sent", now)
        if not said:
            raise Invalid("La respuesta está vacía.", {"text": "Escriba la respuesta."})
        message = say(desk, work, case, said, account, now, attachments=attachments, channel=channel)
        work.cases.index(case.id, said)
        work.publish("case-changed", case=number)
        return work.messages.get(message)

    return await desk.database.write(act)


async def note(desk: Desk, account: Account, number: str, text: str) -> Message:
    """Write an internal note, which never leaves the desk; those whom it names are told (see `desk.notes`)."""
    return (await write_note(desk, account, number, text)).message


async def set_estimate(desk: Desk, account: Account, number: str, at: datetime, reason: str | None) -> Case:
    """Set or revise the estimate outside its step; a revision needs a reason, and the citizen hears it."""
    demand(account, Action.ESTIMATE)

    def act(work: StoreWork) -> Case:
        case = still_open(open_to(work, account, number))
        if not account.acts_as(case.role):
            raise Forbidden("Solo quien tiene el caso puede estimar cuándo se resuelve.")
        now = desk.now()
        changed = estimate(desk, work, account, case, at, reason, now)
        data: dict[str, Value] = {"estimate": at, "reason": reason or ""}
        write_entry(desk, work, case, "estimate", data, account.username, now)
        return saved(work, changed, case.revision, now)

    return await desk.database.write(act)


async def wait(desk: Desk, account: Account, number: str, reason: str) -> Case:
    """Wait for the citizen's answer; it ends with their next message."""
    demand(account, Action.WAIT)

    def act(work: StoreWork) -> Case:
        case = still_open(open_to(work, account, number))
        now = desk.now()
        write_entry(desk, work, case, "waiting", {"reason": _given(reason)}, account.username, now)
        work.clocks.pause(case.id, now)
        return saved(work, settle(case, waiting=True), case.revision, now)

    return await desk.database.write(act)


async def reopen(desk: Desk, account: Account, number: str, reason: str) -> Case:
    """Open a closed case again at PR01 3, with an entry that says why."""
    demand(account, Action.REOPEN)

    def act(work: StoreWork) -> Case:
        case = open_to(work, account, number)
        return reopened(desk, work, case, _given(reason), account.username, desk.now())

    return await desk.database.write(act)


async def split(desk: Desk, account: Account, number: str, messages: Sequence[int]) -> Case:
    """Make a case of its own out of some messages: an incident is one problem (manual 5.c)."""
    demand(account, Action.SPLIT)

    def act(work: StoreWork) -> Case:
        case = still_open(open_to(work, account, number))
        mine = {message.id: message for message in may_go(work, account, case)}
        wrong = [str(wanted) for wanted in messages if wanted not in mine]
        if wrong or not messages:
            raise Invalid(
                "No se puede dividir.",
                {
                    "messages": f"No son mensajes de este caso: {', '.join(wrong)}."
                    if wrong
                    else "Elija al menos un mensaje."
                },
            )
        if not any(
            message.direction is Direction.IN for message in mine.values() if message.id not in messages
        ):
            raise Invalid(
                "No se puede dividir.",
                {"messages": "Deje en este caso al menos un mensaje de la persona."},
            )
        now = desk.now()
        # a note stays inside: the person reads the subject, and words of notes find no case
        said = [mine[moved].text for moved in messages if mine[moved].direction is not Direction.NOTE]
        text = " ".join(" ".join(said[:1]).split())[:SUBJECT_LENGTH] or case.subject
        conversation = work.people.conversation_of(case.conversation)
        other = register(desk, work, conversation, text, (account.username, account.username), now)
        work.messages.move(messages, other.id)
        work.cases.index(other.id, " ".join(said))
        write_entry(desk, work, other, "split", {"from": case.number}, account.username, now)
        write_entry(desk, work, case, "split", {"into": other.number}, account.username, now)
        saved(work, case, case.revision, now)
        return saved(
            work,
            replace(other, parent=case.id, system=case.system, category=case.category),
            other.revision,
            now,
        )

    return await desk.database.write(act)


async def merge(desk: Desk, account: Account, number: str, into: str) -> Case:
    """Join two reports of one problem by the same person; the joined number keeps working."""
    demand(account, Action.MERGE)

    def act(work: StoreWork) -> Case:
        case, other = still_open(open_to(work, account, number)), open_to(work, account, into)
        if case.id == other.id:
            raise Invalid("No se puede unir.", {"into": "Es el mismo caso."})
        if case.person != other.person and case.parent != other.id:
            raise Invalid(
                "No se puede unir.",
                {"into": "Es de otra persona: solo se unen reportes de una misma persona."},
            )
        if other.closed is not None:
            raise Conflict(f"El caso {into} está cerrado.")
        now = desk.now()
        work.messages.move([message.id for message in work.messages.of(case.id)], other.id)
        work.cases.index(other.id, f"{case.number} {case.subject}")
        write_entry(desk, work, case, "merge", {"into": other.number}, account.username, now)
        write_entry(desk, work, other, "merge", {"from": case.number}, account.username, now)
        gone = replace(
            case, place=None, role=None, stack=(), closed=now, merged_into=other.id, stage=Stage.NOTIFICATION
        )
        work.clocks.remove(case.id)
        work.snoozes.remove(case.id)
        if other.assignee != account.id:
            tell_wrote(work, other, account.name, now, None)
        saved(work, settle(gone, waiting=False), case.revision, now)
        return saved(work, other, other.revision, now)

    return await desk.database.write(act)


async def retry(desk: Desk, account: Account, message: int) -> Message:
    """Send again what did not arrive."""
    demand(account, Action.RETRY)

    def act(work: StoreWork) -> Message:
        found = work.messages.get(message)
        if found.case is None:
            raise NotFound("Ese mensaje no es de un caso.")
        case = open_to(work, account, work.cases.by_id(found.case).number)
        if found.withdrawn is not None:
            raise Conflict("Esa respuesta se retiró antes de salir: escríbala otra vez si hace falta.")
        work.outbox.retry(message, desk.now())
        work.publish("case-changed", case=case.number)
        work.publish("outbox")
        return work.messages.get(message)

    return await desk.database.write(act)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid("Falta el motivo.", {"reason": "Diga por qué."})
    return reason.strip()

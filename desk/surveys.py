"""After a case is closed: how the person was served, asked once and without insisting."""

from datetime import datetime

from cases.errors import Conflict, Invalid
from cases.model import Case
from cases.procedure import Value
from cases.vocabulary import ASSISTANT, CITIZEN
from desk.desk import Desk
from desk.marks import write_entry
from intake.dialogue.respond import LONGEST_COMMENT, survey
from intake.dialogue.states import DialogueState
from intake.dialogue.turns import Deed
from intake.reply import Written, reply, window_closed
from store.work import StoreWork


def ask_how_it_was(desk: Desk, work: StoreWork, case: Case, now: datetime) -> None:
    """Ask for a mark on the case's channel, where the person can be written to freely and was not told otherwise."""
    conversation = work.people.conversation_of(case.conversation)
    can = desk.channels[case.channel].can
    closed = window_closed(can, conversation.last_inbound, now)
    if can.by_voice or closed or conversation.unreachable is not None or case.merged_into is not None:
        return
    page = f"{desk.public_url}/caso/{case.token}#encuesta"
    turn = survey(DialogueState.load(conversation.state), case.number, page, chat=can.chat)
    for said in turn.says:
        reply(work, can, case, conversation, Written(said.text, ASSISTANT, said.choices, automatic=True), now)
    work.people.remember(conversation.id, turn.state.dump())


async def rate(desk: Desk, token: str, rating: str, comment: str) -> None:
    """Take the mark, and the comment if there is one, that a person gives on the page of a closed case, once.

    Raises Invalid for anything but 1 to 5, Conflict where the case is open or has its mark.
    """
    if rating not in ("1", "2", "3", "4", "5"):
        raise Invalid("Falta la nota.", {"rating": "Elija del 1 al 5."})

    def act(work: StoreWork) -> None:
        case = work.cases.by_token(token)
        if case.closed is None:
            raise Conflict("El caso sigue abierto; la nota se da al final.")
        if rating_of(work, case) is not None:
            raise Conflict("Ya tenemos su nota. ¡Gracias!")
        now = desk.now()
        mark: dict[str, Value] = {
            "text": f"La persona calificó la atención: {rating} de 5.",
            "rating": int(rating),
        }
        write_entry(desk, work, case, Deed.RATED.value, mark, CITIZEN, now)
        if comment.strip():
            told: dict[str, Value] = {"text": comment.strip()[:LONGEST_COMMENT]}
            write_entry(desk, work, case, Deed.COMMENTED.value, told, CITIZEN, now)
        work.publish("case-changed", case=case.number)

    await desk.database.write(act)


def rating_of(work: StoreWork, case: Case) -> int | None:
    """Return the newest mark that a case got."""
    marks = [entry.data.get("rating") for entry in work.record.of(case.id) if entry.kind == Deed.RATED.value]
    return int(marks[-1]) if marks and marks[-1] is not None else None

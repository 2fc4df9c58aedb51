"""A person who does not answer: reminded once, then left alone; the case stays where it is."""

from datetime import datetime, timedelta

from cases.model import Case
from cases.vocabulary import ASSISTANT, SYSTEM
from desk.desk import Desk
from desk.marks import write_entry
from intake.dialogue.respond import reminder
from intake.dialogue.states import DialogueState
from intake.reply import Written, reply, window_closed
from store.work import StoreWork

PATIENCE = timedelta(hours=16)
"""How long the desk waits, in hours of work: two days."""

MANY = 200
"""How many are looked at in one go, those who were asked first at the front."""

REMINDED = "reminder"


async def remind_all(desk: Desk) -> int:
    """Remind everybody who is due; most of the time nobody is, and nothing is written."""
    if not await desk.database.read(lambda work: waiting_long(desk, work, desk.now(), MANY)):
        return 0
    return await desk.database.write(lambda work: remind(desk, work, desk.now()))


def waiting_long(desk: Desk, work: StoreWork, now: datetime, limit: int) -> list[Case]:
    """Return cases whose person was asked something two working days ago and was not reminded since."""
    asked = work.cases.waiting(now - PATIENCE, limit)
    return [case for case, at in asked if desk.calendar.add_working(at, PATIENCE) <= now]


def remind(desk: Desk, work: StoreWork, now: datetime) -> int:
    """Remind those who are due, where the channel still takes free text; write it down either way, so that it is once."""
    due = waiting_long(desk, work, now, MANY)
    for case in due:
        conversation = work.people.conversation_of(case.conversation)
        can = desk.channels[case.channel].can
        reachable = conversation.unreachable is None and not can.by_voice
        sent = reachable and not window_closed(can, conversation.last_inbound, now)
        if sent:
            said = reminder(DialogueState.load(conversation.state), case.number)
            reply(work, can, case, conversation, Written(said.text, ASSISTANT, automatic=True), now)
        text = "Se le recordó que esperamos su respuesta." if sent else "No se le pudo recordar por su canal."
        write_entry(desk, work, case, REMINDED, {"text": text}, SYSTEM, now)
        work.publish("case-changed", case=case.number)
    return len(due)

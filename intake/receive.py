"""Take a message in: find the person and the case, store the message, and let the assistant answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.model import Case, Conversation, Inbound, Message, Suggestion, Verdict
from cases.ports import Work
from intake.channels.channel import Capabilities
from intake.dialogue import CaseFacts, Deed, DialogueState, Offer, respond
from intake.reply import reply

ASSISTANT = "asistente"
SUBJECT_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a message before its transaction: a proposal and the articles that may answer it."""

    verdict: Verdict | None
    offers: Sequence[Suggestion] = ()


@dataclass(frozen=True, slots=True)
class Casework:
    """What receiving needs of the parts beside it; `desk` joins them.

    `open` begins a case at PR01 with its two entries; `wake` ends a waiting; `tell` says what may be told of a case;
    `article` gives the text of an article that may be sent; `note` writes what the assistant learned into the record.
    """

    open: Callable[[Conversation, Inbound, Verdict | None], Case]
    reopen: Callable[[Case], Case | None]
    wake: Callable[[Case], Case]
    tell: Callable[[Case, bool], CaseFacts]
    article: Callable[[int], str | None]
    note: Callable[[Case, Deed, int | None], None]


@dataclass(frozen=True, slots=True)
class Received:
    """A message that is in: its case, and whether that was opened by it."""

    case: Case
    message: Message
    opened: bool


def receive(
    work: Work, inbound: Inbound, reading: Reading, can: Capabilities, casework: Casework, now: datetime,
    *, ledger: int | None,
) -> Received:
    """Put one message under its case, opening one if need be, and queue what the assistant says.

    Messages of one person on one channel join the open case (PR01 1 and 2).
    """
    person = work.people.at(inbound.channel, inbound.sender, inbound.sender_name, now)
    conversation = work.people.conversation(person.id, inbound.channel, inbound.sender, now)
    work.people.heard(conversation.id, inbound.recipient, now)
    case, opened = _case_for(work, inbound, conversation, reading.verdict, casework)
    message = work.messages.take(inbound, conversation.id, case.id, person.name or inbound.sender, ledger)
    work.cases.index(case.id, " ".join(filter(None, (inbound.subject, inbound.text))))
    if opened and reading.verdict is not None:
        work.cases.propose(case.id, message.id, reading.verdict, now)
    if not inbound.automatic:
        case = casework.wake(case)
        heard = work.people.conversation_of(conversation.id)
        _answer(work, inbound, reading, can, casework, case, heard, now, opened=opened)
    work.publish("case-changed", case=case.number)
    work.publish("queue-changed")
    return Received(case, message, opened)


def _case_for(
    work: Work, inbound: Inbound, conversation: Conversation, verdict: Verdict | None, casework: Casework
) -> tuple[Case, bool]:
    """Find the case by the thread that the message answers, else the person's open case, else open one."""
    thread = work.messages.named(inbound.channel, inbound.references)
    if thread is not None and thread.case is not None and thread.conversation == conversation.id:
        case = work.cases.by_id(thread.case)
        reopened = case if case.closed is None else casework.reopen(case)
        if reopened is not None:
            return reopened, False
    current = work.cases.open_in(conversation.id)
    if current is not None:
        return current, False
    return casework.open(conversation, inbound, verdict), True


def _answer(
    work: Work, inbound: Inbound, reading: Reading, can: Capabilities, casework: Casework, case: Case,
    conversation: Conversation, now: datetime, *, opened: bool,
) -> None:
    if can.by_voice:
        return
    offers = [Offer(found.article, found.title) for found in reading.offers]
    turn = respond(
        DialogueState.load(conversation.state), inbound.choice or inbound.text, casework.tell(case, opened), offers,
        now, chat=can.chat,
    )
    texts = list(turn.texts)
    if turn.show is not None:
        body = casework.article(turn.show)
        texts.append(body or "Ese artículo ya no está disponible. Una persona del equipo le responderá.")
        if body:
            texts.append("¿Esto resolvió su problema? Responda *sí* o *no*.")
    for text in texts:
        reply(work, can, case, conversation, text, ASSISTANT, now, automatic=True)
    work.people.remember(conversation.id, turn.state.dump())
    for deed in turn.deeds:
        casework.note(case, deed, turn.show or DialogueState.load(conversation.state).asked_about)


def subject_of(inbound: Inbound) -> str:
    """Return what a case is called: the mail's subject, or the beginning of the text."""
    text = (inbound.subject or "").strip() or " ".join(inbound.text.split())
    if len(text) > SUBJECT_LENGTH:
        text = f"{text[: SUBJECT_LENGTH - 1].rstrip()}…"
    return text or "(mensaje sin texto)"

"""Take a message in: find the person and the case, store the message, and let the assistant answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cases.model import Case, Conversation, Inbound, Message, Suggestion, Verdict
from cases.ports import Work
from intake.channels.channel import Capabilities
from intake.dialogue import CaseFacts, Deed, DialogueState, Offer, reopens, respond
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

    `open` begins a case at PR01 with its two entries, linked to the one that it follows; `reopen` brings a closed case
    back while its time lasts; `wake` ends a waiting; `tell` says what may be told of a case; `article` gives the text of
    an article that may be sent; `note` writes what the assistant learned into the record.
    """

    open: Callable[[Conversation, Inbound, Verdict | None, Case | None], Case]
    reopen: Callable[[Case], Case | None]
    wake: Callable[[Case], Case]
    tell: Callable[[Case, "How"], CaseFacts]
    article: Callable[[int], str | None]
    note: Callable[[Case, Deed, int | None], None]


class How(Enum):
    """How a message came to its case; `ALONE`: a machine's, which belongs to none."""

    ALONE = "alone"
    JOINED = "joined"
    OPENED = "opened"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Received:
    """A message that is in: its case, and how it came to it."""

    case: Case | None
    message: Message
    how: How


def receive(
    work: Work,
    inbound: Inbound,
    reading: Reading,
    can: Capabilities,
    casework: Casework,
    now: datetime,
    *,
    ledger: int | None,
) -> Received:
    """Put one message under its case, opening one if need be, and queue what the assistant says.

    Messages of one person on one channel join the open case (PR01 1 and 2).
    """
    person = work.people.at(inbound.channel, inbound.sender, inbound.sender_name, now)
    conversation = work.people.conversation(person.id, inbound.channel, inbound.sender, now)
    work.people.heard(conversation.id, inbound.recipient, now)
    if inbound.automatic and not _known(work, inbound, conversation):
        alone = work.messages.take(inbound, conversation.id, None, person.name or inbound.sender, ledger)
        return Received(None, alone, How.ALONE)
    case, how = _case_for(work, inbound, conversation, reading.verdict, can, casework)
    message = work.messages.take(inbound, conversation.id, case.id, person.name or inbound.sender, ledger)
    work.messages.release(conversation.id, now)
    work.cases.index(case.id, " ".join(filter(None, (inbound.subject, inbound.text))))
    if how is How.OPENED and reading.verdict is not None:
        work.cases.propose(case.id, message.id, reading.verdict, now)
    if not inbound.automatic:
        case = casework.wake(case)
        heard = work.people.conversation_of(conversation.id)
        _answer(work, inbound, reading, can, casework, casework.tell(case, how), case, heard, now)
    work.publish("case-changed", case=case.number)
    work.publish("queue-changed")
    return Received(case, message, how)


def _known(work: Work, inbound: Inbound, conversation: Conversation) -> bool:
    """Say whether a machine's message belongs to a case: a bounce or an out-of-office never opens one."""
    return (
        work.cases.latest_in(conversation.id) is not None
        or work.messages.named(inbound.channel, inbound.references) is not None
    )


def _case_for(
    work: Work,
    inbound: Inbound,
    conversation: Conversation,
    verdict: Verdict | None,
    can: Capabilities,
    casework: Casework,
) -> tuple[Case, How]:
    """Find the case by the thread that the message answers, else the person's open case, else open one.

    A closed case is brought back by an answer to it while its time lasts; later a new, linked one follows it. In a chat
    every message answers the last case; by mail only one that refers to it.
    """
    thread = work.messages.named(inbound.channel, inbound.references)
    answered = None
    theirs = thread is not None and (thread.conversation == conversation.id or inbound.automatic)
    if thread is not None and thread.case is not None and theirs:
        answered = _carrying_on(work, work.cases.by_id(thread.case))
        if answered.closed is None:
            return answered, How.JOINED
    current = work.cases.open_in(conversation.id)
    if current is not None:
        return current, How.JOINED
    if answered is None and (can.chat or inbound.automatic):
        latest = work.cases.latest_in(conversation.id)
        answered = _carrying_on(work, latest) if latest is not None else None
    if answered is None:
        return casework.open(conversation, inbound, verdict, None), How.OPENED
    if inbound.automatic or not reopens(inbound.text):
        return answered, How.JOINED
    again = casework.reopen(answered)
    if again is not None:
        return again, How.REOPENED
    return casework.open(conversation, inbound, verdict, answered), How.OPENED


def _carrying_on(work: Work, case: Case) -> Case:
    """Follow a merged case to the one that carries on."""
    while case.merged_into is not None:
        case = work.cases.by_id(case.merged_into)
    return case


def _answer(
    work: Work,
    inbound: Inbound,
    reading: Reading,
    can: Capabilities,
    casework: Casework,
    facts: CaseFacts,
    case: Case,
    conversation: Conversation,
    now: datetime,
) -> None:
    if can.by_voice:
        return
    state = DialogueState.load(conversation.state)
    offers = [Offer(found.article, found.title) for found in reading.offers]
    turn = respond(state, inbound.choice or inbound.text, facts, offers, now, chat=can.chat)
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
        casework.note(case, deed, turn.show or state.asked_about)


def subject_of(inbound: Inbound) -> str:
    """Return what a case is called: the mail's subject, or the beginning of the text."""
    text = (inbound.subject or "").strip() or " ".join(inbound.text.split())
    if len(text) > SUBJECT_LENGTH:
        text = f"{text[: SUBJECT_LENGTH - 1].rstrip()}…"
    return text or "(mensaje sin texto)"

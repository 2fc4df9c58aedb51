"""Take a message in: find the person and the case, store the message, and let the assistant answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cases.model import Case, Conversation, Inbound, Message, Suggestion, Verdict
from cases.ports import Work
from cases.traffic import DeliveryReport
from cases.vocabulary import ASSISTANT
from intake.channels.channel import Capabilities
from intake.dialogue import words
from intake.dialogue.respond import gone, greet, helped, respond
from intake.dialogue.states import Asked, Commenting, DialogueState, Offer, Offered, Rating
from intake.dialogue.turns import CaseFacts, Done, Heard, Say, Turn
from intake.reply import Written, reply

SUBJECT_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a message before its transaction: a proposal and the articles that may answer it."""

    verdict: Verdict | None
    offers: Sequence[Suggestion] = ()


@dataclass(frozen=True, slots=True)
class Casework:
    """What receiving needs of the parts beside it; `desk` joins them.

    `open` begins a case at PR01 with its two entries; `follows` links it to the closed one that it takes up,
    `doubted` to one that somebody else seems to answer. `reopen` brings a closed case back while its time lasts;
    `wake` ends a waiting; `tell` says what may be told of a case; `article` gives the text of an article that may be
    sent, `link` the address where it is read; `offered` counts what was offered; `note` writes what the assistant learned into the record; `propose` takes
    a clearer proposal for a case that nobody has confirmed; `join` makes the writer and the case's person one;
    `bounced` takes a report on an earlier message and returns that message's conversation; `code` proves an address
    where the text is the code that was sent there, and returns what to say.
    """

    open: Callable[["Opening"], Case]
    reopen: Callable[[Case], Case | None]
    wake: Callable[[Case], Case]
    tell: Callable[[Case, "How"], CaseFacts]
    article: Callable[[int], str | None]
    link: Callable[[int], str | None]
    offered: Callable[[Case, Sequence[int]], None]
    note: Callable[[Case, Done], None]
    propose: Callable[[Case, Message, Verdict], Case]
    join: Callable[[Conversation, Case], Conversation]
    bounced: Callable[[Inbound, DeliveryReport, Conversation], int | None]
    code: Callable[[Conversation, str], str | None]


@dataclass(frozen=True, slots=True)
class Opening:
    """A case that is about to be opened, and the one that it is linked to."""

    conversation: Conversation
    inbound: Inbound
    verdict: Verdict | None
    follows: Case | None = None
    doubted: Case | None = None


class How(Enum):
    """How a message came to its case.

    `ALONE`: a machine's, or a greeting, which belongs to none; `LINKED`: the person proved to be the case's by its token;
    `EDITED`: a new version of an earlier message; `ADDED`: a further file of one.
    """

    ALONE = "alone"
    JOINED = "joined"
    LINKED = "linked"
    OPENED = "opened"
    REOPENED = "reopened"
    EDITED = "edited"
    ADDED = "added"


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
    author = person.name or inbound.sender
    changed = _changed(work, inbound, conversation)
    if changed is not None:
        return changed
    if inbound.automatic:
        return _machine(work, inbound, conversation, casework, author, ledger)
    work.people.heard(
        conversation.id, inbound.recipient, now, answer_to=_answer_to(work, inbound, conversation)
    )
    conversation = work.people.conversation_of(conversation.id)
    work.messages.release(conversation.id, now)
    said = casework.code(conversation, inbound.text)
    if said is not None or inbound.greeting or _no_report(work, inbound, conversation, can):
        return _aside(work, inbound, conversation, can, casework, author, said, now, ledger)
    case, how = _case_for(work, inbound, conversation, reading.verdict, can, casework)
    if how is How.LINKED:
        conversation = casework.join(conversation, case)
    message = work.messages.take(inbound, conversation.id, case.id, author, ledger)
    work.cases.index(case.id, " ".join(filter(None, (inbound.subject, inbound.text))))
    if how is How.OPENED and reading.verdict is not None:
        work.cases.propose(case.id, message.id, reading.verdict, now)
    case = casework.wake(case)
    asked = isinstance(DialogueState.load(conversation.state).phase, Asked)
    if asked and how is How.JOINED and reading.verdict is not None and not reading.verdict.abstain:
        case = casework.propose(case, message, reading.verdict)
    _answer(work, inbound, reading, can, casework, casework.tell(case, how), case, conversation, now)
    _publish(work, case)
    return Received(case, message, how)


def _no_report(work: Work, inbound: Inbound, conversation: Conversation, can: Capabilities) -> bool:
    """Say whether a message in a chat is only a greeting, thanks or the like, while no case is open."""
    said = words.plain(inbound.text)
    if not can.chat or inbound.attachments or inbound.token is not None or not inbound.text.strip():
        return False
    if words.reports(inbound.text):
        return False
    if work.cases.open_in(conversation.id) or work.cases.open_of(conversation.person):
        return False
    known = work.cases.latest_in(conversation.id) is not None
    return not known or said in words.GREETINGS or said in words.LANGUAGES


def _publish(work: Work, case: Case) -> None:
    work.publish("case-changed", case=case.number)
    work.publish("queue-changed")


def _changed(work: Work, inbound: Inbound, conversation: Conversation) -> Received | None:
    """Take what belongs to a message that is here already: its new version, or one more file of it."""
    how, message = How.EDITED, work.messages.edit(inbound, conversation.id)
    if message is None and inbound.edits is None:
        how, message = How.ADDED, work.messages.add_to_album(inbound, conversation.id)
    if message is None:
        return None
    case = work.cases.by_id(message.case) if message.case is not None else None
    if case is not None:
        work.cases.index(case.id, inbound.text)
        _publish(work, case)
    return Received(case, message, how)


def _machine(
    work: Work,
    inbound: Inbound,
    conversation: Conversation,
    casework: Casework,
    author: str,
    ledger: int | None,
) -> Received:
    """Record what a machine sent, with the case of the message that it concerns; it opens none and is never answered."""
    about = work.messages.named(inbound.channel, inbound.references)
    case = work.cases.by_id(about.case) if about is not None and about.case is not None else None
    if inbound.report is not None:
        spoken_to = casework.bounced(inbound, inbound.report, conversation)
        if case is None and spoken_to is not None:
            case = work.cases.latest_in(spoken_to)
    if case is None and inbound.token is not None:
        case = work.cases.by_reply_token(inbound.token)
    if case is None:
        case = work.cases.latest_in(conversation.id)
    if case is not None:
        case = _carrying_on(work, case)
        work.cases.index(case.id, " ".join(filter(None, (inbound.subject, inbound.text))))
        _publish(work, case)
    message = work.messages.take(inbound, conversation.id, case.id if case else None, author, ledger)
    return Received(case, message, How.JOINED if case else How.ALONE)


def _answer_to(work: Work, inbound: Inbound, conversation: Conversation) -> str | None:
    """Return where answers go from now on: a person with a case may only move them if the message is surely theirs."""
    if inbound.reply_to is None:
        return None
    proven = inbound.checks is not None and inbound.checks.proven is True
    if proven or work.cases.latest_in(conversation.id) is None:
        return inbound.reply_to
    return None


def _aside(
    work: Work,
    inbound: Inbound,
    conversation: Conversation,
    can: Capabilities,
    casework: Casework,
    author: str,
    said: str | None,
    now: datetime,
    ledger: int | None,
) -> Received:
    """Answer what is no report: a greeting, thanks, or a code that proves an address."""
    case = work.cases.open_in(conversation.id) or work.cases.open_of(conversation.person)
    message = work.messages.take(inbound, conversation.id, case.id if case else None, author, ledger)
    state = DialogueState.load(conversation.state)
    turn = (
        Turn(state, (Say(said),))
        if said is not None
        else greet(state, inbound.text, casework.tell(case, How.JOINED) if case else None, now)
    )
    for say in turn.says:
        reply(work, can, case, conversation, _by_assistant(say), now)
    work.people.remember(conversation.id, turn.state.dump())
    if case is not None:
        _publish(work, case)
    return Received(case, message, How.JOINED if case else How.ALONE)


def _case_for(
    work: Work,
    inbound: Inbound,
    conversation: Conversation,
    verdict: Verdict | None,
    can: Capabilities,
    casework: Casework,
) -> tuple[Case, How]:
    """Find the case by the thread or the token that the message answers with, else the person's open case, else open one.

    A closed case is brought back by an answer to it while its time lasts; later a new, linked one follows it. In a chat
    every message answers the last case; by mail only one that refers to it. A stranger's answer never joins a case:
    it opens one that is linked, to be confirmed; in a chat, the token proves that the stranger is the person.
    """
    answered = _answered(work, inbound)
    stranger = answered is not None and answered.person != conversation.person
    if answered is not None and stranger and can.chat and inbound.token == answered.reply_token:
        return answered, How.LINKED
    theirs, doubted = (None, answered) if stranger else (answered, None)
    if theirs is not None and theirs.closed is None:
        return theirs, How.JOINED
    current = work.cases.open_in(conversation.id) or work.cases.open_of(conversation.person)
    if current is not None and (doubted is None or current.parent == doubted.id):
        return current, How.JOINED
    if theirs is None and doubted is None and can.chat:
        latest = work.cases.latest_in(conversation.id)
        theirs = _carrying_on(work, latest) if latest is not None else None
    if theirs is None:
        return casework.open(Opening(conversation, inbound, verdict, doubted=doubted)), How.OPENED
    return _after_closing(theirs, Opening(conversation, inbound, verdict, follows=theirs), casework)


def _after_closing(closed: Case, opening: Opening, casework: Casework) -> tuple[Case, How]:
    """Say what becomes of a message to a closed case: it stays there, brings it back, or opens one that follows it."""
    phase = DialogueState.load(opening.conversation.state).phase
    rated = isinstance(phase, Rating) and words.rating_in(opening.inbound.text) is not None
    if rated or isinstance(phase, Commenting) or not words.reports(opening.inbound.text):
        return closed, How.JOINED
    again = casework.reopen(closed)
    if again is not None:
        return again, How.REOPENED
    return casework.open(opening), How.OPENED


def _answered(work: Work, inbound: Inbound) -> Case | None:
    """Return the case that a message answers, by the ids that it refers to or else by the reply address's token."""
    thread = work.messages.named(inbound.channel, inbound.references)
    if thread is not None and thread.case is not None:
        return _carrying_on(work, work.cases.by_id(thread.case))
    named = work.cases.by_reply_token(inbound.token) if inbound.token is not None else None
    return _carrying_on(work, named) if named is not None else None


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
    offers = [Offer(found.article, found.title, casework.link(found.article)) for found in reading.offers]
    unsure = reading.verdict is not None and reading.verdict.abstain
    heard = Heard(inbound.choice or inbound.text, offers, unsure)
    turn = respond(state, heard, facts, now, chat=can.chat)
    says = list(turn.says)
    if turn.show is not None:
        body = casework.article(turn.show)
        says += [Say(body), helped(state.language)] if body else [gone(state.language)]
    for said in says:
        reply(work, can, case, conversation, _by_assistant(said), now)
    work.people.remember(conversation.id, turn.state.dump())
    if isinstance(turn.state.phase, Offered) and turn.state.phase != state.phase:
        casework.offered(case, [offer.article for offer in turn.state.phase.offers])
    for done in turn.done:
        casework.note(case, done)


def _by_assistant(said: Say) -> Written:
    return Written(said.text, ASSISTANT, said.choices, automatic=True)


def subject_of(inbound: Inbound) -> str:
    """Return what a case is called: the mail's subject, or the beginning of the text."""
    text = (inbound.subject or "").strip() or " ".join(inbound.text.split())
    if len(text) > SUBJECT_LENGTH:
        text = f"{text[: SUBJECT_LENGTH - 1].rstrip()}…"
    return text or "(mensaje sin texto)"

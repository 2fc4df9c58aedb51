"""From the ledger to the case: understand what arrived, and let `intake.receive` put it where it belongs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cases.model import Case, Conversation, Inbound, Message, Suggestion, Verdict
from cases.procedure import Place, Value
from cases.traffic import DeliveryReport
from cases.vocabulary import CITIZEN, SYSTEM, Channel
from desk.assignment import give
from desk.clocks import go_on, start_step
from desk.desk import Desk
from desk.identities import joiner, prove
from desk.marks import settle, write_entry
from desk.notices import tell_wrote
from desk.places import reopened
from desk.snooze import wake_for_citizen
from intake.channels.channel import Capabilities
from intake.channels.phone.translate import as_dialled
from intake.dialogue.turns import CaseFacts, Deed, Done
from intake.receive import Casework, How, Opening, Reading, Received, receive, subject_of
from kb.markdown import to_chat, to_plain
from store.accounts import UNIT_NAMES
from store.finding import backwards
from store.work import StoreWork
from workflow.engine import start

OFFERS = 3
WORTH_OFFERING = 0.2
"""The least chance that an article answers (see `kb.search`) at which a citizen is offered it."""

DEEDS = {
    Deed.PERSON_WANTED: "La persona pidió hablar con alguien del equipo.",
    Deed.COMPLAINT: "La persona presentó una queja.",
    Deed.KIND_TOLD: "Se preguntó a la persona qué le pasa; respondió: «{text}».",
    Deed.ARTICLE_OPENED: "La persona leyó un artículo sugerido.",
    Deed.ARTICLE_NO_HELP: "La persona dice que el artículo sugerido no resolvió su problema.",
    Deed.SELF_SOLVED: "La persona dice que el artículo sugerido resolvió su problema.",
    Deed.RATED: "La persona calificó la atención: {rating} de 5.",
    Deed.COMMENTED: "La persona comentó la atención: «{text}».",
}
USES = {Deed.ARTICLE_OPENED: "opened", Deed.SELF_SOLVED: "solved"}
"""How a deed counts for the article that it is about."""


def read(desk: Desk, messages: Sequence[Inbound]) -> list[Reading]:
    """Propose what each message is and which public articles may answer it."""
    verdicts: Sequence[Verdict | None] = [None] * len(messages)
    if desk.classifier is not None:
        verdicts = desk.classifier.classify([(m.channel, m.subject, m.text) for m in messages])
    return [
        Reading(verdict, _offers(desk, message)) for verdict, message in zip(verdicts, messages, strict=True)
    ]


def _offers(desk: Desk, message: Inbound) -> Sequence[Suggestion]:
    """Return the articles worth a citizen's time; nothing is better than what does not fit."""
    if desk.finder is None:
        return ()
    found = desk.finder.search(message.text, OFFERS, internal=False)
    return [hit for hit in found if hit.score >= WORTH_OFFERING]


def take_in(
    desk: Desk, work: StoreWork, inbound: Inbound, reading: Reading, now: datetime, *, ledger: int | None
) -> Received:
    """Put one understood message under its case, in the caller's transaction."""
    kind = desk.channels[Channel(inbound.channel)]
    casework = _casework(desk, work, kind.can, now)
    received = receive(work, inbound, reading, kind.can, casework, now, ledger=ledger)
    if received.case is not None and not inbound.automatic:
        wake_for_citizen(desk, work, received.case, now)
        if received.how not in (How.OPENED, How.ADDED):
            tell_wrote(work, received.case, received.message.author, now, received.message.id)
    return received


def as_text(markdown: str, can: Capabilities) -> str:
    """Write an article as a channel shows text."""
    return to_chat(markdown) if can.chat else to_plain(markdown)


def _casework(desk: Desk, work: StoreWork, can: Capabilities, now: datetime) -> Casework:
    def article(number: int) -> str | None:
        found = work.articles.get(number)
        if not found.approved or found.audience != "public":
            return None
        return f"{found.title}\n\n{as_text(found.body, can)}"

    def note(case: Case, done: Done) -> None:
        about = work.cases.get(done.case) if done.case is not None else case
        text = DEEDS[done.deed].format(text=done.text, rating=done.rating)
        data: dict[str, Value] = {"text": text}
        if done.article is not None:
            data["article"] = done.article
            if done.deed in USES:
                work.articles.used(about.id, done.article, USES[done.deed], now)
        if done.rating is not None:
            data["rating"] = done.rating
        write_entry(desk, work, about, done.deed.value, data, SYSTEM, now)

    return Casework(
        open=lambda opening: open_case(desk, work, opening, now),
        reopen=lambda case: _reopen(desk, work, case, now),
        wake=lambda case: _wake(desk, work, case, now),
        tell=lambda case, how: tell(desk, case, how),
        article=article,
        link=lambda number: f"{desk.public_url}/ayuda/{work.articles.get(number).external_id}",
        offered=lambda case, articles: _count_offered(work, case, articles, now),
        note=note,
        propose=lambda case, message, verdict: _clearer(work, case, message, verdict, now),
        join=joiner(desk, work),
        bounced=lambda inbound, report, conversation: bounced(work, inbound, report, conversation, now),
        code=lambda conversation, text: prove(desk, work, conversation.person, text),
    )


def _count_offered(work: StoreWork, case: Case, articles: Sequence[int], now: datetime) -> None:
    for number in articles:
        work.articles.used(case.id, number, "offered", now)


def _clearer(work: StoreWork, case: Case, message: Message, verdict: Verdict, now: datetime) -> Case:
    """Take a clearer proposal for a case that nobody has confirmed."""
    if work.cases.confirmation(case.id) is not None:
        return case
    work.cases.propose(case.id, message.id, verdict, now)
    changed = replace(case, category=verdict.category, system=verdict.system)
    return work.cases.save(changed, case.revision, now)


def open_case(desk: Desk, work: StoreWork, opening: Opening, now: datetime) -> Case:
    """Open a case: PR01 1 is the message itself, PR01 2 its registration; both are the system's."""
    inbound, verdict = opening.inbound, opening.verdict
    told: dict[str, Value] = {"channel": str(inbound.channel)}
    case = register(desk, work, opening.conversation, subject_of(inbound), (CITIZEN, SYSTEM), now, told=told)
    if verdict is not None:
        case = replace(case, category=verdict.category, system=inbound.system or verdict.system)
    elif inbound.system is not None:
        case = replace(case, system=inbound.system)
    if opening.follows is not None:
        write_entry(desk, work, case, "follows", {"case": opening.follows.number}, SYSTEM, now)
        case = replace(case, parent=opening.follows.id)
    if opening.doubted is not None:
        told = {"case": opening.doubted.number}
        write_entry(desk, work, case, "answered_by_other", told, SYSTEM, now, internal=True)
        case = replace(case, parent=opening.doubted.id)
    return work.cases.save(case, case.revision, now)


def bounced(
    work: StoreWork, inbound: Inbound, report: DeliveryReport, conversation: Conversation, now: datetime
) -> int | None:
    """Take a report on an earlier message: its delivery moves, and who cannot be reached is noted.

    A report without ids is about the conversation that it came in (a person blocked the bot).
    """
    delivery = work.outbox.sent_as(inbound.channel, report.provider_ids)
    if delivery is None:
        if not report.provider_ids and report.unreachable:
            work.people.unreachable(conversation.id, report.reason)
            return conversation.id
        return None
    spoken_to = work.outbox.conversation_of(delivery)
    name = next(name for name in report.provider_ids if work.outbox.known(inbound.channel, (name,)))
    work.outbox.report(inbound.channel, name, report.state, report.reason, now)
    if report.unreachable:
        work.people.unreachable(spoken_to, report.reason)
    return spoken_to


def register(
    desk: Desk,
    work: StoreWork,
    conversation: Conversation,
    subject: str,
    actors: tuple[str, str],
    now: datetime,
    *,
    told: Mapping[str, Value] | None = None,
) -> Case:
    """Begin a case at PR01: its number, the words it is found by, the entries of PR01 1 and 2, its first clock.

    Where the desk gives cases in turn, the caller stores who has it.
    """
    begun = start(desk.library)
    place = begun.run.place
    assert place is not None  # the first step at which a person acts
    case = work.cases.open(conversation, subject, place, now.astimezone(desk.timezone).year, now)
    name, address = work.people.get(case.person).name, conversation.address
    spelled = (case.number, name, address, as_dialled(address), backwards(address))
    work.cases.index(case.id, " ".join(filter(None, spelled)))
    for draft, actor in zip(begun.entries, actors, strict=True):
        described = replace(draft, data={**draft.data, **(told or {})})
        work.record.append(case, described, _words_at(desk, draft.place), actor, now)
    start_step(desk, work, case, now)
    return give(desk, work, case, now)


def _reopen(desk: Desk, work: StoreWork, case: Case, now: datetime) -> Case | None:
    """Bring a closed case back because its person wrote again, or return None when its time is over."""
    if case.closed is None or now - case.closed > desk.reopening:
        return None
    return reopened(desk, work, case, "La persona volvió a escribir.", SYSTEM, now)


def _words_at(desk: Desk, place: Place) -> tuple[str, str]:
    """Return the manual's words for a step: responsible and output."""
    step = desk.library.step(place)
    return step.responsible, step.output


def _wake(desk: Desk, work: StoreWork, case: Case, now: datetime) -> Case:
    """End a waiting: the person has written."""
    awake = settle(case, waiting=False)
    if awake == case:
        return case
    go_on(desk, work, case.id, now)
    return work.cases.save(awake, case.revision, now)


def tell(desk: Desk, case: Case, how: How = How.JOINED) -> CaseFacts:
    """Say what a citizen may hear of a case."""
    return CaseFacts(
        number=case.number,
        opened_now=how is How.OPENED,
        reopened_now=how is How.REOPENED,
        linked_now=how is How.LINKED,
        status=case.status,
        stage=case.stage,
        unit_name=UNIT_NAMES[case.unit],
        estimate=desk.local(case.estimate) if case.estimate else None,
        page=f"{desk.public_url}/caso/{case.token}",
        opens=_opens(desk),
        today=desk.now().astimezone(desk.timezone).date(),
        late=case.estimate is not None and case.estimate < desk.now(),
    )


def _opens(desk: Desk) -> datetime | None:
    """Return when the desk works again by its own clock, or None while it works."""
    moment = timedelta(seconds=1)
    opens = desk.calendar.add_working(desk.now(), moment) - moment
    if opens <= desk.now():
        return None
    return opens.astimezone(desk.timezone)

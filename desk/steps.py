"""The manual's steps: confirm what a case is, and take one of the moves that its procedure allows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases.errors import Conflict, Forbidden, Invalid
from cases.model import Account, Attachment, Case
from cases.procedure import (
    AskClassificationAgain,
    Effect,
    Estimate,
    Facts,
    LinkArticle,
    Notify,
    Prioritise,
    Solve,
    Value,
    WriteArticle,
)
from cases.rights import Action, demand
from cases.vocabulary import Category, Channel, ReturnReason, Role
from desk.clocks import start_estimate
from desk.desk import Desk, open_to
from desk.identities import talk_on
from desk.marks import saved, write_entry
from desk.notices import tell_returned
from desk.places import stand
from desk.surveys import ask_how_it_was
from intake.dialogue.states import DialogueState
from intake.reply import Written, reply
from kb.masking import mask
from store.work import StoreWork
from workflow.definition import Answer
from workflow.engine import Run, advance, legal

REASON_CODE = "reason_code"
"""Under which name a return's entry keeps why it was made, as one of `ReturnReason`; optional."""


def run_of(case: Case) -> Run:
    """Return a case's place as the engine knows it."""
    return Run(case.place, case.facts, case.stack)


def moves_for(desk: Desk, case: Case, account: Account) -> tuple[Answer, ...]:
    """Return exactly what the procedure lets this account do now."""
    if not account.acts_as(case.role):
        return ()
    return legal(desk.library, run_of(case), switched_off=desk.switched_off)


@dataclass(frozen=True, slots=True)
class Classified:
    """An operator's word on what a case is."""

    category: Category
    system: str | None
    handled_before_by_uit: bool
    revision: int


async def classify(desk: Desk, account: Account, number: str, said: Classified) -> Case:
    """Confirm or correct what a case is (the facts A, H and F of PR01 3 and 4); the case stays where it is.

    Raises Forbidden, Conflict, or Invalid where the step does not ask it.
    """
    demand(account, Action.CLASSIFY)

    def act(work: StoreWork) -> Case:
        case = _fresh(work, account, number, said.revision)
        if case.place is None or not desk.library.step(case.place).asks_facts:
            raise Invalid("La clasificación se confirma en PR01 3 o PR01 4; este caso está en otro paso.")
        if said.system is not None and said.system not in {system.id for system in work.accounts.systems()}:
            raise Invalid(
                "La clasificación tiene un dato que no vale.",
                {"system": f"No existe el sistema {said.system}."},
            )
        return confirm(desk, work, account, case, said, desk.now())

    return await desk.database.write(act)


def confirm(
    desk: Desk, work: StoreWork, account: Account, case: Case, said: Classified, now: datetime
) -> Case:
    """Keep what somebody said a case is, within the caller's transaction: its facts, and an entry beside the proposal."""
    facts = Facts.of(said.category, handled_before_by_uit=said.handled_before_by_uit)
    proposed = work.cases.proposal(case.id)
    work.cases.confirm(case.id, account, said.category, said.system, facts, now)
    data: dict[str, Value] = {
        "category": str(said.category),
        "system": said.system or "",
        "handled_before_by_uit": said.handled_before_by_uit,
    }
    if proposed is not None:
        data |= {"proposed": str(proposed.category), "model": proposed.model}
    write_entry(desk, work, case, "classification", data, account.username, now)
    confirmed = replace(case, facts=facts, category=said.category, system=said.system or case.system)
    return saved(work, confirmed, case.revision, now)


async def move(
    desk: Desk, account: Account, number: str, answer: str, values: Mapping[str, Value | None], revision: int
) -> Case:
    """Take a step: the entry, its effects and the new place are stored together, or nothing is.

    Raises Conflict, Forbidden if the step is somebody else's, Invalid naming each missing field, Refused for an unknown move.
    """
    demand(account, Action.TAKE_STEP)
    return await desk.database.write(lambda work: take(desk, work, account, number, answer, values, revision))


def take(
    desk: Desk,
    work: StoreWork,
    account: Account,
    number: str,
    answer: str,
    values: Mapping[str, Value | None],
    revision: int,
) -> Case:
    """Take a step within the caller's transaction (see `move`)."""
    case = _fresh(work, account, number, revision)
    now = desk.now()
    given, code = coded(values)
    done = advance(desk.library, run_of(case), answer, given, now, switched_off=desk.switched_off)
    if code is not None and not any(draft.kind == "return" for draft in done.entries):
        raise Invalid("El paso no vale.", {REASON_CODE: "Solo una devolución lleva el código del motivo."})
    changed, proof = case, dict[str, Value]()
    for effect in done.effects:
        changed, more = _apply(desk, work, account, changed, effect, now)
        proof |= more
    for draft in done.entries:
        step = desk.library.step(draft.place)
        why: dict[str, Value] = {REASON_CODE: code} if code is not None and draft.kind == "return" else {}
        named = replace(draft, data={**draft.data, **proof, **why})
        work.record.append(case, named, (step.responsible, step.output), account.username, now)
    changed = replace(
        changed,
        place=done.run.place,
        facts=done.run.facts,
        stack=done.run.stack,
        last_move=done.entries[-1].kind,
    )
    stands = stand(desk, work, changed, now)
    if any(draft.kind == "return" for draft in done.entries):
        tell_returned(work, stands, account, now)
    if stands.closed is not None and case.closed is None:
        ask_how_it_was(desk, work, stands, now)
    return saved(work, stands, case.revision, now)


def coded(values: Mapping[str, Value | None]) -> tuple[Mapping[str, Value | None], str | None]:
    """Take the code of a return out of the values given, for it is no field of any procedure; raises Invalid for an unknown one."""
    code = values.get(REASON_CODE)
    if code is not None and code != "" and code not in list(ReturnReason):
        known = ", ".join(ReturnReason)
        raise Invalid("El paso no vale.", {REASON_CODE: f"No existe ese código; son: {known}."})
    rest = {name: value for name, value in values.items() if name != REASON_CODE}
    return rest, str(code) if code else None


def _apply(  # noqa: PLR0911 - one way out for each kind of effect
    desk: Desk, work: StoreWork, account: Account, case: Case, effect: Effect, now: datetime
) -> tuple[Case, dict[str, Value]]:
    """Do what a step causes; returns the changed case and what the entry names as proof."""
    match effect:
        case Notify(text):
            message = say(desk, work, case, text, account, now)
            return case, {"message": message}
        case Estimate(at, reason):
            return estimate(desk, work, account, case, at, reason, now), {}
        case Solve(text):
            return replace(case, solution=text), {}
        case LinkArticle(article):
            work.articles.get(article)
            work.articles.used(case.id, article, "linked", now)
            return case, {}
        case WriteArticle():
            return case, _write(work, account, case, effect, now)
        case Prioritise(incident_class, priority):
            return replace(case, incident_class=incident_class, priority=priority), {}
        case AskClassificationAgain():
            return replace(case, facts=None), {}


def _write(
    work: StoreWork, account: Account, case: Case, wanted: WriteArticle, now: datetime
) -> dict[str, Value]:
    """Propose an article, or a new version of one, from a case; returns what the entry names."""
    person = work.people.get(case.person)
    body = mask(wanted.body, names=[person.name], addresses=work.people.addresses(case.person).values())
    article = wanted.article
    if article is None:
        category = case.category or Category.SUPPORT
        title, system = wanted.title or case.subject, case.system or "otro"
        article = work.articles.draft(title, body, category, system, account.username, now).id
    else:
        work.articles.revise(article, wanted.title, body, account.username, now)
    work.articles.used(case.id, article, "written", now)
    return {"article": article}


def say(
    desk: Desk,
    work: StoreWork,
    case: Case,
    text: str,
    account: Account,
    now: datetime,
    *,
    attachments: tuple[Attachment, ...] = (),
    channel: Channel | None = None,
    leaves: datetime | None = None,
) -> int:
    """Answer on the case's channel, or on one that was chosen, in a person's name; the assistant then keeps silent.

    `leaves`: until then the answer may be taken back (see `desk.withdrawal`).
    """
    conversation = talk_on(desk, work, case, channel or case.channel, now)
    can = desk.channels[conversation.channel].can
    chosen = conversation.id != case.conversation
    written = Written(text, account.name, attachments=attachments, chosen=chosen, leaves=leaves)
    message = reply(work, can, case, conversation, written, now)
    assert message is not None  # only automatic texts are limited
    after = DialogueState.load(conversation.state).taken_over().dump()
    work.people.remember(conversation.id, after)
    if leaves is not None:
        work.withdrawal.remember(message.id, conversation.state, after)
    return message.id


def estimate(
    desk: Desk, work: StoreWork, account: Account, case: Case, at: datetime, reason: str | None, now: datetime
) -> Case:
    """Set or revise the estimate and tell the citizen in plain words; a revision needs a reason."""
    if at <= now:
        raise Invalid("La estimación no vale.", {"at": "La fecha y hora tiene que ser futura."})
    if case.estimate is not None and at != case.estimate and not reason:
        raise Invalid("Falta el motivo.", {"reason": "Ya había una estimación: diga por qué cambia."})
    if case.estimate is None:
        text = f"Caso {case.number}: estimamos tener la solución el {desk.local(at)}."
    else:
        text = f"Caso {case.number}: la solución se estima ahora para el {desk.local(at)}. Motivo: {reason}"
    if at != case.estimate:
        conversation = work.people.conversation_of(case.conversation)
        can = desk.channels[case.channel].can
        reply(work, can, case, conversation, Written(text, account.name, automatic=True), now)
        start_estimate(desk, work, case, at, now)
    return replace(case, estimate=at)


def _fresh(work: StoreWork, account: Account, number: str, revision: int) -> Case:
    """Return the case if it is the caller's to move and nobody was faster."""
    case = open_to(work, account, number)
    if case.revision != revision:
        raise Conflict("Otra persona cambió este caso mientras usted lo veía. Esto es lo que hay ahora.")
    if not account.acts_as(case.role):
        raise Forbidden(_whose(case.role))
    return case


def _whose(role: Role | None) -> str:
    return "El caso está cerrado." if role is None else f"Este paso le toca a {role.value}, no a su cuenta."

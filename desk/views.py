"""What a person sees of a case: everything about it that is theirs to see, read in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.model import Account, Callback, Case, Confirmation, Entry, Message, Person, Suggestion, Verdict
from cases.rights import RIGHTS, Action, demand
from cases.vocabulary import AccountRole, Channel, Direction
from desk.desk import Desk, open_to
from desk.notes import may_hear
from desk.steps import moves_for
from store.clocks import ClockRow
from store.queries import CaseFilter, CaseRow, ConversationRow
from store.work import StoreWork
from workflow.definition import Answer, Step

SUGGESTIONS = 5
SIMILAR = 5


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as its page and the API show it; `evidence_in` is the message that the proposal's spans point into."""

    case: Case
    person: Person
    addresses: dict[Channel, str]
    proposed: Verdict | None
    evidence_in: int | None
    confirmed: Confirmation | None
    moves: tuple[Answer, ...]
    step: Step | None
    suggestions: Sequence[Suggestion]
    similar: Sequence[Case]
    others: Sequence[Case]
    assignee: str | None
    parent: str | None
    merged_into: str | None
    clocks: Sequence[ClockRow]


async def case_view(desk: Desk, account: Account, number: str) -> CaseView:
    """Return a case as this account sees it; raises NotFound."""
    return await desk.database.read(lambda work: view_of(desk, work, account, number))


def view_of(desk: Desk, work: StoreWork, account: Account, number: str) -> CaseView:
    """Read a case within a transaction (see `case_view`)."""
    case = open_to(work, account, number)
    return view_with(desk, work, account, case, work.messages.of(case.id) if desk.finder else ())


def view_with(desk: Desk, work: StoreWork, account: Account, case: Case, said: Sequence[Message]) -> CaseView:
    """Read what belongs to a case that is open to an account, and in which all of this was said."""
    proposed = work.cases.proposed_for(case.id)
    suggestions = _suggestions(desk, said)
    return CaseView(
        case=case,
        person=work.people.get(case.person),
        addresses=work.people.addresses(case.person),
        proposed=proposed[0] if proposed else None,
        evidence_in=proposed[1] if proposed else None,
        confirmed=work.cases.confirmation(case.id) if case.facts else None,
        moves=moves_for(desk, case, account),
        step=desk.library.step(case.place) if case.place else None,
        suggestions=suggestions,
        similar=theirs(work, account, work.queries.solved_like(case, SIMILAR)),
        others=theirs(work, account, work.queries.of_person(case.person, case.id, SIMILAR)),
        assignee=work.accounts.get(case.assignee).username if case.assignee else None,
        parent=work.cases.by_id(case.parent).number if case.parent else None,
        merged_into=work.cases.by_id(case.merged_into).number if case.merged_into else None,
        clocks=work.clocks.of(case.id),
    )


def theirs(work: StoreWork, account: Account, found: Sequence[Case]) -> Sequence[Case]:
    """Leave out the cases that a unit's account may not see."""
    if account.role is not AccountRole.UNIDAD:
        return found
    return [case for case in found if work.cases.is_seen_by(case.id, account.unit)]


def asks_facts(account: Account, view: CaseView) -> bool:
    """Say whether this account classifies the case at the step where it stands."""
    classifies = account.acts_as(view.case.role) and account.role in RIGHTS[Action.CLASSIFY]
    return classifies and view.step is not None and view.step.asks_facts


def _suggestions(desk: Desk, said: Sequence[Message]) -> Sequence[Suggestion]:
    if desk.finder is None:
        return ()
    heard = [message.text for message in said if message.direction is Direction.IN]
    return desk.finder.search("\n".join(heard[:3])[:2000], SUGGESTIONS, internal=True) if heard else ()


async def suggest(desk: Desk, account: Account, text: str, top: int = SUGGESTIONS) -> Sequence[Suggestion]:
    """Return the articles nearest to a text, as an operator types it."""
    demand(account, Action.SEE_ARTICLES)
    return desk.finder.search(text, top, internal=True) if desk.finder is not None and text.strip() else ()


async def messages_of(desk: Desk, account: Account, number: str) -> Sequence[Message]:
    """Return a case's messages in order, without what is whispered to somebody else."""

    def read(work: StoreWork) -> Sequence[Message]:
        return heard_by(account, work.messages.of(open_to(work, account, number).id))

    return await desk.database.read(read)


def heard_by(account: Account, said: Sequence[Message]) -> Sequence[Message]:
    """Leave out what is whispered to somebody else."""
    return [message for message in said if may_hear(account, message)]


async def record_of(desk: Desk, account: Account, number: str) -> Sequence[Entry]:
    """Return a case's record in order."""
    return await desk.database.read(lambda work: work.record.of(open_to(work, account, number).id))


async def list_cases(
    desk: Desk,
    account: Account,
    wanted: CaseFilter,
    *,
    before: int | None = None,
    limit: int = 50,
    oldest: bool = False,
) -> Sequence[CaseRow]:
    """Return the cases that an account may see and asks for."""
    demand(account, Action.SEE_CASES)
    return await desk.database.read(
        lambda work: work.queries.cases(wanted, account, before=before, limit=limit, oldest=oldest)
    )


async def callbacks(desk: Desk, account: Account, limit: int = 50) -> Sequence[Callback]:
    """Return the calls to make, the one due first at the top."""
    demand(account, Action.CALL_BACK)
    return await desk.database.read(lambda work: work.callbacks.waiting(limit))


async def conversations(
    desk: Desk, account: Account, *, before: int | None = None, limit: int = 50
) -> Sequence[ConversationRow]:
    """Return the conversations with their last message, newest first."""
    demand(account, Action.MONITOR)
    return await desk.database.read(lambda work: work.queries.conversations(before, limit))

"""One act for many cases: each in a transaction of its own, so that what is refused keeps no other back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.errors import Conflict, Invalid, Refused
from cases.model import Account
from cases.rights import Action, demand
from desk.assignment import assign
from desk.desk import Desk, open_to
from desk.evidence import uit_evidence
from desk.selfservice import Passed
from desk.snooze import snooze
from desk.steps import Classified, classify
from desk.views import suggest
from store.queries import CaseFilter, CaseRow
from store.sections import Section
from store.work import StoreWork

SURE = 0.85
"""The confidence from which a proposal is worth confirming among others; the screen calls it very probable."""
MOST = 50
"""Cases at most in one go: what a page of the queue shows."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be confirmed of one case: `preselected` if it is sure, `alone` says why only its own page will do."""

    row: CaseRow
    revision: int
    text: str
    preselected: bool
    alone: str


async def each(numbers: Sequence[str], act: Callable[[str], Awaitable[object]]) -> Passed:
    """Do an act to every case, and say what became of each; raises Invalid without any, or with too many."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise Invalid("No eligió ningún caso.", {"case": "Elija al menos un caso."})
    if len(wanted) > MOST:
        raise Invalid(f"Son demasiados casos: hasta {MOST} de una vez.")
    done: list[str] = []
    refused: dict[str, str] = {}
    for number in wanted:
        try:
            await act(number)
        except Refused as why:
            refused[number] = " ".join((str(why), *getattr(why, "fields", {}).values()))
        else:
            done.append(number)
    return Passed(tuple(done), refused)


async def assign_all(desk: Desk, account: Account, numbers: Sequence[str], username: str | None) -> Passed:
    """Hand every case to somebody, or to nobody (see `desk.assignment.assign`)."""
    demand(account, Action.ASSIGN)
    return await each(numbers, lambda number: assign(desk, account, number, username))


async def snooze_all(
    desk: Desk, account: Account, numbers: Sequence[str], until: datetime, reason: str
) -> Passed:
    """Put every case off until a moment (see `desk.snooze.snooze`)."""
    demand(account, Action.SNOOZE)
    return await each(numbers, lambda number: snooze(desk, account, number, until, reason))


async def proposals(desk: Desk, account: Account, numbers: Sequence[str]) -> Sequence[Proposal]:
    """Return what would be confirmed of these cases, or without any of those that wait for it, the longest waiting first."""
    demand(account, Action.CLASSIFY)
    wanted = CaseFilter(section=Section.CONFIRM, now=desk.now())

    def read(work: StoreWork) -> list[tuple[CaseRow, int, str]]:
        rows = work.queries.cases(wanted, account, limit=MOST, oldest=True)
        if numbers:
            rows = [
                row
                for number in dict.fromkeys(numbers)
                for row in work.queries.cases(CaseFilter(q=number), account, limit=MOST)
                if row.number == number and row.category is not None and not row.confirmed
            ][:MOST]
        said = work.worklist.said_in([row.id for row in rows])
        return [(row, work.cases.by_id(row.id).revision, (said.get(row.id) or [""])[-1]) for row in rows]

    found = await desk.database.read(read)
    return [await _proposal(desk, account, *one) for one in found if one[0].category is not None]


async def _proposal(desk: Desk, account: Account, row: CaseRow, revision: int, text: str) -> Proposal:
    alone = await _why_alone(desk, account, row.number, row.confidence, text)
    sure = row.confidence is not None and row.confidence >= SURE
    return Proposal(row, revision, text, preselected=sure and not alone, alone=alone)


async def _why_alone(desk: Desk, account: Account, number: str, confidence: float | None, text: str) -> str:
    """Say why a case has to be confirmed on its own page, or nothing."""
    if confidence is None:
        return "No hubo propuesta: clasifíquelo en su página."
    if await uit_evidence(desk, account, number, await suggest(desk, account, text)):
        return "Puede que la UIT ya haya atendido este problema: dígalo en su página."
    return ""


async def confirm_all(desk: Desk, account: Account, chosen: Sequence[tuple[str, int]]) -> Passed:
    """Confirm of every case what was proposed, as it was seen (number and revision); it stays where it is.

    The same confirmation as on the case's page, with "the UIT has not handled it before": where something speaks for it, a
    person says so there. Raises Forbidden for whoever is no operator.
    """
    demand(account, Action.CLASSIFY)
    revisions = dict(chosen)

    async def act(number: str) -> None:
        await classify(desk, account, number, await _proposed(desk, account, number, revisions[number]))

    return await each([number for number, _ in chosen], act)


async def _proposed(desk: Desk, account: Account, number: str, revision: int) -> Classified:
    def read(work: StoreWork) -> tuple[Classified | None, float | None, str]:
        case = open_to(work, account, number)
        proposed = work.cases.proposal(case.id)
        if case.facts is not None:
            raise Conflict("Ya estaba confirmado.")
        if proposed is None:
            return None, None, ""
        known = {system.id for system in work.accounts.systems()}
        system = case.system or proposed.system
        said = Classified(
            category=case.category or proposed.category,
            system=system if system in known else None,
            handled_before_by_uit=False,
            revision=revision,
        )
        return said, proposed.confidence, (work.worklist.said_in([case.id]).get(case.id) or [""])[-1]

    said, confidence, text = await desk.database.read(read)
    alone = await _why_alone(desk, account, number, confidence, text)
    if alone or said is None:
        raise Conflict(alone)
    return said

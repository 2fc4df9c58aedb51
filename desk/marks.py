"""What acts share: a case's status after a move, and an entry beside the manual's steps."""

from dataclasses import replace
from datetime import datetime

from cases.errors import Conflict
from cases.model import Case, Entry
from cases.procedure import EntryDraft, Place, Value
from cases.vocabulary import Role, Status
from desk.desk import Desk
from store.work import StoreWork


def settle(case: Case, *, waiting: bool) -> Case:
    """Give a case the status that follows from where it stands: with the supervisor it is in review."""
    if case.place is None:
        status = Status.CLOSED
    elif waiting:
        status = Status.WAITING
    else:
        status = Status.IN_REVIEW if case.role is Role.SUPERVISOR else Status.OPEN
    return replace(case, status=status)


def last_place(case: Case, record: "list[Entry] | tuple[Entry, ...]") -> Place:
    """Return where a case stands, or stood last."""
    if case.place is not None:
        return case.place
    last = record[-1]
    return Place(last.procedure, last.version, last.step)


def write_entry(
    desk: Desk,
    work: StoreWork,
    case: Case,
    kind: str,
    data: dict[str, Value],
    actor: str,
    now: datetime,
    *,
    internal: bool = False,
) -> Entry:
    """Write what is no step of the manual (an assignment, a waiting, a split…) into the record, at the case's step."""
    place = case.place or last_place(case, list(work.record.of(case.id)))
    step = desk.library.step(place)
    draft = EntryDraft(place, kind, data, internal)
    return work.record.append(case, draft, (step.responsible, step.output), actor, now)


def saved(work: StoreWork, case: Case, revision: int, now: datetime) -> Case:
    """Store a changed case and tell the screens."""
    stored = work.cases.save(case, revision, now)
    work.publish("case-changed", case=case.number)
    work.publish("queue-changed")
    return stored


def still_open(case: Case) -> Case:
    """Return a case that somebody of the desk still has to do with; raises Conflict for a closed one."""
    if case.place is None or case.role is Role.USUARIO:
        raise Conflict("El caso está cerrado.")
    return case

"""Who has a case: taken, handed over, given back, given in turn. No step of the manual; each is an entry of the record."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.errors import Conflict, Forbidden, Invalid
from cases.model import Account, Case
from cases.procedure import Value
from cases.rights import Action, demand
from cases.vocabulary import SYSTEM, AccountRole, Role
from desk.desk import Desk, open_to
from desk.marks import saved, still_open, write_entry
from desk.notes import put_note
from desk.notices import tell
from store.work import StoreWork

AT_DESK = timedelta(minutes=10)
"""How long after the last sign of a page somebody who said that they are available is still given cases."""


async def assign(desk: Desk, account: Account, number: str, username: str | None, note: str = "") -> Case:
    """Hand a case to another person of the same unit or role, or to nobody; a note is kept with it for the colleague."""
    demand(account, Action.ASSIGN)

    def act(work: StoreWork) -> Case:
        case = still_open(open_to(work, account, number))
        if account.role is not AccountRole.SUPERVISOR and not account.acts_as(case.role):
            raise Forbidden("Solo quien tiene el caso, o un supervisor, puede asignarlo.")
        to = None
        if username is not None:
            to = _known(work, username, "user")
            if not to.acts_as(case.role):
                raise Invalid(
                    "No se puede asignar.", {"user": f"{username} no tiene el rol que pide este paso."}
                )
        return hand(desk, work, account, case, to, desk.now(), note=note)

    return await desk.database.write(act)


async def give_back(desk: Desk, account: Account, number: str, note: str = "") -> Case:
    """Leave a case that one has, so that anybody of its role can take it; raises Conflict where somebody else has it."""
    demand(account, Action.ASSIGN)

    def act(work: StoreWork) -> Case:
        case = still_open(open_to(work, account, number))
        if case.assignee != account.id:
            raise Conflict("Este caso no está con usted: no hay qué dejar.")
        return hand(desk, work, account, case, None, desk.now(), note=note)

    return await desk.database.write(act)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of somebody's open cases: the numbers that moved, and how many stayed because their step asks another role."""

    moved: tuple[str, ...]
    stayed: int


async def hand_over_all(
    desk: Desk, account: Account, username: str, to: str | None, note: str = ""
) -> HandedOver:
    """Hand all open cases of somebody who is away to one colleague, or leave them to whoever takes them.

    Raises Invalid where the colleague is unknown or the same person.
    """
    demand(account, Action.HAND_OVER)

    def act(work: StoreWork) -> HandedOver:
        person, now = _known(work, username, "person"), desk.now()
        colleague = _known(work, to, "to") if to is not None else None
        if colleague is not None and colleague.id == person.id:
            raise Invalid("No se puede entregar.", {"to": "Es la misma persona."})
        moved, stayed = [], 0
        for number in work.attendances.open_of(person.id):
            case = work.cases.get(number)
            if colleague is not None and not _stands_in(colleague, person, case):
                stayed += 1
                continue
            hand(desk, work, account, case, colleague, now, note=note)
            moved.append(number)
        return HandedOver(tuple(moved), stayed)

    return await desk.database.write(act)


def hand(
    desk: Desk,
    work: StoreWork,
    account: Account,
    case: Case,
    to: Account | None,
    now: datetime,
    *,
    note: str = "",
) -> Case:
    """Give a case to somebody, or to nobody, within the caller's transaction, and tell them; the caller has checked the right."""
    data: dict[str, Value] = {"to": to.username if to is not None else ""}
    message = None
    if note.strip():
        message = put_note(work, account, case, note.strip(), now).message.id
        data["message"] = message
    write_entry(desk, work, case, "assignment", data, account.username, now, internal=True)
    if to is not None and to.id not in (account.id, case.assignee):
        tell(work, to.id, "assigned", case, account.name, now, message=message)
    return saved(work, replace(case, assignee=to.id if to is not None else None), case.revision, now)


def give(desk: Desk, work: StoreWork, case: Case, now: datetime) -> Case:
    """Give a case that nobody has to the next person in turn, where the desk is told to; the caller stores it."""
    if not desk.balanced or case.assignee is not None or case.role in (None, Role.USUARIO):
        return case
    person = work.attendances.next_for(case.role, now - AT_DESK)
    if person is None:
        return case
    write_entry(desk, work, case, "assignment", {"to": person.username}, SYSTEM, now, internal=True)
    work.attendances.given(person.id, now)
    tell(work, person.id, "assigned", case, SYSTEM, now)
    return replace(case, assignee=person.id)


def _known(work: StoreWork, username: str, field: str) -> Account:
    found = work.accounts.named(username)
    if found is None:
        raise Invalid("No se puede entregar.", {field: f"No hay ninguna cuenta {username}."})
    return found[0]


def _stands_in(colleague: Account, person: Account, case: Case) -> bool:
    """Say whether a colleague can have a case in another's place: they take its step, or they do the same work."""
    alike = (colleague.role, colleague.unit) == (person.role, person.unit)
    return alike or colleague.acts_as(case.role)

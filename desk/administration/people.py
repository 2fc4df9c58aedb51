"""People of the desk: who may come in, as what, and what happens to their work when they may not any more."""

import asyncio
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.model import Account, Case
from cases.rights import Action, demand
from cases.vocabulary import AccountRole, Unit
from desk.administration.book import note
from desk.assignment import hand
from desk.desk import Desk
from desk.entrance import check_strength, hash_password, unit_for
from store.staff import Member, OpenSession
from store.work import StoreWork

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
LONGEST_NAME = 120
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What a first password is made of: nothing that is taken for something else when it is read out."""
GROUPS, GROUP = 4, 4

Choose = Callable[[str], str]


def new_password(choose: Choose = secrets.choice) -> str:
    """Make a password that can be read out: four groups of four letters, 79 bits."""
    return "-".join("".join(choose(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an account shall be."""

    name: str
    role: AccountRole
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class PersonView:
    """One account with its sessions, the open cases in its hands, and who could take them over."""

    member: Member
    sessions: Sequence[OpenSession]
    cases: Sequence[Case]
    heirs: Sequence[Account]
    last_admin: bool


async def people(desk: Desk, account: Account) -> Sequence[Member]:
    """Return every account, the active ones first."""
    demand(account, Action.ADMINISTER)
    return await desk.database.read(lambda work: work.staff.members(desk.now()))


async def person(desk: Desk, account: Account, user: int) -> PersonView:
    """Return one account; raises NotFound."""
    demand(account, Action.ADMINISTER)

    def read(work: StoreWork) -> PersonView:
        member = work.staff.member(user, desk.now())
        return PersonView(
            member=member,
            sessions=work.staff.sessions(member.account.id, desk.now()),
            cases=work.cases.by_ids(work.staff.assigned(member.account.id)),
            heirs=_heirs(work, member.account),
            last_admin=work.staff.administrators() == [member.account.id],
        )

    return await desk.database.read(read)


async def add_person(
    desk: Desk, account: Account, username: str, wanted: Wanted, password: str | None = None
) -> tuple[Account, str]:
    """Open an account and return it with its password, a new one unless one is given; it is shown once, never kept.

    Raises Invalid naming each field, or Conflict if the name is taken.
    """
    demand(account, Action.ADMINISTER)
    username = username.strip().lower()
    faults = {} if USERNAME.fullmatch(username) else {"username": USERNAME_SAYS}
    name, place = _checked(wanted, faults)
    if password is not None:
        check_strength(password, username)
    given = password if password is not None else new_password()
    hashed = await asyncio.to_thread(hash_password, given)

    def act(work: StoreWork) -> Account:
        now = desk.now()
        if any(member.account.username == username for member in work.staff.members(now)):
            raise Conflict(f"Ya existe la cuenta {username}.")
        opened = work.accounts.add(username, name, wanted.role, place, hashed, now)
        data = {"username": username, "name": name, "role": wanted.role, "unit": place}
        note(work, account, "person-added", data, now)
        return opened

    return await desk.database.write(act), given


USERNAME_SAYS = "De 2 a 32 letras minúsculas sin acentos, números, puntos o guiones, como maria.quispe."


async def change_person(desk: Desk, account: Account, user: int, wanted: Wanted) -> Sequence[Case]:
    """Change name, role and unit; returns the open cases that the account may not work on any more: nobody has them now."""
    demand(account, Action.ADMINISTER)
    name, place = _checked(wanted, {})

    def act(work: StoreWork) -> Sequence[Case]:
        now = desk.now()
        member = work.staff.member(user, now)
        before = member.account
        if before.role is not wanted.role:
            _spare(work, account, member, "No puede quitarse a sí mismo el rol de administrador.")
        after = replace(before, name=name, role=wanted.role, unit=place)
        if after == before:
            return ()
        work.staff.change(before.id, name=name, role=wanted.role, unit=place)
        mine = work.cases.by_ids(work.staff.assigned(before.id))
        left = _hand_over(desk, work, account, [case for case in mine if not after.acts_as(case.role)], None)
        data = {
            "username": member.account.username,
            "before": f"{before.name}, {before.role} {before.unit}",
            "after": f"{name}, {wanted.role} {place}",
            "cases": [case.number for case in left],
        }
        note(work, account, "person-changed", data, now)
        return left

    return await desk.database.write(act)


async def deactivate(desk: Desk, account: Account, user: int, heir: str | None) -> Sequence[Case]:
    """Close an account: its sessions end at once and its tokens open nothing; returns the cases that were handed over.

    They go to `heir`, or to nobody. Raises Forbidden for oneself, Conflict for the last administrator, Invalid for an heir
    who could not work on them.
    """
    demand(account, Action.ADMINISTER)

    def act(work: StoreWork) -> Sequence[Case]:
        now = desk.now()
        member = work.staff.member(user, now)
        if not member.active:
            raise Conflict("La cuenta ya está desactivada.")
        _spare(work, account, member, "No puede desactivar su propia cuenta.")
        found = None
        if heir:
            found = next((one for one in _heirs(work, member.account) if one.username == heir), None)
            if found is None:
                raise Invalid(
                    "Revise los campos marcados.", {"heir": f"{heir} no puede atender estos casos."}
                )
        work.staff.change(member.account.id, active=False)
        ended = work.staff.end_sessions(member.account.id)
        mine = work.cases.by_ids(work.staff.assigned(member.account.id))
        moved = _hand_over(desk, work, account, mine, found)
        data = {
            "username": member.account.username,
            "sessions": ended,
            "cases": [case.number for case in moved],
            "to": found.username if found else "",
        }
        note(work, account, "person-deactivated", data, now)
        return moved

    return await desk.database.write(act)


async def reactivate(desk: Desk, account: Account, user: int) -> None:
    """Open a closed account again, with the password that it had."""
    demand(account, Action.ADMINISTER)

    def act(work: StoreWork) -> None:
        member = work.staff.member(user, desk.now())
        if member.active:
            raise Conflict("La cuenta ya está activa.")
        work.staff.change(member.account.id, active=True)
        note(work, account, "person-reactivated", {"username": member.account.username}, desk.now())

    await desk.database.write(act)


async def reset_password(desk: Desk, account: Account, user: int) -> str:
    """Give an account a new password and end its sessions; the password is returned once, never kept."""
    demand(account, Action.ADMINISTER)
    given = new_password()
    hashed = await asyncio.to_thread(hash_password, given)

    def act(work: StoreWork) -> None:
        member = work.staff.member(user, desk.now())
        if member.program:
            raise Conflict("Esta cuenta es de un programa: entra con su ficha de API, no con contraseña.")
        work.staff.change(member.account.id, password_hash=hashed)
        ended = work.staff.end_sessions(member.account.id)
        note(
            work,
            account,
            "password-reset",
            {"username": member.account.username, "sessions": ended},
            desk.now(),
        )

    await desk.database.write(act)
    return given


async def end_sessions(desk: Desk, account: Account, user: int, handle: str | None = None) -> int:
    """End one session of an account, or all of them; returns how many."""
    demand(account, Action.ADMINISTER)

    def act(work: StoreWork) -> int:
        member = work.staff.member(user, desk.now())
        ended = work.staff.end_sessions(member.account.id, handle)
        if not ended:
            raise NotFound("Esa sesión ya terminó.")
        note(
            work,
            account,
            "sessions-ended",
            {"username": member.account.username, "sessions": ended},
            desk.now(),
        )
        return ended

    return await desk.database.write(act)


def _checked(wanted: Wanted, faults: dict[str, str]) -> tuple[str, Unit]:
    """Return the name and the unit that fit; raises Invalid with these faults and its own."""
    name, found = " ".join(wanted.name.split()), dict(faults)
    if not name or len(name) > LONGEST_NAME:
        found["name"] = "Escriba el nombre que verán el equipo y las personas."
    place = Unit.AIT
    try:
        place = unit_for(wanted.role, wanted.unit)
    except Invalid as misfit:
        found["unit"] = str(misfit)
    if set(found) == {"unit"}:
        raise Invalid(found["unit"], found)
    if found:
        raise Invalid("Revise los campos marcados.", found)
    return name, place


def _spare(work: StoreWork, account: Account, member: Member, oneself: str) -> None:
    """Refuse to take an administrator away who is the last, or who asks for it."""
    if member.account.username == account.username:
        raise Forbidden(oneself)
    if work.staff.administrators() == [member.account.id]:
        raise Conflict("Es el último administrador activo: nombre antes a otro.")


def _heirs(work: StoreWork, leaver: Account) -> Sequence[Account]:
    return [
        one
        for one in work.accounts.all()
        if one.id != leaver.id and (one.role, one.unit) == (leaver.role, leaver.unit)
    ]


def _hand_over(
    desk: Desk, work: StoreWork, account: Account, moved: Sequence[Case], heir: Account | None
) -> Sequence[Case]:
    """Give open cases to somebody, or to nobody where that one could not work on them."""
    now = desk.now()
    return [
        hand(desk, work, account, case, heir if heir and heir.acts_as(case.role) else None, now)
        for case in moved
    ]

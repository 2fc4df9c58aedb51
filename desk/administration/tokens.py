"""Tokens of programs that use the API."""

from collections.abc import Sequence

from cases.errors import Conflict, Invalid, NotFound
from cases.model import Account
from cases.rights import Action, demand
from cases.vocabulary import AccountRole, Unit
from desk.administration.book import note
from desk.desk import Desk
from desk.entrance import unit_for
from store.staff import Token
from store.work import StoreWork

LONGEST = 64


async def tokens(desk: Desk, account: Account) -> Sequence[Token]:
    """Return every token, those that work first."""
    demand(account, Action.ADMINISTER)
    return await desk.database.read(lambda work: work.staff.tokens())


async def add_token(desk: Desk, account: Account, name: str, role: AccountRole, unit: Unit | None) -> str:
    """Make a token for a program and return it, once; an account of its name, without a password, acts for it.

    Raises Invalid naming each field, or Conflict if the name is taken.
    """
    demand(account, Action.ADMINISTER)
    name = name.strip()
    faults = (
        {} if 0 < len(name) <= LONGEST else {"name": "Escriba para qué es la ficha, en una o dos palabras."}
    )
    place = Unit.AIT
    try:
        place = unit_for(role, unit)
    except Invalid as misfit:
        faults["unit"] = str(misfit)
    if faults:
        raise Invalid(next(iter(faults.values())), faults)

    def act(work: StoreWork) -> str:
        now = desk.now()
        known = next((one for one in work.staff.members(now) if one.account.username == name), None)
        if known is None:
            owner = work.accounts.add(name, name, role, place, None, now)
        else:
            owner = known.account
            if not known.active:
                raise Conflict(f"La cuenta {name} está desactivada.")
            if (owner.role, owner.unit) != (role, place):
                raise Invalid(
                    f"La cuenta {name} tiene otro rol: {owner.role} {owner.unit}.",
                    {"role": f"La cuenta {name} tiene otro rol."},
                )
        token = work.accounts.add_token(name, owner.id, now)
        note(work, account, "token-added", {"token": name, "role": role, "unit": place}, now)
        return token

    return await desk.database.write(act)


async def revoke_token(desk: Desk, account: Account, token: int) -> str:
    """Let a token open nothing any more, at once and for good; returns its name."""
    demand(account, Action.ADMINISTER)

    def act(work: StoreWork) -> str:
        found = next((one for one in work.staff.tokens() if one.id == token), None)
        if found is None:
            raise NotFound("No existe esa ficha de API.")
        if found.revoked is not None:
            raise Conflict(f"La ficha {found.name} ya está revocada.")
        work.staff.revoke(token, desk.now())
        note(work, account, "token-revoked", {"token": found.name}, desk.now())
        return found.name

    return await desk.database.write(act)

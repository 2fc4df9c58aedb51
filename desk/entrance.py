"""Getting in: passwords, sessions and API tokens."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cases.errors import Forbidden, Invalid
from cases.model import Account
from cases.rights import RIGHTS, Action
from cases.vocabulary import AccountRole, Unit
from desk.desk import Desk
from store.work import StoreWork

SHORTEST = 10
"""Characters of a password; the demo desk's accounts are made without this check."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """Return a hash to check against when there is no such account, so that both take the same time."""
    return _hasher().hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return an argon2id hash."""
    return _hasher().hash(password)


def check_strength(password: str, username: str) -> None:
    """Raise Invalid for a password that is short or that repeats the account's name."""
    if len(password) < SHORTEST:
        raise Invalid(f"La contraseña tiene que tener al menos {SHORTEST} caracteres.")
    if username.casefold() in password.casefold():
        raise Invalid("La contraseña no puede contener el nombre de la cuenta.")


def unit_for(role: AccountRole, unit: Unit | None) -> Unit:
    """Return the unit of a new account; raises Invalid where role and unit do not fit."""
    if role is AccountRole.UNIDAD:
        if unit is None or unit is Unit.AIT:
            raise Invalid("Una cuenta de unidad necesita su unidad: uit, upat, acgii o adt.")
        return unit
    if unit not in (None, Unit.AIT):
        raise Invalid("Solo una cuenta con rol unidad lleva unidad.")
    return Unit.AIT


async def log_in(desk: Desk, username: str, password: str) -> tuple[Account, str]:
    """Return the account and the key of its new session; who takes steps is available from then on. Raises Forbidden."""
    found = await desk.database.read(lambda work: work.accounts.named(username.strip().lower()))
    account, kept = found if found is not None else (None, None)
    fits = await asyncio.to_thread(_fits, kept or _nobody(), password)
    if account is None or kept is None or not fits:
        raise Forbidden("La cuenta o la contraseña no es correcta.")

    def act(work: StoreWork) -> str:
        if account.role in RIGHTS[Action.TAKE_STEP]:
            work.attendances.say(account.id, desk.now(), available=True)
            work.publish("people-changed")
        return work.accounts.open_session(account.id, desk.now())

    return account, await desk.database.write(act)


def _fits(kept: str, password: str) -> bool:
    try:
        return _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


async def log_out(desk: Desk, key: str) -> None:
    """End a session; whose last one it was is away."""

    def act(work: StoreWork) -> None:
        account = work.accounts.session(key, desk.now())
        work.accounts.close_session(key)
        if account is not None and not work.staff.sessions(account.id, desk.now()):
            work.attendances.say(account.id, desk.now(), available=False)
            work.publish("people-changed")

    await desk.database.write(act)


async def session(desk: Desk, key: str) -> Account | None:
    """Return whose session this is, if it still runs."""
    return await desk.database.read(lambda work: work.accounts.session(key, desk.now()))


async def bearer(desk: Desk, token: str) -> Account | None:
    """Return whose API token this is."""
    return await desk.database.read(lambda work: work.accounts.bearer(token))

"""Users, their sessions and tokens, and the systems that the desk supports."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import Conflict, NotFound
from cases.model import Account, System
from cases.vocabulary import AccountRole, Unit
from store.tables import api_tokens, idempotency, sessions, systems, units, users

SESSION = timedelta(hours=12)
UNIT_NAMES = {
    Unit.AIT: "Área de Implementación Tecnológica",
    Unit.UIT: "Unidad de Infraestructura Tecnológica",
    Unit.UPAT: "Unidad de Producción y Actualización Tecnológica",
    Unit.ACGII: "Área Centro de Gestión de Incidentes Informáticos",
    Unit.ADT: "Área de Diseño Tecnológico",
}


class AccountRows:
    """Who may act. Tokens and session keys are kept as SHA-256 only."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add_units(self) -> None:
        """Write the manual's units, once."""
        known = set(self._connection.execute(sa.select(units.c.code)).scalars())
        missing = [{"code": code, "name": name} for code, name in UNIT_NAMES.items() if code not in known]
        if missing:
            self._connection.execute(units.insert(), missing)

    def keep_systems(self, wanted: Iterable[System]) -> None:
        """Add the systems that are new and bring the others up to date; none is removed, cases point at them.

        What an administrator added or edited stays as it is.
        """
        rows = self._connection.execute(sa.select(systems.c.id, systems.c.added_by, systems.c.edited_by))
        known = {row.id: bool(row.added_by or row.edited_by) for row in rows}
        for system in wanted:
            values = {"name": system.name, "aliases": list(system.aliases), "unit": system.unit}
            if known.get(system.id):
                continue
            if system.id in known:
                self._connection.execute(systems.update().where(systems.c.id == system.id).values(**values))
            else:
                self._connection.execute(systems.insert().values(id=system.id, **values))

    def systems(self) -> Sequence[System]:
        """Return the systems that the desk supports."""
        rows = self._connection.execute(sa.select(systems).order_by(systems.c.name)).mappings()
        return [System(row["id"], row["name"], tuple(row["aliases"]), Unit(row["unit"])) for row in rows]

    def add(
        self,
        username: str,
        name: str,
        role: AccountRole,
        unit: Unit,
        password_hash: str | None,
        now: datetime,
    ) -> Account:
        """Open an account; raises `Conflict` if the name is taken."""
        if self.named(username) is not None:
            raise Conflict(f"Ya existe la cuenta {username}.")
        row = (
            self._connection.execute(
                users.insert()
                .values(
                    username=username,
                    name=name,
                    role=role,
                    unit=unit,
                    password_hash=password_hash,
                    active=True,
                    created_at=now,
                )
                .returning(users)
            )
            .mappings()
            .one()
        )
        return _account(row)

    def named(self, username: str) -> tuple[Account, str | None] | None:
        """Return an active account and its password's hash."""
        row = (
            self._connection.execute(sa.select(users).where(users.c.username == username, users.c.active))
            .mappings()
            .first()
        )
        return (_account(row), row["password_hash"]) if row is not None else None

    def get(self, user: int) -> Account:
        """Return one account; raises `NotFound`."""
        row = self._connection.execute(sa.select(users).where(users.c.id == user)).mappings().first()
        if row is None:
            raise NotFound("No existe esa cuenta.")
        return _account(row)

    def all(self) -> Sequence[Account]:
        """Return the active accounts by name."""
        rows = self._connection.execute(
            sa.select(users).where(users.c.active).order_by(users.c.name)
        ).mappings()
        return [_account(row) for row in rows]

    def open_session(self, user: int, now: datetime) -> str:
        """Start a session; returns the key that the browser keeps."""
        key = secrets.token_urlsafe(32)
        self._connection.execute(users.update().where(users.c.id == user).values(last_login_at=now))
        self._connection.execute(
            sessions.insert().values(
                token_hash=_digest(key), user_id=user, created_at=now, expires_at=now + SESSION
            )
        )
        return key

    def session(self, key: str, now: datetime) -> Account | None:
        """Return whose session this is, if it still runs."""
        row = (
            self._connection.execute(
                sa.select(users)
                .join(sessions, sessions.c.user_id == users.c.id)
                .where(sessions.c.token_hash == _digest(key), sessions.c.expires_at > now, users.c.active)
            )
            .mappings()
            .first()
        )
        return _account(row) if row is not None else None

    def close_session(self, key: str) -> None:
        """End a session."""
        self._connection.execute(sessions.delete().where(sessions.c.token_hash == _digest(key)))

    def add_token(self, name: str, user: int, now: datetime) -> str:
        """Make an API token, shown once; raises `Conflict` if the name is taken."""
        if self._connection.execute(sa.select(api_tokens.c.id).where(api_tokens.c.name == name)).first():
            raise Conflict(f"Ya existe una ficha de API con el nombre {name}.")
        token = f"vt_{secrets.token_urlsafe(32)}"
        self._connection.execute(
            api_tokens.insert().values(name=name, token_hash=_digest(token), user_id=user, created_at=now)
        )
        return token

    def bearer(self, token: str) -> Account | None:
        """Return whose token this is, unless it was revoked."""
        row = (
            self._connection.execute(
                sa.select(users)
                .join(api_tokens, api_tokens.c.user_id == users.c.id)
                .where(
                    api_tokens.c.token_hash == _digest(token),
                    api_tokens.c.revoked_at.is_(None),
                    users.c.active,
                )
            )
            .mappings()
            .first()
        )
        return _account(row) if row is not None else None

    def answered_before(self, user: int, key: str) -> tuple[str, int, str] | None:
        """Return (request digest, status, body) of what was answered under this idempotency key."""
        row = self._connection.execute(
            sa.select(idempotency.c.request_digest, idempotency.c.status, idempotency.c.body).where(
                idempotency.c.user_id == user, idempotency.c.key == key
            )
        ).first()
        return (row.request_digest, row.status, row.body) if row is not None else None

    def remember_answer(
        self, user: int, key: str, digest: str, status: int, body: str, now: datetime
    ) -> None:
        """Keep an answer for a repeated request."""
        self._connection.execute(
            idempotency.insert().values(
                user_id=user, key=key, request_digest=digest, status=status, body=body, at=now
            )
        )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _account(row: RowMapping) -> Account:
    return Account(row["id"], row["username"], row["name"], AccountRole(row["role"]), Unit(row["unit"]))

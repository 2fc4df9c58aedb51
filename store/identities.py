"""Addresses that were found to be one person's: joined with a proof, separable again, and the codes that prove it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import Conflict, NotFound
from cases.vocabulary import Channel
from store.tables import cases, conversations, identities, identity_codes, identity_links


@dataclass(frozen=True, slots=True)
class Identity:
    """One address of a person; `link` is how it was joined, where it was not theirs from the beginning."""

    id: int
    person: int
    channel: Channel
    address: str
    link: int | None = None
    proof: str | None = None
    reason: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A code that waits to be typed: whose it is, for which address, and how often it was tried."""

    id: int
    person: int
    channel: Channel
    address: str
    digest: str
    tries: int
    expires: datetime


class IdentityRows:
    """Joins, separations and codes."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, channel: Channel, address: str) -> Identity | None:
        """Return an address if it is known."""
        row = (
            self._connection.execute(
                sa.select(identities).where(identities.c.channel == channel, identities.c.address == address)
            )
            .mappings()
            .first()
        )
        return None if row is None else _identity(row)

    def of(self, person: int) -> Sequence[Identity]:
        """Return a person's addresses, oldest first, each with how it was joined."""
        last = (
            sa.select(sa.func.max(identity_links.c.id))
            .where(identity_links.c.identity_id == identities.c.id, identity_links.c.undone_at.is_(None))
            .correlate(identities)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            sa.select(
                identities,
                identity_links.c.id.label("link"),
                identity_links.c.proof,
                identity_links.c.reason,
                identity_links.c.by,
            )
            .outerjoin(identity_links, identity_links.c.id == last)
            .where(identities.c.person_id == person)
            .order_by(identities.c.id)
        ).mappings()
        return [_identity(row) for row in rows]

    def join(self, identity: int, person: int, proof: str, reason: str, by: str, now: datetime) -> None:
        """Make an address a person's, with its conversation and its cases; what joined it is kept."""
        former = self._owner(identity)
        self._connection.execute(
            identity_links.insert().values(
                identity_id=identity,
                from_person_id=former,
                to_person_id=person,
                proof=proof,
                reason=reason,
                by=by,
                at=now,
            )
        )
        self._hand_over(identity, person)

    def separate(self, link: int, by: str, reason: str, now: datetime) -> int:
        """Undo a join and return whose the address is again; raises `NotFound` or `Conflict`."""
        row = (
            self._connection.execute(sa.select(identity_links).where(identity_links.c.id == link))
            .mappings()
            .first()
        )
        if row is None:
            raise NotFound("No existe esa unión de direcciones.")
        if row["undone_at"] is not None:
            raise Conflict("Esas direcciones ya se separaron.")
        self._connection.execute(
            identity_links.update()
            .where(identity_links.c.id == link)
            .values(undone_at=now, undone_by=by, undone_reason=reason)
        )
        self._hand_over(row["identity_id"], row["from_person_id"])
        return int(row["from_person_id"])

    def _owner(self, identity: int) -> int:
        return int(
            self._connection.execute(
                sa.select(identities.c.person_id).where(identities.c.id == identity)
            ).scalar_one()
        )

    def _hand_over(self, identity: int, person: int) -> None:
        row = self._connection.execute(sa.select(identities).where(identities.c.id == identity)).one()
        talk = sa.select(conversations.c.id).where(
            conversations.c.channel == row.channel, conversations.c.address == row.address
        )
        self._connection.execute(
            identities.update().where(identities.c.id == identity).values(person_id=person)
        )
        self._connection.execute(
            cases.update().where(cases.c.conversation_id.in_(talk)).values(person_id=person)
        )
        self._connection.execute(
            conversations.update()
            .where(conversations.c.channel == row.channel, conversations.c.address == row.address)
            .values(person_id=person)
        )

    def add_code(
        self, person: int, channel: Channel, address: str, digest: str, now: datetime, expires: datetime
    ) -> None:
        """Keep the digest of a code that is being sent to an address."""
        self._connection.execute(
            identity_codes.insert().values(
                person_id=person, channel=channel, address=address, digest=digest, at=now, expires_at=expires
            )
        )

    def codes_since(self, channel: Channel, address: str, since: datetime) -> int:
        """Count the codes that were sent to an address since then."""
        return int(
            self._connection.execute(
                sa.select(sa.func.count())
                .select_from(identity_codes)
                .where(
                    identity_codes.c.channel == channel,
                    identity_codes.c.address == address,
                    identity_codes.c.at > since,
                )
            ).scalar_one()
        )

    def codes_of(self, person: int, since: datetime) -> int:
        """Count the codes that a person asked for since then."""
        return int(
            self._connection.execute(
                sa.select(sa.func.count())
                .select_from(identity_codes)
                .where(identity_codes.c.person_id == person, identity_codes.c.at > since)
            ).scalar_one()
        )

    def code_for(self, person: int, now: datetime) -> Code | None:
        """Return the newest code of a person that still counts."""
        row = self._connection.execute(
            sa.select(identity_codes)
            .where(
                identity_codes.c.person_id == person,
                identity_codes.c.used_at.is_(None),
                identity_codes.c.expires_at > now,
            )
            .order_by(identity_codes.c.id.desc())
            .limit(1)
        ).first()
        if row is None:
            return None
        return Code(
            row.id, row.person_id, Channel(row.channel), row.address, row.digest, row.tries, row.expires_at
        )

    def tried(self, code: int) -> None:
        """Note a wrong try."""
        self._connection.execute(
            identity_codes.update()
            .where(identity_codes.c.id == code)
            .values(tries=identity_codes.c.tries + 1)
        )

    def used(self, code: int, now: datetime) -> None:
        """Let a code count no more."""
        self._connection.execute(
            identity_codes.update().where(identity_codes.c.id == code).values(used_at=now)
        )


def _identity(row: RowMapping) -> Identity:
    return Identity(
        id=row["id"],
        person=row["person_id"],
        channel=Channel(row["channel"]),
        address=row["address"],
        link=row.get("link"),
        proof=row.get("proof"),
        reason=row.get("reason"),
        by=row.get("by"),
    )

"""The ledger: everything as it arrived, before anyone interprets it; and the quarantine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import Conflict, NotFound
from cases.model import Arrival, Quarantined
from cases.vocabulary import Channel
from store.tables import ledger, quarantine

LEASE = timedelta(minutes=2)

_ACCEPT = sa.text(
    "INSERT INTO ledger (channel, provider_id, sender, payload, state, tries, received_at, next_at)"
    " VALUES (:channel, :provider_id, :sender, :payload, 'received', 0, :at, :at)"
    " ON CONFLICT (channel, provider_id) DO NOTHING"
).bindparams(sa.bindparam("at", type_=ledger.c.received_at.type))


@dataclass(frozen=True, slots=True)
class LedgerItem:
    """One arrival that waits to be understood; `released`: somebody let it out of quarantine."""

    id: int
    channel: Channel
    provider_id: str
    payload: bytes
    received: datetime
    tries: int
    released: bool = False


class LedgerRows:
    """What arrived, once per provider id, and how far it was understood."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Keep arrivals; one whose provider id is known changes nothing."""
        self._connection.execute(
            _ACCEPT,
            [
                {
                    "channel": arrival.channel,
                    "provider_id": arrival.provider_id,
                    "sender": arrival.sender,
                    "payload": arrival.payload,
                    "at": arrival.at,
                }
                for arrival in arrivals
            ],
        )

    def accept_understood(self, arrival: Arrival) -> int:
        """Keep an arrival that is understood in the same transaction; returns its row."""
        return int(
            self._connection.execute(
                ledger.insert()
                .values(
                    channel=arrival.channel,
                    provider_id=arrival.provider_id,
                    sender=arrival.sender,
                    payload=arrival.payload,
                    state="done",
                    received_at=arrival.at,
                    next_at=arrival.at,
                )
                .returning(ledger.c.id)
            ).scalar_one()
        )

    def claim(self, owner: str, limit: int, now: datetime) -> Sequence[LedgerItem]:
        """Take arrivals to work on: oldest first, and no later one of a sender whose earlier one still waits."""
        earlier = ledger.alias("earlier")
        waits = (
            sa.select(earlier.c.id)
            .where(
                earlier.c.state == "received",
                earlier.c.id < ledger.c.id,
                earlier.c.channel == ledger.c.channel,
                earlier.c.sender == ledger.c.sender,
            )
            .exists()
        )
        free = (
            sa.select(ledger.c.id)
            .where(
                ledger.c.state == "received",
                ledger.c.next_at <= now,
                ~waits,
                sa.or_(ledger.c.lease_until.is_(None), ledger.c.lease_until < now),
            )
            .order_by(ledger.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = self._connection.execute(
            ledger.update()
            .where(ledger.c.id.in_(free.scalar_subquery()))
            .values(lease_owner=owner, lease_until=now + LEASE, tries=ledger.c.tries + 1)
            .returning(ledger)
        ).mappings()
        return sorted((_item(row) for row in rows), key=lambda item: item.id)

    def done(self, item: int) -> bool:
        """Mark an arrival as understood; False if somebody else already did."""
        return self._leave(item, "done", None)

    def again(self, item: int, fault: str, at: datetime) -> None:
        """Let an arrival wait for another try."""
        self._connection.execute(
            ledger.update()
            .where(ledger.c.id == item)
            .values(fault=fault, next_at=at, lease_owner=None, lease_until=None)
        )

    def set_aside(self, item: LedgerItem, reason: str, detail: str, now: datetime) -> None:
        """Put an arrival that cannot be understood into quarantine, so that it never blocks the next."""
        if self._leave(item.id, "quarantined", detail):
            self.quarantine(item.channel, reason, detail, item.payload, now, ledger_id=item.id)

    def _leave(self, item: int, state: str, fault: str | None) -> bool:
        changed = self._connection.execute(
            ledger.update()
            .where(ledger.c.id == item, ledger.c.state == "received")
            .values(state=state, fault=fault, lease_owner=None, lease_until=None)
        )
        return changed.rowcount == 1

    def quarantine(
        self,
        channel: Channel,
        reason: str,
        detail: str,
        payload: bytes,
        now: datetime,
        *,
        ledger_id: int | None = None,
    ) -> None:
        """Keep what could not be trusted or understood."""
        self._connection.execute(
            quarantine.insert().values(
                channel=channel,
                reason=reason,
                detail=detail,
                payload=payload,
                ledger_id=ledger_id,
                state="kept",
                at=now,
            )
        )

    def quarantined(self, before: int | None, limit: int) -> Sequence[Quarantined]:
        """Return what is in quarantine, newest first."""
        wanted = sa.select(quarantine).where(quarantine.c.state == "kept")
        if before is not None:
            wanted = wanted.where(quarantine.c.id < before)
        rows = self._connection.execute(wanted.order_by(quarantine.c.id.desc()).limit(limit)).mappings()
        return [_quarantined(row) for row in rows]

    def settle(self, item: int, state: str, by: str, now: datetime) -> Quarantined:
        """Release or discard something in quarantine; raises `NotFound`, or `Conflict` if it is settled."""
        row = (
            self._connection.execute(sa.select(quarantine).where(quarantine.c.id == item)).mappings().first()
        )
        if row is None:
            raise NotFound("Eso no está en cuarentena.")
        if row["state"] != "kept":
            raise Conflict("Otra persona ya resolvió esto en la cuarentena.")
        self._connection.execute(
            quarantine.update()
            .where(quarantine.c.id == item)
            .values(state=state, settled_by=by, settled_at=now)
        )
        return _quarantined(row)

    def take_up_again(self, item: int, now: datetime) -> None:
        """Give an arrival that was set aside another chance."""
        self._connection.execute(
            ledger.update()
            .where(ledger.c.id == item, ledger.c.state == "quarantined")
            .values(state="received", tries=0, next_at=now, fault=None, released=True)
        )

    def waiting(self) -> tuple[int, datetime | None]:
        """Return how many arrivals wait, and since when the oldest does."""
        row = self._connection.execute(
            sa.select(sa.func.count(), sa.func.min(ledger.c.received_at)).where(ledger.c.state == "received")
        ).one()
        return row[0], row[1]


def _item(row: RowMapping) -> LedgerItem:
    return LedgerItem(
        row["id"],
        Channel(row["channel"]),
        row["provider_id"],
        row["payload"],
        row["received_at"],
        row["tries"],
        row["released"],
    )


def _quarantined(row: RowMapping) -> Quarantined:
    return Quarantined(
        id=row["id"],
        channel=Channel(row["channel"]),
        reason=row["reason"],
        detail=row["detail"],
        payload=row["payload"],
        arrival=row["ledger_id"],
        at=row["at"],
    )

"""What the channels remember between runs: how far a mailbox was read, the provider's templates, nightly comparisons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cases.traffic import Template
from cases.vocabulary import Channel, DeliveryState
from store.tables import attempts, bookmarks, deliveries, ledger, reconciliations, templates


class UpkeepRows:
    """Bookmarks, templates, reconciliations."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def bookmark(self, name: str) -> str | None:
        """Return how far a mailbox or list was read."""
        return self._connection.execute(sa.select(bookmarks.c.value).where(bookmarks.c.name == name)).scalar()

    def keep_bookmark(self, name: str, value: str) -> None:
        """Note how far a mailbox or list was read."""
        self._connection.execute(
            sa.text(
                "INSERT INTO bookmarks (name, value) VALUES (:name, :value)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            ),
            {"name": name, "value": value},
        )

    def templates(self, channel: Channel) -> Sequence[Template]:
        """Return a channel's registered templates, by name."""
        rows = self._connection.execute(
            sa.select(templates).where(templates.c.channel == channel).order_by(templates.c.name)
        )
        return [
            Template(row.sid, row.name, row.language, row.kind, row.body, tuple(row.variables), row.status)
            for row in rows
        ]

    def keep_templates(self, channel: Channel, kept: Sequence[Template]) -> None:
        """Replace a channel's registered templates."""
        self._connection.execute(templates.delete().where(templates.c.channel == channel))
        if kept:
            self._connection.execute(
                templates.insert(),
                [
                    {
                        "channel": channel,
                        "sid": template.sid,
                        "name": template.name,
                        "language": template.language,
                        "kind": template.kind,
                        "body": template.body,
                        "variables": list(template.variables),
                        "status": template.status,
                    }
                    for template in kept
                ],
            )

    def reconciled(self, channel: Channel, day: str) -> bool:
        """Say whether a day was compared with the provider already."""
        return (
            self._connection.execute(
                sa.select(reconciliations.c.id).where(
                    reconciliations.c.channel == channel, reconciliations.c.day == day
                )
            ).first()
            is not None
        )

    def keep_reconciliation(self, channel: Channel, day: str, found: dict[str, Any], now: datetime) -> None:
        """Keep what a comparison found; a repeated one replaces it."""
        self._connection.execute(
            reconciliations.delete().where(reconciliations.c.channel == channel, reconciliations.c.day == day)
        )
        self._connection.execute(
            reconciliations.insert().values(channel=channel, day=day, found=found, at=now)
        )

    def reconciliations(self, limit: int) -> Sequence[tuple[Channel, str, dict[str, Any], datetime]]:
        """Return the newest comparisons."""
        rows = self._connection.execute(
            sa.select(reconciliations)
            .order_by(reconciliations.c.day.desc(), reconciliations.c.channel)
            .limit(limit)
        )
        return [(Channel(row.channel), row.day, row.found, row.at) for row in rows]

    def arrived(self, channel: Channel, since: datetime, until: datetime) -> frozenset[str]:
        """Return the provider ids of what arrived in a time."""
        rows = self._connection.execute(
            sa.select(ledger.c.provider_id).where(
                ledger.c.channel == channel, ledger.c.received_at >= since, ledger.c.received_at < until
            )
        )
        return frozenset(rows.scalars())

    def known_arrivals(self, channel: Channel, provider_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these ids arrived, whenever that was."""
        return frozenset(
            self._connection.execute(
                sa.select(ledger.c.provider_id).where(
                    ledger.c.channel == channel, ledger.c.provider_id.in_(list(provider_ids))
                )
            ).scalars()
        )

    def dispatched(self, channel: Channel, since: datetime, until: datetime) -> frozenset[str]:
        """Return the provider ids of what the provider took in a time."""
        rows = self._connection.execute(
            sa.select(deliveries.c.provider_id)
            .join(attempts, attempts.c.delivery_id == deliveries.c.id)
            .where(
                deliveries.c.channel == channel,
                deliveries.c.provider_id.is_not(None),
                attempts.c.outcome == DeliveryState.SENT,
                attempts.c.at >= since,
                attempts.c.at < until,
            )
        )
        return frozenset(name for name in rows.scalars() if name is not None)

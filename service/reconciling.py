"""The nightly comparison with the providers that can be asked what a day had."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import structlog

from cases.vocabulary import Channel
from desk.desk import Desk
from desk.reconciliation import SLACK, Reconciled, is_due, lost_of, reconcile, span_of
from intake.channels.channel import Adapter, Lists, Unknown

log = structlog.get_logger()

NIGHT = 2
"""The hour of the desk's clock from which yesterday is compared: the last messages have settled by then."""
AGAIN = timedelta(minutes=30)


class Reconciling:
    """Compares yesterday once, after two in the morning; a provider that does not answer is asked again later."""

    def __init__(self, desk: Desk, adapters: Mapping[Channel, Adapter]) -> None:
        self._desk = desk
        self._listing = {name: adapter for name, adapter in adapters.items() if isinstance(adapter, Lists)}
        self._not_before = desk.now()

    async def step(self) -> int:
        """Compare yesterday if that is still to be done."""
        local = self._desk.now().astimezone(self._desk.timezone)
        if not self._listing or local.hour < NIGHT or self._desk.now() < self._not_before:
            return 0
        self._not_before = self._desk.now() + AGAIN
        yesterday = local.date() - timedelta(days=1)
        done = 0
        for name, adapter in self._listing.items():
            due = await self._desk.database.read(partial(is_due, channel=name, day=yesterday))
            if not due:
                continue
            try:
                await compare(self._desk, name, adapter, yesterday)
            except Unknown as unknown:
                log.warning("reconciliation postponed", channel=name, why=unknown.why)
            else:
                done += 1
        return done


async def compare(desk: Desk, channel: Channel, adapter: Lists, day: date) -> Reconciled:
    """Compare one day with the provider's list; raises Unknown where the provider does not answer."""
    since, until = span_of(desk, day)
    listed = list(await adapter.listing(since - SLACK, until + SLACK))
    for lost in await desk.database.read(lambda work: lost_of(work, channel, listed)):
        if lost.payload is not None:
            listed[listed.index(lost)] = replace(lost, payload=await adapter.complete(lost.payload))
    found = await desk.database.write(lambda work: reconcile(desk, work, channel, day, listed))
    log.info(
        "reconciled",
        channel=channel,
        day=day.isoformat(),
        seen=found.seen,
        missing_here=len(found.missing_here),
        missing_there=len(found.missing_there),
    )
    return found

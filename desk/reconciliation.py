"""What the provider's list of a day has and the desk has not, and the other way round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.model import Arrival
from cases.traffic import Listed
from cases.vocabulary import Channel, Direction
from desk.desk import Desk
from store.work import StoreWork

SLACK = timedelta(hours=1)
"""How far the provider's clock and the desk's may tell different days of one message."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a comparison found.

    `missing_here`: ids that the provider has and the desk has not; `taken_in` of them could be taken in now.
    `missing_there`: ids that the desk has and the provider does not list.
    """

    channel: Channel
    day: date
    seen: int
    missing_here: tuple[str, ...]
    taken_in: tuple[str, ...]
    missing_there: tuple[str, ...]


def span_of(desk: Desk, day: date) -> tuple[datetime, datetime]:
    """Return when a day of the desk begins and ends."""
    begins = datetime.combine(day, time.min, desk.timezone)
    return begins, begins + timedelta(days=1)


def is_due(work: StoreWork, channel: Channel, day: date) -> bool:
    """Say whether a day still has to be compared."""
    return not work.upkeep.reconciled(channel, day.isoformat())


def lost_of(work: StoreWork, channel: Channel, listed: Sequence[Listed]) -> Sequence[Listed]:
    """Return the incoming messages that the desk never got."""
    incoming = [message for message in listed if message.direction is Direction.IN]
    arrived = work.upkeep.known_arrivals(channel, [message.provider_id for message in incoming])
    return [message for message in incoming if message.provider_id not in arrived]


def reconcile(
    desk: Desk, work: StoreWork, channel: Channel, day: date, listed: Sequence[Listed]
) -> Reconciled:
    """Compare a day, take in what never arrived, and keep what was found.

    `listed` must reach an hour beyond the day on both sides: only what is inside the day is asked of the other side.
    """
    since, until = span_of(desk, day)
    inside = [message for message in listed if since <= message.at < until]
    outgoing = [message for message in inside if message.direction is Direction.OUT]
    sent = work.outbox.known(channel, [message.provider_id for message in outgoing])
    lost = lost_of(work, channel, inside)
    late = [_arrival(channel, message) for message in lost if message.payload is not None]
    if late:
        work.ledger.accept([arrival for arrival in late if arrival is not None])
        work.publish("ledger")
    theirs = {message.provider_id for message in listed}
    ours = work.upkeep.arrived(channel, since, until) | work.upkeep.dispatched(channel, since, until)
    found = Reconciled(
        channel=channel,
        day=day,
        seen=len(inside),
        missing_here=tuple(message.provider_id for message in lost)
        + tuple(message.provider_id for message in outgoing if message.provider_id not in sent),
        taken_in=tuple(message.provider_id for message in lost if message.payload is not None),
        missing_there=tuple(sorted(ours - theirs)),
    )
    kept = {
        "seen": found.seen,
        "missing_here": list(found.missing_here),
        "taken_in": list(found.taken_in),
        "missing_there": list(found.missing_there),
    }
    work.upkeep.keep_reconciliation(channel, day.isoformat(), kept, desk.now())
    return found


def _arrival(channel: Channel, message: Listed) -> Arrival | None:
    if message.payload is None:
        return None
    return Arrival(channel, message.provider_id, message.address, message.payload, message.at)

"""How the channels do, for those who watch over the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases.model import Account
from cases.rights import Action, demand
from cases.traffic import Template
from cases.vocabulary import Channel, Direction
from desk.desk import Desk
from store.traffic_report import Held, TrafficReport, Trouble
from store.work import StoreWork

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
TROUBLES = 50
NIGHTS = 14


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One channel: what came and went in a day, what waits, what went wrong in a week.

    `waiting` are answers in the outbox, or calls to make; `oldest` is since when the first of them waits.
    """

    channel: Channel
    by_voice: bool
    came: int
    went: int
    waiting: int
    oldest: datetime | None
    troubles: Sequence[Trouble]
    held: Sequence[Held]
    templates: Sequence[Template] | None


@dataclass(frozen=True, slots=True)
class Night:
    """What a nightly comparison with a provider's list found: ids that one side alone has."""

    channel: Channel
    day: str
    at: datetime
    seen: int
    missing_here: Sequence[str]
    taken_in: int
    missing_there: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChannelsReport:
    """Every channel and the latest nights."""

    channels: Sequence[ChannelState]
    nights: Sequence[Night]


async def channels_report(desk: Desk, account: Account) -> ChannelsReport:
    """Return how the channels do."""
    demand(account, Action.MONITOR)

    def read(work: StoreWork) -> ChannelsReport:
        kept = work.upkeep.reconciliations(NIGHTS)
        return ChannelsReport(
            channels=[_state(desk, work, channel) for channel in desk.channels],
            nights=[_night(channel, day, found, at) for channel, day, found, at in kept],
        )

    return await desk.database.read(read)


def _state(desk: Desk, work: StoreWork, channel: Channel) -> ChannelState:
    report, can, now = TrafficReport(work.connection), desk.channels[channel].can, desk.now()
    counted = report.counted(channel, now - DAY)
    waiting, oldest = report.calls() if can.by_voice else report.waiting(channel)
    return ChannelState(
        channel=channel,
        by_voice=can.by_voice,
        came=counted[Direction.IN],
        went=counted[Direction.OUT],
        waiting=waiting,
        oldest=oldest,
        troubles=report.troubles(channel, now - WEEK, TROUBLES),
        held=report.held(channel, TROUBLES),
        templates=work.templates(channel) if can.templates else None,
    )


def _night(channel: Channel, day: str, found: Mapping[str, Any], at: datetime) -> Night:
    here = [str(name) for name in found.get("missing_here", ())]
    return Night(
        channel=channel,
        day=day,
        at=at,
        seen=int(found.get("seen", 0)),
        missing_here=here,
        taken_in=len(found.get("taken_in", here)),
        missing_there=[str(name) for name in found.get("missing_there", ())],
    )

"""The desk: everything its acts need, built once by `service.wiring`."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.errors import NotFound
from cases.model import Account, Article, Case
from cases.ports import Classifier, Clock, Finder
from cases.rights import Action, demand
from cases.vocabulary import AccountRole, Channel
from intake.channels.channel import ChannelKind
from store.database import Database
from store.work import StoreWork
from workflow.clocks import Calendar
from workflow.definition import Library


def no_names(_year: int, _language: str) -> Mapping[date, str]:
    """Know of no holiday."""
    return {}


@dataclass(slots=True)
class Desk:
    """The open desk; `finder`, `classifier` and `calendar` are replaced whole when what they are made of changes.

    `named_holidays` gives a year's holidays with their names in a language (`es`, `en`).
    """

    database: Database
    library: Library
    channels: Mapping[Channel, ChannelKind]
    clock: Clock
    timezone: ZoneInfo
    public_url: str
    calendar: Calendar
    classifier: Classifier | None = None
    finder: Finder | None = None
    build_finder: Callable[[Sequence[Article]], Finder] | None = None
    reopening: timedelta = timedelta(days=14)
    balanced: bool = False
    undo: timedelta = timedelta(0)
    telegram_bot: str | None = None
    switched_off: frozenset[str] = field(default_factory=frozenset)
    past_arrivals: dict[date, Mapping[time, int]] = field(default_factory=dict)
    """What earlier days brought, by the time of day, as the monitor last counted it: it does not change any more."""
    named_holidays: Callable[[int, str], Mapping[date, str]] = no_names

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return self.clock.now()

    def local(self, at: datetime) -> str:
        """Write a moment as the desk's people say it."""
        return at.astimezone(self.timezone).strftime("%d/%m/%Y %H:%M")

    async def refresh_articles(self) -> None:
        """Index the knowledge base as it stands now."""
        if self.build_finder is not None:
            articles = await self.database.read(lambda work: work.articles.all(approved_only=True))
            self.finder = await asyncio.to_thread(self.build_finder, articles)


def open_to(work: StoreWork, account: Account, number: str) -> Case:
    """Return a case that the account may see; one that it may not is not found."""
    demand(account, Action.SEE_CASES)
    case = work.cases.get(number)
    theirs = account.role is not AccountRole.UNIDAD or case.unit is account.unit
    if not theirs and not work.cases.is_seen_by(case.id, account.unit):
        raise NotFound(f"No existe el caso {number}.")
    return case

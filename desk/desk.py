"""The desk: everything its acts need, built once by `service.wiring`."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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


@dataclass(slots=True)
class Desk:
    """The open desk; `finder` and `classifier` are replaced whole when articles or the model change."""

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
    telegram_bot: str | None = None
    switched_off: frozenset[str] = field(default_factory=frozenset)

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

"""One transaction's repositories, and the events it will have caused once it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa

from cases.traffic import Template
from cases.vocabulary import Channel
from store.accounts import AccountRows
from store.articles import ArticleRows
from store.attendances import AttendanceRows
from store.callbacks import CallbackRows
from store.cases import CaseRows
from store.clocks import ClockRows
from store.drafts import DraftRows
from store.governing import GoverningRows
from store.identities import IdentityRows
from store.learning import LearningRows
from store.ledger import LedgerRows
from store.messages import MessageRows
from store.monitor import MonitorRows
from store.notices import NoticeRows
from store.outbox import OutboxRows
from store.people import PeopleRows
from store.preferences import PreferenceRows
from store.presences import PresenceRows
from store.procedures import ProcedureRows
from store.queries import Queries
from store.record import RecordRows
from store.report_scope import FigureRows
from store.reports import ReportRows
from store.saved_views import SavedViewRows
from store.schedules import ScheduleRows
from store.self_service import SelfServiceRows
from store.snoozes import SnoozeRows
from store.staff import StaffRows
from store.texts import TextRows
from store.tray import TrayRows
from store.upkeep import UpkeepRows
from store.withdrawal import WithdrawalRows
from store.worklist import WorklistRows


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed; names only, never content."""

    name: str
    about: dict[str, str] = field(default_factory=dict)


class StoreWork:
    """Implements `cases.ports.Work` on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.events: list[Event] = []

    def publish(self, event: str, **about: str) -> None:
        """Tell the live screens, once the transaction is stored."""
        self.events.append(Event(event, about))

    def templates(self, channel: Channel) -> Sequence[Template]:
        """Return a channel's registered templates."""
        return self.upkeep.templates(channel)

    @cached_property
    def people(self) -> PeopleRows:
        """Persons, addresses, conversations."""
        return PeopleRows(self.connection)

    @cached_property
    def cases(self) -> CaseRows:
        """Cases, proposals, confirmations."""
        return CaseRows(self.connection)

    @cached_property
    def record(self) -> RecordRows:
        """The case records."""
        return RecordRows(self.connection)

    @cached_property
    def messages(self) -> MessageRows:
        """Messages, attachments, deliveries."""
        return MessageRows(self.connection)

    @cached_property
    def articles(self) -> ArticleRows:
        """The knowledge base."""
        return ArticleRows(self.connection)

    @cached_property
    def ledger(self) -> LedgerRows:
        """What arrived, as it arrived, and the quarantine."""
        return LedgerRows(self.connection)

    @cached_property
    def outbox(self) -> OutboxRows:
        """What waits to be sent."""
        return OutboxRows(self.connection)

    @cached_property
    def withdrawal(self) -> WithdrawalRows:
        """Answers that are taken back before they leave."""
        return WithdrawalRows(self.connection)

    @cached_property
    def drafts(self) -> DraftRows:
        """What people have begun to write."""
        return DraftRows(self.connection)

    @cached_property
    def texts(self) -> TextRows:
        """The texts that are used again and again."""
        return TextRows(self.connection)

    @cached_property
    def identities(self) -> IdentityRows:
        """Addresses that were joined or separated."""
        return IdentityRows(self.connection)

    @cached_property
    def upkeep(self) -> UpkeepRows:
        """Bookmarks, templates, reconciliations."""
        return UpkeepRows(self.connection)

    @cached_property
    def self_service(self) -> SelfServiceRows:
        """Cases that their people solved."""
        return SelfServiceRows(self.connection)

    @cached_property
    def callbacks(self) -> CallbackRows:
        """Calls to make."""
        return CallbackRows(self.connection)

    @cached_property
    def clocks(self) -> ClockRows:
        """The cases' clocks."""
        return ClockRows(self.connection)

    @cached_property
    def procedures(self) -> ProcedureRows:
        """Procedure versions and administrators' acts."""
        return ProcedureRows(self.connection)

    @cached_property
    def learning(self) -> LearningRows:
        """Confirmations to learn from, trainings, the model in use."""
        return LearningRows(self.connection)

    @cached_property
    def reports(self) -> ReportRows:
        """The sums of the reports."""
        return ReportRows(self.connection)

    @cached_property
    def monitor(self) -> MonitorRows:
        """The open conversations, and how today goes."""
        return MonitorRows(self.connection)

    @cached_property
    def tray(self) -> TrayRows:
        """A unit's cases by their clocks."""
        return TrayRows(self.connection)

    @cached_property
    def schedules(self) -> ScheduleRows:
        """The reports that go out by themselves."""
        return ScheduleRows(self.connection)

    @cached_property
    def figures(self) -> FigureRows:
        """The cases behind the reports' figures."""
        return FigureRows(self.connection)

    @cached_property
    def accounts(self) -> AccountRows:
        """Users, sessions, tokens."""
        return AccountRows(self.connection)

    @cached_property
    def staff(self) -> StaffRows:
        """Accounts, sessions and tokens as administrators keep them."""
        return StaffRows(self.connection)

    @cached_property
    def governing(self) -> GoverningRows:
        """Systems, days of the calendar, and the book of administrators' acts."""
        return GoverningRows(self.connection)

    @cached_property
    def saved_views(self) -> SavedViewRows:
        """The filters that people gave a name."""
        return SavedViewRows(self.connection)

    @cached_property
    def worklist(self) -> WorklistRows:
        """What the lines of the queue and of a search show beside the case."""
        return WorklistRows(self.connection)

    @cached_property
    def presences(self) -> PresenceRows:
        """Who looks at which case."""
        return PresenceRows(self.connection)

    @cached_property
    def attendances(self) -> AttendanceRows:
        """Who is available."""
        return AttendanceRows(self.connection)

    @cached_property
    def notices(self) -> NoticeRows:
        """What people are told."""
        return NoticeRows(self.connection)

    @cached_property
    def snoozes(self) -> SnoozeRows:
        """Cases that are put off."""
        return SnoozeRows(self.connection)

    @cached_property
    def preferences(self) -> PreferenceRows:
        """What people chose for themselves."""
        return PreferenceRows(self.connection)

    @cached_property
    def queries(self) -> Queries:
        """The screens' and the API's lists."""
        return Queries(self.connection)

"""The one place that builds things: settings in, an open service out; what opens a thing closes it."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import structlog

from cases.model import Article
from cases.ports import Classifier, Clock
from cases.vocabulary import Channel
from console.report_mail import letters
from desk.administration.calendar import refresh_calendar
from desk.desk import Desk
from desk.knowledge import lapse_articles
from desk.notices import forget_old_notices
from desk.presence import forget_absent
from desk.procedures import refresh_procedures
from desk.scheduled_reports import send_due
from desk.silence import remind_all
from desk.snooze import wake_all
from intake.channels.channel import Adapter
from intake.channels.registry import CHANNELS
from intake.channels.simulated.mailbox import Mailbox
from intake.channels.simulated.telegram import TelegramTwin
from intake.channels.simulated.twilio import TwilioTwin
from intake.classifier.training.corpus import CORPUS
from kb.files import load_examples
from kb.search import ArticleFinder
from service.clock import SystemClock
from service.doors import ServiceDoors
from service.models import Models, encoder_of, shipped
from service.reconciling import Reconciling
from service.retraining import ProcessTrainer, Retraining
from service.settings import Settings
from service.workers import Periodic, Refreshing, Sending, Understanding, Watching, Worker, run
from store.database import Database
from workflow.clocks import Calendar
from workflow.definition import Library

log = structlog.get_logger()

LAST_STEP = 25
"""Seconds that the workers may take to finish their steps when the service stops; a send may take 20."""


@dataclass(frozen=True, slots=True)
class Twins:
    """The simulated providers of a development desk."""

    twilio: TwilioTwin
    telegram: TelegramTwin
    mailbox: Mailbox

    def let_go(self) -> None:
        """Answer what hangs, so that the service can stop."""
        self.telegram.let_go()


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that runs."""

    settings: Settings
    desk: Desk
    adapters: dict[Channel, Adapter]
    workers: tuple[Worker, ...]
    models: Models
    twins: Twins | None
    origins: Mapping[str, str] = field(default_factory=dict)


def build_calendar(settings: Settings) -> Calendar:
    """Return the desk's working calendar."""
    days = holidays.country_holidays(settings.holidays)
    return Calendar.of(settings.work_hours, ZoneInfo(settings.timezone), lambda day: day in days)


def name_holidays(country: str) -> Callable[[int, str], Mapping[date, str]]:
    """Return what names a country's holidays in a year, in a language where the country has it."""

    def names(year: int, language: str) -> Mapping[date, str]:
        known = holidays.country_holidays(country)
        wanted = next((one for one in known.supported_languages if one.startswith(language)), None)
        return dict(holidays.country_holidays(country, years=year, language=wanted))

    return names


def build_desk(settings: Settings, clock: Clock | None = None) -> Desk:
    """Open the store and put the desk together, without model or index; the caller closes `desk.database`."""
    desk = Desk(
        database=Database(settings.database_url),
        library=Library.shipped(),
        channels=CHANNELS,
        clock=clock or SystemClock(),
        timezone=ZoneInfo(settings.timezone),
        public_url=settings.public_url,
        calendar=build_calendar(settings),
        reopening=timedelta(days=settings.reopening_days),
        undo=timedelta(seconds=settings.undo_seconds),
        balanced=settings.assign == "balanced",
        telegram_bot=settings.telegram_username,
        named_holidays=name_holidays(settings.holidays),
    )
    desk.build_finder = lambda articles: build_finder(articles, desk.classifier)
    return desk


def build_finder(articles: Sequence[Article], classifier: Classifier | None) -> ArticleFinder:
    """Index articles; messages of other people help, and the classifier's opinion of a text, where there is one."""
    examples = load_examples(tuple(sorted(CORPUS.glob("*.jsonl"))))
    if classifier is None:
        return ArticleFinder(articles, examples=examples)
    return ArticleFinder(
        articles,
        classify=lambda text: classifier.classify([(Channel.WHATSAPP, None, text)])[0],
        examples=examples,
    )


def load_classifier(settings: Settings) -> Classifier | None:
    """Return the shipped classifier, or None where none is trained yet; the service asks the database first (`Models`)."""
    return shipped(Path(settings.model_dir), encoder_of(settings))


@asynccontextmanager
async def opened(
    settings: Settings,
    clock: Clock | None = None,
    *,
    listens: bool = True,
    origins: Mapping[str, str] | None = None,
) -> AsyncIterator[Service]:
    """Open the desk, its channels and its twins; a node that does not listen only sends.

    `origins` says where each setting comes from, for the page that shows them.
    """
    async with AsyncExitStack() as stack:
        desk = build_desk(settings, clock)
        stack.callback(desk.database.close)
        await refresh_procedures(desk)
        await refresh_calendar(desk)
        await desk.refresh_articles()
        twins = await _twins(settings, desk, stack) if settings.simulated else None
        doors = ServiceDoors(desk, listens=listens)
        adapters: dict[Channel, Adapter] = {}
        for name, kind in CHANNELS.items():
            channel = kind.open(settings, doors)
            if channel is not None:
                adapters[name] = await stack.enter_async_context(channel)
        owner = f"{socket.gethostname()}:{os.getpid()}"
        folder = Path(settings.model_dir)
        models = Models(desk, folder, encoder_of(settings))
        workers = (
            Understanding(desk, owner),
            Sending(desk, adapters, owner),
            Watching(desk),
            Periodic(desk, timedelta(minutes=15), remind_all),
            Periodic(desk, timedelta(seconds=5), lapse_articles),
            Periodic(desk, timedelta(seconds=5), wake_all),
            Periodic(desk, timedelta(seconds=5), forget_absent),
            Periodic(desk, timedelta(days=1), forget_old_notices),
            Periodic(desk, timedelta(seconds=5), _reports(desk, adapters)),
            Refreshing(desk, models.follow),
            Retraining(desk, models, ProcessTrainer(folder)),
            # a twin forgets its day at every start
            Reconciling(desk, {} if settings.simulated else adapters),
        )
        yield Service(settings, desk, adapters, workers, models, twins, origins or {})


def _reports(desk: Desk, adapters: Mapping[Channel, Adapter]) -> Callable[[Desk], Awaitable[int]]:
    """Return what sends the reports that are due through the mail channel, or says of each that there is none."""
    mail, write = adapters.get(Channel.EMAIL), letters(desk)

    async def send(desk: Desk) -> int:
        return await send_due(desk, write, mail.send if mail is not None else None)

    return send


async def _twins(settings: Settings, desk: Desk, stack: AsyncExitStack) -> Twins:
    account, token = settings.twilio_account_sid, settings.twilio_auth_token
    bot = settings.telegram_token
    mailbox = Mailbox()
    with contextlib.suppress(OSError):  # a second development desk shares the first one's mailbox
        await stack.enter_async_context(mailbox.listening("127.0.0.1", settings.simulated_smtp_port))
    return Twins(
        TwilioTwin(
            account=account or "",
            token=token.get_secret_value() if token else "",
            number=settings.twilio_whatsapp_from or "",
            now=desk.now,
            messages_url=f"{settings.public_url}/channels/whatsapp/messages",
        ),
        TelegramTwin(token=bot.get_secret_value() if bot else "", now=desk.now),
        mailbox,
    )


@asynccontextmanager
async def working(service: Service, *, workers: bool = True) -> AsyncIterator[None]:
    """Load the model and run the workers while the context is open; any stored change wakes them.

    Those that look for what others changed, and for what there is to learn, are not woken: they look when their time comes.

    Arrivals are understood once the model is there (or cannot be had), so that none goes without a proposal. At the
    end each worker finishes its step: nothing that is being sent is cut off.
    """
    loading = asyncio.create_task(_load(service))
    running = service.workers if workers else tuple(w for w in service.workers if isinstance(w, Refreshing))
    wakes, stop = [asyncio.Event() for _ in running], asyncio.Event()
    woken = [
        w for w, worker in zip(wakes, running, strict=True) if not isinstance(worker, Refreshing | Retraining)
    ]

    def wake(_events: object) -> None:
        for waiting in woken:
            waiting.set()

    service.desk.database.listen(wake)
    tasks = [
        asyncio.create_task(
            _after(loading if isinstance(worker, Understanding) else None, worker, woken_by, stop)
        )
        for worker, woken_by in zip(running, wakes, strict=True)
    ]
    try:
        yield
    finally:
        stop.set()
        for worker in running:
            if isinstance(worker, Retraining):
                worker.let_go()
        for waiting in wakes:
            waiting.set()
        await asyncio.wait([*tasks, loading], timeout=LAST_STEP)
        for task in (*tasks, loading):
            task.cancel()
        await asyncio.gather(*tasks, loading, return_exceptions=True)


async def _after(
    first: "asyncio.Task[None] | None", worker: Worker, wake: asyncio.Event, stop: asyncio.Event
) -> None:
    if first is not None:
        await asyncio.wait([first])
    await run(worker, wake, stop)


async def _load(service: Service) -> None:
    """Load the model beside the running service, and let it help the finder."""
    try:
        await service.models.take_up()
    except Exception:  # the desk works without proposals; the health page says so
        log.exception("classifier could not be loaded")

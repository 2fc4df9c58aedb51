"""Builders: what a test needs, with everything that does not matter filled in."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cases.model import Account, Article, ArticleText, Case, Entry, Inbound, Message, Parcel, Verdict
from cases.procedure import Value
from cases.vocabulary import AccountRole, Category, Channel, Unit
from desk.arrivals import read, take_in
from desk.desk import Desk
from desk.steps import Classified, classify, move
from intake.channels.registry import CHANNELS
from intake.classifier.systems import load_systems
from intake.receive import Received
from kb.search import ArticleFinder
from store.database import Database
from store.work import StoreWork
from workflow.clocks import Calendar
from workflow.definition import Library

START = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
"""A Monday, nine in the morning in La Paz."""

PUBLIC_URL = "http://127.0.0.1:8080"

_numbers = itertools.count(1)


@dataclass(slots=True)
class TestClock:
    """A clock that stands still until it is told to go on."""

    __test__ = False
    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


def a_message(**said: Any) -> Inbound:
    """Build an incoming message; by default one of Rosa's on WhatsApp."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "channel": Channel.WHATSAPP,
        "provider_id": f"SM{number:032d}",
        "sender": "+59170000001",
        "recipient": "+59170000099",
        "sender_name": "Rosa Mamani",
        "text": "No carga la página de pagos",
        "at": START,
    }
    return Inbound(**(values | said))


def a_verdict(**said: Any) -> Verdict:
    """Build a proposal; by default a sure one of an outage."""
    values: dict[str, Any] = {
        "category": Category.AVAILABILITY,
        "confidence": 0.9,
        "probabilities": {
            Category.AVAILABILITY: 0.9,
            Category.FUNCTIONAL_DESIGN: 0.04,
            Category.SUPPORT: 0.06,
        },
        "system": "ppte",
        "system_confidence": 0.8,
        "abstain": False,
        "evidence": (),
        "model": "test-1",
    }
    return Verdict(**(values | said))


def an_article_text(**said: Any) -> ArticleText:
    """Build an article as an importer gives it."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "external_id": f"kb-t{number}",
        "title": "Recuperar la contraseña",
        "body": "1. Abra la página.\n2. Elija **Olvidé mi contraseña**.",
        "category": Category.SUPPORT,
        "system": "ciudadania_digital",
        "keywords": ("clave",),
    }
    return ArticleText(**(values | said))


@dataclass(slots=True)
class SureClassifier:
    """Proposes the same for every message."""

    verdict: Verdict = field(default_factory=a_verdict)
    version: str = "test-1"

    def classify(self, texts: Any) -> list[Verdict]:
        return [self.verdict for _ in texts]


@dataclass(slots=True)
class DeskUnderTest:
    """A desk with its clock and its people, and short words for what tests do."""

    desk: Desk
    clock: TestClock
    people: dict[str, Account]

    async def receive(self, inbound: Inbound) -> Received:
        """Take a message in as the worker does, without the ledger."""
        [reading] = read(self.desk, [inbound])
        return await self.desk.database.write(
            lambda work: take_in(self.desk, work, inbound, reading, self.clock.now(), ledger=None)
        )

    async def messages(self, case: Case) -> list[Message]:
        return list(await self.desk.database.read(lambda work: work.messages.of(case.id)))

    async def record(self, case: Case) -> list[Entry]:
        return list(await self.desk.database.read(lambda work: work.record.of(case.id)))

    async def case(self, number: str) -> Case:
        return await self.desk.database.read(lambda work: work.cases.get(number))

    async def confirm(self, case: Case, category: Category, *, before: bool = False) -> Case:
        said = Classified(category, "ppte", before, case.revision)
        return await classify(self.desk, self.people["operador"], case.number, said)

    async def step(self, case: Case, by: str, answer: str, **values: Value) -> Case:
        return await move(self.desk, self.people[by], case.number, answer, values, case.revision)

    async def dispatch(self) -> list[Parcel]:
        """Let everything that may go out go out, each part under the provider id `<its delivery@desk>`."""

        def act(work: StoreWork) -> list[Parcel]:
            out: list[Parcel] = []
            while parcels := work.outbox.claim("test", 10, self.clock.now()):
                for parcel in parcels:
                    work.outbox.sent(parcel.delivery, f"<{parcel.delivery}@desk>", self.clock.now())
                out += parcels
            return out

        return await self.desk.database.write(act)

    async def article(self, **said: Any) -> Article:
        text = an_article_text(**said)
        kept = await self.desk.database.write(lambda work: work.articles.keep(text, "test", self.clock.now()))
        await self.desk.refresh_articles()
        return kept

    async def stocked(self) -> None:
        """Fill the knowledge base: one article on payments among others."""
        for title in (
            "Renovar un certificado",
            "Derivar una hoja de ruta",
            "Registrar un carnet",
            "Abrir un buzón",
        ):
            await self.article(title=title, system="firma_digital")
        await self.article(
            external_id="kb-pagos",
            title="La página de pagos no carga",
            body="Si no carga la página de pagos, pruebe con **otro** navegador.",
            category=Category.AVAILABILITY,
            system="ppte",
        )

    async def walk(self, case: Case, *acts: tuple[str, str, dict[str, Value]]) -> Case:
        for by, answer, values in acts:
            case = await self.step(case, by, answer, **values)
        return case


PEOPLE = {
    "operador": (AccountRole.OPERADOR, Unit.AIT),
    "operador2": (AccountRole.OPERADOR, Unit.AIT),
    "supervisor": (AccountRole.SUPERVISOR, Unit.AIT),
    "uit": (AccountRole.UNIDAD, Unit.UIT),
    "upat": (AccountRole.UNIDAD, Unit.UPAT),
    "acgii": (AccountRole.UNIDAD, Unit.ACGII),
    "adt": (AccountRole.UNIDAD, Unit.ADT),
    "admin": (AccountRole.ADMIN, Unit.AIT),
}


def open_desk(url: str) -> DeskUnderTest:
    """Open a desk with its people on a migrated database; close `desk.database` afterwards."""
    clock = TestClock()
    desk = Desk(
        database=Database(url),
        library=Library.shipped(),
        channels=CHANNELS,
        clock=clock,
        timezone=ZoneInfo("America/La_Paz"),
        public_url=PUBLIC_URL,
        calendar=Calendar.of("08:30-12:30,14:30-18:30", ZoneInfo("America/La_Paz")),
        classifier=SureClassifier(),
        build_finder=ArticleFinder,
    )

    def people(work: StoreWork) -> dict[str, Account]:
        work.accounts.add_units()
        work.accounts.keep_systems(load_systems())
        return {
            name: work.accounts.add(name, name.capitalize(), role, unit, None, clock.now())
            for name, (role, unit) in PEOPLE.items()
        }

    return DeskUnderTest(desk, clock, desk.database.write_now(people))


SUPPORT_TO_REVIEW: tuple[tuple[str, str, dict[str, Value]], ...] = (
    ("operador", "not-uit", {}),
    ("operador", "not-functional", {}),
    ("operador", "solve", {"solution": "Borre los datos del navegador."}),
    ("operador", "not-needed", {"reason": "Ya está explicado."}),
    ("operador", "notify", {"text": "Borre los datos del navegador y entre otra vez."}),
    ("operador", "derive-supervisor", {}),
)
"""PR01 3 to 9 for a report that is neither an outage nor a design problem."""

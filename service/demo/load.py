"""Loads the demo desk through the same acts that people use, so that every record is a real one."""

import asyncio
import json
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import Any

from cases.model import Account, Case, Inbound
from cases.procedure import Value
from cases.vocabulary import AccountRole, Category, Channel, DeliveryState, Unit
from desk.arrivals import read, take_in
from desk.desk import Desk
from desk.entrance import hash_password
from desk.steps import Classified, classify, move
from kb.files import read_articles
from service.settings import Settings
from service.wiring import load_classifier
from store.work import StoreWork

FIRST_OPTION = "@first"
PASSWORD = "demo"  # noqa: S105 - the demo desk's, and known to be
PEOPLE = (
    ("operador", "Lucía Quispe", AccountRole.OPERADOR, Unit.AIT),
    ("operador2", "Jorge Choque", AccountRole.OPERADOR, Unit.AIT),
    ("supervisor", "Marcela Rojas", AccountRole.SUPERVISOR, Unit.AIT),
    ("uit", "Infraestructura (UIT)", AccountRole.UNIDAD, Unit.UIT),
    ("upat", "Producción (UPAT)", AccountRole.UNIDAD, Unit.UPAT),
    ("acgii", "Incidentes (ACGII)", AccountRole.UNIDAD, Unit.ACGII),
    ("adt", "Diseño (ADT)", AccountRole.UNIDAD, Unit.ADT),
    ("admin", "Administración", AccountRole.ADMIN, Unit.AIT),
)


class DemoClock:
    """A clock that the demo's story moves: each case happened at its own time."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the story's present moment."""
        return self.at

    def pass_minutes(self, minutes: int) -> None:
        """Let time go by."""
        self.at += timedelta(minutes=minutes)


def load_demo(desk: Desk, settings: Settings) -> str:
    """Load people, articles and cases; says what was loaded. A desk with people in it keeps what it has."""
    if desk.database.read_now(lambda work: work.accounts.named("operador")) is not None:
        return "The demo desk is loaded already; it keeps what it has."
    hashed = hash_password(PASSWORD)
    articles = read_articles(_lines("kb.demo", "articles.jsonl"))

    texts = tomllib.loads("\n".join(_lines("service.demo", "texts.toml")))["text"]

    def act(work: StoreWork) -> None:
        for username, name, role, unit in PEOPLE:
            work.accounts.add(username, name, role, unit, hashed, desk.now())
        for entry in articles:
            work.articles.keep(entry.article, "demo", desk.now(), approved=entry.approved)
        for text in texts:
            work.texts.keep(
                None, text["shortcut"], text["title"], text["text"].strip(), "Marcela Rojas", desk.now()
            )

    desk.database.write_now(act)
    stories = [json.loads(line) for line in _lines("service.demo", "cases.jsonl")]
    desk.classifier = load_classifier(settings)
    asyncio.run(_tell(desk, stories))
    return f"The demo desk has {len(PEOPLE)} accounts, {len(articles)} articles and {len(stories)} cases."


def _lines(package: str, name: str) -> list[str]:
    return (files(package) / name).read_text("utf-8").splitlines()


async def _tell(desk: Desk, stories: list[dict[str, Any]]) -> None:
    await desk.refresh_articles()
    accounts = await desk.database.read(
        lambda work: {account.username: account for account in work.accounts.all()}
    )
    journeys = tomllib.loads("\n".join(_lines("service.demo", "journeys.toml")))
    now, real = desk.now(), desk.clock
    for number, story in enumerate(stories):
        desk.clock = clock = DemoClock(now - timedelta(hours=story["hours_ago"]))
        case = await _receive(desk, story, number)
        if "journey" in story:
            await _walk(desk, case, story, journeys[story["journey"]], accounts, clock)
        await desk.database.write(partial(_deliver, now=clock.now()))
    desk.clock = real


async def _receive(desk: Desk, story: Mapping[str, Any], number: int) -> Case:
    inbound = Inbound(
        channel=Channel(story["channel"]),
        provider_id=f"demo-{number}",
        sender=story["sender"],
        recipient=story["recipient"],
        sender_name=story["name"],
        subject=story.get("subject"),
        text=story["text"],
        at=desk.now(),
    )
    [reading] = read(desk, [inbound])

    received = await desk.database.write(
        lambda work: take_in(desk, work, inbound, reading, desk.now(), ledger=None)
    )
    assert received.case is not None  # people wrote the demo's messages
    return received.case


async def _walk(
    desk: Desk,
    case: Case,
    story: Mapping[str, Any],
    journey: Mapping[str, Any],
    accounts: Mapping[str, Account],
    clock: DemoClock,
) -> None:
    """Take a case along its journey up to where the story stops, each act by the person who may."""
    clock.pass_minutes(9)
    facts = journey["facts"]
    said = Classified(
        Category(facts["category"]), story["system"], facts["handled_before_by_uit"], case.revision
    )
    case = await classify(desk, accounts["operador"], case.number, said)
    for act in journey["acts"]:
        clock.pass_minutes(11)
        values = _values(desk, case, act, story["solution"], clock)
        case = await move(desk, accounts[act["by"]], case.number, act["move"], values, case.revision)
        if str(case.place or "closed") == story["until"]:
            return
    raise ValueError(f"the demo's story {story['text']!r} ends at {case.place}, not {story['until']}")


def _values(
    desk: Desk, case: Case, act: Mapping[str, Any], solution: str, clock: DemoClock
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, value in act.get("fields", {}).items():
        if value == FIRST_OPTION and case.place is not None:
            answer = desk.library.step(case.place).answer(act["move"])
            values[name] = (
                next(field.options[0] for field in answer.fields if field.name == name) if answer else ""
            )
        else:
            values[name] = solution if value == "{solution}" else value
    if "hours" in act:
        values["estimate"] = clock.now() + timedelta(hours=act["hours"])
    return values


def _deliver(work: StoreWork, now: datetime) -> None:
    """Let the story's answers arrive, without sending anything to anybody."""
    while parcels := work.outbox.claim("demo", 100, now):
        for parcel in parcels:
            name = f"demo-{parcel.delivery}"
            work.outbox.sent(parcel.delivery, name, now)
            work.outbox.report(parcel.channel, name, DeliveryState.DELIVERED, None, now)

"""The writing thread: each act alone in its savepoint, all of a batch in one commit."""

import asyncio

import pytest
import sqlalchemy as sa

from cases.model import Arrival
from cases.vocabulary import Channel
from store.database import Database
from store.tables import ledger
from store.work import StoreWork
from store.writer import CAPACITY, Busy
from tests.builders import START


def an_arrival(name: str) -> Arrival:
    return Arrival(Channel.WHATSAPP, name, "+59170000001", b"x", START)


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url)


def count(work: StoreWork) -> int:
    return work.connection.execute(sa.select(sa.func.count()).select_from(ledger)).scalar_one()


async def test_an_act_that_fails_takes_no_other_with_it(database: Database) -> None:
    def broken(work: StoreWork) -> None:
        work.ledger.accept([an_arrival("broken")])
        raise ValueError("no")

    acts = [lambda work, n=n: work.ledger.accept([an_arrival(f"m{n}")]) for n in range(20)]
    done = await asyncio.gather(
        *(database.write(act) for act in acts), database.write(broken), return_exceptions=True
    )

    assert [type(outcome) for outcome in done if outcome is not None] == [ValueError]
    assert await database.read(count) == 20
    database.close()


async def test_the_same_provider_id_is_kept_once_under_concurrency(database: Database) -> None:
    await asyncio.gather(
        *(database.write(lambda work: work.ledger.accept([an_arrival("same")])) for _ in range(30))
    )

    assert await database.read(count) == 1
    database.close()


async def test_events_are_heard_after_the_commit_only(database: Database) -> None:
    heard: list[str] = []
    database.listen(lambda events: heard.extend(event.name for event in events))

    def act(work: StoreWork) -> None:
        work.publish("case-changed")

    def broken(work: StoreWork) -> None:
        work.publish("never")
        raise ValueError("no")

    await asyncio.gather(database.write(act), database.write(broken), return_exceptions=True)
    await asyncio.sleep(0)
    assert heard == ["case-changed"]
    database.close()


async def test_too_much_waiting_is_refused_not_kept(database: Database) -> None:
    import threading

    gate = threading.Event()
    first = asyncio.ensure_future(database.write(lambda _work: gate.wait(10)))
    await asyncio.sleep(0)

    def fill() -> None:
        for _ in range(2 * CAPACITY):
            database._writer.submit(lambda _work: None)

    with pytest.raises(Busy):
        fill()
    gate.set()
    await first
    database.close()


async def test_what_comes_after_the_end_is_refused_and_does_not_hang(database: Database) -> None:
    database.close()

    with pytest.raises(Busy):
        await database.write(lambda work: work.ledger.accept([an_arrival("late")]))

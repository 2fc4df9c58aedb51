"""Opens a database and runs acts on it: writes through one thread with group commit, reads beside them."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pysqlite3.dbapi2
import sqlalchemy as sa

from store.tables import metadata
from store.work import Event, StoreWork
from store.writer import Writer

T = TypeVar("T")
READERS = 4


class Database:
    """One open database.

    Acts are plain functions of a `StoreWork`. They run in threads, so they must not touch the event loop.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._reading = open_engine(url, writing=False, pool_size=READERS)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._writing = open_engine(url, writing=True, pool_size=1)
        self._writer = Writer(self._writing, self._stored)
        self._listeners: list[tuple[asyncio.AbstractEventLoop, Callable[[Sequence[Event]], None]]] = []

    async def write(self, act: Callable[[StoreWork], T]) -> T:
        """Run `act` in a transaction; once this returns it survives a power cut. Raises `store.writer.Busy`."""
        return await asyncio.wrap_future(self._writer.submit(act))

    async def read(self, act: Callable[[StoreWork], T]) -> T:
        """Run `act` on a consistent view of what is stored."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, act)

    def write_now(self, act: Callable[[StoreWork], T]) -> T:
        """Run `act` in a transaction from outside an event loop, as commands do."""
        return self._writer.submit(act).result()

    def read_now(self, act: Callable[[StoreWork], T]) -> T:
        """Run `act` on a consistent view, from any thread."""
        with self._reading.connect() as connection, connection.begin():
            return act(StoreWork(connection))

    def listen(self, hear: Callable[[Sequence[Event]], None]) -> None:
        """Call `hear`, in the running event loop, with the events of each stored transaction."""
        self._listeners.append((asyncio.get_running_loop(), hear))

    def _stored(self, events: Sequence[Event]) -> None:
        for loop, hear in self._listeners:
            if not loop.is_closed():
                loop.call_soon_threadsafe(hear, events)

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        self._writer.close()
        self._readers.shutdown()
        self._reading.dispose()
        self._writing.dispose()


SHORT_READS = ("jit = off", "max_parallel_workers_per_gather = 0")
"""A page's statements take a few milliseconds: to compile one or to start a second process for it takes longer."""


def open_engine(url: str, *, writing: bool, pool_size: int) -> sa.Engine:
    """Open SQLite through a driver that brings a sound SQLite (WAL, FULL), or PostgreSQL through psycopg.

    Debian's own SQLite 3.40 is in the range whose WAL two connections can corrupt (docs/decisions/0003).
    """
    if url.startswith("sqlite"):
        return _open_sqlite(url, writing=writing, pool_size=pool_size)
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = sa.create_engine(url, pool_size=pool_size, max_overflow=0, pool_pre_ping=True)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        for setting in SHORT_READS:
            connection.execute(f"SET {setting}")
        connection.commit()

    return engine


def _open_sqlite(url: str, *, writing: bool, pool_size: int) -> sa.Engine:
    path = sa.make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        module=pysqlite3.dbapi2,
        poolclass=sa.QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": 30},
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def is_ready(database: Database) -> bool:
    """Say whether the database answers and has the tables."""

    def look(work: StoreWork) -> bool:
        return set(metadata.tables) <= set(sa.inspect(work.connection).get_table_names())

    return database.read_now(look)

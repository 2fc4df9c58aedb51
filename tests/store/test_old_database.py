"""A database of before this release, with cases in it, becomes what a fresh one with the same cases is."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command

from cases.vocabulary import Category
from desk.acts import answer, wait
from store.database import open_engine
from store.finding import BACKWARDS
from store.migrate import _config, migrate
from store.tables import metadata
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message, open_desk

BEFORE = "0006"

END = re.compile(rf"{BACKWARDS}\d+")
"""A telephone number from its end on, as only new cases were indexed."""


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database as it was before."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    server, _made_from = request.getfixturevalue("postgresql_server")
    name = f"old_{uuid.uuid4().hex}"
    with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server.format(name=name)


async def filled(desk: DeskUnderTest) -> None:
    """Cases that wait, that are confirmed, that wait for their person, returned ones, closed ones."""
    supervisor, operator = desk.people["supervisor"], desk.people["operador"]
    await desk.receive(a_message(text="persona"))
    waiting = (await desk.receive(a_message(sender="+59170000002"))).case
    await wait(desk.desk, operator, waiting.number, "Falta una captura.")
    closed = (await desk.receive(a_message(sender="+59170000003"))).case
    closed = await desk.walk(await desk.confirm(closed, Category.SUPPORT), *SUPPORT_TO_REVIEW)
    await desk.walk(closed, ("supervisor", "approve", {}), ("supervisor", "close", {}))
    answered = (await desk.receive(a_message(sender="+59170000004"))).case
    await answer(desk.desk, supervisor, answered.number, "Ya lo vemos.")


def copied(source: sa.Connection, target: sa.Connection) -> None:
    """Put into an older database what it has a place for."""
    for table in metadata.sorted_tables:
        if not sa.inspect(target).has_table(table.name):
            continue
        there = {column["name"] for column in sa.inspect(target).get_columns(table.name)}
        columns = [column for column in table.columns if column.name in there]
        if rows := [dict(row) for row in source.execute(sa.select(*columns)).mappings()]:
            target.execute(table.delete())
            target.execute(table.insert(), rows)
    for row in source.execute(sa.text("SELECT rowid, body FROM case_search")):
        words = " ".join(word for word in row.body.split() if not END.fullmatch(word))
        put = sa.text("INSERT INTO case_search (rowid, body) VALUES (:row, :body)")
        target.execute(put, {"row": row.rowid, "body": words})


def told(connection: sa.Connection) -> dict[str, Any]:
    """Read what the migrations reckon."""
    cases = metadata.tables["cases"].c
    kept = sa.select(cases.number, cases.last_move, cases.wants_person, cases.section).order_by(cases.id)
    waits = metadata.tables["waits"]
    bodies = connection.execute(sa.text("SELECT rowid, body FROM case_search ORDER BY rowid"))
    return {
        "cases": [tuple(row) for row in connection.execute(kept)],
        "waits": [tuple(row) for row in connection.execute(sa.select(waits).order_by(waits.c.case_id))],
        "words": [(row.rowid, sorted(row.body.split())) for row in bodies],
    }


def shape(connection: sa.Connection) -> dict[str, Any]:
    """Read the tables, their columns and their indexes."""
    look = sa.inspect(connection)
    return {
        name: (
            sorted((one["name"], str(one["type"]), one["nullable"]) for one in look.get_columns(name)),
            sorted((str(one["name"]), one["column_names"]) for one in look.get_indexes(name)),
        )
        for name in metadata.tables
    }


async def test_an_old_database_becomes_what_a_fresh_one_is(old_url: str, sqlite_url: str) -> None:
    desk = open_desk(sqlite_url)
    await filled(desk)
    desk.desk.database.close()
    source, target = (open_engine(url, writing=True, pool_size=1) for url in (sqlite_url, old_url))
    with target.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
    with source.connect() as fresh, target.begin() as old:
        copied(fresh, old)

    migrate(old_url)

    with source.connect() as fresh, target.connect() as old:
        assert told(old) == told(fresh)
        if old_url.startswith("sqlite"):
            assert shape(old) == shape(fresh)
    source.dispose()
    target.dispose()

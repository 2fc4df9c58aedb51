"""Puts made-up rows into a database as fast as it takes them: bulk loads without indexes, which are made afterwards."""

import time
from collections.abc import Sequence
from importlib.resources import files

import psycopg
import pysqlite3.dbapi2
import sqlalchemy as sa

from bench.crowd import COLUMNS, Crowd
from bench.filling import open_bench_desk
from cases.vocabulary import AccountRole, Unit
from desk.desk import Desk
from kb.files import read_articles
from store.work import StoreWork

PEOPLE = {
    "operador": (AccountRole.OPERADOR, Unit.AIT),
    "supervisor": (AccountRole.SUPERVISOR, Unit.AIT),
    "uit": (AccountRole.UNIDAD, Unit.UIT),
    "adt": (AccountRole.UNIDAD, Unit.ADT),
} | {f"operador{number}": (AccountRole.OPERADOR, Unit.AIT) for number in range(2, 10)}


def people(desk: Desk) -> tuple[Sequence[int], int]:
    """Put people and articles into an empty desk; returns the operators' rows and how many articles there are."""
    articles = read_articles((files("kb.demo") / "articles.jsonl").read_text("utf-8").splitlines())

    def act(work: StoreWork) -> Sequence[int]:
        found = [
            work.accounts.add(name, name.capitalize(), role, unit, None, desk.now())
            for name, (role, unit) in PEOPLE.items()
        ]
        for entry in articles:
            work.articles.keep(entry.article, "bench", desk.now(), approved=entry.approved)
        return [account.id for account in found if account.role is AccountRole.OPERADOR]

    return desk.database.write_now(act), len(articles)


def load(url: str, count: int) -> float:
    """Make a desk with so many cases in an empty database; returns how many seconds the cases took."""
    desk = open_bench_desk(url)
    try:
        operators, articles = people(desk)
    finally:
        desk.database.close()
    begun = time.perf_counter()
    crowd = Crowd(count, desk.now(), desk.library, operators, articles)
    if url.startswith("sqlite"):
        _into_sqlite(sa.make_url(url).database or "", crowd)
    else:
        _into_postgresql(url, crowd)
    return time.perf_counter() - begun


def _into_sqlite(path: str, crowd: Crowd) -> None:
    connection = pysqlite3.dbapi2.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    names = tuple(table for table in COLUMNS if table != "case_search")
    marks = ", ".join("?" * len(names))
    indexes = connection.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",  # noqa: S608 - our own tables' names
        names,
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for chunk in crowd.chunks():
        connection.execute("BEGIN")
        for table, rows in chunk.items():
            columns = COLUMNS[table].split()
            marks = ", ".join("?" * len(columns))
            said = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own tables' names
            connection.executemany(said, rows)
        connection.execute("COMMIT")
    for _, made in indexes:
        connection.execute(made)
    counters = [(year, crowd.count) for year in crowd.years]
    connection.executemany("INSERT INTO case_counters VALUES (?, ?)", counters)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _into_postgresql(url: str, crowd: Crowd) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in (
            "session_replication_role = replica",
            "maintenance_work_mem = '1GB'",
            "synchronous_commit = off",
            "timezone = 'UTC'",
        ):
            connection.execute(f"SET {setting}")
        found = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname"
            " WHERE tablename = ANY(%s) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)",
            [list(COLUMNS)],
        ).fetchall()
        for name, _ in found:
            connection.execute(f"DROP INDEX {name}")
        for chunk in crowd.chunks():
            for table, rows in chunk.items():
                lines = "\n".join(
                    ["\t".join(["\\N" if value is None else str(value) for value in row]) for row in rows]
                )
                if not rows:
                    continue
                columns = ", ".join(COLUMNS[table].split())
                with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write(lines)
        for _, made in found:
            connection.execute(made)
        for table in COLUMNS:
            if "id" in COLUMNS[table].split():
                connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}) + 1)"  # noqa: S608 - our own tables' names
                )
        for year in crowd.years:
            connection.execute("INSERT INTO case_counters VALUES (%s, %s)", [year, crowd.count])
        connection.execute("VACUUM ANALYZE")

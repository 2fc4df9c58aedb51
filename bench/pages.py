"""The desk's pages over HTTP, through the real console: how long each takes with few and with many stored cases."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import aiohttp
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestServer

from bench.figure import Figure
from bench.filling import open_bench_desk
from bench.loading import load
from bench.phrases import SEVERAL_SAY
from console.app import add_console
from console.visitor import COOKIE
from desk.desk import Desk
from intake.classifier.training.corpus import CORPUS
from kb.files import load_examples
from kb.search import ArticleFinder
from store.tables import cases, identities, persons
from store.work import StoreWork
from tests.stores import fresh_database, postgresql, template

SMALL = 10_000
LARGE = int(os.environ.get("SIZE", "100000"))
TIMES = 40
LIMIT = 0.050
RATIO = 1.5


@dataclass(frozen=True, slots=True)
class Page:
    """A page as somebody asks for it; each address of `addresses` is asked for in turn."""

    name: str
    who: str
    addresses: Sequence[str]
    target: bool = True
    times: int = TIMES


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a page took, in seconds."""

    median: float
    p95: float


def run() -> Sequence[Figure]:
    """Measure on SQLite and on PostgreSQL, with SMALL cases and with SIZE (from the environment)."""
    figures: list[Figure] = []
    with both() as stores:
        for store, url in stores.items():
            taken, small = _measured(url("small"), SMALL)
            figures.append(Figure(f"{store}: filling {SMALL:,} cases", f"{taken:.0f} s"))
            taken, large = _measured(url("large"), LARGE)
            figures.append(Figure(f"{store}: filling {LARGE:,} cases", f"{taken:.0f} s"))
            figures += [_figure(store, name, small[name], large[name]) for name in large]
    return figures


@contextmanager
def both() -> Iterator[Mapping[str, Callable[[str], str]]]:
    """Give, for each store, a function that names a new database's URL; all of them are removed afterwards."""
    folder = Path(mkdtemp(prefix="ventanilla-bench-"))
    try:
        with postgresql() as server, ExitStack() as stack:
            made_from = template(server)

            def sqlite(name: str) -> str:
                return f"sqlite:///{folder}/{name}.db"

            def fresh(name: str) -> str:
                return stack.enter_context(fresh_database(server, made_from, name))

            yield {"SQLite": sqlite, "PostgreSQL": fresh}
    finally:
        rmtree(folder, ignore_errors=True)


def _measured(url: str, count: int) -> tuple[float, Mapping[str, Measured]]:
    taken = load(url, count)
    desk = open_bench_desk(url)
    try:
        return taken, asyncio.run(measure(desk))
    finally:
        desk.database.close()


async def measure(desk: Desk, wanted: str = "") -> Mapping[str, Measured]:
    """Return how long each page (whose name holds `wanted`) takes, by its name."""
    examples = load_examples(tuple(sorted(CORPUS.glob("*.jsonl"))))
    desk.build_finder = lambda articles: ArticleFinder(articles, examples=examples)
    await desk.refresh_articles()
    app = web.Application()
    add_console(app, desk, development=False)
    async with TestServer(app) as server, aiohttp.ClientSession() as client:
        found: dict[str, Measured] = {}
        keys: dict[str, str] = {}
        for page in pages(desk):
            if wanted not in page.name:
                continue
            if page.who not in keys:
                keys[page.who] = desk.database.write_now(partial(_session, desk, page.who))
            headers = {"Cookie": f"{COOKIE}={keys[page.who]}", "Accept-Language": "es-BO"}
            waits: list[float] = []
            for turn in range(-2, page.times):
                address = page.addresses[turn % len(page.addresses)]
                begun = time.perf_counter()
                async with client.get(server.make_url(address), headers=headers) as answer:
                    await answer.read()
                    if answer.status != 200:  # noqa: PLR2004 - a page that fails fast is not fast
                        raise RuntimeError(f"{address} answered {answer.status}")
                if turn >= 0:
                    waits.append(time.perf_counter() - begun)
            waits.sort()
            found[page.name] = Measured(waits[len(waits) // 2], waits[int(len(waits) * 0.95)])
        return found


def _session(desk: Desk, name: str, work: StoreWork) -> str:
    known = work.accounts.named(name)
    assert known is not None  # everybody was put in by `people`
    return work.accounts.open_session(known[0].id, desk.now())


def pages(desk: Desk) -> Sequence[Page]:
    """Return the pages to ask for, with cases and words that this desk has."""

    def look(work: StoreWork) -> tuple[Mapping[str, list[str]], str, str, str]:
        by = {
            role or "closed": list(
                work.connection.execute(
                    sa.select(cases.c.number)
                    .where(cases.c.role == role if role else cases.c.role.is_(None))
                    .order_by(cases.c.id.desc())
                    .limit(12)
                ).scalars()
            )
            for role in ("operador", "supervisor", "uit", None)
        }
        many = work.connection.execute(
            sa.select(cases.c.person_id)
            .where(cases.c.channel == "whatsapp")
            .group_by(cases.c.person_id)
            .order_by(sa.func.count().desc())
            .limit(1)
        ).scalar_one()
        someone = work.connection.execute(
            sa.select(persons.c.name, identities.c.address)
            .join(identities, identities.c.person_id == persons.c.id)
            .where(persons.c.id == many)
        ).one()
        theirs = work.connection.execute(
            sa.select(cases.c.number).where(cases.c.person_id == many).order_by(cases.c.id.desc()).limit(1)
        ).scalar_one()
        return by, someone.name, someone.address, theirs

    by, name, phone, theirs = desk.database.read_now(look)
    queue = {
        "to confirm": "por-confirmar",
        "returned": "devueltos",
        "current": "en-curso",
        "person wanted": "pidio-persona",
        "waiting": "esperando",
        "all": "todos",
    }
    searches = {
        "number": by["closed"][0],
        "phone": phone.replace("+", "%2B"),
        "phone, as dialled": phone[4:],
        "name": name.replace(" ", "+"),
        "rare word": SEVERAL_SAY,
        "common word": "página",
        "common word begun": "pagin",
        "two common words": "pagina+contraseña",
        "two letters": "pa",
        "nothing": "zzqx",
    }
    return [
        *(Page(f"queue: {what}", "operador", [f"/casos?seccion={word}"]) for what, word in queue.items()),
        *(
            Page(f"case: {who}'s", who, [f"/casos/{n}" for n in by[who]])
            for who in ("operador", "supervisor", "uit")
        ),
        Page("case: closed", "operador", [f"/casos/{number}" for number in by["closed"]]),
        Page("case: of a person with many", "operador", [f"/casos/{theirs}"]),
        *(Page(f"search: {what}", "operador", [f"/casos?q={word}"]) for what, word in searches.items()),
        Page("search: a unit's", "uit", ["/casos?q=página"]),
        Page("monitor", "supervisor", ["/monitor"]),
        Page("tray: UIT", "uit", ["/unidad"]),
        Page("tray: ADT", "adt", ["/unidad"]),
        Page("review", "supervisor", ["/revision"]),
        Page("reports", "supervisor", ["/reportes"], target=False, times=3),
    ]


def _figure(store: str, name: str, small: Measured, large: Measured) -> Figure:
    kept = large.p95 < LIMIT and large.median <= small.median * RATIO
    return Figure(
        f"{store}: {name}",
        f"median {large.median * 1000:.1f} ms, p95 {large.p95 * 1000:.1f} ms",
        f"{small.median * 1000:.1f} ms, p95 {small.p95 * 1000:.1f} ms with {SMALL:,}",
        f"{large.median / small.median:.2f}",
        "p95 < 50 ms, ratio ≤ 1.5" + ("" if kept else ": missed"),
    )

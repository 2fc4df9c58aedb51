"""Fills a desk with many cases, fast: the rows that thousands of reports would have left."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from cases.model import Account
from cases.procedure import EntryDraft, Place
from cases.vocabulary import AccountRole, Unit
from desk.desk import Desk
from intake.channels.registry import CHANNELS
from intake.classifier.systems import load_systems
from service.clock import SystemClock
from store.database import Database
from store.migrate import migrate
from store.tables import case_units, cases, conversations, identities, persons
from store.work import StoreWork
from workflow.clocks import Calendar
from workflow.definition import Library

NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
ADMIN = Account(0, "bench", "bench", AccountRole.ADMIN, Unit.AIT)


def open_bench_desk(url: str | None = None) -> Desk:
    """Open an empty desk, on a SQLite file of its own unless a database is named."""
    if url is None:
        url = f"sqlite:///{Path(mkdtemp(prefix='ventanilla-bench-'))}/desk.db"
    migrate(url)
    zone = ZoneInfo("America/La_Paz")
    desk = Desk(
        database=Database(url),
        library=Library.shipped(),
        channels=CHANNELS,
        clock=SystemClock(),
        timezone=zone,
        public_url="http://127.0.0.1:8080",
        calendar=Calendar.of("08:30-12:30,14:30-18:30", zone),
    )

    def act(work: StoreWork) -> None:
        work.accounts.add_units()
        work.accounts.keep_systems(load_systems())

    desk.database.write_now(act)
    return desk


def fill(desk: Desk, count: int) -> None:
    """Add open cases that stand at the steps of PR02 in turn, each with its first entry."""
    procedure = desk.library.procedure("PR02")
    steps = [step for step in procedure.steps if step.answers]

    def act(work: StoreWork) -> None:
        connection = work.connection
        ids = range(1, count + 1)
        at = {n: NOW - timedelta(minutes=count - n) for n in ids}
        connection.execute(
            persons.insert(), [{"id": n, "name": f"Persona {n}", "created_at": NOW} for n in ids]
        )
        address = {n: f"+591{70000000 + n}" for n in ids}
        common = [{"id": n, "person_id": n, "channel": "whatsapp", "address": address[n]} for n in ids]
        connection.execute(identities.insert(), [row | {"created_at": NOW} for row in common])
        connection.execute(conversations.insert(), [row | {"state": {}, "opened_at": NOW} for row in common])
        rows = []
        for n in ids:
            step = steps[n % len(steps)]
            rows.append(
                {
                    "id": n,
                    "number": f"2026-{n:06d}",
                    "person_id": n,
                    "conversation_id": n,
                    "channel": "whatsapp",
                    "subject": f"Caso {n}",
                    "status": "in_review" if step.role == "supervisor" else "open",
                    "stage": str(step.stage),
                    "procedure": "PR02",
                    "version": "0",
                    "step": step.number,
                    "role": str(step.role),
                    "unit": str(step.role.unit),
                    "stack": _waiting(step.role.unit),
                    "category": "availability",
                    "system": "ppte",
                    "token": f"{n:043d}",
                    "revision": 1,
                    "opened_at": at[n],
                    "updated_at": at[n],
                }
            )
        connection.execute(cases.insert(), rows)
        connection.execute(
            case_units.insert(),
            [{"case_id": row["id"], "unit": row["unit"]} for row in rows if row["unit"] != "ait"],
        )
        found = work.cases.by_ids(list(ids))
        words = ("Operador de Soporte Técnico", "Progreso del documento (Flujo)")
        draft = EntryDraft(Place("PR02", "0", "1"), "step", {"answer": "derive-uit"})
        work.record.append_all([(case, draft, words) for case in found], "bench", NOW)

    desk.database.write_now(act)
    with sa.create_engine(desk.database.url).connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def _waiting(unit: Unit) -> list[dict[str, str]]:
    """Return the stack that a case with this unit has (see `workflow.engine`)."""
    bottom = {"procedure": "PR01", "version": "0", "step": "3"}
    derived = {"procedure": "PR02", "version": "0", "step": "3"}
    return {Unit.UIT: [bottom], Unit.UPAT: [bottom, derived], Unit.ACGII: [bottom, derived]}.get(unit, [])

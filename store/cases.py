"""Cases, what the classifier proposed about them and what operators confirmed."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import Conflict, NotFound
from cases.model import Account, Case, Confirmation, Conversation, Evidence, Verdict
from cases.procedure import Facts, Place
from cases.vocabulary import Category, Channel, Role, Stage, Status, Unit
from store import waits
from store.search import index_case, unindex_case
from store.tables import case_units, cases, confirmations, entries, proposals, users

_BY_NUMBER = sa.select(cases).where(cases.c.number == sa.bindparam("number"))
_BY_ROW = sa.select(cases).where(cases.c.id == sa.bindparam("row"))


class CaseRows:
    """Implements `cases.ports.Cases`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def open(self, conversation: Conversation, subject: str, place: Place, year: int, now: datetime) -> Case:
        """Give a new case its number and put it at a place, with the operators."""
        number = f"{year}-{self._next(year):06d}"
        row = (
            self._connection.execute(
                cases.insert()
                .values(
                    number=number,
                    person_id=conversation.person,
                    conversation_id=conversation.id,
                    channel=conversation.channel,
                    subject=subject,
                    status=Status.OPEN,
                    stage=Stage.IDENTIFICATION,
                    procedure=place.procedure,
                    version=place.version,
                    step=place.step,
                    role=Role.OPERADOR,
                    unit=Unit.AIT,
                    stack=[],
                    token=secrets.token_urlsafe(32),
                    reply_token=base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower(),
                    revision=1,
                    opened_at=now,
                    updated_at=now,
                    last_move="step",
                    wants_person=bool(conversation.state.get("wants_person")),
                )
                .returning(cases)
            )
            .mappings()
            .one()
        )
        return to_case(row)

    def _next(self, year: int) -> int:
        return int(
            self._connection.execute(
                sa.text(
                    "INSERT INTO case_counters (year, last) VALUES (:year, 1)"
                    " ON CONFLICT (year) DO UPDATE SET last = case_counters.last + 1 RETURNING last"
                ),
                {"year": year},
            ).scalar_one()
        )

    def get(self, number: str) -> Case:
        """Return one case by its number; raises `NotFound`."""
        row = self._connection.execute(_BY_NUMBER, {"number": number}).mappings().first()
        if row is None:
            raise NotFound(f"No existe el caso {number}.")
        return to_case(row)

    def by_id(self, case: int) -> Case:
        """Return one case by its row; raises `NotFound`."""
        row = self._connection.execute(_BY_ROW, {"row": case}).mappings().first()
        if row is None:
            raise NotFound("No existe ese caso.")
        return to_case(row)

    def by_ids(self, numbers: Sequence[int]) -> Sequence[Case]:
        """Return cases by their rows, in order."""
        rows = self._connection.execute(sa.select(cases).where(cases.c.id.in_(numbers)).order_by(cases.c.id))
        return [to_case(row) for row in rows.mappings()]

    def by_token(self, token: str) -> Case:
        """Return the case whose citizen's page has this token; raises `NotFound`."""
        row = self._connection.execute(sa.select(cases).where(cases.c.token == token)).mappings().first()
        if row is None:
            raise NotFound("No existe esa página.")
        return to_case(row)

    def all_ids(self) -> Sequence[int]:
        """Return the rows of all cases, in order."""
        return self._connection.execute(sa.select(cases.c.id).order_by(cases.c.id)).scalars().all()

    def open_in(self, conversation: int) -> Case | None:
        """Return the newest case of a conversation that is not closed."""
        return self._newest(cases.c.conversation_id == conversation, cases.c.status != Status.CLOSED)

    def open_of(self, person: int) -> Case | None:
        """Return the newest case of a person that is not closed, whichever channel it came by."""
        return self._newest(cases.c.person_id == person, cases.c.status != Status.CLOSED)

    def waiting(self, before: datetime, limit: int) -> Sequence[tuple[Case, datetime]]:
        """Return cases whose person was asked something before then and not reminded since, and when, the longest first."""
        last = (
            sa.select(sa.func.max(entries.c.seq))
            .where(entries.c.case_id == cases.c.id, entries.c.kind.in_(("waiting", "reminder")))
            .correlate(cases)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            sa.select(cases, entries.c.at)
            .join(entries, sa.and_(entries.c.case_id == cases.c.id, entries.c.seq == last))
            .where(cases.c.status == Status.WAITING, entries.c.kind == "waiting", entries.c.at < before)
            .order_by(entries.c.at)
            .limit(limit)
        ).mappings()
        return [(to_case(row), row["at"]) for row in rows]

    def by_reply_token(self, token: str) -> Case | None:
        """Return the case that answers with this token belong to."""
        return self._newest(cases.c.reply_token == token)

    def latest_in(self, conversation: int) -> Case | None:
        """Return the newest case of a conversation, closed or not."""
        return self._newest(cases.c.conversation_id == conversation)

    def _newest(self, *conditions: sa.ColumnElement[bool]) -> Case | None:
        row = (
            self._connection.execute(sa.select(cases).where(*conditions).order_by(cases.c.id.desc()).limit(1))
            .mappings()
            .first()
        )
        return to_case(row) if row is not None else None

    def save(self, case: Case, expected: int, now: datetime) -> Case:
        """Store a changed case as the next revision; raises `Conflict` if `expected` is not the stored one."""
        changed = self._connection.execute(_SAVE, [_values(case, expected, now)])
        if changed.rowcount != 1:
            raise Conflict("Otra persona cambió este caso mientras usted lo veía. Esto es lo que hay ahora.")
        if case.status in (Status.CLOSED, Status.WAITING):
            waits.end(self._connection, case.id)
        place = case.place or Place(case.procedure, case.version, "")
        return replace(
            case, procedure=place.procedure, version=place.version, revision=expected + 1, updated=now
        )

    def replace_all(self, changed: Sequence[Case], now: datetime) -> None:
        """Store many changed cases, each as its next revision; raises `Conflict` unless all are as they were read."""
        if not changed:
            return
        done = self._connection.execute(_SAVE, [_values(case, case.revision, now) for case in changed])
        if done.rowcount != len(changed):
            raise Conflict("Otra persona cambió uno de estos casos; vuelva a intentarlo.")

    def seen_by(self, case: int, unit: Unit) -> None:
        """Note that a unit has had the case and may go on seeing it."""
        known = sa.select(case_units.c.case_id).where(case_units.c.case_id == case, case_units.c.unit == unit)
        if self._connection.execute(known).first() is None:
            self._connection.execute(case_units.insert().values(case_id=case, unit=unit))

    def is_seen_by(self, case: int, unit: Unit) -> bool:
        """Say whether a unit has, or has had, the case."""
        known = sa.select(case_units.c.case_id).where(case_units.c.case_id == case, case_units.c.unit == unit)
        return self._connection.execute(known).first() is not None

    def units_of(self, case: int) -> frozenset[Unit]:
        """Return the units that have, or have had, the case."""
        known = sa.select(case_units.c.unit).where(case_units.c.case_id == case)
        return frozenset(Unit(unit) for unit in self._connection.execute(known).scalars())

    def index(self, case: int, text: str) -> None:
        """Make a case findable by these words."""
        index_case(self._connection, case, text)

    def unindex(self, case: int, text: str) -> None:
        """Take back the words of a text that was never sent."""
        unindex_case(self._connection, case, text)

    def propose(self, case: int, message: int | None, verdict: Verdict, now: datetime) -> None:
        """Keep what the classifier proposed."""
        self._connection.execute(
            proposals.insert().values(
                case_id=case,
                message_id=message,
                category=verdict.category,
                confidence=verdict.confidence,
                probabilities={str(word): p for word, p in verdict.probabilities.items()},
                system=verdict.system,
                system_confidence=verdict.system_confidence,
                abstain=verdict.abstain,
                evidence=[asdict(span) for span in verdict.evidence],
                model=verdict.model,
                at=now,
            )
        )

    def proposal(self, case: int) -> Verdict | None:
        """Return the newest proposal."""
        row = self._proposal_row(case)
        return _verdict(row) if row is not None else None

    def proposed_for(self, case: int) -> tuple[Verdict, int | None] | None:
        """Return the newest proposal with the message that its evidence points into."""
        row = self._proposal_row(case)
        return (_verdict(row), row["message_id"]) if row is not None else None

    def _proposal_row(self, case: int) -> RowMapping | None:
        return (
            self._connection.execute(
                sa.select(proposals)
                .where(proposals.c.case_id == case)
                .order_by(proposals.c.id.desc())
                .limit(1)
            )
            .mappings()
            .first()
        )

    def confirm(
        self, case: int, by: Account, category: Category, system: str | None, facts: Facts, now: datetime
    ) -> None:
        """Keep what an operator confirmed."""
        self._connection.execute(
            confirmations.insert().values(
                case_id=case,
                category=category,
                system=system,
                handled_before_by_uit=facts.handled_before_by_uit,
                user_id=by.id,
                at=now,
            )
        )

    def confirmation(self, case: int) -> Confirmation | None:
        """Return the newest confirmation."""
        row = (
            self._connection.execute(
                sa.select(confirmations, users.c.username)
                .join(users, users.c.id == confirmations.c.user_id)
                .where(confirmations.c.case_id == case)
                .order_by(confirmations.c.id.desc())
                .limit(1)
            )
            .mappings()
            .first()
        )
        if row is None:
            return None
        return Confirmation(
            Category(row["category"]), row["system"], row["handled_before_by_uit"], row["username"], row["at"]
        )


_CHANGING = (
    "subject",
    "status",
    "stage",
    "procedure",
    "version",
    "step",
    "role",
    "unit",
    "stack",
    "facts",
    "category",
    "system",
    "assignee_id",
    "solution",
    "estimate_at",
    "closed_at",
    "parent_id",
    "merged_into_id",
    "incident_class",
    "priority",
    "last_move",
    "updated_at",
)
_SAVE = (
    cases.update()
    .where(cases.c.id == sa.bindparam("row"), cases.c.revision == sa.bindparam("expected"))
    .values(
        revision=cases.c.revision + 1,
        **{name: sa.bindparam(f"new_{name}", type_=cases.c[name].type) for name in _CHANGING},
    )
)


def _values(case: Case, expected: int, now: datetime) -> dict[str, Any]:
    """Return what saving a case writes, under the names of `_SAVE`."""
    new = {
        "subject": case.subject,
        "status": case.status,
        "stage": case.stage,
        "procedure": case.place.procedure if case.place else case.procedure,
        "version": case.place.version if case.place else case.version,
        "step": case.place.step if case.place else None,
        "role": case.role,
        "unit": case.unit,
        "stack": [asdict(place) for place in case.stack],
        "facts": asdict(case.facts) if case.facts else None,
        "category": case.category,
        "system": case.system,
        "assignee_id": case.assignee,
        "solution": case.solution,
        "estimate_at": case.estimate,
        "closed_at": case.closed,
        "parent_id": case.parent,
        "merged_into_id": case.merged_into,
        "incident_class": case.incident_class,
        "priority": case.priority,
        "last_move": case.last_move,
        "updated_at": now,
    }
    return {"row": case.id, "expected": expected, **{f"new_{name}": value for name, value in new.items()}}


def to_case(row: RowMapping) -> Case:
    """Read a row of `cases`."""
    return Case(
        id=row["id"],
        number=row["number"],
        person=row["person_id"],
        conversation=row["conversation_id"],
        channel=Channel(row["channel"]),
        subject=row["subject"],
        status=Status(row["status"]),
        stage=Stage(row["stage"]),
        place=Place(row["procedure"], row["version"], row["step"]) if row["step"] is not None else None,
        procedure=row["procedure"],
        version=row["version"],
        role=Role(row["role"]) if row["role"] else None,
        unit=Unit(row["unit"]),
        stack=tuple(Place(**place) for place in row["stack"]),
        facts=Facts(**row["facts"]) if row["facts"] else None,
        category=Category(row["category"]) if row["category"] else None,
        system=row["system"],
        assignee=row["assignee_id"],
        solution=row["solution"],
        estimate=row["estimate_at"],
        token=row["token"],
        reply_token=row["reply_token"],
        revision=row["revision"],
        opened=row["opened_at"],
        updated=row["updated_at"],
        closed=row["closed_at"],
        parent=row["parent_id"],
        merged_into=row["merged_into_id"],
        incident_class=row["incident_class"],
        priority=row["priority"],
        last_move=row["last_move"],
    )


def _verdict(row: RowMapping) -> Verdict:
    probabilities: dict[str, Any] = row["probabilities"]
    return Verdict(
        category=Category(row["category"]),
        confidence=row["confidence"],
        probabilities={Category(word): float(p) for word, p in probabilities.items()},
        system=row["system"],
        system_confidence=row["system_confidence"],
        abstain=row["abstain"],
        evidence=tuple(Evidence(**span) for span in row["evidence"]),
        model=row["model"],
    )

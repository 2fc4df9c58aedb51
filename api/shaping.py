"""Where a case, as the desk sees it, becomes the contract's JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.models.cases import (
    CaseRowShown,
    CaseShown,
    ClassificationShown,
    ClockShown,
    ConfirmedShown,
    EntryShown,
    FieldShown,
    MessageShown,
    MoveShown,
    PersonShown,
    ProcedureShown,
    ProposedShown,
    SimilarShown,
    SuggestionShown,
)
from cases.model import Case, Entry, Message
from desk.views import CaseView
from store.clocks import ClockRow
from store.queries import CaseRow
from workflow.definition import Answer


def case_shown(view: CaseView, now: datetime) -> CaseShown:
    """Return a case as `GET /cases/{number}` answers it."""
    case = view.case
    return CaseShown(
        **_plain(case),
        person=PersonShown(name=view.person.name, addresses=view.addresses),
        procedure=ProcedureShown(code=case.procedure, version=case.version),
        step=str(case.place) if case.place else None,
        assignee=view.assignee,
        clocks=[clock_shown(clock, now) for clock in view.clocks],
        parent=view.parent,
        merged_into=view.merged_into,
        classification=ClassificationShown(
            proposed=ProposedShown.model_validate(view.proposed) if view.proposed else None,
            confirmed=ConfirmedShown.model_validate(view.confirmed) if view.confirmed else None,
        ),
        suggestions=[SuggestionShown.model_validate(found) for found in view.suggestions],
        similar_cases=[SimilarShown.model_validate(other) for other in view.similar],
        moves=[move_shown(answer) for answer in view.moves],
    )


_PLAIN = (
    "number", "subject", "status", "channel", "system", "category", "role", "unit", "estimate", "solution",
    "incident_class", "priority", "revision", "opened", "updated", "closed",
)


def _plain(case: Case) -> Mapping[str, Any]:
    return {name: getattr(case, name) for name in _PLAIN} | {"stage": str(case.stage)}


def clock_shown(clock: ClockRow, now: datetime) -> ClockShown:
    """Return a clock with how it stands."""
    if clock.paused is not None:
        state = "paused"
    else:
        state = "late" if now > clock.due else "near" if now > clock.near else "on_time"
    return ClockShown(kind=clock.kind, due=clock.due, state=state)


def move_shown(answer: Answer) -> MoveShown:
    """Return what a caller may do now, as a form needs it."""
    fields = [
        FieldShown(
            name=asked.name, type=asked.type, required=asked.required, internal=asked.internal, label=asked.label,
            options=list(asked.options) or None,
        )
        for asked in answer.fields
    ]
    to = str(answer.to) if answer.to else "closed"
    return MoveShown(id=answer.id, label=answer.label, to=to, fields=fields, extension=answer.extension)


def row_shown(row: CaseRow) -> CaseRowShown:
    """Return one line of a list of cases."""
    return CaseRowShown.model_validate(row)


def entry_shown(entry: Entry) -> EntryShown:
    """Return one entry of a record."""
    return EntryShown.model_validate(entry)


def message_shown(message: Message) -> MessageShown:
    """Return one message."""
    return MessageShown.model_validate(message)

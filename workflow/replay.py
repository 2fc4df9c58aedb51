"""Run recorded cases through a draft version, and tell which of them would go another way in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases.procedure import Facts, Place, Value
from workflow.checking import stack_at
from workflow.definition import Library, Procedure, UnknownPlaceError
from workflow.engine import Run, UnknownAnswer, advance
from workflow.loading import library as put_together
from workflow.values import FieldsError


@dataclass(frozen=True, slots=True)
class Move:
    """One answer as a case's record holds it; `to` reads `PR02 1` or `closed`."""

    place: Place
    answer: str
    to: str
    at: datetime
    facts: Facts | None = None
    values: Mapping[str, Value] | None = None

    @classmethod
    def recorded(cls, place: Place, data: Mapping[str, Value], at: datetime, facts: Facts | None) -> "Move":
        """Read a move out of an entry's data, as `engine.advance` wrote it."""
        given = {name: value for name, value in data.items() if name not in {"answer", "to"}}
        return cls(place, str(data["answer"]), str(data["to"]), at, facts, given)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one case went through: the answers that people gave, oldest first."""

    case: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a case would first go another way, and why, in Spanish."""

    case: str
    place: Place
    answer: str
    reason: str

    def __str__(self) -> str:
        """Tell it on one line."""
        return f"{self.case}: en {self.place}, «{self.answer}»: {self.reason}"


@dataclass(frozen=True, slots=True)
class Report:
    """How many cases were replayed, and which would depart from what was recorded."""

    cases: int
    departures: tuple[Departure, ...]


def replay(library: Library, draft: Procedure, cases: Iterable[Recorded]) -> Report:
    """Replay cases with `draft` as the active version of its procedure, the other ones as they are active.

    Extensions count as switched on. A case that was moved otherwise than by a step (a reopening, say) is
    picked up where it went on. Raises FaultyProcedureError if the draft does not fit the other procedures.
    """
    others = [
        procedure
        for procedure in library
        if (procedure.code, procedure.version) != (draft.code, draft.version)
    ]
    drafted = put_together([*others, draft], {**library.active, draft.code: draft.version})
    departures: list[Departure] = []
    count = 0
    for case in cases:
        count += 1
        found = _replay(drafted, case)
        if found is not None:
            departures.append(found)
    return Report(count, tuple(departures))


def _replay(library: Library, case: Recorded) -> Departure | None:
    run: Run | None = None
    for move in case.moves:
        stands = _here(library, move.place)
        try:
            if library.step(stands).automatic:
                continue
            if run is None or run.place != stands:
                run = Run(stands, stack=stack_at(library, stands))
            run = replace(run, facts=move.facts)
            moved = advance(library, run, move.answer, move.values or {}, move.at).run
        except UnknownPlaceError:
            return Departure(case.case, stands, move.answer, "ese numeral ya no existe.")
        except UnknownAnswer:
            return Departure(case.case, stands, move.answer, "esa respuesta ya no se puede dar.")
        except FieldsError as error:
            return Departure(case.case, stands, move.answer, str(error))
        to = "closed" if moved.place is None else str(moved.place)
        if to != move.to:
            return Departure(case.case, stands, move.answer, f"lleva a {to} y no a {move.to}.")
        run = moved
    return None


def _here(library: Library, place: Place) -> Place:
    """Name the same step in the version that is active for the replay."""
    return replace(place, version=library.active.get(place.procedure, place.version))

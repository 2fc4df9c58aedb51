"""Move a case from step to step: which answers are open to it, and what one of them does.

The stack holds the places where a unit handed the case on and which wait for it, the oldest first:
- an answer that derives (`push`) adds the place where it was decided;
- a return (kind "return" with `pop`) goes to the place on top and takes it off;
- a hand-back (`pop` with a target) ends a branch: the place of this procedure whose role has the case again
  comes off with all above it, or all of this procedure's places if that role is none of them;
- a move to another procedure takes off that procedure's places and all above them and, unless it derives,
  the places of the procedure that it leaves;
- closing empties it.
So the place at the bottom, PR01 3, stays through PR02 and PR03 and tells the version of PR01 to go back to;
the loader proves that every step is always reached with the same places waiting, so nothing piles up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases.errors import Refused
from cases.procedure import AskClassificationAgain, Effect, EntryDraft, Facts, Place, Value
from workflow.definition import ACTIVE, Answer, Library, Step, still_waiting
from workflow.effects import EFFECTS
from workflow.values import InvalidField, MissingFields, read_values

__all__ = ["Advance", "InvalidField", "MissingFields", "Run", "UnknownAnswer", "advance", "legal", "start"]


@dataclass(frozen=True, slots=True)
class Run:
    """Where one case stands; `place` is None once it is closed, `facts` until an operator confirms them."""

    place: Place | None
    facts: Facts | None = None
    stack: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Advance:
    """What one act did: the run after it, the lines for the record and the effects, each in order."""

    run: Run
    entries: tuple[EntryDraft, ...]
    effects: tuple[Effect, ...] = ()


class UnknownAnswer(Refused):
    """The step has no such answer, or not with these facts, or it is switched off, or the case is closed."""

    def __init__(self, answer_id: str, place: Place | None) -> None:
        where = "El caso está cerrado" if place is None else f"En {place}"
        super().__init__(f"{where}: no se puede «{answer_id}» ahora.")
        self.answer_id = answer_id
        self.place = place


def start(library: Library, code: str = "PR01", version: str | None = None) -> Advance:
    """Begin a case: what the system records on arrival is recorded, and a person's first step is next."""
    procedure = library.procedure(code, version)
    return _settle(library, Advance(Run(procedure.place(procedure.start)), ()))


def legal(library: Library, run: Run, *, switched_off: frozenset[str] = frozenset()) -> tuple[Answer, ...]:
    """List the answers open to a case now, in the file's order, each with the very place it leads to."""
    if run.place is None:
        return ()
    return tuple(
        replace(answer, to=_target(library, run, answer))
        for answer in library.step(run.place).answers
        if answer.allowed(run.facts)
        and not (answer.extension and answer.id in switched_off)
        and not (answer.returns and not run.stack)
    )


def advance(
    library: Library,
    run: Run,
    answer_id: str,
    values: Mapping[str, Value | None],
    now: datetime,
    *,
    switched_off: frozenset[str] = frozenset(),
) -> Advance:
    """Give an answer at the step where the case stands; the entry belongs to the step just completed.

    Raises UnknownAnswer, MissingFields or InvalidField, and then nothing has happened.
    """
    open_now = {answer.id: answer for answer in legal(library, run, switched_off=switched_off)}
    answer = open_now.get(answer_id)
    if run.place is None or answer is None:
        raise UnknownAnswer(answer_id, run.place)
    return _settle(library, _take(library, run, run.place, answer, read_values(answer, values, now)))


def _take(library: Library, run: Run, place: Place, answer: Answer, values: dict[str, Value]) -> Advance:
    effects = [EFFECTS[name].make(values) for name in answer.effects]
    again = AskClassificationAgain()
    back = answer.to if answer.kind == "return" else None
    if back is not None and library.step(back).asks_facts and again not in effects:
        effects.append(again)
    moved = Run(
        place=answer.to,
        facts=None if again in effects else run.facts,
        stack=_stack(library, run, place, answer),
    )
    return Advance(moved, (_entry(library.step(place), place, answer, values),), tuple(effects))


def _settle(library: Library, done: Advance) -> Advance:
    """Take the steps that the system takes by itself, up to one where a person acts."""
    while (place := done.run.place) is not None and (step := library.step(place)).automatic:
        taken = _take(library, done.run, place, step.answers[0], {})
        done = Advance(taken.run, (*done.entries, *taken.entries), (*done.effects, *taken.effects))
    return done


def _entry(step: Step, place: Place, answer: Answer, values: dict[str, Value]) -> EntryDraft:
    given = [field for field in answer.fields if field.name in values]
    return EntryDraft(
        place=place,
        kind=answer.kind,
        data={"answer": answer.id, "to": "closed" if answer.to is None else str(answer.to), **values},
        internal=step.internal or any(field.internal for field in given),
    )


def _target(library: Library, run: Run, answer: Answer) -> Place | None:
    """Find the very place: the top of the stack, a version that waits there, or the active version."""
    if answer.returns:
        return run.stack[-1]
    if answer.to is None or answer.to.version != ACTIVE:
        return answer.to
    waiting = [place.version for place in run.stack if place.procedure == answer.to.procedure]
    version = waiting[0] if waiting else library.procedure(answer.to.procedure).version
    return replace(answer.to, version=version)


def _stack(library: Library, run: Run, place: Place, answer: Answer) -> tuple[Place, ...]:
    """Apply the stack's rule (see the head of this module) to an answer with its very target."""
    if answer.to is None:
        return ()
    if answer.returns:
        return run.stack[:-1]
    stack = run.stack
    if answer.to.procedure != place.procedure:
        left = {answer.to.procedure} if answer.push else {answer.to.procedure, place.procedure}
        stack = next((stack[:i] for i, waiting in enumerate(stack) if waiting.procedure in left), stack)
    elif answer.pop:
        own = [waiting for waiting in stack if waiting.procedure == place.procedure]
        kept = still_waiting([library.step(waiting).role for waiting in own], library.step(answer.to).role)
        stack = stack[: len(stack) - len(own) + kept]
    return stack if answer.push is None else (*stack, replace(place, step=answer.push))

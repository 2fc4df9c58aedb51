"""What changed between two versions of a procedure, as data and as lines to read."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from workflow.definition import Answer, Condition, Field, Procedure, Step

ChangeKind: TypeAlias = Literal[
    "added", "removed", "changed", "answer-added", "answer-removed", "answer-changed"
]

HEAD = ("manual_code", "title", "objective", "resolution", "resolution_date", "pages", "start")
STEP = tuple(each.name for each in fields(Step) if each.name not in {"number", "answers"})
ANSWER = tuple(each.name for each in fields(Answer) if each.name != "id")
SIGNS = {"added": "+", "answer-added": "+", "removed": "-", "answer-removed": "-"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `step` is None for the procedure's own head, `what` the key of the file that differs."""

    kind: ChangeKind
    step: str | None
    answer: str | None = None
    what: str | None = None
    before: str | None = None
    after: str | None = None


def diff(a: Procedure, b: Procedure) -> tuple[Change, ...]:
    """List what has to change in `a` to make `b`: the head first, then the steps in the order of `b`."""
    return tuple(_changes(a, b))


def diff_lines(changes: tuple[Change, ...]) -> list[str]:
    """Write changes as lines in Spanish; every one begins with `+`, `-` or `~`."""
    return [_line(change) for change in changes]


def _changes(a: Procedure, b: Procedure) -> Iterator[Change]:
    for what in HEAD:
        yield from _differ(None, None, what, getattr(a, what), getattr(b, what))
    before = {step.number: step for step in a.steps}
    after = {step.number: step for step in b.steps}
    for number, step in before.items():
        if number not in after:
            yield Change("removed", number, before=step.activity)
    stay_a = tuple(number for number in before if number in after)
    stay_b = tuple(number for number in after if number in before)
    if stay_a != stay_b:
        yield Change("changed", None, what="order", before=", ".join(stay_a), after=", ".join(stay_b))
    for number, step in after.items():
        if number in before:
            yield from _step(before[number], step)
        else:
            yield Change("added", number, after=step.activity)


def _step(a: Step, b: Step) -> Iterator[Change]:
    for what in STEP:
        yield from _differ(a.number, None, what, getattr(a, what), getattr(b, what))
    before = {answer.id: answer for answer in a.answers}
    after = {answer.id: answer for answer in b.answers}
    for answer in a.answers:
        if answer.id not in after:
            yield Change("answer-removed", a.number, answer.id, before=answer.label)
    for answer in b.answers:
        if answer.id not in before:
            yield Change("answer-added", a.number, answer.id, after=answer.label)
            continue
        for what in ANSWER:
            yield from _differ(
                a.number, answer.id, what, getattr(before[answer.id], what), getattr(answer, what)
            )


def _differ(step: str | None, answer: str | None, what: str, a: object, b: object) -> Iterator[Change]:
    before, after = _told(a), _told(b)
    if before != after:
        yield Change("changed" if answer is None else "answer-changed", step, answer, what, before, after)


def _told(value: object) -> str:
    """Write a value so that two versions compare: places without their version."""
    match value:
        case bool():
            return "sí" if value else "no"
        case None:
            return "—"
        case Condition():
            named = [(each.name, getattr(value, each.name)) for each in fields(value)]
            return "(" + ", ".join(f"{name}: {_told(fact)}" for name, fact in named if fact is not None) + ")"
        case Field():
            return _told_field(value)
        case tuple():
            return ", ".join(_told(item) for item in value) or "—"
        case _:
            return str(value)


def _told_field(field: Field) -> str:
    marks = [field.type, *field.options]
    marks += ["obligatorio"] if field.required else []
    marks += ["interno"] if field.internal else []
    marks += [f"empieza con {field.prefill}"] if field.prefill else []
    return f"{field.name} «{field.label}» ({', '.join(marks)})"


def _line(change: Change) -> str:
    sign = SIGNS.get(change.kind, "~")
    where = "procedimiento" if change.step is None else f"numeral {change.step}"
    if change.answer is not None:
        where += f", respuesta {change.answer}"
    if change.what is not None:
        return f"{sign} {where}, {change.what}: {change.before} → {change.after}"
    return f"{sign} {where}: {change.after or change.before}"

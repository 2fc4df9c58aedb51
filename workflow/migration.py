"""Moving cases to another version of a procedure: a plan that maps every step where a case stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cases.errors import Refused
from cases.procedure import Place
from workflow.checking import waiting_at
from workflow.definition import Procedure
from workflow.engine import Run


@dataclass(frozen=True, slots=True)
class Plan:
    """Which step of `after` a case goes to from each step of `before`, by number."""

    before: Procedure
    after: Procedure
    steps: Mapping[str, str]

    @classmethod
    def of(cls, before: Procedure, after: Procedure, moved: Mapping[str, str] | None = None) -> "Plan":
        """Map the steps named in `moved`, and every other step to the one of the same number, if any."""
        kept = {step.number for step in before.steps} & {step.number for step in after.steps}
        return cls(before, after, {**{number: number for number in kept}, **(moved or {})})


class UnsafePlanError(Refused):
    """A plan that would leave a case without a step; `faults` has a sentence for each step in question."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__("\n".join(self.faults.values()))


def check(plan: Plan, occupied: Iterable[Place]) -> None:
    """Refuse a plan that leaves out an occupied step, with UnsafePlanError.

    `occupied` are the places where cases stand and those that wait on their stacks; places of other
    procedures and versions are none of this plan's business. A step's case must also find the same places
    waiting in its new step, or a return from there would lead astray.
    """
    if plan.before.code != plan.after.code:
        raise UnsafePlanError({"": f"{plan.before.code} y {plan.after.code} son procedimientos distintos."})
    numbers = {place.step for place in occupied if _concerns(plan, place)}
    faults = {number: fault for number in sorted(numbers) if (fault := _fault(plan, number))}
    if faults:
        raise UnsafePlanError(faults)


def migrate(plan: Plan, run: Run) -> Run:
    """Move one case, and what waits for it, by a plan that `check` has passed."""
    place = None if run.place is None else _moved(plan, run.place)
    return replace(run, place=place, stack=tuple(_moved(plan, waiting) for waiting in run.stack))


def _concerns(plan: Plan, place: Place) -> bool:
    return (place.procedure, place.version) == (plan.before.code, plan.before.version)


def _moved(plan: Plan, place: Place) -> Place:
    return plan.after.place(plan.steps[place.step]) if _concerns(plan, place) else place


def _fault(plan: Plan, number: str) -> str | None:
    onward = plan.steps.get(number)
    if onward is None:
        return f"Hay casos en el numeral {number} y el plan no dice a cuál pasan."
    target = next((step for step in plan.after.steps if step.number == onward), None)
    if target is None:
        return f"El plan lleva del numeral {number} al {onward}, que no existe en la otra versión."
    if target.automatic:
        return f"El plan lleva del numeral {number} al {onward}, que toma el sistema y no una persona."
    waiting = tuple(plan.steps.get(step) for step in waiting_at(plan.before).get(number, ()))
    if waiting != waiting_at(plan.after).get(onward):
        return f"El plan lleva del numeral {number} al {onward}, donde no esperan los mismos numerales."
    return None

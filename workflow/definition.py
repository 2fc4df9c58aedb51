"""What a procedure is: steps, their answers and the fields an answer asks; immutable once loaded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from cases.procedure import Facts, Place
from cases.vocabulary import Role, Stage

FieldType: TypeAlias = Literal["text", "datetime", "choice", "bool", "article"]
AnswerKind: TypeAlias = Literal["step", "interpretation", "return"]

ACTIVE = ""
"""The version of a target in another procedure: which one is known only when a case gets there."""


class UnknownPlaceError(LookupError):
    """No such procedure, version or step has been loaded."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing an answer records; `prefill` names the earlier field whose value a form starts with."""

    name: str
    type: FieldType
    label: str
    required: bool = False
    internal: bool = False
    options: tuple[str, ...] = ()
    prefill: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """The confirmed facts under which an answer may be given; a fact that is None may be either."""

    availability: bool | None = None
    functional_design: bool | None = None
    handled_before_by_uit: bool | None = None

    def holds(self, facts: Facts) -> bool:
        """Say whether every fact that the condition names is as it says."""
        asked = (
            (self.availability, facts.availability),
            (self.functional_design, facts.functional_design),
            (self.handled_before_by_uit, facts.handled_before_by_uit),
        )
        return all(wanted is None or wanted is found for wanted, found in asked)


@dataclass(frozen=True, slots=True)
class Answer:
    """One way out of a step.

    `to` is None when the case closes. In a `pop` answer without a target of its own it is None too, as
    loaded; `engine.legal` puts the place on top of the stack there. A target in another procedure has the
    version `ACTIVE` until `engine.legal` puts the right one in.
    """

    id: str
    label: str
    to: Place | None
    when: tuple[Condition, ...] = ()
    fields: tuple[Field, ...] = ()
    kind: AnswerKind = "step"
    effects: tuple[str, ...] = ()
    extension: bool = False
    push: str | None = None
    pop: bool = False

    @property
    def returns(self) -> bool:
        """Whether the answer goes to whatever place is on top of the stack."""
        return self.pop and self.kind == "return"

    @property
    def closes(self) -> bool:
        """Whether the answer ends the case."""
        return self.to is None and not self.returns

    def allowed(self, facts: Facts | None) -> bool:
        """Say whether the confirmed facts permit the answer; without facts, only if it asks for none."""
        if not self.when:
            return True
        return facts is not None and any(condition.holds(facts) for condition in self.when)


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step; `activity`, `responsible` and `output` are the manual's words.

    The system itself takes an `automatic` step the moment a case gets there. `target_hours` are hours of
    work in which the desk means to have taken the step; the manual names none.
    """

    number: str
    activity: str
    responsible: str
    role: Role
    output: str
    stage: Stage
    internal: bool = False
    extension: bool = False
    automatic: bool = False
    answers: tuple[Answer, ...] = ()
    target_hours: int | None = None

    @property
    def asks_facts(self) -> bool:
        """Whether the step decides by the facts that an operator confirms."""
        return any(answer.when for answer in self.answers)

    def answer(self, answer_id: str) -> Answer | None:
        """Find an answer by its id."""
        return next((answer for answer in self.answers if answer.id == answer_id), None)


@dataclass(frozen=True, slots=True)
class Procedure:
    """One version of one procedure, as a resolution approved it; steps in the manual's order."""

    code: str
    manual_code: str
    version: str
    title: str
    objective: str
    resolution: str
    resolution_date: date
    pages: int
    start: str
    steps: tuple[Step, ...]

    def step(self, number: str) -> Step:
        """Find a step by its number, or raise UnknownPlaceError."""
        for step in self.steps:
            if step.number == number:
                return step
        raise UnknownPlaceError(f"{self.code}, versión {self.version}: no tiene el numeral {number}")

    def place(self, number: str) -> Place:
        """Name a step of this version."""
        return Place(self.code, self.version, number)

    @property
    def first(self) -> Place:
        """The first step at which a person acts: where a new case stands, and one that is reopened."""
        step = self.step(self.start)
        while step.automatic and (onward := step.answers[0].to) is not None:
            step = self.step(onward.step)
        return self.place(step.number)


@dataclass(frozen=True, slots=True)
class Library:
    """All versions of all procedures, and which version of each is active."""

    procedures: Mapping[tuple[str, str], Procedure]
    active: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def shipped(cls) -> "Library":
        """Load the procedure files that come with Ventanilla, the manual's own version active."""
        from workflow.loading import shipped  # noqa: PLC0415 - loading builds on this module

        return shipped()

    def __iter__(self) -> Iterator[Procedure]:
        """Go through every version, ordered by code and version."""
        return iter([self.procedures[key] for key in sorted(self.procedures)])

    def procedure(self, code: str, version: str | None = None) -> Procedure:
        """Find a version, the active one unless named, or raise UnknownPlaceError."""
        wanted = self.active.get(code) if version is None else version
        found = None if wanted is None else self.procedures.get((code, wanted))
        if found is None:
            raise UnknownPlaceError(f"No hay procedimiento {code}, versión {wanted}")
        return found

    def step(self, place: Place) -> Step:
        """Find the step at a place, or raise UnknownPlaceError."""
        return self.procedure(place.procedure, place.version).step(place.step)

    def activating(self, code: str, version: str) -> "Library":
        """Return the library with another version active for the cases to come."""
        self.procedure(code, version)
        return replace(self, active={**self.active, code: version})

    @property
    def extensions(self) -> frozenset[str]:
        """The ids of the extension answers: the names an administrator can switch off."""
        steps = (step for procedure in self for step in procedure.steps)
        return frozenset(answer.id for step in steps for answer in step.answers if answer.extension)


def still_waiting(roles: Sequence[Role], back_with: Role) -> int:
    """Say how many of a procedure's waiting places stay, oldest first, once a role has the case back."""
    return max((i for i, role in enumerate(roles) if role is back_with), default=0)

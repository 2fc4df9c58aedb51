"""Prove of a procedure, before a case runs through it, that no case can get stuck or lost in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from cases.procedure import Facts, Place
from cases.vocabulary import Category
from workflow.definition import Answer, Library, Procedure, Step, still_waiting
from workflow.faults import Fault

FACTS = tuple(Facts.of(category, handled_before_by_uit=h) for category in Category for h in (True, False))
Shape: TypeAlias = tuple[str, ...]
T = TypeVar("T")


def check_procedure(procedure: Procedure, file: str) -> list[Fault]:
    """Check one version by itself: targets, ways in and out, facts, the stack, prefilled fields."""
    check = _Check(procedure, file)
    check.targets()
    if not check.faults:
        check.automatic_steps()
    if not check.faults:
        check.ways_in()
        check.ways_out()
        check.facts()
        check.stack()
        check.prefills()
    return check.faults


def check_together(library: Library, procedures: Iterable[Procedure]) -> list[Fault]:
    """Check what versions say of one another; a version that is not active may wait for one to come."""
    faults: list[Fault] = []
    for procedure in procedures:
        file = f"{procedure.code}-{procedure.version}.toml"
        active = library.active.get(procedure.code) == procedure.version
        for step, answer, to in _elsewhere(procedure):
            versions = [p for p in library if p.code == to.procedure]
            if active:
                versions = [p for p in versions if library.active.get(p.code) == p.version]
            if not any(to.step in _numbers(p) for p in versions):
                text = f"la respuesta «{answer.id}» lleva a {to}, que no existe"
                faults.append(Fault(file, step.number, "unknown-target", text))
    return faults or _unending(library)


def _unending(library: Library) -> list[Fault]:
    """Find the steps of active versions from which no case can ever be closed."""
    active = [p for p in library if library.active.get(p.code) == p.version]
    steps = {(p.code, step.number): step for p in active for step in p.steps}
    onward = {
        key: {(a.to.procedure, a.to.step) for a in step.answers if a.to is not None and _counts(step, a)}
        for key, step in steps.items()
    }
    ends = {key for key, step in steps.items() if any(a.closes and _counts(step, a) for a in step.answers)}
    ending = _closure(ends, lambda found: {key for key in onward if onward[key] & found})
    text = "desde aquí ningún caso llega a cerrarse"
    stuck = [key for key in steps if key not in ending]
    return [Fault(f"{code}-{library.active[code]}.toml", n, "no-way-out", text) for code, n in stuck]


def waiting_at(procedure: Procedure) -> dict[str, Shape]:
    """Tell for every step which places of its own procedure wait on the stack there, the oldest first.

    In a procedure that passed `check_procedure` that is so whichever way a case came.
    """
    shapes: dict[str, Shape] = {procedure.start: ()}
    open_steps = [procedure.start]
    while open_steps:
        number = open_steps.pop()
        for answer in procedure.step(number).answers:
            for onward, shape in _after(procedure, answer, shapes[number]):
                if onward not in shapes:
                    shapes[onward] = shape
                    open_steps.append(onward)
    return shapes


def deriver(library: Library, code: str) -> Place | None:
    """Find the place that waits below all others in a procedure, if only one active step derives to it."""
    found = {
        procedure.place(answer.push)
        for procedure in library
        for _, answer, to in _elsewhere(procedure)
        if answer.push and to.procedure == code and library.active.get(procedure.code) == procedure.version
    }
    return found.pop() if len(found) == 1 else None


def stack_at(library: Library, place: Place) -> tuple[Place, ...]:
    """Work out the stack of a case that stands at a place, for one that was put there otherwise."""
    procedure = library.procedure(place.procedure, place.version)
    below = deriver(library, place.procedure)
    own = tuple(procedure.place(number) for number in waiting_at(procedure).get(place.step, ()))
    return own if below is None else (below, *own)


def _after(procedure: Procedure, answer: Answer, shape: Shape) -> Iterator[tuple[str, Shape]]:
    """Give the step of this procedure that an answer leads to, with the places that then wait."""
    if answer.returns:
        if shape:
            yield shape[-1], shape[:-1]
    elif answer.to is not None and answer.to.procedure == procedure.code:
        if answer.pop:
            roles = [procedure.step(number).role for number in shape]
            shape = shape[: still_waiting(roles, procedure.step(answer.to.step).role)]
        yield answer.to.step, shape if answer.push is None else (*shape, answer.push)


class _Check:
    def __init__(self, procedure: Procedure, file: str) -> None:
        self.faults: list[Fault] = []
        self._procedure = procedure
        self._file = file
        self._steps = {step.number: step for step in procedure.steps}

    def targets(self) -> None:
        """Every step named exists, every step has an answer."""
        if self._procedure.start not in self._steps:
            self._fault(None, "unknown-target", f"el numeral {self._procedure.start}, el primero, no existe")
        for step in self._procedure.steps:
            if not step.answers:
                self._fault(step, "no-way-out", "no tiene ninguna respuesta")
            for answer in step.answers:
                named = [] if answer.push is None else [answer.push]
                if answer.to is not None and self._here(answer.to):
                    named.append(answer.to.step)
                for number in named:
                    if number not in self._steps:
                        text = f"la respuesta «{answer.id}» lleva al numeral {number}, que no existe"
                        self._fault(step, "unknown-target", text)

    def automatic_steps(self) -> None:
        """Whatever the system takes by itself asks nothing, and comes to an end."""
        automatic = [step for step in self._procedure.steps if step.automatic]
        for step in automatic:
            if len(step.answers) != 1 or not _plain(step.answers[0]):
                text = "un numeral automático tiene una sola respuesta y no pregunta nada"
                self._fault(step, "automatic", text)
            elif step.number in self._closed_walk(step):
                self._fault(step, "automatic", "los numerales automáticos dan vueltas")

    def ways_in(self) -> None:
        """Every step is reached; one that only extensions reach is an extension itself."""
        reached = self._reached(extensions=False)
        possible = self._reached(extensions=True)
        for step in self._procedure.steps:
            if step.number not in (possible if step.extension else reached):
                self._fault(step, "unreachable", "ninguna respuesta lleva hasta aquí")
            elif step.extension and step.number in reached:
                self._fault(step, "unreachable", "es una extensión, y se llega sin ninguna")

    def ways_out(self) -> None:
        """From every step a case can close or go on in another procedure, with all extensions off."""
        steps = self._procedure.steps
        ends = {s.number for s in steps if any(self._leaves(a) and _counts(s, a) for a in s.answers)}
        onward = {s.number: set(self._onward(s, _counts)) for s in steps}
        ending = _closure(ends, lambda found: {number for number in onward if onward[number] & found})
        for step in self._procedure.steps:
            if step.number not in ending:
                self._fault(step, "no-way-out", "desde aquí no se llega al final")

    def facts(self) -> None:
        """Whatever an operator confirms, some answer is open that no administrator can switch off."""
        for step in self._procedure.steps:
            open_to = [a for a in step.answers if not a.extension or step.extension]
            for facts in FACTS:
                if open_to and not any(answer.allowed(facts) for answer in open_to):
                    self._fault(step, "facts", f"no tiene respuesta para {_told(facts)}")

    def stack(self) -> None:
        """Every step is always reached with the same places waiting, and hand-backs have one to go to."""
        shapes = waiting_at(self._procedure)
        for step in self._procedure.steps:
            for answer in step.answers if step.number in shapes else ():
                if answer.pop and not answer.returns and not shapes[step.number]:
                    self._fault(step, "stack", f"la respuesta «{answer.id}» devuelve lo que nadie derivó")
                for number, shape in _after(self._procedure, answer, shapes[step.number]):
                    if shapes[number] != shape:
                        text = f"la respuesta «{answer.id}» lleva a {number} con {_waiting(shape)} en espera"
                        self._fault(step, "stack", f"{text}; otra, con {_waiting(shapes[number])}")

    def prefills(self) -> None:
        """Whatever fills a field in advance was recorded on every way that leads to its step."""
        everything = {f.name for s in self._procedure.steps for a in s.answers for f in a.fields}
        known: dict[str, set[str]] = {number: set(everything) for number in self._steps}
        known[self._procedure.start] = set()
        changed = True
        while changed:
            changed = False
            for step in self._procedure.steps:
                for answer in step.answers:
                    if answer.to is None or not self._here(answer.to):
                        continue
                    recorded = known[step.number] | {f.name for f in answer.fields if f.required}
                    if not known[answer.to.step] <= recorded:
                        known[answer.to.step] &= recorded
                        changed = True
        for step in self._procedure.steps:
            for field in (field for answer in step.answers for field in answer.fields):
                if field.prefill is not None and field.prefill not in known[step.number]:
                    text = f"el campo «{field.name}» toma «{field.prefill}», que no siempre se registra antes"
                    self._fault(step, "prefill", text)

    def _reached(self, *, extensions: bool) -> set[str]:
        def onward(found: set[str]) -> set[str]:
            steps = [self._steps[number] for number in found]
            return {n for s in steps for n in self._onward(s, lambda _, a: extensions or not a.extension)}

        return _closure({self._procedure.start}, onward)

    def _closed_walk(self, step: Step) -> set[str]:
        def onward(found: set[str]) -> set[str]:
            steps = [self._steps[number] for number in found]
            return {n for s in steps if s.automatic for n in self._onward(s, lambda _, __: True)}

        return _closure(onward({step.number}), onward)

    def _onward(self, step: Step, counts: Callable[[Step, Answer], bool]) -> Iterator[str]:
        for answer in step.answers:
            if answer.to is not None and self._here(answer.to) and counts(step, answer):
                yield answer.to.step

    def _leaves(self, answer: Answer) -> bool:
        return answer.closes or (answer.to is not None and not self._here(answer.to))

    def _here(self, place: Place) -> bool:
        return place.procedure == self._procedure.code

    def _fault(self, step: Step | None, kind: str, text: str) -> None:
        self.faults.append(Fault(self._file, None if step is None else step.number, kind, text))


def _counts(step: Step, answer: Answer) -> bool:
    """Whether an answer is there with all extensions off; at an extension step, its own do count."""
    return step.extension or not answer.extension


def _plain(answer: Answer) -> bool:
    return not (
        answer.fields or answer.when or answer.effects or answer.pop or answer.push or answer.extension
    )


def _closure(seeds: set[T], onward: Callable[[set[T]], set[T]]) -> set[T]:
    found = set(seeds)
    while more := onward(found) - found:
        found |= more
    return found


def _elsewhere(procedure: Procedure) -> Iterator[tuple[Step, Answer, Place]]:
    for step in procedure.steps:
        for answer in step.answers:
            if answer.to is not None and answer.to.procedure != procedure.code:
                yield step, answer, answer.to


def _numbers(procedure: Procedure) -> set[str]:
    return {step.number for step in procedure.steps}


def _told(facts: Facts) -> str:
    names: Mapping[str, bool] = {
        "disponibilidad": facts.availability,
        "gestionado antes por la UIT": facts.handled_before_by_uit,
        "diseño funcional": facts.functional_design,
    }
    return ", ".join(f"{name}: {'sí' if value else 'no'}" for name, value in names.items())


def _waiting(shape: Shape) -> str:
    return ", ".join(shape) or "nada"

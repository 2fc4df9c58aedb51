"""A procedure as a flow chart: tasks, choices, ends and the flows between them, not yet placed.

The drawing and the BPMN export both start here, so they show the same thing under the same ids.
"""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from cases.vocabulary import Role, Stage
from workflow.checking import deriver, waiting_at
from workflow.definition import Answer, Library, Procedure, Step

NodeKind: TypeAlias = Literal[
    "start", "task", "choice", "closed", "elsewhere", "boundary", "link-throw", "link-catch"
]

CLOSED_NAME = "Caso cerrado"
START_NAME = "Inicio"
CHOICE_NAME = "Decisión"
ROLE_TITLES = {
    Role.USUARIO: "Usuario",
    Role.OPERADOR: "Operador de Soporte Técnico",
    Role.SUPERVISOR: "Supervisor de Soporte Técnico",
    Role.UIT: "Unidad de Infraestructura Tecnológica (UIT)",
    Role.UPAT: "Unidad de Producción y Actualización Tecnológica (UPAT)",
    Role.ACGII: "Área Centro de Gestión de Incidentes Informáticos (ACGII)",
    Role.ADT: "Área de Diseño Tecnológico (ADT)",
}


@dataclass(frozen=True, slots=True)
class Node:
    """One sign of the chart; `step` is the number of the step it belongs to, `on` the task it sits on.

    A "boundary" is the way out by an extension answer; a "link-throw" goes on at the "link-catch" of the
    same name, before the step `leads_to`; "elsewhere" goes on in another procedure.
    """

    id: str
    kind: NodeKind
    name: str
    role: Role
    step: str
    words: str = ""
    stage: Stage | None = None
    extension: bool = False
    automatic: bool = False
    on: str | None = None
    leads_to: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One arrow, and the ids of the answers that take it."""

    id: str
    source: str
    target: str
    name: str = ""
    answers: tuple[str, ...] = ()
    extension: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """The whole chart of one version, in the manual's order."""

    procedure: Procedure
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    def node(self, node_id: str) -> Node:
        """Find a node by its id."""
        return next(node for node in self.nodes if node.id == node_id)


def graph(library: Library, code: str, version: str | None = None) -> Graph:
    """Chart one version, the active one unless named."""
    return _Charting(library, library.procedure(code, version)).chart()


def step_id(number: str) -> str:
    """Name a step's task, such as `step_3_C_2`; ids never change while the number does not."""
    return f"step_{_plain(number)}"


class _Charting:
    def __init__(self, library: Library, procedure: Procedure) -> None:
        self._procedure = procedure
        self._waiting = waiting_at(procedure)
        place = deriver(library, procedure.code)
        self._deriver = None if place is None else str(place)
        self._nodes: list[Node] = []
        self._flows: list[Flow] = []
        self._catches: dict[str, Node] = {}

    def chart(self) -> Graph:
        first = self._procedure.step(self._procedure.start)
        start = self._add(Node("start", "start", self._deriver or START_NAME, first.role, first.number))
        self._flow(start.id, step_id(first.number))
        for step in self._procedure.steps:
            self._chart_step(step)
        for number, catch in self._catches.items():
            self._add(catch)
            self._flow(catch.id, step_id(number), extension=True)
        return Graph(self._procedure, tuple(self._nodes), tuple(self._flows))

    def _chart_step(self, step: Step) -> None:
        task = self._add(
            Node(
                step_id(step.number),
                "task",
                step.number,
                step.role,
                step.number,
                words=step.activity,
                stage=step.stage,
                extension=step.extension,
                automatic=step.automatic,
            )
        )
        source = task.id
        by_target: dict[str, list[Answer]] = {}
        for answer in step.answers:
            if not answer.extension or step.extension:
                by_target.setdefault(self._target(step, answer), []).append(answer)
        if len(by_target) > 1:
            choice = self._add(
                Node(f"choice_{_plain(step.number)}", "choice", CHOICE_NAME, step.role, step.number)
            )
            self._flow(task.id, choice.id)
            source = choice.id
        for target, answers in by_target.items():
            end = self._end(step, target)
            plain = next((a for a in answers if a.kind == "step"), answers[0])
            name = plain.label if len(by_target) > 1 else ""
            self._flow(source, end, name, tuple(answer.id for answer in answers))
        for answer in step.answers:
            if answer.extension and not step.extension:
                self._chart_extension(step, answer)

    def _chart_extension(self, step: Step, answer: Answer) -> None:
        plain, target = _plain(step.number), self._target(step, answer)
        way_out = self._add(
            Node(
                f"extension_{plain}_{answer.id}",
                "boundary",
                answer.label.partition(" (")[0],
                step.role,
                step.number,
                extension=True,
                on=step_id(step.number),
            )
        )
        if " " in target or target == "":
            end = self._end(step, target, f"elsewhere_{plain}_{answer.id}", extension=True)
        else:
            end = f"link_{plain}_{answer.id}"
            throw = Node(end, "link-throw", f"Numeral {target}", step.role, step.number, extension=True)
            self._add(replace(throw, on=way_out.id, leads_to=target))
            catch = Node(
                f"link_to_{_plain(target)}", "link-catch", throw.name, step.role, target, extension=True
            )
            self._catches[target] = replace(catch, role=self._procedure.step(target).role, leads_to=target)
        self._flow(way_out.id, end, answers=(answer.id,), extension=True)

    def _end(self, step: Step, target: str, named: str | None = None, *, extension: bool = False) -> str:
        """Return the id of the node that a target means, adding an end where it is not a task."""
        on = named and named.replace("elsewhere", "extension", 1)
        if target == "":
            closed = f"closed_{_plain(step.number)}" if named is None else named
            return self._add(
                Node(closed, "closed", CLOSED_NAME, step.role, step.number, "", None, extension, on=on)
            ).id
        if " " in target:
            end = named or f"elsewhere_{_plain(step.number)}_{_plain(target)}"
            return self._add(
                Node(end, "elsewhere", target, step.role, step.number, "", None, extension, on=on)
            ).id
        return step_id(target)

    def _target(self, step: Step, answer: Answer) -> str:
        """Write where an answer leads: "" to the end, `3` in this procedure, `PR01 3` in another."""
        if answer.returns:
            waiting = self._waiting[step.number]
            return waiting[-1] if waiting else self._deriver or "Quien derivó"
        if answer.to is None:
            return ""
        return answer.to.step if answer.to.procedure == self._procedure.code else str(answer.to)

    def _add(self, node: Node) -> Node:
        self._nodes.append(node)
        return node

    def _flow(
        self,
        source: str,
        target: str,
        name: str = "",
        answers: tuple[str, ...] = (),
        *,
        extension: bool = False,
    ) -> None:
        self._flows.append(Flow(f"flow_{source}__{target}", source, target, name, answers, extension))


def _plain(text: str) -> str:
    return text.replace(".", "_").replace(" ", "_")

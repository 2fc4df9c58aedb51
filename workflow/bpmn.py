"""A procedure as BPMN 2.0, drawn as `layout` places it: pool, lanes, tasks, choices, ends and their diagram.

Conditions compare a variable `answer` with the ids of answers; they tell a reader and other tools which way
an answer goes, and Ventanilla itself never evaluates them. Ways out by an extension are escalations at the
edge of a task; within the procedure they go on by a link, out of it they end with a signal.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from workflow.definition import Answer, Library, Procedure, Step
from workflow.graph import ROLE_TITLES, Flow, Graph, Node, graph
from workflow.layout import FONT, TASK_WIDTH, Box, Label, Layout, lay_out, wrap
from workflow.palette import EXTENSION, STAGE_FILL

NAMESPACES = {
    "xmlns:bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    "xmlns:color": "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "targetNamespace": "urn:ventanilla:procedures",
    "exporter": "Ventanilla",
}
TAGS = {
    "start": "startEvent",
    "choice": "exclusiveGateway",
    "closed": "endEvent",
    "elsewhere": "endEvent",
    "boundary": "boundaryEvent",
    "link-throw": "intermediateThrowEvent",
    "link-catch": "intermediateCatchEvent",
}
EDGE = 80
NAME_LINES = 5


def to_bpmn(library: Library, code: str, version: str | None = None) -> str:
    """Export one version, the active one unless named, as a BPMN 2.0 document."""
    return _Export(lay_out(graph(library, code, version))).document()


class _Export:
    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._graph: Graph = layout.graph
        self._procedure: Procedure = layout.graph.procedure
        self._key = f"{self._procedure.code}_{self._procedure.version}".replace(".", "_")

    def document(self) -> str:
        root = ET.Element("bpmn:definitions", {**NAMESPACES, "id": f"definitions_{self._key}"})
        self._declare(root)
        collaboration = _element(root, "bpmn:collaboration", id=f"collaboration_{self._key}")
        process = f"process_{self._key}"
        name = f"{self._procedure.manual_code} (versión {self._procedure.version})"
        pool = f"pool_{self._procedure.code}"
        _element(collaboration, "bpmn:participant", id=pool, name=name, processRef=process)
        self._process(_element(root, "bpmn:process", id=process, name=name, isExecutable="true"))
        diagram = _element(root, "bpmndi:BPMNDiagram", id=f"diagram_{self._key}")
        self._diagram(
            _element(
                diagram, "bpmndi:BPMNPlane", id=f"plane_{self._key}", bpmnElement=f"collaboration_{self._key}"
            ),
            pool,
        )
        ET.indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"

    def _declare(self, root: ET.Element) -> None:
        """Declare the signals that lead to other procedures and the escalations that are extensions."""
        for name in sorted({node.name for node in self._graph.nodes if node.kind == "elsewhere"}):
            _element(root, "bpmn:signal", id=_signal(name), name=name)
        ids = {flow.answers[0]: flow.source for flow in self._graph.flows if flow.extension and flow.answers}
        for answer, source in sorted(ids.items()):
            name = self._graph.node(source).name
            _element(root, "bpmn:escalation", id=f"escalation_{answer}", name=name, escalationCode=answer)

    # the process

    def _process(self, process: ET.Element) -> None:
        procedure = self._procedure
        approval = f"Aprobado con: {procedure.resolution}, de {procedure.resolution_date:%d/%m/%Y}"
        _document(process, [procedure.title, f"Objetivo: {procedure.objective}", approval])
        lanes = _element(process, "bpmn:laneSet", id=f"lanes_{self._key}")
        for lane in self._layout.lanes:
            band = _element(lanes, "bpmn:lane", id=f"lane_{lane.role}", name=ROLE_TITLES[lane.role])
            for node in self._graph.nodes:
                if node.role is lane.role:
                    _element(band, "bpmn:flowNodeRef").text = node.id
        for node in self._graph.nodes:
            self._node(process, node)
        for flow in self._graph.flows:
            self._flow(process, flow)

    def _node(self, process: ET.Element, node: Node) -> None:
        tag = TAGS.get(node.kind, "task" if node.automatic else "userTask")
        name = node.name
        if node.kind == "task":
            name = f"{node.step}. {' '.join(wrap(node.words, TASK_WIDTH - 20, FONT, NAME_LINES))}"
        element = _element(process, f"bpmn:{tag}", id=node.id, name=name)
        if node.kind == "task":
            _document(element, self._told(self._procedure.step(node.step)))
        elif node.extension:
            _document(element, ["Extensión: el manual no la nombra."])
        if node.kind == "boundary":
            element.set("attachedToRef", node.on or "")
        for flow in self._graph.flows:
            if flow.target == node.id:
                _element(element, "bpmn:incoming").text = flow.id
        for flow in self._graph.flows:
            if flow.source == node.id:
                _element(element, "bpmn:outgoing").text = flow.id
        self._event(element, node)

    def _event(self, element: ET.Element, node: Node) -> None:
        definition = f"event_{node.id}"
        if node.kind == "elsewhere":
            _element(element, "bpmn:signalEventDefinition", id=definition, signalRef=_signal(node.name))
        elif node.kind == "boundary":
            answer = next(flow.answers[0] for flow in self._graph.flows if flow.source == node.id)
            ref = f"escalation_{answer}"
            _element(element, "bpmn:escalationEventDefinition", id=definition, escalationRef=ref)
        elif node.kind in {"link-throw", "link-catch"}:
            _element(element, "bpmn:linkEventDefinition", id=definition, name=node.name)

    def _flow(self, process: ET.Element, flow: Flow) -> None:
        element = _element(
            process, "bpmn:sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target
        )
        if flow.name:
            element.set("name", flow.name)
        if self._graph.node(flow.source).kind == "choice":
            condition = _element(element, "bpmn:conditionExpression")
            condition.set("xsi:type", "bpmn:tFormalExpression")
            condition.text = " or ".join(f'answer == "{answer}"' for answer in flow.answers)

    def _told(self, step: Step) -> list[str]:
        marks = ["Extensión: el manual no lo nombra."] if step.extension else []
        marks += ["Registro interno."] if step.internal else []
        return [
            step.activity,
            f"Responsable: {step.responsible}",
            f"Salida: {step.output}",
            *marks,
            *(_told(answer) for answer in step.answers),
        ]

    # the diagram

    def _diagram(self, plane: ET.Element, pool: str) -> None:
        bands = [(pool, self._layout.pool), *((f"lane_{lane.role}", lane.box) for lane in self._layout.lanes)]
        for band, box in bands:
            shape = _element(
                plane, "bpmndi:BPMNShape", id=f"shape_{band}", bpmnElement=band, isHorizontal="true"
            )
            _bounds(shape, box)
        for node in self._graph.nodes:
            shape = _element(plane, "bpmndi:BPMNShape", id=f"shape_{node.id}", bpmnElement=node.id)
            if node.kind == "choice":
                shape.set("isMarkerVisible", "true")
            if node.stage is not None:
                shape.set("color:background-color", STAGE_FILL[node.stage])
            if node.extension:
                shape.set("color:border-color", EXTENSION)
            _bounds(shape, self._layout.boxes[node.id])
            _label(shape, self._layout.labels.get(node.id))
        for flow in self._graph.flows:
            edge = _element(plane, "bpmndi:BPMNEdge", id=f"edge_{flow.id}", bpmnElement=flow.id)
            if flow.extension:
                edge.set("color:border-color", EXTENSION)
            for x, y in self._layout.lines[flow.id]:
                _element(edge, "di:waypoint", x=x + EDGE, y=y + EDGE)
            _label(edge, self._layout.labels.get(flow.id))


def _told(answer: Answer) -> str:
    kind = " (interpretación, sección 4)" if answer.kind == "interpretation" else ""
    return f"Respuesta {answer.id}: {answer.label}{kind}{' (extensión)' if answer.extension else ''}"


def _signal(name: str) -> str:
    return f"signal_{name.replace('.', '_').replace(' ', '_')}"


def _document(element: ET.Element, lines: Iterable[str]) -> None:
    _element(element, "bpmn:documentation").text = "\n".join(lines)


def _label(shape: ET.Element, label: Label | None) -> None:
    if label is not None:
        _bounds(_element(shape, "bpmndi:BPMNLabel"), label.box)


def _bounds(shape: ET.Element, box: Box) -> None:
    _element(shape, "dc:Bounds", x=box.x + EDGE, y=box.y + EDGE, width=box.width, height=box.height)


def _element(parent: ET.Element, tag: str, **attributes: object) -> ET.Element:
    return ET.SubElement(parent, tag, {name: str(value) for name, value in attributes.items()})

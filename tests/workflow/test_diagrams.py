"""The drawing and the BPMN export: well formed, legible, and showing what the procedure says."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator

from tests.workflow.walking import SHIPPED, a_file, read_xml
from workflow.bpmn import to_bpmn
from workflow.drawing import draw
from workflow.graph import graph
from workflow.layout import Box, Layout, Point, lay_out, text_width, wrap
from workflow.loading import library, parse

CODES = ["PR01", "PR02", "PR03"]
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "svg": "http://www.w3.org/2000/svg",
}
SMALL = library([parse(a_file(), "PR09-1.toml")])


def laid_out(code: str) -> Layout:
    """Place a shipped procedure."""
    return lay_out(graph(SHIPPED, code))


def bpmn(code: str) -> ET.Element:
    """Export a shipped procedure and read it back."""
    return read_xml(to_bpmn(SHIPPED, code))


# the layout


@pytest.mark.parametrize("code", CODES)
def test_no_sign_and_no_words_lie_on_another(code: str) -> None:
    layout = laid_out(code)
    on = {node.id: node.on for node in layout.graph.nodes}
    boxes = [(name, box) for name, box in layout.boxes.items()]
    labels = [(f"words of {name}", label.box) for name, label in layout.labels.items()]

    assert len(boxes) > 15
    assert len(labels) > 5
    touching = [
        (one, two)
        for (one, a), (two, b) in combinations([*boxes, *labels], 2)
        if overlap(a, b) and on.get(one) != two and on.get(two) != one
    ]
    assert touching == []


@pytest.mark.parametrize("code", CODES)
def test_no_line_runs_through_a_sign_or_words(code: str) -> None:
    layout = laid_out(code)
    flows = {flow.id: flow for flow in layout.graph.flows}
    hit = []
    for flow_id, line in layout.lines.items():
        flow = flows[flow_id]
        own = {
            flow.source,
            flow.target,
            *(n.id for n in layout.graph.nodes if n.on in {flow.source, flow.target}),
        }
        own |= {n.on for n in layout.graph.nodes if n.id in own and n.on}
        for begin, end in pairwise(line):
            hit += [
                (flow_id, n) for n, box in layout.boxes.items() if n not in own and crosses(begin, end, box)
            ]
            hit += [(flow_id, n) for n, label in layout.labels.items() if crosses(begin, end, label.box)]
    assert hit == []


@pytest.mark.parametrize("code", CODES)
def test_lines_that_end_apart_do_not_cross(code: str) -> None:
    layout = laid_out(code)
    flows = {flow.id: flow for flow in layout.graph.flows}
    crossed = [
        (one, two)
        for (one, a), (two, b) in combinations(layout.lines.items(), 2)
        if flows[one].target != flows[two].target
        and flows[one].source != flows[two].source
        and any(meet(p, q) for p in pairwise(a) for q in pairwise(b))
    ]
    assert crossed == []


@pytest.mark.parametrize("code", CODES)
def test_everything_lies_in_its_lane_and_lines_are_square(code: str) -> None:
    layout = laid_out(code)
    lanes = {lane.role: lane.box for lane in layout.lanes}

    for node in layout.graph.nodes:
        assert within(layout.boxes[node.id], lanes[node.role]), node.id
    assert all(within(label.box, layout.pool) for label in layout.labels.values())
    assert layout.lines.keys() == {flow.id for flow in layout.graph.flows}
    for line in layout.lines.values():
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(line))


@pytest.mark.parametrize("code", CODES)
def test_lines_begin_and_end_at_their_signs(code: str) -> None:
    layout = laid_out(code)
    for flow in layout.graph.flows:
        line = layout.lines[flow.id]
        assert at_edge(line[0], layout.boxes[flow.source]), flow.id
        assert at_edge(line[-1], layout.boxes[flow.target]), flow.id


@pytest.mark.parametrize("code", CODES)
def test_steps_stand_from_left_to_right_in_the_manuals_order(code: str) -> None:
    layout = laid_out(code)
    numbers = [step.number for step in SHIPPED.procedure(code).steps]
    for branch in ("", ".A", ".B", ".C"):
        own = [n for n in numbers if ("." not in n if branch == "" else n[1:3] == branch)]
        left = [layout.boxes[f"step_{n.replace('.', '_')}"].x for n in own]
        assert left == sorted(set(left))


def test_words_are_broken_to_fit() -> None:
    text = "Determina acciones de respuesta en la atención del caso o problema"
    lines = wrap(text, 150, 11)
    short = wrap(text, 150, 11, 2)

    assert " ".join(lines) == text
    assert all(text_width(line, 11) <= 150 for line in [*lines, *short])
    assert len(short) == 2
    assert short[-1].endswith("…")


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share any room."""
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def within(inner: Box, outer: Box) -> bool:
    """Whether one box lies wholly in another."""
    return (
        outer.x <= inner.x
        and inner.right <= outer.right
        and outer.y <= inner.y
        and inner.bottom <= outer.bottom
    )


def crosses(begin: Point, end: Point, box: Box) -> bool:
    """Whether a square line passes through the inside of a box."""
    line = Box(min(begin[0], end[0]), min(begin[1], end[1]), abs(begin[0] - end[0]), abs(begin[1] - end[1]))
    return line.x < box.right and box.x < line.right + 1 and line.y < box.bottom and box.y < line.bottom + 1


def meet(one: tuple[Point, Point], two: tuple[Point, Point]) -> bool:
    """Whether an upright and a level line cross."""
    for (a, b), (c, d) in ((one, two), (two, one)):
        upright, level = a[0] == b[0] and a[1] != b[1], c[1] == d[1] and c[0] != d[0]
        if upright and level:
            across = min(c[0], d[0]) < a[0] < max(c[0], d[0])
            return across and min(a[1], b[1]) < c[1] < max(a[1], b[1])
    return False


def at_edge(point: Point, box: Box) -> bool:
    """Whether a point lies on the border of a box."""
    x, y = point
    on_side = x in {box.x, box.right} and box.y <= y <= box.bottom
    return on_side or (y in {box.y, box.bottom} and box.x <= x <= box.right)


# the BPMN document


@pytest.mark.parametrize("code", CODES)
def test_the_export_keeps_to_the_standards_schema(code: str) -> None:
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_str(to_bpmn(SHIPPED, code).encode())

    assert parser.get_spec(f"process_{code}_0") is not None


@pytest.mark.parametrize("code", CODES)
def test_ids_are_unique_and_references_lead_somewhere(code: str) -> None:
    root = bpmn(code)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    names = {
        "sourceRef",
        "targetRef",
        "attachedToRef",
        "processRef",
        "signalRef",
        "escalationRef",
        "bpmnElement",
    }
    references = [element.attrib[name] for element in root.iter() for name in names if name in element.attrib]
    references += [
        e.text or ""
        for tag in ("flowNodeRef", "incoming", "outgoing")
        for e in root.iterfind(f".//bpmn:{tag}", NS)
    ]

    assert len(ids) == len(set(ids)) > 60
    assert len(references) > 100
    assert set(references) <= set(ids)


@pytest.mark.parametrize("code", CODES)
def test_every_step_is_a_task_in_its_lane_with_the_manuals_words(code: str) -> None:
    root = bpmn(code)
    lanes = {
        ref.text: lane.attrib["id"]
        for lane in root.iterfind(".//bpmn:lane", NS)
        for ref in lane.iterfind("bpmn:flowNodeRef", NS)
    }
    refs = root.findall(".//bpmn:flowNodeRef", NS)
    tasks = {
        task.attrib["id"]: task
        for tag in ("userTask", "task")
        for task in root.iterfind(f".//bpmn:{tag}", NS)
    }
    steps = SHIPPED.procedure(code).steps

    assert len(refs) == len(lanes)
    assert tasks.keys() == {f"step_{step.number.replace('.', '_')}" for step in steps}
    for step in steps:
        task = tasks[f"step_{step.number.replace('.', '_')}"]
        told = task.findtext("bpmn:documentation", "", NS)
        assert task.attrib["name"].startswith(f"{step.number}. ")
        assert told.startswith(f"{step.activity}\nResponsable: {step.responsible}\nSalida: {step.output}\n")
        assert all(f"Respuesta {answer.id}: {answer.label}" in told for answer in step.answers)
        assert lanes[task.attrib["id"]] == f"lane_{step.role}"


@pytest.mark.parametrize("code", CODES)
def test_everything_has_its_place_in_the_diagram(code: str) -> None:
    root = bpmn(code)
    process = root.find("bpmn:process", NS)
    assert process is not None
    shown = {shape.attrib["bpmnElement"] for shape in root.iterfind(".//bpmndi:BPMNShape", NS)}
    drawn = {edge.attrib["bpmnElement"]: edge for edge in root.iterfind(".//bpmndi:BPMNEdge", NS)}
    flows = {flow.attrib["id"] for flow in process.iterfind("bpmn:sequenceFlow", NS)}
    nodes = {
        e.attrib["id"]
        for e in process
        if e.tag.rpartition("}")[2] not in {"sequenceFlow", "laneSet", "documentation"}
    }
    lanes = {lane.attrib["id"] for lane in process.iterfind(".//bpmn:lane", NS)}

    assert shown == nodes | lanes | {f"pool_{code}"}
    assert drawn.keys() == flows
    assert all(len(edge.findall("di:waypoint", NS)) >= 2 for edge in drawn.values())
    named = {e.attrib["id"] for e in root.iter() if e.attrib.get("name") and e.attrib["id"] in flows}
    assert named <= {name for name, edge in drawn.items() if edge.find("bpmndi:BPMNLabel", NS) is not None}


def test_extensions_are_marked_and_others_are_not() -> None:
    root = bpmn("PR02")
    marked = [
        e.attrib["id"]
        for e in root.iter()
        if e.findtext("bpmn:documentation", "", NS).startswith("Extensión")
    ]
    boundaries = [e.attrib["attachedToRef"] for e in root.iterfind(".//bpmn:boundaryEvent", NS)]

    assert len(boundaries) == 15 + 2
    assert boundaries.count("step_8") == 2
    assert {name.partition("_")[0] for name in marked} == {"extension", "elsewhere", "link"}
    assert len(marked) == 2 * len(boundaries) + 2


def test_ids_come_from_the_numbers() -> None:
    ids = {element.attrib["id"] for element in bpmn("PR02").iter() if "id" in element.attrib}

    assert {
        "step_3_C_2",
        "choice_3",
        "flow_choice_3__step_3_C_1",
        "closed_9",
        "lane_acgii",
        "pool_PR02",
    } <= ids
    assert {"extension_3_B_1_return-to-deriver", "link_3_B_1_return-to-deriver", "link_to_3"} <= ids
    assert to_bpmn(SHIPPED, "PR02") == to_bpmn(SHIPPED, "PR02", "0")


# the drawing


def drawn(code: str, **marks: object) -> ET.Element:
    """Draw a shipped procedure and read it back."""
    return read_xml(draw(SHIPPED, code, **marks))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CODES)
def test_a_drawing_tells_those_who_cannot_see_it(code: str) -> None:
    root = drawn(code, current="3")
    procedure = SHIPPED.procedure(code)
    title, told = root.findtext("svg:title", "", NS), root.findtext("svg:desc", "", NS)
    labelled = root.attrib["aria-labelledby"].split()

    assert root.attrib["role"] == "img"
    assert labelled == [root.find(f"svg:{tag}", NS).attrib["id"] for tag in ("title", "desc")]  # type: ignore[union-attr]
    assert procedure.title in title
    assert "El caso está en el numeral 3." in told
    assert all(step.activity in told for step in procedure.steps)


@pytest.mark.parametrize("code", CODES)
def test_a_drawing_needs_no_style_and_no_script(code: str) -> None:
    root = drawn(code)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    attributes = {name for element in root.iter() for name in element.attrib}

    assert tags == {
        "svg",
        "title",
        "desc",
        "defs",
        "marker",
        "path",
        "rect",
        "g",
        "text",
        "circle",
        "polygon",
    }
    assert not {name for name in attributes if name == "style" or name.startswith("on") or "href" in name}


def test_the_place_and_the_way_are_marked() -> None:
    root = drawn("PR02", current="3.B.2", path=["1", "2", "3", "3.B.1"])
    here = [step_of(g) for g in root.iterfind(".//svg:g", NS) if g.attrib.get("aria-current") == "step"]
    been = [step_of(g) for g in root.iterfind(".//svg:g", NS) if "taken" in g.attrib.get("class", "").split()]
    lines = {e.attrib["id"].partition("flow_")[2] for e in root.iterfind(".//svg:path[@class='taken']", NS)}

    assert here == ["3.B.2"]
    assert been == ["1", "2", "3", "3.B.1"]
    assert lines == {
        "step_1__step_2",
        "step_2__step_3",
        "step_3__choice_3",
        "choice_3__step_3_B_1",
        "step_3_B_1__step_3_B_2",
    }
    assert not list(marked(drawn("PR02")))


def test_a_return_is_marked_through_its_link() -> None:
    root = drawn("PR02", current="3", path=["3", "3.B.1"])
    lines = set(marked(root))

    assert "extension_3_B_1_return-to-deriver__link_3_B_1_return-to-deriver" in lines
    assert "link_to_3__step_3" in lines


def marked(root: ET.Element) -> Iterator[str]:
    """Name the lines of a drawing that the case has taken."""
    for path in root.iterfind(".//svg:path[@class='taken']", NS):
        yield path.attrib["id"].partition("flow_")[2]


def step_of(group: ET.Element) -> str:
    """Read the number of the step that a group draws."""
    return group.findtext("svg:title", "", NS).partition(". ")[0]


def test_another_procedure_is_drawn_too() -> None:
    layout = lay_out(graph(SMALL, "PR09"))

    assert [lane.role.value for lane in layout.lanes] == ["usuario", "uit", "upat"]
    assert read_xml(draw(SMALL, "PR09")).attrib["role"] == "img"
    assert "step_2_B_1" in to_bpmn(SMALL, "PR09")

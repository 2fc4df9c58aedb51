"""An SVG of a procedure, with the case's place and the way it came marked if they are given.

Colours are attributes, not a style sheet, so that the page's content security policy need allow nothing;
the classes let a page restyle it.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import pairwise

from cases.vocabulary import STAGE_TITLES
from workflow.definition import Library
from workflow.graph import ROLE_TITLES, Node, graph, step_id
from workflow.layout import FONT, HEADER, TASK_WIDTH, Box, Label, Layout, Point, lay_out, text_width, wrap
from workflow.palette import EXTENSION, HERE, INK, LANE, PAPER, SOFT, STAGE_FILL, TAKEN

HEAD = 64
EDGE = 16
TASK_LINES = 5
SMALL = 11


def draw(
    library: Library,
    code: str,
    version: str | None = None,
    *,
    current: str | None = None,
    path: Sequence[str] = (),
) -> str:
    """Draw one version as SVG; `current` is a step's number, `path` those of the steps taken, in order."""
    return _Drawing(lay_out(graph(library, code, version)), current, path).svg()


class _Drawing:
    def __init__(self, layout: Layout, current: str | None, path: Sequence[str]) -> None:
        self._layout = layout
        self._current = current
        self._path = set(path)
        self._taken = _taken(layout, path if current is None else [*path, current])

    def svg(self) -> str:
        procedure = self._layout.graph.procedure
        width, height = self._layout.pool.width + 2 * EDGE, self._layout.pool.height + HEAD + 2 * EDGE
        name = f"diagram-{procedure.code}-{procedure.version}"
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {width} {height}",
                "width": str(width),
                "height": str(height),
                "role": "img",
                "aria-labelledby": f"{name}-title {name}-desc",
                "font-family": "system-ui, 'Segoe UI', Arial, sans-serif",
                "font-size": str(FONT),
                "fill": INK,
                "class": "procedure",
            },
        )
        _element(root, "title", id=f"{name}-title").text = f"{procedure.manual_code}: {procedure.title}"
        _element(root, "desc", id=f"{name}-desc").text = self._description()
        self._markers(root, name)
        _element(root, "rect", x=0, y=0, width=width, height=height, fill=PAPER)
        self._heading(root)
        body = _element(root, "g", transform=f"translate({EDGE} {HEAD + EDGE})")
        self._bands(body)
        for flow in sorted(self._layout.graph.flows, key=lambda flow: flow.id in self._taken):
            self._line(body, flow.id, name, extension=flow.extension)
        for node in self._layout.graph.nodes:
            self._sign(body, node)
        return ET.tostring(root, encoding="unicode")

    def _description(self) -> str:
        procedure = self._layout.graph.procedure
        steps = [f"{step.number}, {step.responsible}: {step.activity}" for step in procedure.steps]
        here = [] if self._current is None else [f"El caso está en el numeral {self._current}."]
        return " ".join([procedure.objective, *here, *steps])

    def _markers(self, root: ET.Element, name: str) -> None:
        defs = _element(root, "defs")
        for kind, colour in (("plain", INK), ("extension", EXTENSION), ("taken", TAKEN)):
            marker = _element(
                defs,
                "marker",
                id=f"{name}-{kind}",
                viewBox="0 0 10 10",
                refX=9,
                refY=5,
                markerWidth=8,
                markerHeight=8,
                orient="auto",
                markerUnits="userSpaceOnUse",
            )
            _element(marker, "path", d="M0 0 L10 5 L0 10 z", fill=colour)

    def _heading(self, root: ET.Element) -> None:
        procedure = self._layout.graph.procedure
        room = self._layout.pool.width
        head = f"{procedure.manual_code} · versión {procedure.version} · {procedure.resolution}"
        _text(root, head, EDGE, 24, size=14, weight="600")
        _text(root, wrap(procedure.title, room, 13, 1)[0], EDGE, 44, size=13)
        x = EDGE
        for stage, title in STAGE_TITLES.items():
            _element(root, "rect", x=x, y=54, width=14, height=14, rx=3, fill=STAGE_FILL[stage], stroke=SOFT)
            _text(root, title, x + 20, 65, size=SMALL)
            x += round(text_width(title, SMALL)) + 44
        _element(
            root, "circle", cx=x + 7, cy=61, r=6, fill=PAPER, stroke=EXTENSION, **{"stroke-dasharray": "3 2"}
        )
        _text(root, "Extensión: el manual no la nombra", x + 20, 65, size=SMALL, fill=EXTENSION)

    def _bands(self, body: ET.Element) -> None:
        procedure = self._layout.graph.procedure
        pool = self._layout.pool
        _box(body, pool, fill=PAPER, stroke=SOFT)
        _upright(body, f"{procedure.manual_code} (versión {procedure.version})", pool, "600")
        for lane in self._layout.lanes:
            _box(body, lane.box, fill=PAPER, stroke=SOFT)
            head = Box(lane.box.x, lane.box.y, HEADER, lane.box.height)
            _box(body, head, fill=LANE, stroke=SOFT)
            _upright(body, ROLE_TITLES[lane.role], lane.box, "400")

    def _line(self, body: ET.Element, flow: str, name: str, *, extension: bool) -> None:
        kind = "taken" if flow in self._taken else "extension" if extension else "plain"
        colour = {"taken": TAKEN, "extension": EXTENSION, "plain": INK}[kind]
        points = self._layout.lines[flow]
        line = _element(
            body,
            "path",
            d=_rounded(points),
            fill="none",
            stroke=colour,
            id=f"{name}-{flow}",
            **{
                "stroke-width": 3 if kind == "taken" else 1.3,
                "marker-end": f"url(#{name}-{kind})",
                "class": kind,
            },
        )
        if extension:
            line.set("stroke-dasharray", "5 3")
        label = self._layout.labels.get(flow)
        if label is not None:
            _write(body, label, FONT, INK)

    def _sign(self, body: ET.Element, node: Node) -> None:
        group = _element(body, "g", **{"class": f"{node.kind}{' extension' if node.extension else ''}"})
        box = self._layout.boxes[node.id]
        if node.kind == "task":
            self._task(group, node, box)
            return
        _element(group, "title").text = f"{node.name}, numeral {node.step}"
        colour = EXTENSION if node.extension else INK
        x, y = box.center
        if node.kind == "choice":
            points = f"{x},{box.y} {box.right},{y} {x},{box.bottom} {box.x},{y}"
            _element(group, "polygon", points=points, fill=PAPER, stroke=colour, **{"stroke-width": 1.5})
            cross = f"M{x - 8} {y - 8} L{x + 8} {y + 8} M{x + 8} {y - 8} L{x - 8} {y + 8}"
            _element(group, "path", d=cross, stroke=colour, **{"stroke-width": 3})
        else:
            self._round(group, node, box, colour)
        label = self._layout.labels.get(node.id)
        if label is not None:
            _write(group, label, FONT if label.anchor == "middle" else FONT - 2, colour)

    def _round(self, group: ET.Element, node: Node, box: Box, colour: str) -> None:
        x, y = box.center
        end = node.kind in {"closed", "elsewhere"}
        ring = _element(group, "circle", cx=x, cy=y, r=17, fill=PAPER, stroke=colour)
        ring.set("stroke-width", "3.5" if end else "1.5")
        if node.kind == "boundary":
            ring.set("stroke-dasharray", "4 3")
        if node.kind in {"boundary", "link-catch", "link-throw"}:
            _element(group, "circle", cx=x, cy=y, r=13, fill="none", stroke=colour)
        arrow = f"M{x - 9} {y - 4} H{x + 1} V{y - 9} L{x + 10} {y} L{x + 1} {y + 9} V{y + 4} H{x - 9} z"
        if node.kind in {"elsewhere", "link-throw"}:
            _element(group, "path", d=arrow, fill=colour)
        elif node.kind == "link-catch":
            _element(group, "path", d=arrow, fill="none", stroke=colour)
        elif node.kind == "boundary":
            _element(
                group, "path", d=f"M{x} {y - 9} L{x + 7} {y + 8} L{x} {y + 2} L{x - 7} {y + 8} z", fill=colour
            )
        elif node.kind == "closed":
            _element(group, "circle", cx=x, cy=y, r=9, fill=colour)

    def _task(self, group: ET.Element, node: Node, box: Box) -> None:
        _element(group, "title").text = f"{node.step}. {node.words}"
        here, been = node.step == self._current, node.step in self._path
        task = _element(
            group,
            "rect",
            x=box.x,
            y=box.y,
            width=box.width,
            height=box.height,
            rx=9,
            fill=STAGE_FILL[node.stage] if node.stage else PAPER,
            stroke=HERE if here else TAKEN if been else INK,
        )
        task.set("stroke-width", "4" if here else "3" if been else "1.3")
        if here:
            group.set("class", "task current")
            group.set("aria-current", "step")
        elif been:
            group.set("class", "task taken")
        _text(group, node.step, box.x + 10, box.y + 19, size=13, weight="700")
        if here:
            _text(
                group,
                "aquí está el caso",
                box.right - 10,
                box.y + 19,
                size=SMALL,
                weight="600",
                fill=HERE,
                anchor="end",
            )
        for i, line in enumerate(wrap(node.words, TASK_WIDTH - 20, SMALL, TASK_LINES)):
            _text(group, line, box.x + 10, box.y + 36 + i * 13, size=SMALL)


def _taken(layout: Layout, path: Sequence[str]) -> set[str]:
    """Find the flows between the steps of a path that follow one another, through a choice or a link."""
    found: set[str] = set()
    flows = layout.graph.flows
    for before, after in pairwise(path):
        ends = {step_id(after)} | {n.id for n in layout.graph.nodes if n.leads_to == after}
        for first in (f for f in flows if layout.graph.node(f.source).step == before):
            if first.target not in ends or layout.graph.node(first.source).kind == "link-catch":
                continue
            found.add(first.id)
            found |= {
                f.id
                for f in flows
                if f.target == first.source and layout.graph.node(first.source).kind == "choice"
            }
            if layout.graph.node(first.target).kind == "link-throw":
                found |= {
                    f.id for f in flows if f.target == step_id(after) and f.source.startswith("link_to_")
                }
    return found


def _rounded(points: Sequence[Point]) -> str:
    """Write a line as a path whose corners are rounded."""
    parts = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _toward(corner, before), _toward(corner, after)
        parts.append(f"L{into[0]} {into[1]} Q{corner[0]} {corner[1]} {out[0]} {out[1]}")
    return " ".join([*parts, f"L{points[-1][0]} {points[-1][1]}"])


def _toward(corner: Point, other: Point, radius: int = 7) -> Point:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = max(abs(dx), abs(dy), 1)
    step = min(radius, length // 2)
    return corner[0] + dx * step // length, corner[1] + dy * step // length


def _write(parent: ET.Element, label: Label, size: int, fill: str) -> None:
    x = label.box.x + label.box.width // 2 if label.anchor == "middle" else label.box.x
    for i, line in enumerate(label.lines):
        _text(
            parent,
            line,
            x,
            label.box.y + size - 1 + i * (size + 2),
            size=size,
            fill=fill,
            anchor=label.anchor,
        )


def _upright(parent: ET.Element, words: str, box: Box, weight: str) -> None:
    """Write words from bottom to top in the head of a band, in two lines if need be."""
    lines = wrap(words, box.height - 12)
    x, y = box.x + HEADER // 2 - (len(lines) - 1) * 7, box.y + box.height // 2
    for i, line in enumerate(lines):
        text = _text(parent, line, 0, 4, weight=weight, anchor="middle")
        text.set("transform", f"translate({x + i * 14} {y}) rotate(-90)")


def _text(
    parent: ET.Element,
    words: str,
    x: int,
    y: int,
    *,
    size: int = FONT,
    weight: str = "400",
    fill: str = INK,
    anchor: str = "start",
) -> ET.Element:
    text = _element(parent, "text", x=x, y=y, fill=fill)
    text.set("font-size", str(size))
    text.set("font-weight", weight)
    text.set("text-anchor", anchor)
    text.text = words
    return text


def _box(parent: ET.Element, box: Box, *, fill: str, stroke: str) -> None:
    _element(parent, "rect", x=box.x, y=box.y, width=box.width, height=box.height, fill=fill, stroke=stroke)


def _element(parent: ET.Element, tag: str, **attributes: object) -> ET.Element:
    return ET.SubElement(parent, tag, {name: str(value) for name, value in attributes.items()})

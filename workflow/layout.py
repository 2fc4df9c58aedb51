"""Where everything in a chart goes: lanes from top to bottom, steps from left to right in the manual's order.

A step's column is the longest way to it that never turns back; a lane gets as many rows as it needs for no
two tasks to share a place. Ways out by an extension hang under their task. Sizes are in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import TypeAlias

from cases.vocabulary import Role
from workflow.graph import ROLE_TITLES, Flow, Graph, Node

Point: TypeAlias = tuple[int, int]

TASK_WIDTH, TASK_HEIGHT = 176, 114
EVENT, CHOICE = 36, 50
HEADER = 30
MARGIN = 24
GAP = 72
CHANNEL, TRACK = 26, 15
LABEL = 128
LINE = 14
HANG, HANG_STEP = 62, 108
CATCH_ABOVE = 46
FONT = 12
NARROW, WIDE = "iljtfr.,:;()'| ", "mwMWÁÉÓÚADGHNOQRU"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int

    @property
    def center(self) -> Point:
        """The middle."""
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def right(self) -> int:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside a sign, broken into lines that fit the box."""

    box: Box
    lines: tuple[str, ...]
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Lane:
    """The band of one role."""

    role: Role
    box: Box


@dataclass(frozen=True, slots=True)
class Layout:
    """A chart with a place for everything: nodes, labels and lines by id."""

    graph: Graph
    pool: Box
    lanes: tuple[Lane, ...]
    boxes: dict[str, Box]
    labels: dict[str, Label]
    lines: dict[str, tuple[Point, ...]]


def lay_out(graph: Graph) -> Layout:
    """Place a chart; the same chart always lies the same way."""
    return _Placing(graph).layout()


def text_width(text: str, size: int = FONT) -> float:
    """Estimate how wide a sans-serif text is, rather too much than too little."""
    units = sum(0.36 if c in NARROW else 0.8 if c in WIDE else 0.61 for c in text)
    return units * size


def wrap(text: str, width: int, size: int = FONT, lines: int = 99) -> tuple[str, ...]:
    """Break words into lines of a width; what does not fit into the lines allowed ends in an ellipsis."""
    found: list[str] = []
    for word in text.split():
        joined = f"{found[-1]} {word}" if found else word
        if found and text_width(joined, size) <= width:
            found[-1] = joined
        elif len(found) < lines:
            found.append(word)
        else:
            last = found[-1]
            while text_width(f"{last}…", size) > width:
                last = last.rpartition(" ")[0]
            return (*found[:-1], f"{last.rstrip(' ,.;:(')}…")
    return tuple(found)


@dataclass(slots=True)
class _Row:
    """One line of tasks in a lane: the room it needs above and below their middle."""

    above: int = TASK_HEIGHT // 2 + MARGIN
    below: int = TASK_HEIGHT // 2 + MARGIN
    middle: int = 0
    columns: set[int] = field(default_factory=set)


class _Placing:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._nodes = {node.id: node for node in graph.nodes}
        self._out: dict[str, list[Flow]] = {node.id: [] for node in graph.nodes}
        for flow in graph.flows:
            self._out[flow.source].append(flow)
        self._tasks = [node for node in graph.nodes if node.kind == "task"]
        self._boxes: dict[str, Box] = {}
        self._labels: dict[str, Label] = {}
        self._lines: dict[str, tuple[Point, ...]] = {}
        self._onward = {task.id: self._targets(task.id) for task in self._tasks}
        self._back = self._turns_back()
        self._column = self._columns()
        self._roles = self._lane_order()
        self._rows: dict[Role, list[_Row]] = {role: [] for role in self._roles}
        self._row: dict[str, _Row] = {}
        self._tracks: dict[Role, int] = dict.fromkeys(self._roles, 0)
        self._channels: dict[int, list[str]] = {}

    def layout(self) -> Layout:
        self._assign_rows()
        right = self._place_columns()
        pool, lanes = self._place_lanes(right)
        for node in self._graph.nodes:
            self._place(node)
        for flow in self._graph.flows:
            self._draw(flow, {lane.role: lane.box for lane in lanes})
        return Layout(self._graph, pool, lanes, self._boxes, self._labels, self._lines)

    # columns and rows

    def _targets(self, source: str) -> list[str]:
        """List the tasks that follow one, through a choice but by no extension."""
        found: list[str] = []
        for flow in self._out[source]:
            kind = self._nodes[flow.target].kind
            found += (
                [flow.target] if kind == "task" else self._targets(flow.target) if kind == "choice" else []
            )
        return found

    def _turns_back(self) -> set[tuple[str, str]]:
        """Find the steps from a task to one that led to it."""
        back: set[tuple[str, str]] = set()
        done: set[str] = set()

        def visit(task: str, way: frozenset[str]) -> None:
            for onward in self._onward[task]:
                if onward in way:
                    back.add((task, onward))
                elif onward not in done:
                    visit(onward, way | {onward})
            done.add(task)

        for task in self._tasks:
            if task.id not in done:
                visit(task.id, frozenset({task.id}))
        return back

    def _columns(self) -> dict[str, int]:
        column = {task.id: 0 for task in self._tasks}
        for _ in self._tasks:
            for task in self._tasks:
                for onward in self._onward[task.id]:
                    if (task.id, onward) not in self._back:
                        column[onward] = max(column[onward], column[task.id] + 1)
        return column

    def _lane_order(self) -> tuple[Role, ...]:
        """Put the lanes in the order with the shortest ways between them, the manual's order if in doubt."""
        roles = list(dict.fromkeys(task.role for task in self._tasks))
        pairs = [
            (roles.index(self._nodes[source].role), roles.index(self._nodes[target].role))
            for source, targets in self._onward.items()
            for target in targets
        ]

        def cost(order: Sequence[int]) -> tuple[int, int, int]:
            at = {role: i for i, role in enumerate(order)}
            hops = sum(abs(at[a] - at[b]) for a, b in pairs)
            return hops, at[0], sum(abs(at[i] - i) for i in range(len(roles)))

        return tuple(roles[i] for i in min(permutations(range(len(roles))), key=cost))

    def _assign_rows(self) -> None:
        for task in self._tasks:
            rows, column = self._rows[task.role], self._column[task.id]
            row = next((row for row in rows if column not in row.columns), None)
            if row is None:
                row = _Row()
                rows.append(row)
            row.columns.add(column)
            self._row[task.id] = row
        for node in self._graph.nodes:
            if node.kind == "boundary":
                row = self._row[node.on or ""]
                row.below = max(row.below, TASK_HEIGHT // 2 + HANG + EVENT + LINE + MARGIN)
            elif node.kind == "link-catch":
                row = self._row[self._out[node.id][0].target]
                row.above = max(row.above, TASK_HEIGHT // 2 + CATCH_ABOVE + EVENT // 2 + MARGIN)
            elif node.kind == "elsewhere" and node.on is None:
                row = self._row[self._task_of(node)]
                row.below = max(row.below, TASK_HEIGHT // 2 + EVENT + LINE + MARGIN + 16)
        for source, target in self._back:
            self._tracks[max(self._nodes[source].role, self._nodes[target].role, key=self._roles.index)] += 1

    def _place_columns(self) -> int:
        """Give every task its left edge, and return where the last column ends."""
        x = HEADER * 2 + MARGIN + EVENT + GAP
        last = max(self._column.values())
        for column in range(last + 1):
            wide = GAP
            for task in self._tasks:
                if self._column[task.id] == column:
                    self._boxes[task.id] = Box(x, 0, TASK_WIDTH, TASK_HEIGHT)
                    wide = max(wide, self._gap_after(task))
            x += TASK_WIDTH + wide
        return x

    def _gap_after(self, task: Node) -> int:
        flows = self._out[task.id]
        ends = [flow for flow in flows if self._nodes[flow.target].kind == "closed"]
        if flows and self._nodes[flows[0].target].kind == "choice":
            aside = [f for f in self._out[flows[0].target] if self._nodes[f.target].kind != "task"]
            return MARGIN + CHOICE + LABEL + MARGIN + max(0, len(aside) - 1) * (LABEL + MARGIN)
        return GAP + EVENT + 2 * MARGIN if ends else GAP

    def _place_lanes(self, right: int) -> tuple[Box, tuple[Lane, ...]]:
        y = 0
        lanes: list[Lane] = []
        for role in self._roles:
            top = y
            for row in self._rows[role]:
                row.middle = y + row.above
                y = row.middle + row.below
            y += self._tracks[role] * 30
            y = max(y, top + round(text_width(ROLE_TITLES[role]) / 2) + MARGIN)
            lanes.append(Lane(role, Box(HEADER, top, right - HEADER, y - top)))
            self._tracks[role] = 0
        for task in self._tasks:
            box = self._boxes[task.id]
            self._boxes[task.id] = Box(
                box.x, self._row[task.id].middle - TASK_HEIGHT // 2, box.width, box.height
            )
        return Box(0, 0, right, y), tuple(lanes)

    # signs

    def _task_of(self, node: Node) -> str:
        return next(task.id for task in self._tasks if task.step == node.step)

    def _place(self, node: Node) -> None:
        task = self._boxes[self._task_of(node)]
        middle = task.center[1]
        match node.kind:
            case "start":
                self._event(node, (task.x - GAP - EVENT // 2, middle))
            case "choice":
                self._boxes[node.id] = Box(task.right + MARGIN, middle - CHOICE // 2, CHOICE, CHOICE)
                x, width = task.right + MARGIN + CHOICE // 2, round(text_width(node.name, FONT - 2))
                self._label(node.id, (node.name,), x - width // 2, middle - CHOICE // 2 - 14, FONT - 2)
            case "link-catch":
                self._event(node, (task.x + 30, task.y - CATCH_ABOVE), beside=True)
            case "boundary":
                hung = sum(1 for n in self._graph.nodes if n.on == node.on and n.id in self._boxes)
                self._event(node, (task.x + 24 + hung * HANG_STEP, task.bottom), beside=True)
            case "closed" | "elsewhere" | "link-throw" if node.on is not None:
                x, y = self._boxes[node.on].center
                self._event(node, (x, y + HANG + EVENT // 2))
            case "closed" | "elsewhere" if node.kind == "closed" or len(self._out[self._task_of(node)]) == 0:
                self._event(node, (task.right + GAP + EVENT // 2, middle))
            case "elsewhere":
                source = next(flow.source for flow in self._graph.flows if flow.target == node.id)
                aside = [f.target for f in self._out[source] if self._nodes[f.target].kind != "task"]
                x = self._boxes[source].center[0] + aside.index(node.id) * (LABEL + MARGIN)
                self._event(node, (x, task.bottom + 16 + EVENT // 2))

    def _event(self, node: Node, center: Point, *, beside: bool = False) -> None:
        """Place a round sign with its name under it, or at its right."""
        x, y = center
        self._boxes[node.id] = Box(x - EVENT // 2, y - EVENT // 2, EVENT, EVENT)
        if beside:
            lines = wrap(node.name, HANG_STEP - EVENT - 4, FONT - 2)
            top = y + EVENT // 2 - 8 if node.kind == "boundary" else y - 6
            self._label(node.id, lines, x + EVENT // 2 + 3, top, FONT - 2)
        else:
            lines = wrap(node.name, 96)
            width = max(round(text_width(line)) for line in lines)
            self._label(node.id, lines, x - width // 2, y + EVENT // 2 + 2, FONT, "middle")

    def _label(
        self, of: str, lines: Sequence[str], x: int, y: int, size: int = FONT, anchor: str = "start"
    ) -> None:
        width = max(round(text_width(line, size)) for line in lines)
        self._labels[of] = Label(Box(x, y, width, len(lines) * (size + 2)), tuple(lines), anchor)

    # lines

    def _draw(self, flow: Flow, lanes: dict[Role, Box]) -> None:
        source, target = self._boxes[flow.source], self._boxes[flow.target]
        begin, end = self._nodes[flow.source], self._nodes[flow.target]
        (sx, sy), (tx, ty) = source.center, target.center
        if begin.kind in {"boundary", "link-catch"}:
            self._lines[flow.id] = ((sx, source.bottom), (sx, target.y))
        elif end.kind == "elsewhere" and ty != sy:
            turn = source.bottom + 14
            way = ((sx, source.bottom), (sx, turn), (tx, turn), (tx, target.y))
            self._lines[flow.id] = way if tx != sx else ((sx, source.bottom), (sx, target.y))
            lines = wrap(flow.name, LABEL - 8)
            self._label(flow.id, lines, tx + 6, turn + 4)
        elif end.kind == "task" and (self._task_of(begin), end.id) in self._back:
            self._draw_back(flow, lanes)
        elif sy == ty and not self._between(flow):
            self._lines[flow.id] = ((source.right, sy), (target.x, ty))
            self._name_before(flow, source.right, ty)
        else:
            self._draw_across(flow)

    def _draw_across(self, flow: Flow) -> None:
        """Draw a line to another row: down from a choice at once, else along the row and then across."""
        source, target = self._boxes[flow.source], self._boxes[flow.target]
        (sx, sy), (_, ty) = source.center, target.center
        if self._nodes[flow.source].kind == "choice":
            edge = source.bottom if ty > sy else source.y
            self._lines[flow.id] = ((sx, edge), (sx, ty), (target.x, ty))
            self._name_before(flow, source.right, ty)
        else:
            x = self._channel(flow.target)
            self._lines[flow.id] = ((source.right, sy), (x, sy), (x, ty), (target.x, ty))

    def _draw_back(self, flow: Flow, lanes: dict[Role, Box]) -> None:
        """Draw a line back to an earlier step along the lower edge of the lower of the two lanes."""
        source, target = self._boxes[flow.source], self._boxes[flow.target]
        role = max(self._nodes[flow.source].role, self._nodes[flow.target].role, key=self._roles.index)
        self._tracks[role] += 1
        track = lanes[role].bottom - 12 - (self._tracks[role] - 1) * 30
        x = self._channel(flow.target)
        out = (source.center[0], source.bottom)
        if self._nodes[flow.source].kind == "task":
            out = (source.right - 20, source.bottom)
        ty = target.center[1]
        self._lines[flow.id] = (out, (out[0], track), (x, track), (x, ty), (target.x, ty))
        if flow.name:
            lines = wrap(flow.name, 400)
            width = round(text_width(lines[0]))
            self._label(flow.id, lines, out[0] - width - 12, track - LINE * len(lines) - 4)

    def _name_before(self, flow: Flow, x: int, y: int) -> None:
        """Write a flow's name above the line that begins at a choice."""
        if flow.name:
            lines = wrap(flow.name, LABEL)
            self._label(flow.id, lines, x + 6, y - 4 - LINE * len(lines))

    def _channel(self, target: str) -> int:
        """Find the upright line at the left of a task that all who come to it share, apart from others'."""
        users = self._channels.setdefault(self._boxes[target].x, [])
        if target not in users:
            users.append(target)
        return self._boxes[target].x - CHANNEL - users.index(target) * TRACK

    def _between(self, flow: Flow) -> bool:
        """Whether a task stands in the straight way."""
        source, target = self._boxes[flow.source], self._boxes[flow.target]
        return any(
            box.y < source.center[1] < box.bottom and source.right < box.x < target.x
            for box in (self._boxes[task.id] for task in self._tasks)
        )

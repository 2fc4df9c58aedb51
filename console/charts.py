"""Charts as inline SVG of our own: bars, lines, heat maps. Each has a title and a description; the numbers stand in the table beside it.

Nothing is styled here: classes name the parts, `reports.css` gives them the theme's colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from console.language import gettext as _

BAR_WIDTH, BAR_HIGH, BAR_GAP = 420, 36, 6
LINE_WIDTH, LINE_HIGH, EDGE = 720, 220, 34
HEAT_WIDTH, ROW = 560, 22
LEFT = 150
"""The room that a heat map leaves for the names of its rows."""
TICKS = 4
LONGEST = 40
CHARACTERS = 18
NAMED = 8
"""How many of a heat map's columns are named at most."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, what is written at it, and where a target stands."""

    name: str
    value: float
    said: str
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, its style (`first`, `second`, `even`) and a value for each place."""

    name: str
    style: str
    values: Sequence[float]


def _svg(name: str, title: str, about: str, width: int, height: int, inside: Markup) -> Markup:
    return Markup(
        '<svg class="chart {kind}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-t {id}-d">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{about}</desc>{inside}</svg>'
    ).format(
        kind=name.partition("-")[0],
        id=name,
        title=title,
        about=about,
        width=width,
        height=height,
        inside=inside,
    )


def bars(name: str, title: str, given: Sequence[Bar]) -> Markup:
    """Draw lying bars to one scale, with a mark where a target stands."""
    longest = max((max(bar.value, bar.target or 0) for bar in given), default=0) or 1
    drawn = [_bar(place, bar, longest) for place, bar in enumerate(given)]
    said = "; ".join(f"{bar.name}: {bar.said}" for bar in given) or _("Sin datos en este período.")
    height = len(given) * (BAR_HIGH + BAR_GAP) + BAR_GAP
    return _svg(f"bars-{name}", title, said, BAR_WIDTH, height, Markup("").join(drawn))


def _bar(place: int, bar: Bar, longest: float) -> Markup:
    top = place * (BAR_HIGH + BAR_GAP) + BAR_GAP
    room = BAR_WIDTH - 4
    target = Markup("")
    if bar.target is not None:
        target = Markup('<path class="target" d="M{x} {top}v20"/>').format(
            x=round(2 + room * bar.target / longest, 1), top=top + 18
        )
    return Markup(
        '<g><title>{name}: {said}</title><text x="2" y="{words}">{short}</text>'
        '<text class="end" x="{right}" y="{words}">{said}</text>'
        '<rect class="ground" x="2" y="{bar_top}" width="{room}" height="14" rx="3"/>'
        '<rect class="bar" x="2" y="{bar_top}" width="{long}" height="14" rx="3"/>{target}</g>'
    ).format(
        name=bar.name,
        short=_cut(bar.name, LONGEST),
        said=bar.said,
        words=top + 14,
        right=BAR_WIDTH - 2,
        bar_top=top + 21,
        room=room,
        long=round(room * bar.value / longest, 1),
        target=target,
    )


def lines(
    name: str, title: str, places: Sequence[str], given: Sequence[Line], *, most: float | None = None
) -> Markup:
    """Draw lines over the same places, from nought to the greatest value or to `most`."""
    greatest = most or _round_up(max((value for line in given for value in line.values), default=0))
    step = (LINE_WIDTH - EDGE - 8) / max(1, len(places) - 1)

    def y(value: float) -> float:
        return round(LINE_HIGH - 26 - (LINE_HIGH - 40) * value / greatest, 1)

    grid = [
        Markup(
            '<path class="grid" d="M{left} {y}H{right}"/><text class="end" x="{at}" y="{low}">{said}</text>'
        ).format(
            left=EDGE,
            right=LINE_WIDTH - 8,
            y=y(greatest * tick / TICKS),
            at=EDGE - 5,
            low=y(greatest * tick / TICKS) + 4,
            said=_short(greatest * tick / TICKS),
        )
        for tick in range(TICKS + 1)
    ]
    every = max(1, -(-len(places) // 10))
    below = [
        Markup('<text class="middle" x="{x}" y="{y}">{said}</text>').format(
            x=round(EDGE + step * place, 1), y=LINE_HIGH - 6, said=places[place]
        )
        for place in range(0, len(places), every)
    ]
    paths = []
    for line in given:
        points = [(round(EDGE + step * place, 1), y(value)) for place, value in enumerate(line.values)]
        paths.append(
            Markup('<polyline class="{style}" points="{points}"/>').format(
                style=line.style, points=" ".join(f"{x},{at}" for x, at in points)
            )
        )
        if line.style != "even":
            paths += [
                Markup(
                    '<circle class="{style}" cx="{x}" cy="{at}" r="3.5"><title>{said}</title></circle>'
                ).format(style=line.style, x=x, at=at, said=f"{line.name}, {place}: {_short(value)}")
                for (x, at), place, value in zip(points, places, line.values, strict=True)
                if len(places) <= LONGEST or value
            ]
    said = "; ".join(
        _("%(name)s: de %(least)s a %(most)s, al final %(last)s")
        % {
            "name": line.name,
            "least": _short(min(line.values)),
            "most": _short(max(line.values)),
            "last": _short(line.values[-1]),
        }
        for line in given
        if line.values and line.style != "even"
    )
    inside = Markup("").join([*grid, *below, *paths])
    return _svg(
        f"lines-{name}", title, said or _("Sin datos en este período."), LINE_WIDTH, LINE_HIGH, inside
    )


def heat(
    name: str, title: str, rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[int]]
) -> Markup:
    """Draw a field of cells, the darker the more; every so many columns are named."""
    most = max((value for row in values for value in row), default=0) or 1
    cell = (HEAT_WIDTH - LEFT - 4) / max(1, len(columns))
    drawn = []
    for down, row in enumerate(values):
        top = 20 + down * ROW
        drawn.append(
            Markup('<text x="0" y="{y}">{said}</text>').format(y=top + 15, said=_cut(rows[down], CHARACTERS))
        )
        drawn += [
            Markup(
                '<rect class="{style}" x="{x}" y="{y}" width="{wide}" height="{high}" fill-opacity="{strength}">'
                "<title>{said}</title></rect>"
            ).format(
                style="cell" if value else "none",
                x=round(LEFT + cell * across, 1),
                y=top,
                wide=round(max(cell - 1.5, cell * 0.8), 1),
                high=ROW - 2,
                strength=round(0.15 + 0.85 * value / most, 2) if value else 1,
                said=f"{rows[down]}, {columns[across]}: {value}",
            )
            for across, value in enumerate(row)
        ]
    every = max(1, -(-len(columns) // NAMED))
    named = [
        Markup('<text class="middle" x="{x}" y="14">{said}</text>').format(
            x=round(LEFT + cell * (across + 0.5), 1), said=columns[across]
        )
        for across in range(0, len(columns), every)
    ]
    inside = Markup("").join([*named, *drawn])
    return _svg(
        f"heat-{name}", title, _busiest(rows, columns, values), HEAT_WIDTH, 22 + ROW * len(rows), inside
    )


def _busiest(rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[int]]) -> str:
    cells = [(value, down, across) for down, row in enumerate(values) for across, value in enumerate(row)]
    if not any(value for value, _down, _across in cells):
        return _("Sin datos en este período.")
    value, down, across = max(cells, key=lambda cell: cell[0])
    where = f"{rows[down]}, {columns[across]}"
    return _("Lo más cargado: %(where)s, con %(num)s.") % {"where": where, "num": value}


def _round_up(value: float) -> float:
    """Return a greatest value whose quarters are whole and easy to read."""
    for size in (4, 8, 12, 20, 40, 60, 80, 100, 200, 400, 600, 800):
        if value <= size:
            return size
    size = 1000
    while size < value:
        size *= 2
    return size


def _short(value: float) -> str:
    return f"{value:g}"


def _cut(said: str, longest: int) -> str:
    return said if len(said) <= longest else said[: longest - 1].rstrip() + "…"

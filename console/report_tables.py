"""What a report's panels are made of: tables whose figures lead to their cases, and the drawings beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.numbers import format_percent
from markupsafe import Markup

from console import charts
from console.language import locale
from console.rendering import percent
from console.report_words import Wanted, duration
from desk.report_shapes import Report
from desk.report_times import Spread

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One number or word of a table: as a file keeps it, as a page says it, and where its cases are."""

    value: Value
    said: str
    href: str = ""
    head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and lines."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a report; `name` is the one that its address and its file have."""

    name: str
    title: str
    lead: str
    table: Table
    drawn: Sequence[Markup] = ()
    wide: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """What panels are made from."""

    report: Report
    wanted: Wanted
    systems: Mapping[str, str] = field(default_factory=dict)


def barred(
    name: str,
    title: str,
    lead: str,
    table: Table,
    bars: Sequence[charts.Bar],
    *,
    empty: bool,
    wide: bool = False,
) -> Panel:
    """Return a panel whose chart is bars, if there are any."""
    drawn = [charts.bars(name, title, bars)] if bars else []
    return Panel(name, title, lead, table, drawn, wide=wide, empty=empty)


def count(value: int, href: str = "") -> Cell:
    """Return a number that leads to its cases, if there are any."""
    return Cell(value, str(value), href if value else "")


def share(part: int, whole: int) -> Cell:
    """Return a share as a file keeps it (four decimals) and as a page says it."""
    return Cell(None, "—") if not whole else Cell(round(part / whole, 4), percent(part / whole))


def exact(value: float) -> str:
    """Write a share with one decimal."""
    return format_percent(value, "#,##0.0 %", locale=locale())


def head(said: str, value: Value = None, href: str = "") -> Cell:
    """Return the cell that names a line."""
    return Cell(said if value is None else value, said, href, head=True)


def spread_cells(spread: Spread) -> Sequence[Cell]:
    """Return the three cells of a spread: how many, the middle, the slowest tenth."""
    return [
        count(spread.count),
        Cell(spread.median, duration(spread.median)),
        Cell(spread.p90, duration(spread.p90)),
    ]

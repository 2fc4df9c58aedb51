"""A report's tables as files: one as CSV, all as a workbook."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it ships no types

from console.report_tables import Cell, Panel, Table, Value

FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60
SHEET_NAME = 31


def as_csv(table: Table) -> bytes:
    """Write a table for a spreadsheet: UTF-8 with its mark, and no text that one would take for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_plain(column) for column in table.columns])
    writer.writerows([[_plain(cell.value) for cell in row] for row in table.rows])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def as_workbook(panels: Sequence[Panel], title: str, about: Sequence[tuple[str, str]]) -> bytes:
    """Write every table on a sheet of its own, after one that says what was asked for."""
    out = io.BytesIO()
    # Texts stay texts: a citizen's comment that begins with = is no formula, and an address is no link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        book.set_properties({"title": title})
        bold = book.add_format({"bold": True, "bottom": 1})
        dates = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        first = book.add_worksheet("Ventanilla")
        first.write_string(0, 0, title, bold)
        for place, (name, said) in enumerate(about, start=2):
            first.write_string(place, 0, name)
            first.write_string(place, 1, said)
        first.set_column(0, 1, 28)
        for panel in panels:
            sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", panel.name)[:SHEET_NAME])
            for across, column in enumerate(panel.table.columns):
                sheet.write_string(0, across, column, bold)
            for down, row in enumerate(panel.table.rows, start=1):
                for across, cell in enumerate(row):
                    _write(sheet, down, across, cell, dates)
            sheet.freeze_panes(1, 1)
            for across in range(len(panel.table.columns)):
                sheet.set_column(across, across, _width(panel.table, across))
    return out.getvalue()


def _write(sheet: object, down: int, across: int, cell: Cell, dates: object) -> None:
    value = cell.value
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(down, across, value, dates)  # type: ignore[attr-defined]
    elif isinstance(value, str):
        sheet.write_string(down, across, value)  # type: ignore[attr-defined]
    else:
        sheet.write_number(down, across, value)  # type: ignore[attr-defined]


def _width(table: Table, across: int) -> int:
    longest = max((len(str(row[across].value or "")) for row in table.rows), default=0)
    return min(WIDEST, max(len(table.columns[across]), longest) + 2)

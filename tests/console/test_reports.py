"""The pages of the reports: figures that lead to their cases, files that say the same, a month on paper."""

import csv
import io
import re
import zipfile
from html import unescape

import pytest
from markupsafe import Markup

from cases.vocabulary import Category
from console import charts
from console.report_files import as_csv
from console.report_tables import Cell, Table
from desk.surveys import rate
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message
from tests.console.conftest import Visit, Visitor


async def worked(desk: DeskUnderTest) -> str:
    """Close one case after a return, with a mark; leave another open."""
    case = (await desk.receive(a_message(text="No carga <b>la página</b>"))).case
    assert case is not None
    desk.clock.advance(hours=1)
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)
    case = await desk.step(case, "supervisor", "return", observation="=1+1 <i>Falta</i>")
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)
    case = await desk.walk(case, ("supervisor", "approve", {}), ("supervisor", "close", {}))
    await rate(desk.desk, case.token, "5", "Muy bien")
    await desk.receive(a_message(sender="+59170000002", text="Otra cosa"))
    return case.number


async def look(visit: Visit, address: str = "/reportes", language: str = "es-BO") -> tuple[Visitor, str]:
    visitor = await visit("supervisor", language)
    seen = await visitor.get(address)
    assert seen.status == 200
    return visitor, seen.source


@pytest.mark.parametrize("language", ["es-BO", "en"])
async def test_every_figure_leads_to_as_many_cases_as_it_counts(
    visit: Visit, desk: DeskUnderTest, language: str
) -> None:
    await desk.article()
    await worked(desk)
    visitor, source = await look(visit, language=language)

    links = re.findall(r'<td><a href="(/reportes/casos[^"]*)">(\d+)</a>', source)

    assert len(links) > 15
    for address, number in dict(links).items():
        seen = await visitor.get(unescape(address))
        assert seen.status == 200
        # A step may be left, a case given back or a mark given more than once by one case.
        many = "cifra=returned" in address or "cifra=step" in address
        listed = len(re.findall(r'href="/casos/2026-', seen.source))
        assert listed == int(number) or (many and 0 < listed <= int(number)), address


async def test_charts_are_told_in_words_and_stand_beside_their_tables(
    visit: Visit, desk: DeskUnderTest
) -> None:
    await worked(desk)
    _, source = await look(visit)

    drawings = re.findall(r'<svg class="chart.*?</svg>', source, re.DOTALL)

    assert len(drawings) >= 10
    ids = [re.search(r'aria-labelledby="(\S+) (\S+)"', drawn) for drawn in drawings]
    for drawn, found in zip(drawings, ids, strict=True):
        assert 'role="img"' in drawn
        assert found
        assert all(f'id="{one}"' in drawn for one in found.groups())
        assert "style=" not in drawn
    assert len({found.group(1) for found in ids if found}) == len(drawings)
    assert "<i>Falta" not in source
    main = source.partition("<main")[2]
    assert main.count("<details") == len(re.findall(r"-table\"", main))


async def test_what_is_asked_for_narrows_and_is_shown_again(visit: Visit, desk: DeskUnderTest) -> None:
    await worked(desk)
    _, source = await look(visit, "/reportes?desde=2026-03-02&hasta=2026-03-02&canal=telegram&unidad=nada")

    assert 'value="telegram" selected' in source
    assert 'name="desde" value="2026-03-02"' in source
    assert "Sin datos en este período." in source
    assert (await (await visit("admin")).get("/reportes?desde=ayer")).status == 422
    assert (await (await visit("admin")).get("/reportes?desde=2024-01-01&hasta=2026-01-01")).status == 422


@pytest.mark.parametrize("address", ["cifra=nada", "cifra=", ""])
async def test_a_figure_that_there_is_none_of_is_not_found(visit: Visit, address: str) -> None:
    assert (await (await visit("supervisor")).get(f"/reportes/casos?{address}")).status == 404


@pytest.mark.parametrize(
    "address",
    [
        "cifra=tenth&valor=99999999999999999999",
        "cifra=article&valor=%00:x",
        "cifra=backlog&valor=-1",
        "cifra=opened&dia=9&hora=99&antes=x",
        "cifra=step&valor=%25",
    ],
)
async def test_a_value_that_means_nothing_has_no_cases(visit: Visit, address: str) -> None:
    assert (await (await visit("supervisor")).get(f"/reportes/casos?{address}")).status == 200


async def test_a_table_as_csv_says_what_the_page_says(visit: Visit, desk: DeskUnderTest) -> None:
    await worked(desk)
    visitor = await visit("supervisor")

    seen = await visitor.get("/reportes/por-canal.csv?periodo=hoy")

    assert seen.headers["Content-Disposition"] == 'attachment; filename="por-canal_2026-03-02_2026-03-02.csv"'
    lines = list(csv.reader(io.StringIO(seen.source.removeprefix("\ufeff"))))
    assert lines == [["Día", "WhatsApp"], ["Todo el período", "2"], ["2026-03-02", "2"]]
    assert (await visitor.get("/reportes/nada.csv")).status == 404


def test_no_text_becomes_a_formula() -> None:
    written = as_csv(Table(["=x"], [[Cell("=1+1", "=1+1")], [Cell(-1, "-1")]])).decode("utf-8-sig")

    assert written.splitlines() == ["'=x", "'=1+1", "-1"]


async def test_the_workbook_has_every_table(visit: Visit, desk: DeskUnderTest) -> None:
    await worked(desk)
    visitor = await visit("supervisor")
    answer = await visitor.client.get("/reportes/todo.xlsx?periodo=hoy", headers=visitor.headers)

    with zipfile.ZipFile(io.BytesIO(await answer.read())) as book:
        names = book.read("xl/workbook.xml").decode()
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        inside = "".join(book.read(name).decode() for name in sheets)
        texts = book.read("xl/sharedStrings.xml").decode()

    assert len(sheets) == 17
    assert 'name="devoluciones"' in names
    assert "<f>" not in inside
    assert "=1+1" in texts


async def test_a_month_on_paper(visit: Visit, desk: DeskUnderTest) -> None:
    await worked(desk)
    visitor, source = await look(visit, "/reportes/mes/2026-03")

    assert "Informe mensual: marzo 2026" in source
    assert "/reportes/mes/2026-02" in source
    assert "/reportes/mes/2026-04" not in source
    assert "<details" not in source.partition("<main")[2]
    assert "Muy bien" not in source
    for month in ("2026-13", "2026-04", "1999-12"):
        assert (await visitor.get(f"/reportes/mes/{month}")).status == 404


def test_a_chart_of_nothing_is_still_a_chart() -> None:
    for drawn in (
        charts.bars("x", "T", []),
        charts.lines("x", "T", [], []),
        charts.heat("x", "T", [], [], []),
        charts.lines("x", "T", ["a"], [charts.Line("n", "first", [0])]),
    ):
        assert isinstance(drawn, Markup)
        assert "nan" not in drawn


def test_names_in_a_chart_are_escaped() -> None:
    drawn = charts.bars("x", "<t>", [charts.Bar("<b>", 1, "1", 2)])

    assert "<b>" not in drawn
    assert "<t>" not in drawn

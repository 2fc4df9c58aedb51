"""Reads the words of the manual's three tables out of its text; `python manual.py` writes their digests.

The text was taken from a PDF: a row's three columns follow one another, each broken over several lines, and
a column's edge is lost where they share a line. It is found again by what the manual can print in a column.
"""

import json
import re
from hashlib import sha256
from pathlib import Path

MANUAL = Path(__file__).parents[3].joinpath("shared", "manual", "manual-ugat-ait.txt")
DIGESTS = Path(__file__).with_name("manual_words.json")

HEADER = "N° ACTIVIDAD RESPONSABLE SALIDA"
NUMBER = re.compile(r"^(\d+(?:\.[A-C]\.\d+)?)(?:\s|$)", re.MULTILINE)
PAGE_END = re.compile(r"^\W*(?:UNIDAD DE GESTIÓN Y ASISTENCIA TECNOLÓGICA|9\.\d\.? )", re.MULTILINE)
PERSON = r"(?:Operador|Supervisor) de Soporte Técnico(?: del AIT| de la AIT)?"
ROW = re.compile(
    rf"^(?P<activity>.+) (?P<responsible>Usuario|{PERSON}|UIT|UPAT|ACGII|ADIT) "
    r"(?P<output>(?:Progreso|Registro|Estimación|Canales|Base|Cierre)\b.+)$"
)
TITLE = re.compile(r"Procedimiento para la atención.*?(?=Aprobado con:|Objetivo:)", re.DOTALL)
OBJECTIVE = re.compile(r"Objetivo: (.*?)" + HEADER, re.DOTALL)
APPROVAL = re.compile(r"(R\.A\. AGETIC/RA/\d+/\d+), de\s+(\d+/\d+/\d+)")


def normal(words: str) -> str:
    """Make every run of white space one space."""
    return " ".join(words.split())


def manual_words(text: str) -> dict[str, str]:
    """Return every word quoted, by what it is: `PR02 3.C.2 activity`, `PR01 title`, `PR03 objective`."""
    found: dict[str, str] = {}
    starts = [m.start() for m in re.finditer(r"Código: UGAT/AIT-PR0\d", text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        section = text[start:end]
        code = section[len("Código: UGAT/AIT-") :][:4]
        found |= {f"{code} {what}": words for what, words in _head(section).items()}
        for number, words in _rows(section).items():
            found |= {f"{code} {number} {column}": text for column, text in words.items()}
    return found


def digest(words: str) -> str:
    """Return the SHA-256 of normalised words, in hexadecimal."""
    return sha256(normal(words).encode()).hexdigest()


def _head(section: str) -> dict[str, str]:
    """Read the box above the first page's table; the approval may stand before the title or amid it."""
    objective = OBJECTIVE.search(section)
    approval = APPROVAL.search(section)
    assert objective is not None
    assert approval is not None
    title = TITLE.search(APPROVAL.sub("", section))
    assert title is not None
    return {
        "title": normal(title[0]),
        "objective": normal(objective[1]),
        "resolution": approval[1],
        "resolution_date": "-".join(reversed(approval[2].split("/"))),
        "pages": str(max(int(n) for n in re.findall(r"Páginas: \d+ de (\d+)", section))),
        "version": re.findall(r"Versión: (\S+)", section)[0],
    }


def _rows(section: str) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for table in section.split(HEADER)[1:]:
        page_end = PAGE_END.search(table)
        body = table[: page_end.start()] if page_end else table
        marks = list(NUMBER.finditer(body))
        for mark, after in zip(marks, [*marks[1:], None], strict=True):
            row = normal(body[mark.end() : after.start() if after else len(body)])
            columns = ROW.match(row)
            assert columns is not None, row
            assert mark[1] not in rows
            rows[mark[1]] = columns.groupdict()
    return rows


if __name__ == "__main__":
    words = manual_words(MANUAL.read_text(encoding="utf-8"))
    DIGESTS.write_text(json.dumps({what: digest(text) for what, text in words.items()}, indent=1) + "\n")

"""Builders for the tests of the procedures: a small procedure file, values that fit, a case to walk with."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from cases.procedure import Effect, EntryDraft, Facts, Place, Value
from workflow.definition import Answer, Library
from workflow.engine import Run, advance, legal, start

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
SHIPPED = Library.shipped()

AVAILABILITY, FUNCTIONAL, SUPPORT = (True, False), (False, True), (False, False)


def facts(category: tuple[bool, bool] = SUPPORT, *, before: bool = False) -> Facts:
    """Confirm a category, and whether the UIT handled it before."""
    return Facts(category[0], category[1], before)


ALL_FACTS = tuple(facts(c, before=h) for c in (AVAILABILITY, FUNCTIONAL, SUPPORT) for h in (True, False))

A_FILE = """
code = "PR09"
manual_code = "UGAT/AIT-PR09"
version = "1"
title = "Un procedimiento pequeño"
objective = "Probar que el archivo se lee."
resolution = "R.A. AGETIC/RA/0001/2026"
resolution_date = 2026-01-05
pages = 1
start = "1"

[[step]]
number = "1"
activity = "Reporta el problema."
responsible = "Usuario"
role = "usuario"
output = "Registro"
stage = "1"
automatic = true

[[step.answer]]
id = "report"
label = "Reportar"
to = "2"

[[step]]
number = "2"
activity = "Identifica si lo gestiona la UPAT."
responsible = "UIT"
role = "uit"
output = "Flujo"
stage = "1"
target_hours = 4

[[step.answer]]
id = "own"
label = "Lo gestiona la UIT"
to = "3"
when = [{ availability = true }]
fields = [{ name = "solution", type = "text", label = "Solución", required = true }]
effects = ["solve"]

[[step.answer]]
id = "upat"
label = "Derivar a la UPAT"
to = "2.B.1"
push = "2"
when = [{ availability = false }]

[[step]]
number = "2.B.1"
activity = "Gestiona la solución."
responsible = "UPAT"
role = "upat"
output = "Flujo"
stage = "2"

[[step.answer]]
id = "back"
label = "Coordinar con la UIT"
to = "3"
pop = true
fields = [{ name = "solution", type = "text", label = "Solución", required = true }]
effects = ["solve"]

[[step]]
number = "3"
activity = "Notifica y cierra el caso."
responsible = "UIT"
role = "uit"
output = "Cierre"
stage = "3"

[[step.answer]]
id = "close"
label = "Cerrar"
to = "closed"
fields = [
  { name = "text", type = "text", label = "Mensaje", required = true, prefill = "solution" },
  { name = "tone", type = "choice", label = "Tono", options = ["formal", "cercano"] },
]
effects = ["notify"]

[[shared]]
steps = ["2.B.1"]
id = "return"
label = "Devolver"
kind = "return"
pop = true
extension = true
fields = [{ name = "reason", type = "text", label = "Motivo", required = true }]
"""


VERSION_1 = ('version = "0"', 'version = "1"')


def a_file(*changes: tuple[str, str]) -> str:
    """Write the small procedure, with the first place of each old text changed."""
    return _changed(A_FILE, changes)


def a_shipped_file(code: str, *changes: tuple[str, str]) -> str:
    """Read a shipped file, with the first place of each old text changed."""
    folder = files("workflow").joinpath("procedures")
    return _changed(folder.joinpath(f"{code}-0.toml").read_text(encoding="utf-8"), changes)


def _changed(text: str, changes: Sequence[tuple[str, str]]) -> str:
    for old, new in changes:
        assert old in text, f"«{old}» is not in the file: the test would change nothing"
        text = text.replace(old, new, 1)
    return text


def fitting(answer: Answer, *, optional: bool = False) -> dict[str, Value | None]:
    """Fill in an answer's fields, the required ones at least, with values that will do."""
    samples: Mapping[str, Value] = {
        "text": "Se reinició el servicio de pagos.",
        "datetime": NOW + timedelta(days=2),
        "bool": True,
        "article": 7,
    }
    asked = [field for field in answer.fields if field.required or optional]
    return {
        field.name: samples[field.type] if field.type != "choice" else field.options[0] for field in asked
    }


class Walk:
    """A case on its way: what it stands at, and everything that was recorded and caused."""

    def __init__(
        self, library: Library = SHIPPED, switched_off: frozenset[str] = frozenset(), code: str = "PR01"
    ) -> None:
        begun = start(library, code)
        self.library = library
        self.switched_off = switched_off
        self.run: Run = begun.run
        self.entries: list[EntryDraft] = list(begun.entries)
        self.effects: list[Effect] = list(begun.effects)

    def confirm(self, confirmed: Facts) -> "Walk":
        """Have an operator confirm the facts."""
        self.run = Run(self.run.place, confirmed, self.run.stack)
        return self

    def legal(self) -> dict[str, Answer]:
        """List the answers open now, by id."""
        return {a.id: a for a in legal(self.library, self.run, switched_off=self.switched_off)}

    def take(self, answer_id: str, **values: Value | None) -> "Walk":
        """Give an answer; required fields that are not named are filled in."""
        answer = self.legal().get(answer_id)
        filled = {**(fitting(answer) if answer is not None else {}), **values}
        done = advance(self.library, self.run, answer_id, filled, NOW, switched_off=self.switched_off)
        self.run = done.run
        self.entries += done.entries
        self.effects += done.effects
        return self

    def way(self) -> str:
        """Write the way taken so far, such as `PR01 1 2 3 | PR02 1 2`, up to where the case stands."""
        places = [*(entry.place for entry in self.entries), *([self.run.place] if self.run.place else [])]
        parts: list[str] = []
        for i, place in enumerate(places):
            if i == 0 or place.procedure != places[i - 1].procedure:
                parts.append(f"{'| ' if i else ''}{place.procedure}")
            parts.append(place.step)
        return " ".join([*parts, *([] if self.run.place else ["| closed"])])


EXTENSIONS = frozenset({"return-to-deriver", "return-to-articles", "return-to-classification"})


def to_step(place: str) -> Walk:
    """Walk a case to a step of PR02 or PR03 by the shortest way, returning nowhere."""
    for confirmed in (facts(AVAILABILITY, before=True), facts(FUNCTIONAL)):
        fringe = [Walk(switched_off=EXTENSIONS).confirm(confirmed)]
        seen: set[Place | None] = set()
        while fringe:
            walk = fringe.pop(0)
            if str(walk.run.place) == place:
                walk.switched_off = frozenset()
                return walk
            for answer in walk.legal().values():
                if answer.to not in seen:
                    seen.add(answer.to)
                    onward = Walk(switched_off=EXTENSIONS)
                    onward.run, onward.entries = walk.run, list(walk.entries)
                    fringe.append(onward.take(answer.id))
    raise AssertionError(place)


def read_xml(document: str) -> ET.Element:
    """Read a document that we wrote ourselves."""
    return ET.fromstring(document)  # noqa: S314 - nobody else had a hand in it

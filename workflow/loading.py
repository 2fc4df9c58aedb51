"""Read procedure files: TOML in, immutable procedures out, every fault named by file, step and kind.

Nothing in a file is evaluated: keys, roles, effects and facts are looked up in closed sets.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from typing import Any, TypeAlias, get_args

from cases.procedure import Place
from cases.vocabulary import Role, Stage
from workflow.checking import check_procedure, check_together
from workflow.definition import (
    ACTIVE,
    Answer,
    AnswerKind,
    Condition,
    Field,
    FieldType,
    Library,
    Procedure,
    Step,
)
from workflow.effects import EFFECTS
from workflow.faults import Fault, FaultyProcedureError

Table: TypeAlias = Mapping[str, Any]

NUMBER = re.compile(r"[1-9]\d*(\.[A-Z]\.[1-9]\d*)?")
NAME = re.compile(r"[a-z][a-z_]*")
ANSWER_ID = re.compile(r"[a-z][a-z0-9-]*")
ELSEWHERE = re.compile(r"([A-Z]+\d+) (\S+)")
CLOSED = "closed"
RESERVED = frozenset({"answer", "to"})
FACTS = frozenset(fact.name for fact in fields(Condition))


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table: the type of its value, whether it must be there, and the type of a list's items."""

    kind: type
    required: bool = False
    of: type = object


WORD = Key(str, required=True)
TABLES = Key(list, of=dict)
WORDS = Key(list, of=str)

PROCEDURE_KEYS = {
    **dict.fromkeys(("code", "manual_code", "version", "title", "objective"), WORD),
    **dict.fromkeys(("resolution", "start"), WORD),
    "resolution_date": Key(date, required=True),
    "pages": Key(int, required=True),
    "step": Key(list, required=True, of=dict),
    "shared": TABLES,
}
STEP_KEYS = {
    **dict.fromkeys(("number", "activity", "responsible", "role", "output", "stage"), WORD),
    **dict.fromkeys(("internal", "extension", "automatic"), Key(bool)),
    "target_hours": Key(int),
    "answer": TABLES,
}
ANSWER_KEYS = {
    **dict.fromkeys(("id", "label"), WORD),
    **dict.fromkeys(("to", "kind", "push"), Key(str)),
    **dict.fromkeys(("extension", "pop"), Key(bool)),
    **dict.fromkeys(("when", "fields"), TABLES),
    "effects": WORDS,
}
SHARED_KEYS = {**ANSWER_KEYS, "steps": Key(list, required=True, of=str)}
FIELD_KEYS = {
    **dict.fromkeys(("name", "type", "label"), WORD),
    **dict.fromkeys(("required", "internal"), Key(bool)),
    "options": WORDS,
    "prefill": Key(str),
}
CONDITION_KEYS = dict.fromkeys(FACTS, Key(bool))


def shipped() -> Library:
    """Load the files under `workflow/procedures/`; the lowest version of each code is active."""
    folder = files("workflow").joinpath("procedures")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return library(parse(folder.joinpath(name).read_text(encoding="utf-8"), name) for name in names)


def library(procedures: Iterable[Procedure], active: Mapping[str, str] | None = None) -> Library:
    """Put versions together and check what they say of one another, or raise FaultyProcedureError.

    Unless `active` names a version, the first one given of a code is the active one.
    """
    together = list(procedures)
    first = {procedure.code: procedure.version for procedure in reversed(together)}
    found = Library({(p.code, p.version): p for p in together}, {**first, **(active or {})})
    FaultyProcedureError.raise_for(check_together(found, together))
    return found


def parse(text: str, file: str) -> Procedure:
    """Read one procedure file, or raise FaultyProcedureError with every fault that was found."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultyProcedureError([Fault(file, None, "not-toml", f"no es TOML válido ({error})")]) from error
    reader = _Reader(file)
    procedure = reader.procedure(raw)
    FaultyProcedureError.raise_for(reader.faults)
    FaultyProcedureError.raise_for(check_procedure(procedure, file))
    return procedure


class _Reader:
    """Builds the parts of one file, and notes faults instead of stopping at the first."""

    def __init__(self, file: str) -> None:
        self.faults: list[Fault] = []
        self._file = file
        self._step: str | None = None
        self._code = self._version = ""

    def procedure(self, raw: Table) -> Procedure:
        table = self._table(raw, PROCEDURE_KEYS, "el procedimiento")
        self._code, self._version = table["code"], table["version"]
        shared = [self._table(each, SHARED_KEYS, "una respuesta compartida") for each in table["shared"]]
        steps = tuple(self._read_step(each, shared) for each in table["step"])
        self._step = None
        numbers = [step.number for step in steps]
        self._once("duplicate-number", "el numeral", numbers)
        for name in sorted({name for each in shared for name in each["steps"]} - set(numbers)):
            self._fault("unknown-step", f"una respuesta compartida nombra el numeral {name}, que no existe")
        if table["pages"] < 1:
            self._fault("bad-value", "pages: tiene que ser 1 o más")
        return Procedure(
            code=table["code"],
            manual_code=table["manual_code"],
            version=table["version"],
            title=_words(table["title"]),
            objective=_words(table["objective"]),
            resolution=table["resolution"],
            resolution_date=table["resolution_date"],
            pages=table["pages"],
            start=table["start"],
            steps=steps,
        )

    def _read_step(self, raw: Table, shared: list[dict[str, Any]]) -> Step:
        self._step = str(raw.get("number", "?"))
        table = self._table(raw, STEP_KEYS, "el numeral")
        if not NUMBER.fullmatch(table["number"]):
            self._fault("bad-value", "number: se escribe como 3 o 3.C.2")
        own = [self._table(each, ANSWER_KEYS, "una respuesta") for each in table["answer"]]
        joined = [each for each in shared if table["number"] in each["steps"]]
        answers = tuple(self._read_answer(each) for each in [*own, *joined])
        self._once("duplicate-answer", "la respuesta", [answer.id for answer in answers])
        role = self._one_of(table["role"], list(Role), "unknown-role", "el rol")
        stage = self._one_of(table["stage"], list(Stage), "bad-value", "la etapa")
        hours = table["target_hours"] or None
        if hours is not None and hours < 1:
            self._fault("bad-value", "target_hours: tiene que ser 1 o más")
        return Step(
            number=table["number"],
            activity=_words(table["activity"]),
            responsible=_words(table["responsible"]),
            role=Role(role),
            output=_words(table["output"]),
            stage=Stage(stage),
            internal=table["internal"],
            extension=table["extension"],
            automatic=table["automatic"],
            answers=answers,
            target_hours=hours,
        )

    def _read_answer(self, table: dict[str, Any]) -> Answer:
        if not ANSWER_ID.fullmatch(table["id"]):
            self._fault("bad-value", f"id «{table['id']}»: solo minúsculas, cifras y guiones")
        answer_id = table["id"]
        kind: AnswerKind = self._one_of(table["kind"] or "step", get_args(AnswerKind), "bad-value", "kind")
        asked = tuple(self._read_field(each) for each in table["fields"])
        self._once("duplicate-field", "el campo", [each.name for each in asked])
        back = table["pop"] and kind == "return"
        if bool(table["to"]) == back:
            text = f"la respuesta «{answer_id}» necesita «to», o bien «pop» con kind = «return»"
            self._fault("bad-target", text)
        if table["push"] and (table["pop"] or table["to"] == CLOSED):
            self._fault("bad-target", f"la respuesta «{answer_id}» no puede tener «push» y volver o cerrar")
        for effect in table["effects"]:
            self._check_effect(effect, asked)
        return Answer(
            id=table["id"],
            label=table["label"],
            to=self._target(table["to"]) if table["to"] else None,
            when=tuple(self._read_condition(each) for each in table["when"]),
            fields=asked,
            kind=kind,
            effects=tuple(table["effects"]),
            extension=table["extension"],
            push=table["push"] or None,
            pop=table["pop"],
        )

    def _read_field(self, raw: Table) -> Field:
        table = self._table(raw, FIELD_KEYS, "un campo")
        name = table["name"]
        kind: FieldType = self._one_of(table["type"], get_args(FieldType), "bad-value", "el tipo")
        if not NAME.fullmatch(name) or name in RESERVED:
            self._fault("bad-value", f"el campo no puede llamarse «{name}»")
        if (kind == "choice") != bool(table["options"]):
            self._fault("bad-value", f"campo «{name}»: «options» va con el tipo choice, y solo con él")
        if table["prefill"] and kind != "text":
            self._fault("bad-value", f"campo «{name}»: solo un texto puede tener «prefill»")
        return Field(
            name=name,
            type=kind,
            label=table["label"],
            required=table["required"],
            internal=table["internal"],
            options=tuple(str(option) for option in table["options"]),
            prefill=table["prefill"] or None,
        )

    def _read_condition(self, raw: Table) -> Condition:
        if not raw:
            self._fault("bad-value", "una condición («when») tiene que nombrar algún hecho")
        self._table(raw, CONDITION_KEYS, "una condición")
        return Condition(**{fact: raw[fact] for fact in FACTS if fact in raw})

    def _check_effect(self, name: str, asked: tuple[Field, ...]) -> None:
        effect = EFFECTS.get(name)
        if effect is None:
            self._fault("unknown-effect", f"el efecto «{name}» no existe")
            return
        types = {each.name: each for each in asked}
        for field, kind in effect.needs.items():
            found = types.get(field)
            if found is None or found.type != kind or not found.required:
                text = f"el efecto «{name}» necesita el campo obligatorio «{field}» ({kind})"
                self._fault("effect-field", text)
        for field, kind in effect.takes.items():
            if field in types and types[field].type != kind:
                text = f"el efecto «{name}» lee el campo «{field}», que tiene que ser {kind}"
                self._fault("effect-field", text)

    def _target(self, written: str) -> Place | None:
        if written == CLOSED:
            return None
        elsewhere = ELSEWHERE.fullmatch(written)
        if elsewhere is None:
            return Place(self._code, self._version, written)
        code, number = elsewhere.groups()
        return Place(code, self._version if code == self._code else ACTIVE, number)

    def _table(self, raw: Table, keys: Mapping[str, Key], what: str) -> dict[str, Any]:
        """Return the table with every key, an empty value of its type where it is absent or wrong."""
        for name in sorted(raw.keys() - keys.keys()):
            self._fault("unknown-key", f"{what}: la clave «{name}» no existe")
        return {name: self._value(raw, name, key, what) for name, key in keys.items()}

    def _value(self, given: Table, name: str, key: Key, what: str) -> object:
        empty = date.min if key.kind is date else key.kind()
        value = given.get(name)
        if value is None:
            if key.required:
                self._fault("missing-key", f"{what}: falta la clave «{name}»")
            return empty
        if type(value) is not key.kind:
            self._fault("bad-value", f"{what}: «{name}» tiene que ser de tipo {key.kind.__name__}")
            return empty
        if isinstance(value, list) and not all(isinstance(item, key.of) for item in value):
            self._fault("bad-value", f"{what}: «{name}» tiene que ser una lista de {key.of.__name__}")
            return empty
        if key.required and value in ("", []):
            self._fault("missing-key", f"{what}: la clave «{name}» está vacía")
        return value

    def _one_of(self, value: str, allowed: Iterable[str], kind: str, what: str) -> Any:
        """Return the value, or note a fault and return the first one allowed."""
        known = list(allowed)
        if value in known:
            return value
        self._fault(kind, f"{what} «{value}» no existe; hay: {', '.join(known)}")
        return known[0]

    def _once(self, kind: str, what: str, names: list[str]) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._fault(kind, f"{what} «{name}» está repetido")

    def _fault(self, kind: str, text: str) -> None:
        self.faults.append(Fault(self._file, self._step, kind, text))


def _words(text: str) -> str:
    return " ".join(text.split())

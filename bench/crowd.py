"""The rows that two years of a desk would have left, made up as plain tuples, so that a million cases take minutes.

Three of a hundred cases are open, most of them new, and never fewer than fill every page of the queue, so that a
small desk's pages show as much as a large one's; a twentieth of the people wrote two cases in five. Hashes of the
record are only shaped like hashes: nothing here is read by `ventanilla verify`.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bench.phrases import FIRST, LAST, PROBLEMS, RARE, REPLIES, SEVERAL, SEVERAL_SAY, SYSTEMS
from cases.vocabulary import ASSISTANT, Category, Unit
from store.finding import backwards
from store.search import fold
from workflow.definition import Library

TWO_YEARS = 730 * 86_400
CHUNK = 20_000
CHANNELS = ("whatsapp",) * 55 + ("telegram",) * 18 + ("email",) * 17 + ("phone",) * 10
CATEGORIES = ("availability",) * 45 + ("functional_design",) * 15 + ("support",) * 40
OPEN = (
    ("confirm", 30),
    ("current", 12),
    ("returned", 5),
    ("waiting", 15),
    ("unit", 25),
    ("supervisor", 13),
)
NEWEST, OPEN_OF_NEWEST = 0.03, 0.7
"""So much of all is new, and so much of that is open."""
OPEN_SHARE, LEAST_OPEN = 0.03, 1_500
WANTS_PERSON = 0.08
WRITE_OFTEN, OFTEN_PEOPLE = 0.4, 20
"""This share of cases is of one person in so many."""
SOLUTION, ESTIMATED, ASSIGNED, PASSED, WAITS, OFFERED, HELPED, ASKED_AGAIN, GIVEN_BACK = (
    0.9,
    0.3,
    0.4,
    0.35,
    0.7,
    0.5,
    0.2,
    0.4,
    0.08,
)
"""How often: a closed case has a solution, an estimate; an open one an assignee; …"""
BEGUN = 2
"""Entries that a message and its registration leave."""
BEFORE_CLOSED = (("PR01", "3"), ("PR01", "5"), ("PR01", "7"), ("PR01", "9"))
UNITS = tuple(unit for unit in Unit if unit is not Unit.AIT)

COLUMNS: Mapping[str, str] = {
    "persons": "id name created_at",
    "identities": "id person_id channel address created_at",
    "conversations": "id person_id channel address state opened_at last_inbound_at",
    "cases": (
        "id number person_id conversation_id channel subject status stage procedure version step role unit stack"
        " facts category system assignee_id solution estimate_at token revision opened_at updated_at closed_at"
        " reply_token last_move wants_person"
    ),
    "case_units": "case_id unit",
    "messages": "id conversation_id case_id direction channel author text provider_id refs automatic at",
    "deliveries": (
        "id message_id part body channel address state attempts next_at provider_id updated_at why"
    ),
    "delivery_attempts": "id delivery_id at outcome",
    "proposals": (
        "id case_id message_id category confidence probabilities system system_confidence abstain evidence model at"
    ),
    "confirmations": "id case_id category system handled_before_by_uit user_id at",
    "entries": (
        "id case_id seq at procedure version step responsible output actor kind data internal salt data_digest"
        " previous hash"
    ),
    "clocks": "case_id kind started_at near_at due_at level next_at",
    "case_articles": "id case_id article_id how at",
    "waits": "case_id since",
    "case_search": "rowid body",
}
"""The columns that are filled, by table, in the order of the rows; the others keep their defaults."""

Row = tuple[object, ...]


@dataclass(slots=True)
class Person:
    """Somebody who wrote: where from, and how they are called."""

    name: str
    channel: str
    address: str
    found_by: str


class Crowd:
    """Makes the rows of `count` cases, chunk by chunk; the same every time."""

    def __init__(
        self, count: int, now: datetime, library: Library, operators: Sequence[int], articles: int
    ) -> None:
        self.count = count
        self._begin = now.replace(microsecond=0) - timedelta(seconds=TWO_YEARS)
        self._chance = Random(count)  # noqa: S311 - the same rows every time
        shared = max(OPEN_SHARE, LEAST_OPEN / count)
        self._open_of_old = (shared - NEWEST * OPEN_OF_NEWEST) / (1 - NEWEST)
        self._operators = operators
        self._articles = articles
        self._people = max(10, count * 6 // 10)
        self._known: dict[int, Person] = {}
        self._places = {
            role: [
                (procedure.code, step.number, str(step.stage), str(step.role.unit))
                for procedure in library
                for step in procedure.steps
                if step.answers and str(step.role) == role and procedure.version == "0"
            ]
            for role in ("operador", "supervisor", "uit", "upat", "acgii", "adt")
        }
        self._ids: dict[str, int] = defaultdict(int)

    def chunks(self) -> Iterator[dict[str, list[Row]]]:
        """Yield the rows by table, so many cases at a time."""
        for begin in range(1, self.count + 1, CHUNK):
            rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
            for number in range(begin, min(begin + CHUNK, self.count + 1)):
                self._case(rows, number)
            yield rows

    def _next(self, table: str) -> int:
        self._ids[table] += 1
        return self._ids[table]

    def _stamp(self, second: float) -> str:
        return (self._begin + timedelta(seconds=int(second))).replace(tzinfo=None).isoformat(" ") + ".000000"

    def _person(self, rows: dict[str, list[Row]], second: int, *, wants: bool) -> int:
        """Choose who writes: one of the few that often do, or anybody; new ones are registered."""
        chance = self._chance
        often = chance.random() < WRITE_OFTEN
        among = self._people // OFTEN_PEOPLE if often else self._people
        number = 1 + int(chance.random() ** (2 if often else 1) * among)
        if number not in self._known:
            channel = chance.choice(CHANNELS)
            name = f"{chance.choice(FIRST)} {chance.choice(LAST)} {chance.choice(LAST)}"
            address, found = f"+591{70_000_000 + number}", f"591{70_000_000 + number} {70_000_000 + number}"
            if channel == "email":
                address = f"{fold(name).replace(' ', '.')}.{number}@example.bo"
                found = fold(address)
            elif channel == "telegram":
                address = found = str(900_000_000 + number)
            self._known[number] = Person(name, channel, address, found)
            at = self._stamp(second)
            rows["persons"].append((number, name, at))
            rows["identities"].append((number, number, channel, address, at))
            state = '{"language": "es", "wants_person": true}' if wants else '{"language": "es"}'
            rows["conversations"].append((number, number, channel, address, state, at, at))
        return number

    def _case(self, rows: dict[str, list[Row]], number: int) -> None:
        chance = self._chance
        share = number / self.count
        second = int(share * (TWO_YEARS - 3600))
        kind = "closed"
        if chance.random() < (OPEN_OF_NEWEST if share > 1 - NEWEST else self._open_of_old):
            kind = chance.choices([name for name, _ in OPEN], [weight for _, weight in OPEN])[0]
        wants = kind != "closed" and chance.random() < WANTS_PERSON
        person = self._person(rows, second, wants=wants)
        who = self._known[person]
        system = chance.choice(SYSTEMS)
        category = chance.choice(CATEGORIES)
        said, answer = chance.choice(PROBLEMS), chance.choice(REPLIES)
        detail = f"{chance.choice(RARE)} {chance.choice(RARE)} {chance.randrange(100_000)}"
        if number > self.count - SEVERAL:
            detail += f" {SEVERAL_SAY}"
        lasted = int(chance.expovariate(1 / 90_000)) + 1800
        end = min(second + lasted, TWO_YEARS - 60)
        moves = self._entries(rows, number, kind, second, end, category)
        at, updated = self._stamp(second), self._stamp(end)
        case_number = f"{2024 + second * 2 // TWO_YEARS}-{number:06d}"
        role, procedure, step, stage, unit, status = self._place(kind)
        confirmed = kind not in ("confirm", "waiting")
        facts = None
        if confirmed:
            said_of = {name: category == name for name in ("availability", "functional_design")}
            facts = json.dumps({**said_of, "handled_before_by_uit": False})
        closed = kind == "closed"
        solution = answer if closed and chance.random() < SOLUTION else None
        held = chance.choice(self._operators) if not closed and chance.random() < ASSIGNED else None
        rows["cases"].append(
            (
                number,
                case_number,
                person,
                person,
                who.channel,
                said[:70],
                status,
                stage,
                procedure,
                "0",
                step,
                role,
                unit,
                "[]",
                facts,
                category,
                system,
                held,
                solution,
                self._stamp(end + 7200)
                if unit != "ait" or (closed and chance.random() < ESTIMATED)
                else None,
                f"{number:043d}",
                1 + moves,
                at,
                updated,
                updated if closed else None,
                f"{number:026d}",
                self._moved(kind),
                int(wants),
            )
        )
        passed = UNITS[number % 4] if closed and chance.random() < PASSED else None
        if passed is not None or unit != "ait":
            rows["case_units"].append((number, str(passed or unit)))
        if not closed:
            due = self._stamp(end + chance.randrange(-40_000, 90_000))
            rows["clocks"].append((number, "step", at, due, due, 0, due))
        waits = kind != "waiting" and chance.random() < WAITS
        self._talk(
            rows,
            number,
            person,
            who,
            f"{said} {detail}",
            answer if closed else None,
            second,
            end,
            waits=waits,
        )
        self._judgement(rows, number, category, system, at, confirmed=confirmed)
        if chance.random() < OFFERED and self._articles:
            how = "solved" if closed and chance.random() < HELPED else "offered"
            rows["case_articles"].append(
                (self._next("case_articles"), number, 1 + chance.randrange(self._articles), how, at)
            )
        words = f"{case_number.replace('-', ' ')} {fold(who.name)} {who.found_by} {fold(said)} {fold(detail)} {backwards(who.address)}"
        rows["case_search"].append((number, f"{words} {fold(answer)}" if closed else words))

    def _place(self, kind: str) -> tuple[str | None, str, str | None, str, str, str]:
        """Return role, procedure, step, stage, unit and status."""
        if kind == "closed":
            return None, "PR01", None, "3", "ait", "closed"
        if kind in ("confirm", "waiting", "returned"):
            return "operador", "PR01", "3", "1", "ait", "waiting" if kind == "waiting" else "open"
        role = {"current": "operador", "supervisor": "supervisor"}.get(kind)
        role = role or self._chance.choices(("uit", "upat", "acgii", "adt"), (50, 25, 15, 10))[0]
        procedure, step, stage, unit = self._chance.choice(
            [place for place in self._places[role] if kind != "current" or place[:2] != ("PR01", "3")]
        )
        return role, procedure, step, stage, unit, "in_review" if role == "supervisor" else "open"

    def _moved(self, kind: str) -> str:
        return "return" if kind == "returned" else "step"

    def _entries(
        self, rows: dict[str, list[Row]], case: int, kind: str, second: int, end: int, category: str
    ) -> int:
        """Write the record: what the message and its registration leave, and a step each hour or so after that."""
        more = 4 if kind == "closed" else 0 if kind in ("confirm", "waiting") else 2
        every = (end - second) // (more + 1)
        kinds = ["step", "step", *(["classification"] if more else []), *["step"] * (more - 1)]
        if kind == "waiting":
            kinds.append("waiting")
        elif kind == "returned":
            kinds.append("return")
        elif kind == "closed" and self._chance.random() < GIVEN_BACK:
            kinds[-1:-1] = ["return"]
        previous = f"{case:064x}"
        for place, name in enumerate(kinds):
            number = self._next("entries")
            procedure, step = ("PR01", str(place + 1)) if place < BEGUN else BEFORE_CLOSED[place % 4]
            data = '{"reason": "Falta el número de trámite."}' if name == "return" else '{"answer": "derive"}'
            if name == "classification":
                data = json.dumps({"category": category, "proposed": category, "model": "bench-1"})
            hashed = f"{number:064x}"
            rows["entries"].append(
                (
                    number,
                    case,
                    place + 1,
                    self._stamp(second + max(0, place - 1) * every),
                    procedure,
                    "0",
                    step,
                    "Operador de Soporte Técnico",
                    "Formulario de registro y seguimiento",
                    "operador",
                    name,
                    data,
                    0,
                    hashed[:32],
                    hashed,
                    previous,
                    hashed,
                )
            )
            previous = hashed
        return len(kinds)

    def _talk(
        self,
        rows: dict[str, list[Row]],
        case: int,
        person: int,
        who: Person,
        said: str,
        answer: str | None,
        second: int,
        end: int,
        *,
        waits: bool,
    ) -> None:
        opening = f"Registramos su reporte con el número de caso {case}. Le avisaremos por este medio."
        texts = [("in", who.name, said, 0, second), ("out", ASSISTANT, opening, 1, second + 2)]
        if self._chance.random() < ASKED_AGAIN:
            texts.append(("in", who.name, "Sigue sin funcionar, por favor ayúdenme.", 0, (second + end) // 2))
        if answer is not None:
            texts.append(("out", "Operador", answer, 0, end))
        elif waits:
            rows["waits"].append((case, self._stamp(second)))
        for way, author, text, automatic, moment in texts:
            number, at = self._next("messages"), self._stamp(moment)
            provider = f"SM{number:032d}" if way == "in" else None
            rows["messages"].append(
                (number, person, case, way, who.channel, author, text, provider, "[]", automatic, at)
            )
            if way == "out" and who.channel != "phone":
                sent = self._next("deliveries")
                rows["deliveries"].append(
                    (
                        sent,
                        number,
                        0,
                        text,
                        who.channel,
                        who.address,
                        "delivered",
                        1,
                        None,
                        f"P{sent:032d}",
                        at,
                        "texto libre",
                    )
                )
                rows["delivery_attempts"].append((sent, sent, at, "delivered"))

    def _judgement(
        self, rows: dict[str, list[Row]], case: int, category: str, system: str, at: str, *, confirmed: bool
    ) -> None:
        chance = self._chance
        sure = round(0.4 + 0.6 * chance.random(), 3)
        proposed = category if chance.random() < sure else chance.choice(tuple(Category)).value
        rows["proposals"].append(
            (
                self._next("proposals"),
                case,
                self._ids["messages"],
                proposed,
                sure,
                json.dumps({str(word): round(1 / 3, 3) for word in Category}),
                system,
                0.8,
                0,
                '[{"start": 0, "end": 9, "weight": 0.7}]',
                "bench-1",
                at,
            )
        )
        if confirmed:
            rows["confirmations"].append(
                (
                    self._next("confirmations"),
                    case,
                    category,
                    system,
                    0,
                    chance.choice(self._operators),
                    at,
                )
            )

    @property
    def years(self) -> Sequence[int]:
        """The years that case numbers were given in."""
        return (2024, 2025)

"""The whole story of a case for whoever reviews it: its way with the clocks, what was promised, judged, given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.model import Account, Entry, Message
from cases.procedure import Place
from cases.rights import Action, demand
from cases.vocabulary import MOVES, Category, Role
from desk.desk import Desk, open_to
from desk.report_times import WorkingTime, apart
from desk.steps import REASON_CODE
from desk.views import CaseView, messages_of, view_of
from store.queries import CaseFilter
from store.work import StoreWork
from workflow.definition import Step, UnknownPlaceError

BOT = (
    "kind_told",
    "article_opened",
    "article_no_help",
    "self_solved",
    "person_wanted",
    "reminder",
    "rated",
    "commented",
)
"""The kinds of entries that the assistant's talk with the person leaves."""
QUEUE = 200


@dataclass(frozen=True, slots=True)
class Passage:
    """One stay at a step: in minutes of working time without the waits for the person, beside its target in minutes."""

    place: Place
    activity: str
    answer: str
    actor: str
    returned: bool
    began: datetime
    ended: datetime | None
    minutes: float
    target: int | None

    @property
    def met(self) -> bool | None:
        """Say whether the target was met; None where there is none."""
        return None if self.target is None else self.minutes <= self.target


@dataclass(frozen=True, slots=True)
class Promise:
    """One estimate that the person was told; `kept` is None while it is open, and for one that another replaced."""

    at: datetime
    by: str
    promised: datetime
    reason: str
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was proposed and what an operator made of it; `proposed` is None where nothing was."""

    at: datetime
    by: str
    proposed: Category | None
    confirmed: Category
    model: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """One return: from where, by whom and why."""

    at: datetime
    by: str
    place: Place
    code: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that a reviewer decides by; `taken` are the steps in order, for the drawing."""

    view: CaseView
    messages: Sequence[Message]
    entries: Sequence[Entry]
    passages: Sequence[Passage]
    promises: Sequence[Promise]
    judgements: Sequence[Judgement]
    bot: Sequence[Entry]
    returns: Sequence[GivenBack]
    taken: Sequence[str]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a case stands in the review queue: the one before, the one after, its place from 1 on (0: not in it) and how many there are."""

    before: str | None
    after: str | None
    place: int
    count: int


async def story(desk: Desk, account: Account, number: str) -> Story:
    """Return a case's story; raises NotFound."""
    demand(account, Action.MONITOR)

    def read(work: StoreWork) -> tuple[CaseView, Sequence[Entry]]:
        case = open_to(work, account, number)
        return view_of(desk, work, account, number), work.record.of(case.id)

    view, entries = await desk.database.read(read)
    said = await messages_of(desk, account, number)
    place = view.case.place
    here = (place.procedure, place.version) if place else (view.case.procedure, view.case.version)
    return Story(
        view=view,
        messages=said,
        entries=entries,
        passages=passages(desk, view, entries),
        promises=promises(view, entries),
        judgements=[_judgement(entry) for entry in entries if entry.kind == "classification"],
        bot=[entry for entry in entries if entry.kind in BOT],
        returns=[_given_back(entry) for entry in entries if entry.kind == "return"],
        taken=[
            entry.step
            for entry in entries
            if (entry.procedure, entry.version) == here and entry.kind in MOVES
        ],
    )


async def turn(desk: Desk, account: Account, number: str) -> Turn:
    """Return a case's place in the review queue, the longest waiting first."""
    demand(account, Action.MONITOR)
    wanted = CaseFilter(role=Role.SUPERVISOR)
    rows = await desk.database.read(
        lambda work: work.queries.cases(wanted, account, limit=QUEUE, oldest=True)
    )
    numbers = [row.number for row in rows]
    if number not in numbers:
        return Turn(None, numbers[0] if numbers else None, 0, len(numbers))
    place = numbers.index(number)
    return Turn(
        before=numbers[place - 1] if place else None,
        after=numbers[place + 1] if place + 1 < len(numbers) else None,
        place=place + 1,
        count=len(numbers),
    )


def passages(desk: Desk, view: CaseView, entries: Sequence[Entry]) -> Sequence[Passage]:
    """Lay out where a case stood and for how long; the last stay goes on while the case is open."""
    if not entries:
        return ()
    now = desk.now()
    working = WorkingTime.of(desk.calendar, entries[0].at, now)
    pauses = apart((0, began, ended) for began, ended in _pauses(view, entries, now)).get(0, ())
    found: list[Passage] = []
    since = entries[0].at
    for entry in entries:
        if entry.kind == "reopening":
            since = entry.at
        if entry.kind not in MOVES:
            continue
        place = Place(entry.procedure, entry.version, entry.step)
        step = _step(desk, place)
        if step is None or not step.automatic:
            minutes = working.minutes(since, entry.at, pauses)
            found.append(_passage(step, place, since, entry, minutes))
        since = entry.at
    if view.case.place is not None:
        minutes = working.minutes(since, now, pauses)
        found.append(_passage(_step(desk, view.case.place), view.case.place, since, None, minutes))
    return found


def _passage(
    step: Step | None, place: Place, since: datetime, entry: Entry | None, minutes: float
) -> Passage:
    answer = step.answer(str(entry.data.get("answer"))) if step is not None and entry is not None else None
    return Passage(
        place=place,
        activity=step.activity if step is not None else "",
        answer=answer.label if answer is not None else "",
        actor=entry.actor if entry is not None else "",
        returned=entry is not None and entry.kind == "return",
        began=since,
        ended=entry.at if entry is not None else None,
        minutes=minutes,
        target=step.target_hours * 60 if step is not None and step.target_hours is not None else None,
    )


def _step(desk: Desk, place: Place) -> Step | None:
    try:
        return desk.library.step(place)
    except UnknownPlaceError:
        return None


def _pauses(view: CaseView, entries: Sequence[Entry], now: datetime) -> Sequence[tuple[datetime, datetime]]:
    """Return the waits for the person: from each `waiting` to what came next in the record, or until now."""
    found = []
    for place, entry in enumerate(entries):
        if entry.kind == "waiting":
            later = next((one.at for one in entries[place + 1 :] if one.kind != "reminder"), None)
            found.append((entry.at, later or (view.case.closed or now)))
    return found


def promises(view: CaseView, entries: Sequence[Entry]) -> Sequence[Promise]:
    """Return what the person was told to expect, the last one with whether it was kept."""
    told = [entry for entry in entries if isinstance(entry.data.get("estimate"), str)]
    found = []
    for place, entry in enumerate(told):
        promised = datetime.fromisoformat(entry.data["estimate"])
        kept = None
        if place == len(told) - 1:
            solved = _solved_at(view, entries)
            kept = solved <= promised if solved is not None else None
        found.append(Promise(entry.at, entry.actor, promised, str(entry.data.get("reason") or ""), kept))
    return found


def _solved_at(view: CaseView, entries: Sequence[Entry]) -> datetime | None:
    """Return when the person was last told of a solution, or else when the case was closed."""
    told = [entry.at for entry in entries if entry.kind in MOVES and "message" in entry.data]
    return told[-1] if told and view.case.solution else view.case.closed


def _judgement(entry: Entry) -> Judgement:
    proposed = entry.data.get("proposed")
    return Judgement(
        at=entry.at,
        by=entry.actor,
        proposed=Category(proposed) if proposed in list(Category) else None,
        confirmed=Category(entry.data["category"]),
        model=str(entry.data.get("model") or ""),
    )


def _given_back(entry: Entry) -> GivenBack:
    data = entry.data
    return GivenBack(
        at=entry.at,
        by=entry.actor,
        place=Place(entry.procedure, entry.version, entry.step),
        code=data.get(REASON_CODE),
        words=str(data.get("observation") or data.get("reason") or ""),
    )

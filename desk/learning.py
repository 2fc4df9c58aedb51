"""What the desk learns from what operators confirm: the examples, the judgement of a new model, and who may intervene."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

from cases.errors import Conflict, Invalid, NotFound
from cases.model import Account
from cases.procedure import Value
from cases.rights import Action, demand
from desk.desk import Desk, open_to
from desk.marks import write_entry
from desk.masking import masked
from store.learning import Confirmed, InUse, Run
from store.work import StoreWork

EVERY = 25
"""Newly confirmed cases after which the desk trains by itself."""
PAUSE = timedelta(minutes=10)
"""The least time between two trainings that nobody asked for."""
STUCK = timedelta(minutes=10)
"""After so long a training that has not ended is given up: its process is gone."""
JUDGES = 5
"""Of the confirmations that the running model never saw, each fifth judges and is learnt only the next time."""
MOST_JUDGES = 200
MOST_LEARNT = 5000
"""The newest confirmations that are learnt: with them and the shipped corpus a training still takes less than a minute."""
DAYS = timedelta(days=30)
RUNS = 20
COUNTED_FROM = "learning:counted-from"
"""The bookmark of the newest confirmation that was there when the desk began to count."""
SHIPPED = "el modelo instalado"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One confirmed case as an example: the message that was classified, without its person, and what an operator said it is."""

    id: str
    text: str
    subject: str | None
    channel: str
    category: str
    system: str | None
    writer: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a training gets: lessons to learn, lessons that neither model was taught and that judge, and up to where."""

    learnt: Sequence[Lesson]
    judging: Sequence[Lesson]
    last: int


@dataclass(frozen=True, slots=True)
class Side:
    """How one model did on the held-out part of the corpus; None where there was nothing to measure."""

    accuracy: float
    macro_f1: float
    ece: float
    hard: float | None
    system: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A new model beside the running one and the shipped one.

    Of `held_out` messages, `won` are those that only the new one has right, `lost` those that only the running one has, `lost_shipped`
    and `won_shipped` the same beside the shipped model. Of `judging` confirmations that neither was taught, `judged_new` and
    `judged_running` are right, `judged_won` and `judged_lost` by one of the two alone.
    """

    held_out: int
    new: Side
    running: Side
    won: int
    lost: int
    won_shipped: int
    lost_shipped: int
    judging: int
    judged_new: int
    judged_running: int
    judged_won: int
    judged_lost: int

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Comparison | None":
        """Return a stored comparison; None where a run never got so far."""
        if "held_out" not in stored:
            return None
        return cls(**{**stored, "new": Side(**stored["new"]), "running": Side(**stored["running"])})

    def stored(self) -> dict[str, Any]:
        """Return what `read` takes."""
        return asdict(self)


NOT_WORSE = "not-worse"


def judge(found: Comparison) -> str:
    """Say whether a new model is not worse than the running one (NOT_WORSE), or in what it is.

    It is worse if, of the held-out messages, it loses more than it wins by more than twice the root of both (what a coin
    would do), against the running model or the shipped one (so that small losses never add up). Of the confirmations once the root is
    enough: they are few, and the desk's own.
    """
    if _worse(found.won, found.lost):
        return "worse-held-out"
    if _worse(found.won_shipped, found.lost_shipped):
        return "worse-than-shipped"
    return "worse-newest" if _worse(found.judged_won, found.judged_lost, 1) else NOT_WORSE


def _worse(won: int, lost: int, errors: int = 2) -> bool:
    return lost - won > errors * sqrt(won + lost)


def lesson_of(confirmed: Confirmed) -> Lesson:
    """Return a confirmation as an example, its person taken out."""
    assert confirmed.text is not None
    names = (confirmed.name,)
    return Lesson(
        id=f"confirmation-{confirmed.id}",
        text=masked(confirmed.text, names),
        subject=masked(confirmed.subject, names) if confirmed.subject else None,
        channel=str(confirmed.channel),
        category=str(confirmed.category),
        system=confirmed.system,
        writer=f"confirmed-{confirmed.person}",
    )


def material(work: StoreWork) -> Material:
    """Gather what a training gets now."""
    known = work.learning.in_use().model
    taught = (known.last_confirmation or 0) if known is not None else 0
    found = [confirmed for confirmed in work.learning.confirmed() if confirmed.counts]
    unseen = [confirmed for confirmed in found if confirmed.id > taught and confirmed.id % JUDGES == 0]
    judges = {confirmed.id for confirmed in unseen[-MOST_JUDGES:]}
    learnt = [lesson_of(confirmed) for confirmed in found if confirmed.id not in judges]
    judging = [lesson_of(confirmed) for confirmed in found if confirmed.id in judges]
    return Material(learnt[-MOST_LEARNT:], judging, work.learning.newest())


def lessons(work: StoreWork) -> Sequence[Lesson]:
    """Return every confirmation that counts, as examples."""
    found = [confirmed for confirmed in work.learning.confirmed() if confirmed.counts]
    return [lesson_of(confirmed) for confirmed in found[-MOST_LEARNT:]]


def counted_from(work: StoreWork) -> int:
    """Return the confirmation after which new ones are counted: the last training's, or where counting began."""
    last = work.learning.last_run()
    begun = int(work.upkeep.bookmark(COUNTED_FROM) or 0)
    return max(begun, (last.last_confirmation or 0) if last is not None else 0)


def is_due(work: StoreWork, now: datetime) -> bool:
    """Say whether the desk should train by itself."""
    last = work.learning.last_run()
    if last is not None and last.asked + PAUSE > now:
        return False
    return work.learning.count_after(counted_from(work)) >= EVERY


@dataclass(frozen=True, slots=True)
class LearningView:
    """How the desk's learning goes; `confirmed` are the last 30 days', newest first."""

    in_use: InUse
    version: str | None
    waiting: int
    under_way: Run | None
    runs: Sequence[Run]
    confirmed: Sequence[Confirmed]
    may_go_back: bool


async def learning_view(desk: Desk, account: Account) -> LearningView:
    """Return how the desk's learning goes."""
    demand(account, Action.LEARN)
    now = desk.now()

    def read(work: StoreWork) -> LearningView:
        in_use = work.learning.in_use()
        return LearningView(
            in_use=in_use,
            version=desk.classifier.version if desk.classifier is not None else None,
            waiting=work.learning.count_after(counted_from(work)),
            under_way=work.learning.under_way(),
            runs=work.learning.runs(RUNS),
            confirmed=list(reversed(work.learning.confirmed(since=now - DAYS))),
            may_go_back=in_use.model is not None,
        )

    return await desk.database.read(read)


async def withdraw(desk: Desk, account: Account, number: str, reason: str) -> Confirmed:
    """Let the newest confirmation of a case count no more; the case's record says why, inside the desk.

    What the case is stays as it is: who wants to correct that classifies it again. Raises Invalid without a reason, NotFound
    for a case that nobody confirmed, Conflict if it is withdrawn already.
    """
    demand(account, Action.LEARN)
    said = _given(reason)

    def act(work: StoreWork) -> Confirmed:
        case = open_to(work, account, number)
        found = work.learning.confirmed(case=number)
        if not found:
            raise NotFound(f"El caso {number} no tiene una clasificación confirmada.")
        [confirmed] = found
        now = desk.now()
        work.learning.withdraw(confirmed.id, account.id, said, now)
        data: dict[str, Value] = {
            "category": str(confirmed.category),
            "system": confirmed.system or "",
            "confirmed_by": confirmed.by,
            "reason": said,
        }
        write_entry(desk, work, case, "confirmation_withdrawn", data, account.username, now, internal=True)
        work.publish("case-changed", case=number)
        work.publish("learning-changed")
        return confirmed

    return await desk.database.write(act)


async def ask_retraining(desk: Desk, account: Account) -> None:
    """Ask for a training now; raises Conflict while one is asked for or running."""
    demand(account, Action.LEARN)

    def act(work: StoreWork) -> None:
        work.learning.ask(account.username, desk.now())
        work.publish("learning-changed")

    await desk.database.write(act)


async def go_back(desk: Desk, account: Account, model: int, reason: str) -> str:
    """Bring the model before `model` (the one in use) into use again; returns what is used now.

    Raises Conflict if another model came into use meanwhile, or if the shipped one is in use: there is none before it.
    """
    demand(account, Action.LEARN)
    said = _given(reason)

    def act(work: StoreWork) -> str:
        current = work.learning.in_use().model
        if current is None or current.id != model:
            raise Conflict("El modelo en uso ya es otro. Esto es lo que hay ahora.")
        earlier = work.learning.before(current.id)
        now = desk.now()
        work.learning.activate(earlier.id if earlier else None, account.username, said, now)
        version = (earlier.version if earlier else None) or SHIPPED
        data = {"from": current.version or "", "to": version, "reason": said}
        work.procedures.record(account.username, "model-returned", data, now)
        work.publish("learning-changed")
        return version

    return await desk.database.write(act)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid("Falta el motivo.", {"reason": "Diga por qué."})
    return reason.strip()

"""What speaks for "the UIT handled this before" (fact H of PR01 5 and 6), for the operator who has to say so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from math import log, sqrt

from cases.model import Account, Case, Message, Suggestion
from cases.vocabulary import AccountRole, Direction
from desk.desk import Desk, open_to
from kb.words import load
from store.work import StoreWork

LOOKED_AT = 100
"""How many of the system's newest cases that the UIT solved are compared."""
NEAR = 0.12
"""The least likeness of two messages that is worth reading; chance words of a desk reach about 0.05."""
SHOWN = 5
LONGEST = 2000
KEPT = 4096
"""Texts whose words are kept."""


@dataclass(frozen=True, slots=True)
class UitCase:
    """An earlier case of the same system that passed through the UIT and was solved; `near` is from 0 to 1."""

    number: str
    subject: str
    solution: str
    at: datetime
    near: float


@dataclass(frozen=True, slots=True)
class UitEvidence:
    """Earlier cases, the nearest first, and articles whose solution was the UIT's."""

    cases: Sequence[UitCase] = ()
    articles: Sequence[Suggestion] = ()

    def __bool__(self) -> bool:
        return bool(self.cases or self.articles)


async def uit_evidence(
    desk: Desk, account: Account, number: str, suggestions: Sequence[Suggestion]
) -> UitEvidence:
    """Return what speaks for the UIT having handled such a problem before; a unit's people are not asked and get nothing.

    `suggestions` are the articles that were found for the case: near ones whose solution was the UIT's are kept.
    """

    def read(work: StoreWork) -> UitEvidence:
        case = open_to(work, account, number)
        return evidence_for(work, account, case, work.messages.of(case.id), suggestions)

    return await desk.database.read(read)


def evidence_for(
    work: StoreWork,
    account: Account,
    case: Case,
    messages: Sequence[Message],
    suggestions: Sequence[Suggestion],
) -> UitEvidence:
    """Read what speaks for it within a transaction, for a case with these messages (see `uit_evidence`)."""
    said = [message for message in messages if message.direction is Direction.IN]
    if account.role is AccountRole.UNIDAD or not said:
        return UitEvidence()
    text = "\n".join(message.text for message in said[:3])[:LONGEST]
    earlier = [
        (UitCase(found.number, found.subject, found.solution, found.at, 0.0), found.text)
        for found in work.learning.solved_by_uit(case.system, case.id, LOOKED_AT)
    ]
    theirs = work.articles.solved_by("uit", [suggestion.article for suggestion in suggestions])
    return UitEvidence(
        nearest(text, earlier), [suggestion for suggestion in suggestions if suggestion.article in theirs]
    )


def nearest(text: str, earlier: Sequence[tuple[UitCase, str]]) -> Sequence[UitCase]:
    """Return the earlier cases whose first message is like a text, the nearest first.

    Likeness is the cosine of what both say, each word, stem and concept weighed by how rare it is among them.
    """
    asked = _counted(text[:LONGEST])
    read = [(case, _counted(said[:LONGEST])) for case, said in earlier]
    seen = Counter(word for _, words in read for word in words)
    seen.update(asked)
    weight = {word: log((len(read) + 2) / (count + 0.5)) ** 2 for word, count in seen.items()}
    size = _weight(asked, weight)
    measured = [(case, _cosine(asked, size, words, weight)) for case, words in read]
    near = [replace(case, near=likeness) for case, likeness in measured if likeness >= NEAR]
    return sorted(near, key=lambda case: case.near, reverse=True)[:SHOWN]


@lru_cache(KEPT)
def _counted(text: str) -> frozenset[str]:
    """Read a text; every page of a case compares it with the same earlier ones."""
    reading = load().read(text)
    return frozenset((*reading.stems, *(f"={concept}" for concept in reading.concepts)))


def _cosine(one: frozenset[str], size: float, other: frozenset[str], weight: Mapping[str, float]) -> float:
    both = _weight(one & other, weight)
    return both / sqrt(size * _weight(other, weight)) if both else 0.0


def _weight(words: frozenset[str], weight: Mapping[str, float]) -> float:
    return sum(map(weight.__getitem__, words))

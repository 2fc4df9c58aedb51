"""The search over everything: cases by number, address, name and words, the people who wrote, the articles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cases.model import Account, Case, Suggestion
from cases.rights import Action, demand
from desk.desk import Desk
from desk.views import theirs
from intake.channels.phone.translate import normal_number
from store.finding import phone_end
from store.queries import CaseFilter, CaseRow
from store.search import fold
from store.work import StoreWork
from store.worklist import Reached

NUMBER = re.compile(r"(?:(\d{4})\s*-\s*)?(\d{1,6})")
LOOKED_AT = 100
"""The newest matching cases from which people are gathered."""
OF_PERSON = 5
SHORTEST = 2
"""Letters from which there is something to look for: with one, everything matches."""
BEFORE, SHOWN = 50, 180
"""Characters of a message before the first word that matched, and in all."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `found` marks the words that were looked for."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class CaseHit:
    """A case that matched, each of its texts in pieces; `said` is the place in a message, if words were found in one."""

    row: CaseRow
    number: Sequence[Piece]
    subject: Sequence[Piece]
    person: Sequence[Piece]
    said: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class PersonHit:
    """Somebody who matched by name or address, and their newest cases."""

    id: int
    name: Sequence[Piece]
    addresses: Sequence[tuple[Reached, Sequence[Piece]]]
    cases: Sequence[Case]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the best of each kind first; `more` says that there are further cases."""

    cases: Sequence[CaseHit] = ()
    people: Sequence[PersonHit] = ()
    articles: Sequence[Suggestion] = ()
    more: bool = False


async def find(desk: Desk, account: Account, typed: str, *, cases: int, people: int, articles: int) -> Found:
    """Look for what somebody typed, at most so many of each kind; a unit's people find what they may see."""
    demand(account, Action.SEE_CASES)
    text = typed.strip()
    number = as_number(text, desk.now().astimezone(desk.timezone).year)
    short = len(fold(text)) < SHORTEST
    if short and number is None:
        return Found()

    def read(work: StoreWork) -> Found:
        limit = max(LOOKED_AT, cases + 1)
        wide = (cases or people) and not short
        rows = work.queries.cases(CaseFilter(q=text), account, limit=limit) if wide else []
        if number is not None and cases:
            named = work.queries.cases(CaseFilter(q=number), account, limit=LOOKED_AT)
            exact = [row for row in named if row.number == number]
            rows = [*exact, *(row for row in rows if row.number != number)]
        said = work.worklist.said_in([row.id for row in rows[:cases]])
        hits = [_case_hit(row, said.get(row.id, []), text, number) for row in rows[:cases]]
        return Found(hits, _people(work, account, rows, text)[:people], (), len(rows) > cases)

    found = await desk.database.read(read)
    if not articles or desk.finder is None or phone_end(text) is not None or number is not None:
        return found
    helpful = desk.finder.search(text, articles, internal=True)
    return Found(found.cases, found.people, helpful, found.more)


def as_number(typed: str, year: int) -> str | None:
    """Return the number of the case that somebody means: written out, or this year's by its last digits."""
    read = NUMBER.fullmatch(typed.strip().removeprefix("#"))
    return f"{read[1] or year}-{int(read[2]):06d}" if read else None


def marked(text: str, words: Sequence[str]) -> Sequence[Piece]:
    """Cut a text where it holds words that begin like one of these (folded, see `store.search.fold`)."""
    pieces: list[Piece] = []
    at = 0
    for token in re.finditer(r"\w+", text):
        folded = fold(token[0])
        if any(folded.startswith(word) for word in words):
            pieces += [Piece(text[at : token.start()]), Piece(token[0], found=True)]
            at = token.end()
    return [piece for piece in (*pieces, Piece(text[at:])) if piece.text]


def place_in(texts: Sequence[str], words: Sequence[str]) -> Sequence[Piece]:
    """Return the place of the text that holds most of the words, or nothing if none does."""
    best, most = "", 0
    for text in texts:
        tokens = fold(text).split()
        held = sum(any(token.startswith(word) for token in tokens) for word in words)
        if held > most:
            best, most = " ".join(text.split()), held
    if not most:
        return ()
    first = next(
        token.start()
        for token in re.finditer(r"\w+", best)
        if any(fold(token[0]).startswith(word) for word in words)
    )
    start = best.rfind(" ", 0, max(first - BEFORE, 0)) + 1 if first > BEFORE else 0
    end = start + SHOWN
    end = len(best) if end >= len(best) else max(best.rfind(" ", start, end), first + 1)
    cut = f"{'… ' if start else ''}{best[start:end]}{'…' if end < len(best) else ''}"
    return marked(cut, words)


def marked_digits(address: str, digits: str) -> Sequence[Piece]:
    """Cut a telephone number where these digits stand in it, counted from its end."""
    start = address.rfind(digits)
    if start < 0:
        return [Piece(address)]
    cut = (address[:start], digits, address[start + len(digits) :])
    return [Piece(text, found=text == digits and place == 1) for place, text in enumerate(cut) if text]


def _case_hit(row: CaseRow, said: Sequence[str], text: str, number: str | None) -> CaseHit:
    words = fold(text).split()
    return CaseHit(
        row,
        [Piece(row.number, found=True)] if row.number == number else marked(row.number, words),
        marked(row.subject, words),
        marked(row.person or "", words),
        place_in(said, words),
    )


def _people(work: StoreWork, account: Account, rows: Sequence[CaseRow], text: str) -> Sequence[PersonHit]:
    """Gather who matches by name or address, from the matching cases and from addresses that were written whole."""
    words, digits = fold(text).split(), phone_end(text)
    whole = [written for written in (text.casefold(), normal_number(text)) if written]
    names = {row.person_id: row.person for row in rows}
    for person in work.worklist.persons_at(whole):
        names.setdefault(person, work.people.get(person).name)
    reached = work.worklist.addresses(list(names))
    hits: list[PersonHit] = []
    for person, name in names.items():
        at = reached.get(person, [])
        if not _is_meant(name, at, words, digits, whole):
            continue
        theirs_too = theirs(work, account, work.queries.of_person(person, 0, OF_PERSON))
        if theirs_too:
            shown = [(one, _marked_address(one.address, words, digits)) for one in at]
            hits.append(PersonHit(person, marked(name or "", words), shown, theirs_too))
    return hits


def _is_meant(
    name: str | None, at: Sequence[Reached], words: Sequence[str], digits: str | None, whole: Sequence[str]
) -> bool:
    if any(one.address.casefold() in whole for one in at):
        return True
    if digits is not None:
        return any(re.sub(r"\D", "", one.address).endswith(digits) for one in at)
    spoken = [*fold(name or "").split(), *(word for one in at for word in fold(one.address).split())]
    return all(any(token.startswith(word) for token in spoken) for word in words)


def _marked_address(address: str, words: Sequence[str], digits: str | None) -> Sequence[Piece]:
    return marked_digits(address, digits) if digits is not None else marked(address, words)

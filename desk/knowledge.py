"""The knowledge base as the desk's people work on it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from cases.errors import Conflict, Invalid
from cases.model import Account, Article, ArticleText, Case
from cases.ports import Finder
from cases.rights import RIGHTS, Action, demand
from cases.vocabulary import Category, Direction, Unit
from desk.desk import Desk, open_to
from kb.gaps import group
from kb.masking import mask
from kb.search import ANSWERABLE
from store.article_report import ArticleReport, Asked, Usage
from store.articles import ArticleVersion, Expiry
from store.work import StoreWork

COUNTED = timedelta(days=90)
"""Over how long it is counted what articles did and what was asked."""

ENDS_SOON = timedelta(days=30)
"""How long before its end an article is named to those who can confirm it."""

LOOKED_AT = 400
"""From how many of the newest cases the gaps are read."""

LONGEST_TITLE = 120
READ = 2_000
SEVERAL = 3

_sure: WeakKeyDictionary[Finder, dict[str, float]] = WeakKeyDictionary()
"""How sure a finder was of a text: it takes milliseconds, and never changes while the articles do not."""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article with its versions (the newest first), what it did lately and until when it holds."""

    article: Article
    versions: Sequence[ArticleVersion]
    usage: Usage
    expiry: Expiry
    ends_soon: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every article that is not retired, which wait for a supervisor, what each did, and which end soon or have."""

    articles: Sequence[Article]
    waiting: frozenset[int]
    usage: Mapping[int, Usage]
    ending: Mapping[int, Expiry]


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that are alike, the most typical first; `unfit` of them are near no article, `unused` were solved without one."""

    system: str | None
    questions: Sequence[Asked]
    unfit: int
    unused: int


async def articles(desk: Desk, account: Account) -> Sequence[Article]:
    """Return every article that is not retired, drafts too."""
    demand(account, Action.SEE_ARTICLES)
    return await desk.database.read(lambda work: work.articles.all())


async def article(desk: Desk, account: Account, number: int) -> Article:
    """Return one article; raises NotFound."""
    demand(account, Action.SEE_ARTICLES)
    return await desk.database.read(lambda work: work.articles.get(number))


async def article_number(desk: Desk, account: Account, named: int | str) -> int:
    """Return the number of an article given by its number or its external id; raises Invalid."""
    demand(account, Action.SEE_ARTICLES)

    def read(work: StoreWork) -> int | None:
        found = work.articles.by_external_id(str(named))
        if found is not None:
            return found.id
        number = int(named) if str(named).isascii() and str(named).isdecimal() else 0
        return number if number in {known.id for known in work.articles.all()} else None

    number = await desk.database.read(read)
    if number is None:
        raise Invalid("No existe ese artículo.", {"article": f"No existe el artículo {named}."})
    return number


async def shelf(desk: Desk, account: Account) -> Shelf:
    """Return the knowledge base as its list shows it."""
    demand(account, Action.SEE_ARTICLES)
    now = desk.now()

    def read(work: StoreWork) -> Shelf:
        return Shelf(
            work.articles.all(),
            work.articles.waiting(),
            ArticleReport(work.connection).usage(now - COUNTED),
            work.articles.expiring(now + ENDS_SOON),
        )

    return await desk.database.read(read)


async def article_view(desk: Desk, account: Account, number: int) -> ArticleView:
    """Return one article as its page shows it; raises NotFound."""
    demand(account, Action.SEE_ARTICLES)
    now = desk.now()

    def read(work: StoreWork) -> ArticleView:
        expiry = work.articles.expiry(number)
        return ArticleView(
            work.articles.get(number),
            work.articles.versions(number),
            ArticleReport(work.connection).usage(now - COUNTED, number).get(number, Usage()),
            expiry,
            expiry.at is not None and expiry.at < now + ENDS_SOON,
        )

    return await desk.database.read(read)


async def write_article(
    desk: Desk, account: Account, text: ArticleText, number: int | None = None, *, case: str | None = None
) -> Article:
    """Store a new article, or a new version of one; it is a draft unless its author may approve. Raises Invalid.

    `case` is the one that it was written from.
    """
    demand(account, Action.WRITE_ARTICLE)
    approves = account.role in RIGHTS[Action.APPROVE_ARTICLE]

    def act(work: StoreWork) -> Article:
        _check(work, text)
        now = desk.now()
        source = open_to(work, account, case) if case is not None else None
        if number is None:
            if work.articles.by_external_id(text.external_id) is not None:
                raise Invalid("El artículo no vale.", {"id": f"Ya hay un artículo {text.external_id}."})
            written = work.articles.add(text, account.username, now, approved=approves)
        else:
            version = work.articles.revise(number, text.title, text.body, account.username, now, about=text)
            if approves:
                work.articles.approve(number, version, now, by=account.username)
            written = work.articles.get(number)
        if source is not None:
            work.articles.used(source.id, written.id, "written", now)
        return written

    written = await desk.database.write(act)
    await desk.refresh_articles()
    return written


async def approve_article(desk: Desk, account: Account, number: int, version: int | None = None) -> Article:
    """Make the newest version of an article the one that is shown.

    `version` is the one that the approver has read. Raises Conflict if there is a newer one, or if none waits.
    """
    demand(account, Action.APPROVE_ARTICLE)

    def act(work: StoreWork) -> Article:
        waiting = _waiting(work, number, version)
        return work.articles.approve(number, waiting.version, desk.now(), by=account.username)

    approved = await desk.database.write(act)
    await desk.refresh_articles()
    return approved


async def return_article(desk: Desk, account: Account, number: int, version: int, note: str) -> None:
    """Give a draft back to its author with a note. Raises Invalid without one, Conflict if it does not wait any more."""
    demand(account, Action.APPROVE_ARTICLE)
    if not note.strip():
        raise Invalid("Falta la nota.", {"note": "Diga qué hay que corregir."})

    def act(work: StoreWork) -> None:
        waiting = _waiting(work, number, version)
        work.articles.give_back(number, waiting.version, note.strip(), account.username, desk.now())

    await desk.database.write(act)


def _waiting(work: StoreWork, number: int, version: int | None) -> ArticleVersion:
    newest = work.articles.versions(number)[0]
    if version is not None and newest.version != version:
        raise Conflict("Hay una versión más nueva que la que usted leyó.")
    if not newest.waits:
        raise Conflict("Ninguna versión de este artículo espera aprobación.")
    return newest


async def keep_article(desk: Desk, account: Account, number: int, until: datetime | None) -> None:
    """Confirm that an article holds until a moment, or without end. Raises Invalid if that has passed, NotFound."""
    demand(account, Action.APPROVE_ARTICLE)
    now = desk.now()
    if until is not None and until <= now:
        raise Invalid("La fecha no vale.", {"until": "La fecha tiene que ser futura."})

    def act(work: StoreWork) -> None:
        work.articles.get(number)
        work.articles.keep_until(number, until, now)

    await desk.database.write(act)
    await desk.refresh_articles()


async def lapse_articles(desk: Desk) -> int:
    """Stop offering the articles whose time is over, and return how many; they wait to be confirmed again."""
    now = desk.now()
    if not any(_is_over(expiry, now) for expiry in (await _ending(desk, now)).values()):
        return 0
    lapsed = await desk.database.write(lambda work: work.articles.lapse(now))
    await desk.refresh_articles()
    return lapsed


async def _ending(desk: Desk, now: datetime) -> Mapping[int, Expiry]:
    return await desk.database.read(lambda work: work.articles.expiring(now + timedelta(seconds=1)))


def _is_over(expiry: Expiry, now: datetime) -> bool:
    return not expiry.lapsed and expiry.at is not None and expiry.at <= now


async def draft_from_case(desk: Desk, account: Account, number: str) -> ArticleText:
    """Propose an article's text from a case, with the person's data taken out; nothing is stored.

    The solution is the case's, or else what a person of the desk answered last. Raises NotFound.
    """
    demand(account, Action.WRITE_ARTICLE)
    return await desk.database.read(lambda work: _draft(work, open_to(work, account, number)))


def _draft(work: StoreWork, case: Case) -> ArticleText:
    said = [one for one in work.messages.of(case.id) if one.withdrawn is None]
    names = [work.people.get(case.person).name]
    addresses = list(work.people.addresses(case.person).values())

    def clean(text: str) -> str:
        return mask(text, names=names, addresses=addresses).strip()

    asked = next((one.text for one in said if one.direction is Direction.IN and not one.automatic), "")
    answers = [one.text for one in said if one.direction is Direction.OUT and not one.automatic]
    solution = case.solution or (answers[-1] if answers else "")
    question = "\n".join(f"> {line}" for line in clean(asked[:READ]).splitlines())
    return ArticleText(
        external_id="",
        title=clean(case.subject)[:LONGEST_TITLE],
        body="\n\n".join(filter(None, (question, clean(solution)))),
        category=case.category or Category.SUPPORT,
        system=case.system or "otro",
        audience="internal",
        solved_by=next(
            (str(unit) for unit in Unit if unit is not Unit.AIT and work.cases.is_seen_by(case.id, unit)),
            "operador",
        ),
    )


async def gaps(desk: Desk, account: Account) -> Sequence[Gap]:
    """Return what was asked lately and answered by no article, alike questions together, the most asked first."""
    demand(account, Action.WRITE_ARTICLE)
    since = desk.now() - COUNTED
    asked = await desk.database.read(lambda work: ArticleReport(work.connection).asked(since, LOOKED_AT))
    return await asyncio.to_thread(_gaps, desk.finder, asked)


def _gaps(finder: Finder | None, asked: Sequence[Asked]) -> Sequence[Gap]:
    unfit = {one.case for one in asked if not one.answered and _confidence(finder, one.text) < ANSWERABLE}
    unused = {one.case for one in asked if one.closed and not one.answered}
    open_questions = [one for one in asked if one.case in unfit | unused]
    found = group(
        open_questions, [one.text[:READ] for one in open_questions], [one.system for one in open_questions]
    )
    return [
        Gap(
            together.questions[0].system,
            together.questions,
            sum(one.case in unfit for one in together.questions),
            sum(one.case in unused for one in together.questions),
        )
        for together in found
    ]


def _confidence(finder: Finder | None, text: str) -> float:
    """Return the chance that one of the first articles answers, which their scores share."""
    if finder is None:
        return 0.0
    known = _sure.setdefault(finder, {})
    if text not in known:
        known[text] = sum(hit.score for hit in finder.search(text[:READ], SEVERAL, internal=True))
    return known[text]


def _check(work: StoreWork, text: ArticleText) -> None:
    faults = {}
    if not text.title.strip():
        faults["title"] = "Escriba el título."
    if not text.body.strip():
        faults["body"] = "Escriba el texto."
    if text.system not in {system.id for system in work.accounts.systems()}:
        faults["system"] = f"No existe el sistema {text.system}."
    if text.audience not in ("public", "internal"):
        faults["audience"] = "Elija público o interno."
    if text.solved_by not in ("operador", "uit", "upat", "acgii", "adt"):
        faults["solved_by"] = "Elija operador, uit, upat, acgii o adt."
    if faults:
        raise Invalid("El artículo no vale.", faults)

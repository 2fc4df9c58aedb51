"""What the pages read beside the acts of `desk`: lists, counts and names, each with its right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cases.errors import NotFound
from cases.model import Account, Attachment, Entry, Message, Suggestion, System
from cases.rights import Action, demand
from cases.vocabulary import Role
from desk.around import Around, around_of
from desk.desk import Desk, open_to
from desk.editing import Editing, editing_with
from desk.evidence import UitEvidence, evidence_for
from desk.talk import CaseTalk, talk_with
from desk.views import CaseView, asks_facts, heard_by, view_with
from store.queries import CaseFilter, CaseRow
from store.sections import Section
from store.work import StoreWork
from store.worklist import Signs

EARLIER = 5


@dataclass(frozen=True, slots=True)
class Queue:
    """The cases that a section and a filter give with what their lines say, and how many each section and view has.

    `matching` is how many cases a search finds in all; nobody counts them when nothing is searched, and then nobody
    counts the sections' cases. No count goes further than `store.queries` says.
    """

    rows: Sequence[CaseRow]
    signs: Mapping[int, Signs]
    counts: Mapping[Section, int | None]
    view_counts: Mapping[int, int]
    matching: int | None
    more: bool
    systems: Sequence[System]
    colleagues: Sequence[Account]


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that may help; `score` orders them, `sendable` says that its words may go to a citizen."""

    article: int
    title: str
    score: float
    sendable: bool


@dataclass(frozen=True, slots=True)
class WholeCase:
    """All that a case's page shows, as it stood at one moment."""

    view: CaseView
    said: Sequence[Message]
    talk: CaseTalk
    entries: Sequence[Entry]
    uit: UitEvidence
    systems: Sequence[System]
    colleagues: Sequence[Account]
    offers: Sequence[Offer]
    editing: Editing
    around: Around


async def queue(
    desk: Desk,
    account: Account,
    wanted: CaseFilter,
    *,
    before: int | None,
    limit: int,
    views: Mapping[int, CaseFilter],
) -> Queue:
    """Read the queue in one go: a section's cases longest waiting first, without a section the newest first."""
    demand(account, Action.SEE_CASES)

    def read(work: StoreWork) -> Queue:
        oldest = wanted.section is not None
        rows = work.queries.cases(wanted, account, before=before, limit=limit + 1, oldest=oldest)
        counts = {
            each: None if wanted.q else work.queries.count(replace(wanted, section=each), account)
            for each in Section
        }
        matching = work.queries.count(replace(wanted, section=None), account) if wanted.q else None
        return Queue(
            rows[:limit],
            work.worklist.signs([row.id for row in rows[:limit]], account.id, desk.now()),
            counts,
            {view: work.queries.count(each, account) for view, each in views.items()},
            matching,
            len(rows) > limit,
            work.accounts.systems(),
            acting_as(Role.OPERADOR, work.accounts.all()),
        )

    return await desk.database.read(read)


async def systems(desk: Desk) -> Sequence[System]:
    """Return the systems that the desk supports, by name."""
    return await desk.database.read(lambda work: work.accounts.systems())


async def colleagues(desk: Desk, account: Account, role: Role | None) -> Sequence[Account]:
    """Return who may be given a case that stands with this role."""
    demand(account, Action.SEE_CASES)
    return acting_as(role, await desk.database.read(lambda work: work.accounts.all()))


def acting_as(role: Role | None, everyone: Sequence[Account]) -> Sequence[Account]:
    """Return those who may be given a case that stands with a role."""
    return [one for one in everyone if one.acts_as(role)]


async def whole_case(desk: Desk, account: Account, number: str) -> WholeCase:
    """Read everything that a case's page shows, in one go; raises NotFound."""

    def read(work: StoreWork) -> WholeCase:
        case = open_to(work, account, number)
        said, everyone = work.messages.of(case.id), work.accounts.all()
        view = view_with(desk, work, account, case, said)
        asked = asks_facts(account, view)
        return WholeCase(
            view=view,
            said=heard_by(account, said),
            talk=talk_with(desk, work, case, said, view.addresses),
            entries=work.record.of(case.id),
            # Only the form that asks for the facts shows it.
            uit=evidence_for(work, account, case, said, view.suggestions) if asked else UitEvidence(),
            systems=work.accounts.systems(),
            colleagues=acting_as(case.role, everyone),
            offers=_offers(work, account, view.suggestions),
            editing=editing_with(work, account, case),
            around=around_of(desk, work, account, case, everyone),
        )

    return await desk.database.read(read)


async def attachment(desk: Desk, account: Account, number: int) -> Attachment:
    """Return a file that came with, or went out with, a message of a case that the account may see."""

    def read(work: StoreWork) -> Attachment:
        case, file = work.messages.content(number)
        open_to(work, account, work.cases.by_id(case).number)
        return file

    try:
        return await desk.database.read(read)
    except NotFound:
        raise NotFound("No existe ese archivo.") from None


async def offers(desk: Desk, account: Account, found: Sequence[Suggestion]) -> Sequence[Offer]:
    """Return suggested articles with whether their words may go to a citizen."""
    demand(account, Action.SEE_ARTICLES)
    return await desk.database.read(lambda work: _offers(work, account, found)) if found else ()


def _offers(work: StoreWork, account: Account, found: Sequence[Suggestion]) -> Sequence[Offer]:
    demand(account, Action.SEE_ARTICLES)
    articles = work.articles.among([suggestion.article for suggestion in found]) if found else {}
    return [
        Offer(article.id, article.title, suggestion.score, article.approved and article.audience == "public")
        for suggestion in found
        if (article := articles.get(suggestion.article)) is not None
    ]


async def newest_version(desk: Desk, account: Account, article: int) -> int:
    """Return the number of an article's newest version, which may still wait for approval."""
    demand(account, Action.SEE_ARTICLES)
    return await desk.database.read(lambda work: work.articles.newest(article))

"""The knowledge base as the desk's people work on it."""

from collections.abc import Sequence

from cases.errors import Invalid
from cases.model import Account, Article, ArticleText
from cases.rights import RIGHTS, Action, demand
from desk.desk import Desk
from store.work import StoreWork


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


async def write_article(
    desk: Desk, account: Account, text: ArticleText, number: int | None = None
) -> Article:
    """Store a new article, or a new version of one; it is a draft unless its author may approve. Raises Invalid."""
    demand(account, Action.WRITE_ARTICLE)
    approves = account.role in RIGHTS[Action.APPROVE_ARTICLE]

    def act(work: StoreWork) -> Article:
        _check(work, text)
        now = desk.now()
        if number is None:
            if work.articles.by_external_id(text.external_id) is not None:
                raise Invalid("El artículo no vale.", {"id": f"Ya hay un artículo {text.external_id}."})
            return work.articles.add(text, account.username, now, approved=approves)
        version = work.articles.revise(number, text.title, text.body, account.username, now)
        if approves:
            work.articles.approve(number, version, now)
            work.articles.describe(number, text, now)
        return work.articles.get(number)

    written = await desk.database.write(act)
    await desk.refresh_articles()
    return written


async def approve_article(desk: Desk, account: Account, number: int) -> Article:
    """Make the newest version of an article the one that is shown."""
    demand(account, Action.APPROVE_ARTICLE)

    def act(work: StoreWork) -> Article:
        return work.articles.approve(number, work.articles.newest(number), desk.now())

    approved = await desk.database.write(act)
    await desk.refresh_articles()
    return approved


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

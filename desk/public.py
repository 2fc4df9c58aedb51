"""What citizens see: their own case, the public knowledge base. Never a note, never an internal entry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.errors import NotFound
from cases.model import Article, Case, Message
from cases.vocabulary import Channel, Direction, Stage, Status
from desk.desk import Desk
from desk.surveys import rating_of
from store.accounts import UNIT_NAMES
from store.work import StoreWork

HELP_HITS = 12


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A case as its own person may see it: stage, unit and estimate, and what was said.

    `mail` is the person's mail address, half hidden (who has the page's address is not always the person); `asked`
    the one to which a code was sent that still counts; `by_mail`: they are answered by mail anyway. `telegram` is the
    link by which the person goes on in Telegram, `rating` the mark that they gave.
    """

    token: str
    number: str
    subject: str
    status: Status
    stage: Stage
    unit_name: str
    estimate: datetime | None
    opened: datetime
    closed: datetime | None
    messages: Sequence[Message]
    rating: int | None
    telegram: str | None
    by_mail: bool
    mail: str | None
    asked: str | None


async def case_page(desk: Desk, token: str) -> PublicCase:
    """Return the case that this token opens; raises NotFound."""

    def read(work: StoreWork) -> PublicCase:
        own = work.cases.by_token(token)
        goes_on = work.cases.by_id(own.merged_into) if own.merged_into is not None else own
        # A stranger's reply that was joined to somebody's case tells its writer how that case goes, not what was said.
        mine = goes_on.person == own.person
        shown = goes_on if mine else own
        code = work.identities.code_for(own.person, desk.now())
        return PublicCase(
            token=own.token,
            number=shown.number,
            subject=shown.subject,
            status=goes_on.status,
            stage=goes_on.stage,
            unit_name=UNIT_NAMES[goes_on.unit],
            estimate=goes_on.estimate,
            opened=shown.opened,
            closed=goes_on.closed,
            messages=[
                message
                for message in work.messages.of(goes_on.id)
                if _for_the_person(message, desk.now()) and (mine or message.conversation == own.conversation)
            ],
            rating=rating_of(work, goes_on) if goes_on.closed is not None else None,
            telegram=_in_telegram(desk, own),
            by_mail=own.channel is Channel.EMAIL,
            mail=_mail_of(work, own),
            asked=_veiled(code.address) if code is not None and code.channel is Channel.EMAIL else None,
        )

    if not re.fullmatch(r"[\w-]{43}", token):
        raise NotFound("No existe esa página.")
    return await desk.database.read(read)


def _mail_of(work: StoreWork, case: Case) -> str | None:
    """Return the mail address at which a person is known, half hidden."""
    address = work.people.addresses(case.person).get(Channel.EMAIL)
    return _veiled(address) if address is not None else None


def _veiled(address: str) -> str:
    """Show of a mail address what its owner needs to know it again."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}•••{at}{domain}"


def _in_telegram(desk: Desk, case: Case) -> str | None:
    """Return the bot's link with the case's token, by which the chat proves to be the person's."""
    if desk.telegram_bot is None or case.channel is Channel.TELEGRAM:
        return None
    return f"https://t.me/{desk.telegram_bot}?start={case.reply_token}"


def _for_the_person(message: Message, now: datetime) -> bool:
    """Say whether a message is the person's or for them: neither a note nor what a machine sent to the desk.

    An answer that was taken back, or that still may be, is none.
    """
    if message.direction is Direction.IN:
        return not message.automatic
    still = message.undo_until is not None and message.undo_until > now
    return message.direction is Direction.OUT and message.withdrawn is None and not still


async def help_articles(desk: Desk, query: str) -> Sequence[Article]:
    """Return the public articles nearest to a query, or all of them for an empty one."""
    found = await desk.database.read(lambda work: work.articles.all(approved_only=True))
    public = {article.id: article for article in found if article.audience == "public"}
    if not query.strip() or desk.finder is None:
        return list(public.values())
    hits = desk.finder.search(query, HELP_HITS, internal=False)
    return [public[hit.article] for hit in hits if hit.article in public]


async def help_article(desk: Desk, external_id: str) -> Article:
    """Return one public article; raises NotFound."""
    article = await desk.database.read(lambda work: work.articles.by_external_id(external_id))
    if article is None or not article.approved or article.audience != "public":
        raise NotFound("No existe ese artículo.")
    return article

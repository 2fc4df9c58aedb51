"""What citizens see: their own case, the public knowledge base. Never a note, never an internal entry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.errors import NotFound
from cases.model import Article, Message
from cases.vocabulary import Direction, Stage, Status
from desk.desk import Desk
from store.accounts import UNIT_NAMES
from store.work import StoreWork

HELP_HITS = 12


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A case as its own person may see it: stage, unit and estimate, and what was said."""

    number: str
    subject: str
    status: Status
    stage: Stage
    unit_name: str
    estimate: datetime | None
    opened: datetime
    closed: datetime | None
    messages: Sequence[Message]


async def case_page(desk: Desk, token: str) -> PublicCase:
    """Return the case that this token opens; raises NotFound."""

    def read(work: StoreWork) -> PublicCase:
        case = work.cases.by_token(token)
        if case.merged_into is not None:
            case = work.cases.by_id(case.merged_into)
        return PublicCase(
            number=case.number,
            subject=case.subject,
            status=case.status,
            stage=case.stage,
            unit_name=UNIT_NAMES[case.unit],
            estimate=case.estimate,
            opened=case.opened,
            closed=case.closed,
            messages=[m for m in work.messages.of(case.id) if _for_the_person(m)],
        )

    if not re.fullmatch(r"[\w-]{43}", token):
        raise NotFound("No existe esa página.")
    return await desk.database.read(read)


def _for_the_person(message: Message) -> bool:
    """Say whether a message is the person's or for them: neither a note nor what a machine sent to the desk."""
    if message.direction is Direction.IN:
        return not message.automatic
    return message.direction is Direction.OUT


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

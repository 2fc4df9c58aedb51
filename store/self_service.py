"""Cases whose person says that an article was enough, while nobody has written since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from cases.vocabulary import Role, Status
from store.tables import article_versions, articles, case_articles, cases, messages


@dataclass(frozen=True, slots=True)
class SelfSolved:
    """One such case, and the article that solved it."""

    case: int
    number: str
    subject: str
    role: Role
    category: str | None
    system: str | None
    article: int
    title: str
    at: datetime


class SelfServiceRows:
    """The cases that their people solved."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def solved(self, role: Role, limit: int) -> Sequence[SelfSolved]:
        """Return those that stand with a role, the longest first; a message after the "yes" takes a case out."""
        said = (
            sa.select(
                case_articles.c.case_id,
                sa.func.max(case_articles.c.id).label("row"),
            )
            .where(case_articles.c.how == "solved")
            .group_by(case_articles.c.case_id)
            .subquery()
        )
        written_since = (
            sa.select(messages.c.id)
            .where(
                messages.c.case_id == cases.c.id,
                messages.c.direction == "in",
                ~messages.c.automatic,
                messages.c.at > case_articles.c.at,
            )
            .exists()
        )
        rows = self._connection.execute(
            sa.select(
                cases.c.id,
                cases.c.number,
                cases.c.subject,
                cases.c.role,
                cases.c.category,
                cases.c.system,
                case_articles.c.article_id,
                article_versions.c.title,
                case_articles.c.at,
            )
            .join(said, said.c.case_id == cases.c.id)
            .join(case_articles, case_articles.c.id == said.c.row)
            .join(articles, articles.c.id == case_articles.c.article_id)
            .join(
                article_versions,
                sa.and_(
                    article_versions.c.article_id == articles.c.id,
                    article_versions.c.version == articles.c.version,
                ),
            )
            .where(cases.c.role == role, cases.c.status != Status.CLOSED, ~written_since)
            .order_by(case_articles.c.at)
            .limit(limit)
        )
        return [
            SelfSolved(
                row.id,
                row.number,
                row.subject,
                Role(row.role),
                row.category,
                row.system,
                row.article_id,
                row.title,
                row.at,
            )
            for row in rows
        ]

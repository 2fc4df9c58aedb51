"""What articles did for cases, and which recent cases had no article."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cases.vocabulary import Direction, Status
from store.tables import case_articles, cases, messages

SHOWN = ("offered", "opened", "sent", "linked")
"""The ways in which somebody got to see an article."""

GIVEN = ("sent", "linked")
"""The ways by which an article is the answer of a case once that is closed."""

ANSWERED = (*GIVEN, "opened", "solved", "written")
"""The ways in which an article had to do with a case's answer; an offer that nobody opened had not."""


@dataclass(frozen=True, slots=True)
class Usage:
    """In how many cases an article was offered, opened, sent, linked; `written`: it was written from them.

    `cases` are those in which it was shown at all, and `solved` those of them that it solved: the person said so, or it
    was sent or linked and the case is closed.
    """

    offered: int = 0
    opened: int = 0
    sent: int = 0
    linked: int = 0
    written: int = 0
    cases: int = 0
    solved: int = 0

    @property
    def share(self) -> float | None:
        """Return the share of the cases that it solved, or None where it was not shown."""
        return self.solved / self.cases if self.cases else None


@dataclass(frozen=True, slots=True)
class Asked:
    """The first message of a case; `answered` says that an article had to do with its answer."""

    case: str
    system: str | None
    text: str
    at: datetime
    closed: bool
    answered: bool


class ArticleReport:
    """Reads for the article's page, the list and the gaps."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def usage(self, since: datetime, article: int | None = None) -> Mapping[int, Usage]:
        """Return what each article (or one) did since then; one that did nothing is not there."""

        def cases_where(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
            return sa.func.count(sa.distinct(sa.case((sa.and_(*conditions), case_articles.c.case_id))))

        how = case_articles.c.how
        counted: dict[str, Any] = {name: cases_where(how == name) for name in (*SHOWN, "written")}
        counted["cases"] = cases_where(how.in_((*SHOWN, "solved")))
        counted["solved"] = cases_where(
            sa.or_(how == "solved", sa.and_(how.in_(GIVEN), cases.c.status == Status.CLOSED))
        )
        query = (
            sa.select(case_articles.c.article_id, *(count.label(name) for name, count in counted.items()))
            .join(cases, cases.c.id == case_articles.c.case_id)
            .where(case_articles.c.at >= since)
            .group_by(case_articles.c.article_id)
        )
        if article is not None:
            query = query.where(case_articles.c.article_id == article)
        return {
            row["article_id"]: Usage(**{name: row[name] for name in counted})
            for row in self._connection.execute(query).mappings()
        }

    def asked(self, since: datetime, limit: int) -> list[Asked]:
        """Return the first message of the newest cases since then that are nobody's copy, newest first."""
        first = (
            sa.select(messages.c.case_id, sa.func.min(messages.c.id).label("id"))
            .where(
                messages.c.direction == Direction.IN,
                messages.c.automatic.is_(False),
                messages.c.case_id.is_not(None),
                messages.c.at >= since,
            )
            .group_by(messages.c.case_id)
            .subquery()
        )
        answered = (
            sa.select(case_articles.c.id)
            .where(case_articles.c.case_id == cases.c.id, case_articles.c.how.in_(ANSWERED))
            .exists()
        )
        rows = self._connection.execute(
            sa.select(
                cases.c.number,
                cases.c.system,
                cases.c.opened_at,
                cases.c.status,
                messages.c.subject,
                messages.c.text,
                answered.label("answered"),
            )
            .select_from(cases)
            .join(first, first.c.case_id == cases.c.id)
            .join(messages, messages.c.id == first.c.id)
            .where(cases.c.opened_at >= since, cases.c.merged_into_id.is_(None))
            .order_by(cases.c.id.desc())
            .limit(limit)
        ).mappings()
        return [
            Asked(
                case=row["number"],
                system=row["system"],
                text="\n".join(filter(None, (row["subject"], row["text"]))),
                at=row["opened_at"],
                closed=row["status"] == Status.CLOSED,
                answered=bool(row["answered"]),
            )
            for row in rows
        ]

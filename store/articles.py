"""The knowledge base's articles and their versions."""

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import NotFound
from cases.model import Article, ArticleText
from cases.vocabulary import Category
from store.tables import article_versions, articles, case_articles


class ArticleRows:
    """Implements `cases.ports.Articles`. A version is written once and never changed."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._wanted = sa.select(articles, article_versions.c.title, article_versions.c.body).join(
            article_versions,
            sa.and_(
                article_versions.c.article_id == articles.c.id,
                article_versions.c.version == articles.c.version,
            ),
        )

    def get(self, article: int) -> Article:
        """Return one article at its current version; raises `NotFound`."""
        row = self._connection.execute(self._wanted.where(articles.c.id == article)).mappings().first()
        if row is None:
            raise NotFound(f"No existe el artículo {article}.")
        return _article(row)

    def fingerprint(self) -> tuple[object, ...]:
        """Return what changes when any article does."""
        row = self._connection.execute(sa.select(sa.func.count(), sa.func.max(articles.c.updated_at))).one()
        return row[0], row[1]

    def solved_by(self, solver: str, among: Sequence[int]) -> frozenset[int]:
        """Return which of these articles have a solution that was this role's."""
        wanted = sa.select(articles.c.id).where(articles.c.id.in_(among), articles.c.solved_by == solver)
        return frozenset(self._connection.execute(wanted).scalars())

    def all(self, *, approved_only: bool = False) -> Sequence[Article]:
        """Return the articles that are not retired, in order."""
        wanted = self._wanted.where(articles.c.state != "retired")
        if approved_only:
            wanted = wanted.where(articles.c.state == "approved")
        return [_article(row) for row in self._connection.execute(wanted.order_by(articles.c.id)).mappings()]

    def draft(
        self, title: str, body: str, category: Category, system: str, author: str, now: datetime
    ) -> Article:
        """Store a new article as a draft, for the desk's own people until it is approved."""
        text = ArticleText(
            external_id=f"v-{secrets.token_hex(6)}",
            title=title,
            body=body,
            category=category,
            system=system,
            audience="internal",
        )
        return self.add(text, author, now, approved=False)

    def by_external_id(self, external_id: str) -> Article | None:
        """Return the article that an importer or its author knows by this id."""
        row = (
            self._connection.execute(self._wanted.where(articles.c.external_id == external_id))
            .mappings()
            .first()
        )
        return _article(row) if row is not None else None

    def keep(self, text: ArticleText, author: str, now: datetime, *, approved: bool = True) -> Article:
        """Store an imported article under its external id: new, a new version, or unchanged."""
        known = self.by_external_id(text.external_id)
        if known is None:
            return self.add(text, author, now, approved=approved)
        if (known.title, known.body) != (text.title, text.body):
            version = self.revise(known.id, text.title, text.body, author, now)
            if approved:
                self.approve(known.id, version, now)
        self.describe(known.id, text, now)
        return self.get(known.id)

    def describe(self, article: int, text: ArticleText, now: datetime) -> None:
        """Bring what an article is about, and for whom, up to date."""
        self._connection.execute(
            articles.update()
            .where(articles.c.id == article)
            .values(
                category=text.category,
                system=text.system,
                keywords=list(text.keywords),
                audience=text.audience,
                solved_by=text.solved_by,
                updated_at=now,
            )
        )

    def revise(self, article: int, title: str | None, body: str, author: str, now: datetime) -> int:
        """Store a new version of an article and return its number; the current one stays until it is approved."""
        return self._write(article, title or self.get(article).title, body, author, "draft", now)

    def newest(self, article: int) -> int:
        """Return the number of an article's newest version."""
        newest = sa.select(sa.func.max(article_versions.c.version)).where(
            article_versions.c.article_id == article
        )
        return self._connection.execute(newest).scalar() or self.get(article).version

    def approve(self, article: int, version: int, now: datetime) -> Article:
        """Make a version the one that is shown."""
        self._connection.execute(
            article_versions.update()
            .where(article_versions.c.article_id == article, article_versions.c.version == version)
            .values(state="approved")
        )
        self._connection.execute(
            articles.update()
            .where(articles.c.id == article)
            .values(version=version, state="approved", updated_at=now)
        )
        return self.get(article)

    def used(self, case: int, article: int, how: str, now: datetime) -> None:
        """Note that an article was offered, sent, linked or written for a case."""
        self._connection.execute(
            case_articles.insert().values(case_id=case, article_id=article, how=how, at=now)
        )

    def add(self, text: ArticleText, author: str, now: datetime, *, approved: bool) -> Article:
        """Store a new article, approved or as a draft."""
        state = "approved" if approved else "draft"
        article = self._connection.execute(
            articles.insert()
            .values(
                external_id=text.external_id,
                version=1,
                category=text.category,
                system=text.system,
                keywords=list(text.keywords),
                audience=text.audience,
                solved_by=text.solved_by,
                state=state,
                created_at=now,
                updated_at=now,
            )
            .returning(articles.c.id)
        ).scalar_one()
        self._write(article, text.title, text.body, author, state, now)
        return self.get(article)

    def _write(self, article: int, title: str, body: str, author: str, state: str, now: datetime) -> int:
        last = self._connection.execute(
            sa.select(sa.func.max(article_versions.c.version)).where(article_versions.c.article_id == article)
        ).scalar()
        version = (last or 0) + 1
        self._connection.execute(
            article_versions.insert().values(
                article_id=article,
                version=version,
                title=title,
                body=body,
                author=author,
                state=state,
                at=now,
            )
        )
        return version


def _article(row: RowMapping) -> Article:
    return Article(
        id=row["id"],
        external_id=row["external_id"],
        version=row["version"],
        title=row["title"],
        body=row["body"],
        category=Category(row["category"]),
        system=row["system"],
        keywords=tuple(row["keywords"]),
        audience=row["audience"],
        solved_by=row["solved_by"],
        approved=row["state"] == "approved",
    )

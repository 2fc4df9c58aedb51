"""The knowledge base's articles and their versions."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from cases.errors import NotFound
from cases.model import Article, ArticleText
from cases.vocabulary import Category
from store.tables import article_versions, articles, case_articles


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """One version of an article: what it says, who wrote it, and what became of it.

    A draft that is not `settled` waits for a supervisor; one that is was returned, and `note` says why.
    """

    version: int
    text: ArticleText
    author: str
    at: datetime
    approved: bool
    settled_by: str | None
    settled: datetime | None
    note: str | None

    @property
    def waits(self) -> bool:
        """Say whether somebody has to look at it."""
        return not self.approved and self.settled is None

    @property
    def returned(self) -> bool:
        """Say whether its author has to go over it again."""
        return not self.approved and self.settled is not None


@dataclass(frozen=True, slots=True)
class Expiry:
    """Until when an article may be offered without being confirmed again, and whether that has passed."""

    at: datetime | None
    lapsed: bool


class ArticleRows:
    """Implements `cases.ports.Articles`. What a version says is written once and never changed."""

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

    def among(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles at their current version, by their rows."""
        rows = self._connection.execute(self._wanted.where(articles.c.id.in_(numbers))).mappings()
        return {row["id"]: _article(row) for row in rows}

    def fingerprint(self) -> tuple[object, ...]:
        """Return what changes when any article does."""
        row = self._connection.execute(sa.select(sa.func.count(), sa.func.max(articles.c.updated_at))).one()
        return row[0], row[1]

    def solved_by(self, solver: str, among: Sequence[int]) -> frozenset[int]:
        """Return which of these articles have a solution that was this role's."""
        wanted = sa.select(articles.c.id).where(articles.c.id.in_(among), articles.c.solved_by == solver)
        return frozenset(self._connection.execute(wanted).scalars())

    def all(self, *, approved_only: bool = False) -> Sequence[Article]:
        """Return the articles that are not retired, in order; those approved are also not lapsed."""
        wanted = self._wanted.where(articles.c.state != "retired")
        if approved_only:
            wanted = wanted.where(articles.c.state == "approved", articles.c.lapsed.is_(False))
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
            version = self.revise(known.id, text.title, text.body, author, now, about=text)
            return self.approve(known.id, version, now, by=author) if approved else self.get(known.id)
        self.describe(known.id, _about(text), now)
        return self.get(known.id)

    def describe(self, article: int, about: dict[str, Any], now: datetime) -> None:
        """Bring what an article is about, and for whom, up to date."""
        self._connection.execute(
            articles.update().where(articles.c.id == article).values(**about, updated_at=now)
        )

    def revise(
        self,
        article: int,
        title: str | None,
        body: str,
        author: str,
        now: datetime,
        *,
        about: ArticleText | None = None,
    ) -> int:
        """Store a new version of an article and return its number; the current one stays until it is approved.

        Without `about` the version says of the article what the newest one says, or the article if that is approved.
        """
        newest, known = self.versions(article)[0], self.get(article)
        said = _about(about or (newest.text if newest.waits or newest.returned else known))
        return self._write(article, title or newest.text.title, body, author, "draft", now, said)

    def newest(self, article: int) -> int:
        """Return the number of an article's newest version."""
        return self.versions(article)[0].version

    def versions(self, article: int) -> Sequence[ArticleVersion]:
        """Return every version of an article, the newest first; raises `NotFound`."""
        known = self.get(article)
        rows = self._connection.execute(
            sa.select(article_versions)
            .where(article_versions.c.article_id == article)
            .order_by(article_versions.c.version.desc())
        ).mappings()
        return [_version(row, known) for row in rows]

    def waiting(self) -> frozenset[int]:
        """Return the articles whose newest version waits for a supervisor."""
        newest = (
            sa.select(
                article_versions.c.article_id.label("id"),
                sa.func.max(article_versions.c.version).label("last"),
            )
            .group_by(article_versions.c.article_id)
            .subquery()
        )
        found = (
            sa.select(article_versions.c.article_id)
            .join(
                newest,
                sa.and_(
                    newest.c.id == article_versions.c.article_id, newest.c.last == article_versions.c.version
                ),
            )
            .where(article_versions.c.state == "draft", article_versions.c.settled_at.is_(None))
        )
        return frozenset(self._connection.execute(found).scalars())

    def approve(self, article: int, version: int, now: datetime, *, by: str | None = None) -> Article:
        """Make a version the one that is shown, with everything that it says."""
        of = article_versions.c.article_id == article, article_versions.c.version == version
        self._connection.execute(
            article_versions.update()
            .where(*of)
            .values(state="approved", settled_by=by, settled_at=now, note=None)
        )
        about = self._connection.execute(sa.select(article_versions.c.about).where(*of)).scalar()
        self.describe(article, {**(about or {}), "version": version, "state": "approved"}, now)
        return self.get(article)

    def give_back(self, article: int, version: int, note: str, by: str, now: datetime) -> None:
        """Return a draft to its author, and say why."""
        self._connection.execute(
            article_versions.update()
            .where(article_versions.c.article_id == article, article_versions.c.version == version)
            .values(settled_by=by, settled_at=now, note=note)
        )

    def expiry(self, article: int) -> Expiry:
        """Return until when an article may be offered; raises `NotFound`."""
        row = self._connection.execute(
            sa.select(articles.c.expires_at, articles.c.lapsed).where(articles.c.id == article)
        ).first()
        if row is None:
            raise NotFound(f"No existe el artículo {article}.")
        return Expiry(row[0], row[1])

    def expiring(self, until: datetime) -> dict[int, Expiry]:
        """Return the articles that end before a moment, and those that have ended."""
        rows = self._connection.execute(
            sa.select(articles.c.id, articles.c.expires_at, articles.c.lapsed).where(
                articles.c.state == "approved", sa.or_(articles.c.lapsed, articles.c.expires_at < until)
            )
        )
        return {row[0]: Expiry(row[1], row[2]) for row in rows}

    def keep_until(self, article: int, until: datetime | None, now: datetime) -> None:
        """Let an article be offered until a moment, or without end; it is then not lapsed."""
        self._connection.execute(
            articles.update()
            .where(articles.c.id == article)
            .values(expires_at=until, lapsed=False, updated_at=now)
        )

    def lapse(self, now: datetime) -> int:
        """Take the articles whose time is over out of what is offered; returns how many."""
        done = self._connection.execute(
            articles.update()
            .where(articles.c.expires_at <= now, articles.c.lapsed.is_(False))
            .values(lapsed=True, updated_at=now)
        )
        return done.rowcount

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
                **_about(text),
                state=state,
                created_at=now,
                updated_at=now,
            )
            .returning(articles.c.id)
        ).scalar_one()
        self._write(article, text.title, text.body, author, state, now, _about(text))
        return self.get(article)

    def _write(
        self,
        article: int,
        title: str,
        body: str,
        author: str,
        state: str,
        now: datetime,
        about: dict[str, Any],
    ) -> int:
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
                about=about,
            )
        )
        return version


def _about(text: ArticleText | Article) -> dict[str, Any]:
    """Return what a version says of its article beside its words, as the columns are named."""
    return {
        "category": str(text.category),
        "system": text.system,
        "keywords": list(text.keywords),
        "audience": text.audience,
        "solved_by": text.solved_by,
    }


def _version(row: RowMapping, article: Article) -> ArticleVersion:
    about = row["about"] or {}
    return ArticleVersion(
        version=row["version"],
        text=ArticleText(
            external_id=article.external_id,
            title=row["title"],
            body=row["body"],
            category=Category(about.get("category", article.category)),
            system=about.get("system", article.system),
            keywords=tuple(about.get("keywords", article.keywords)),
            audience=about.get("audience", article.audience),
            solved_by=about.get("solved_by", article.solved_by),
        ),
        author=row["author"],
        at=row["at"],
        approved=row["state"] == "approved",
        settled_by=row["settled_by"],
        settled=row["settled_at"],
        note=row["note"],
    )


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
        approved=row["state"] == "approved" and not row["lapsed"],
    )

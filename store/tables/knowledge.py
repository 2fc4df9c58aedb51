"""Articles, their versions, and where they were used."""

import sqlalchemy as sa

from cases.vocabulary import Category
from store.tables.columns import BigId, metadata, moment, one_of, ref, row_id, word
from store.types import JSON

# `expires_at` is until when an article may be offered without being confirmed again; `lapsed` that this has passed.
articles = sa.Table(
    "articles",
    metadata,
    row_id(),
    sa.Column("external_id", sa.String(128), nullable=False, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    word("category"),
    sa.Column("system", sa.String(64), sa.ForeignKey("systems.id"), nullable=False),
    sa.Column("keywords", JSON, nullable=False),
    sa.Column("audience", sa.String(16), nullable=False),
    sa.Column("solved_by", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    moment("created_at"),
    moment("updated_at"),
    moment("expires_at", nullable=True),
    sa.Column("lapsed", sa.Boolean, nullable=False, server_default=sa.false()),
    *one_of(category=Category),
    sa.CheckConstraint("audience IN ('public', 'internal')", name="audience_known"),
    sa.CheckConstraint("solved_by IN ('operador', 'uit', 'upat', 'acgii', 'adt')", name="solved_by_known"),
    sa.CheckConstraint("state IN ('draft', 'approved', 'retired')", name="state_known"),
    sa.CheckConstraint("version >= 1", name="version_counts"),
)

# `about` is what this version says of the article beside its words (category, system, keywords, audience, solved_by);
# versions older than that column have none. A draft that was settled was returned, with a note.
article_versions = sa.Table(
    "article_versions",
    metadata,
    sa.Column("article_id", BigId, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    moment("at"),
    sa.Column("about", sa.JSON(none_as_null=True)),
    sa.Column("settled_by", sa.Text),
    moment("settled_at", nullable=True),
    sa.Column("note", sa.Text),
    sa.CheckConstraint("title <> '' AND body <> ''", name="says_something"),
    sa.CheckConstraint("state IN ('draft', 'approved')", name="state_known"),
)

case_articles = sa.Table(
    "case_articles",
    metadata,
    row_id(),
    ref("case_id", "cases.id", index=True),
    ref("article_id", "articles.id", index=True),
    sa.Column("how", sa.String(16), nullable=False),
    moment("at"),
    sa.CheckConstraint(
        "how IN ('offered', 'opened', 'sent', 'linked', 'written', 'solved')", name="how_known"
    ),
    sa.Index("ix_case_articles_at", "at"),
)

"""The procedures as the desk runs them, its clocks, and what administrators did."""

import sqlalchemy as sa

from store.tables.columns import BigId, metadata, moment, row_id
from store.types import JSON

procedures = sa.Table(
    "procedures",
    metadata,
    sa.Column("code", sa.String(16), primary_key=True),
    sa.Column("version", sa.String(16), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
    moment("added_at"),
)

active_procedures = sa.Table(
    "active_procedures",
    metadata,
    sa.Column("code", sa.String(16), primary_key=True),
    sa.Column("version", sa.String(16), nullable=False),
)

switched_off = sa.Table(
    "switched_off_extensions", metadata, sa.Column("answer", sa.String(64), primary_key=True)
)

administration = sa.Table(
    "administration",
    metadata,
    row_id(),
    moment("at"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("data", JSON, nullable=False),
    sa.Column("salt", sa.String(32), nullable=False),
    sa.Column("data_digest", sa.String(64), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False, unique=True),
    sa.Column("hash", sa.String(64), nullable=False),
)

calendar_days = sa.Table(
    "calendar_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("works", sa.Boolean, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    moment("at"),
)

clocks = sa.Table(
    "clocks",
    metadata,
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    moment("started_at"),
    moment("near_at"),
    moment("due_at"),
    moment("paused_at", nullable=True),
    sa.Column("level", sa.Integer, nullable=False),
    moment("next_at", nullable=True),
    sa.CheckConstraint("kind IN ('step', 'estimate')", name="kind_known"),
    sa.CheckConstraint("level IN (0, 1, 2)", name="level_known"),
    sa.CheckConstraint("near_at <= due_at", name="near_before_due"),
    sa.CheckConstraint("paused_at IS NULL OR next_at IS NULL", name="paused_stands"),
    sa.Index("ix_clocks_next", "next_at"),
    sa.Index(
        "ix_clocks_running",
        "case_id",
        "due_at",
        sqlite_where=sa.text("paused_at IS NULL"),
        postgresql_where=sa.text("paused_at IS NULL"),
    ),
)

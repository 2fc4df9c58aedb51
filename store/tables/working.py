"""What people of the desk keep beside the cases: drafts, texts, views, notices, who is there and who looks at what."""

import sqlalchemy as sa

from cases.vocabulary import Channel
from store.tables.columns import BigId, metadata, moment, one_of, ref, row_id, word
from store.types import JSON

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("user_id", BigId, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    word("channel", nullable=True),
    sa.Column("message_id", BigId, sa.ForeignKey("messages.id")),
    moment("at"),
    sa.CheckConstraint("kind IN ('reply', 'note')", name="kind_known"),
    *one_of(channel=Channel),
)

canned_texts = sa.Table(
    "canned_texts",
    metadata,
    row_id(),
    sa.Column("shortcut", sa.String(32), nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    moment("at"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
)

saved_views = sa.Table(
    "saved_views",
    metadata,
    row_id(),
    ref("user_id", "users.id", index=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("shared", sa.Boolean, nullable=False, server_default=sa.false()),
    moment("at"),
    sa.UniqueConstraint("user_id", "name"),
)

default_views = sa.Table(
    "default_views",
    metadata,
    sa.Column("user_id", BigId, sa.ForeignKey("users.id"), primary_key=True),
    ref("view_id", "saved_views.id"),
)

presences = sa.Table(
    "presences",
    metadata,
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("user_id", BigId, sa.ForeignKey("users.id"), primary_key=True),
    moment("seen_at"),
    moment("writing_at", nullable=True),
    sa.Index("ix_presences_seen_at", "seen_at"),
)

attendances = sa.Table(
    "attendances",
    metadata,
    sa.Column("user_id", BigId, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("available", sa.Boolean, nullable=False),
    moment("since"),
    moment("seen_at", nullable=True),
    moment("given_at", nullable=True),
)

notices = sa.Table(
    "notices",
    metadata,
    row_id(),
    ref("user_id", "users.id"),
    sa.Column("kind", sa.String(16), nullable=False),
    ref("case_id", "cases.id", nullable=True),
    sa.Column("message_id", BigId, sa.ForeignKey("messages.id")),
    sa.Column("by", sa.Text, nullable=False),
    moment("at"),
    moment("read_at", nullable=True),
    sa.CheckConstraint(
        "kind IN ('mention', 'whisper', 'assigned', 'returned', 'wrote', 'due', 'back')", name="kind_known"
    ),
    sa.Index("ix_notices_of", "user_id", "id"),
    sa.Index("ix_notices_unread", "user_id", "read_at"),
    sa.Index("ix_notices_about", "case_id"),
)

snoozes = sa.Table(
    "snoozes",
    metadata,
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), primary_key=True),
    moment("until"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    moment("at"),
    sa.Index("ix_snoozes_until", "until"),
)

waits = sa.Table(
    "waits",
    metadata,
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), primary_key=True),
    moment("since"),
    sa.Index("ix_waits_since", "since"),
)

preferences = sa.Table(
    "preferences",
    metadata,
    sa.Column("user_id", BigId, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("chosen", JSON, nullable=False),
)

report_schedules = sa.Table(
    "report_schedules",
    metadata,
    row_id(),
    ref("user_id", "users.id", index=True),
    sa.Column("address", sa.String(320), nullable=False),
    sa.Column("every", sa.String(8), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    moment("next_at"),
    moment("last_at", nullable=True),
    sa.Column("fault", sa.Text),
    sa.CheckConstraint("every IN ('day', 'week', 'month')", name="every_known"),
    sa.Index("ix_report_schedules_next_at", "next_at"),
)

"""What people of the desk keep beside the cases: drafts, texts, views, notices, presence; answers that were withdrawn; days of the calendar."""

import sqlalchemy as sa
from alembic import op

from store.tables.columns import BigId
from store.types import JSON, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "canned_texts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shortcut", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_texts")),
        sa.UniqueConstraint("shortcut", name=op.f("uq_canned_texts_shortcut")),
    )
    op.create_table(
        "attendances",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("seen_at", Instant()),
        sa.Column("given_at", Instant()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_attendances_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_attendances")),
    )
    op.create_table(
        "preferences",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("chosen", JSON, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_preferences_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_preferences")),
    )
    op.create_table(
        "report_schedules",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("every", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("last_at", Instant()),
        sa.Column("fault", sa.Text()),
        sa.CheckConstraint("every IN ('day', 'week', 'month')", name=op.f("ck_report_schedules_every_known")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_report_schedules_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedules")),
    )
    op.create_index("ix_report_schedules_next_at", "report_schedules", ["next_at"], unique=False)
    op.create_index(op.f("ix_report_schedules_user_id"), "report_schedules", ["user_id"], unique=False)
    op.create_table(
        "saved_views",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_views_user_id_name")),
    )
    op.create_index(op.f("ix_saved_views_user_id"), "saved_views", ["user_id"], unique=False)
    op.create_table(
        "default_views",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("view_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_default_views_user_id")),
        sa.ForeignKeyConstraint(["view_id"], ["saved_views.id"], name=op.f("fk_default_views_view_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_default_views")),
    )
    op.create_table(
        "drafts",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=24)),
        sa.Column("message_id", BigId),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("kind IN ('reply', 'note')", name=op.f("ck_drafts_kind_known")),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'telegram', 'email', 'phone', 'api')",
            name=op.f("ck_drafts_channel_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_drafts_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_drafts_message_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drafts_user_id")),
        sa.PrimaryKeyConstraint("user_id", "case_id", "kind", name=op.f("pk_drafts")),
    )
    op.create_table(
        "presences",
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("writing_at", Instant()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_presences_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_presences_user_id")),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_presences")),
    )
    op.create_index("ix_presences_seen_at", "presences", ["seen_at"], unique=False)
    op.create_table(
        "snoozes",
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_snoozes_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_snoozes")),
    )
    op.create_index("ix_snoozes_until", "snoozes", ["until"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("case_id", BigId),
        sa.Column("message_id", BigId),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("read_at", Instant()),
        sa.CheckConstraint(
            "kind IN ('mention', 'whisper', 'assigned', 'returned', 'wrote', 'due', 'back')",
            name=op.f("ck_notices_kind_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notices_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_notices_message_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_about", "notices", ["case_id"], unique=False)
    op.create_index("ix_notices_of", "notices", ["user_id", "id"], unique=False)
    op.create_index("ix_notices_unread", "notices", ["user_id", "read_at"], unique=False)
    op.add_column("messages", sa.Column("withdrawn_at", Instant()))
    op.add_column("messages", sa.Column("undo_until", Instant()))
    op.add_column("messages", sa.Column("talk_before", sa.JSON()))
    op.add_column("messages", sa.Column("whisper_to", BigId))
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.add_column("users", sa.Column("last_login_at", Instant()))
    op.add_column("systems", sa.Column("added_by", sa.Text()))
    op.add_column("systems", sa.Column("edited_by", sa.Text()))

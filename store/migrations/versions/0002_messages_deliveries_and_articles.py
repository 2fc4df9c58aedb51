"""Messages, deliveries and articles."""

import sqlalchemy as sa
from alembic import op

from store.search import CREATE
from store.tables.columns import BigId
from store.types import JSON, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "active_procedures",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_active_procedures")),
    )
    op.create_table(
        "administration",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration")),
        sa.UniqueConstraint("previous", name=op.f("uq_administration_previous")),
    )
    op.create_table(
        "procedures",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_procedures")),
    )
    op.create_table(
        "status_reports",
        sa.Column("id", BigId, nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("provider_id", sa.String(length=512), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'telegram', 'email', 'phone', 'api')",
            name=op.f("ck_status_reports_channel_known"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'uncertain', 'sent', 'delivered', 'read', 'failed')",
            name=op.f("ck_status_reports_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_reports")),
    )
    with op.batch_alter_table("status_reports", schema=None) as batch_op:
        batch_op.create_index("ix_status_reports_provider", ["channel", "provider_id"], unique=False)

    op.create_table(
        "switched_off_extensions",
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("answer", name=op.f("pk_switched_off_extensions")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", BigId, nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("ledger_id", BigId, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'telegram', 'email', 'phone', 'api')",
            name=op.f("ck_quarantine_channel_known"),
        ),
        sa.CheckConstraint(
            "state IN ('kept', 'released', 'discarded')", name=op.f("ck_quarantine_state_known")
        ),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_quarantine_ledger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "articles",
        sa.Column("id", BigId, nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("system", sa.String(length=64), nullable=False),
        sa.Column("keywords", JSON, nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("solved_by", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint("audience IN ('public', 'internal')", name=op.f("ck_articles_audience_known")),
        sa.CheckConstraint(
            "category IN ('availability', 'functional_design', 'support')",
            name=op.f("ck_articles_category_known"),
        ),
        sa.CheckConstraint(
            "solved_by IN ('operador', 'uit', 'upat', 'acgii', 'adt')",
            name=op.f("ck_articles_solved_by_known"),
        ),
        sa.CheckConstraint("state IN ('draft', 'approved', 'retired')", name=op.f("ck_articles_state_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_articles_version_counts")),
        sa.ForeignKeyConstraint(["system"], ["systems.id"], name=op.f("fk_articles_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("external_id", name=op.f("uq_articles_external_id")),
    )
    op.create_table(
        "article_versions",
        sa.Column("article_id", BigId, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'approved')", name=op.f("ck_article_versions_state_known")),
        sa.CheckConstraint("title <> '' AND body <> ''", name=op.f("ck_article_versions_says_something")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_versions_article_id")),
        sa.PrimaryKeyConstraint("article_id", "version", name=op.f("pk_article_versions")),
    )
    op.create_table(
        "case_articles",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("article_id", BigId, nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "how IN ('offered', 'opened', 'sent', 'linked', 'written', 'solved')",
            name=op.f("ck_case_articles_how_known"),
        ),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_case_articles_article_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_articles_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_articles")),
    )
    with op.batch_alter_table("case_articles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_articles_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_articles_case_id"), ["case_id"], unique=False)

    op.create_table(
        "clocks",
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("near_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("paused_at", Instant(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.CheckConstraint("kind IN ('step', 'estimate')", name=op.f("ck_clocks_kind_known")),
        sa.CheckConstraint("level IN (0, 1, 2)", name=op.f("ck_clocks_level_known")),
        sa.CheckConstraint("near_at <= due_at", name=op.f("ck_clocks_near_before_due")),
        sa.CheckConstraint("paused_at IS NULL OR next_at IS NULL", name=op.f("ck_clocks_paused_stands")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_clocks_case_id")),
        sa.PrimaryKeyConstraint("case_id", "kind", name=op.f("pk_clocks")),
    )
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.create_index("ix_clocks_next", ["next_at"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", BigId, nullable=False),
        sa.Column("conversation_id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=True),
        sa.Column("direction", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.String(length=512), nullable=True),
        sa.Column("refs", JSON, nullable=False),
        sa.Column("automatic", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ledger_id", BigId, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'telegram', 'email', 'phone', 'api')",
            name=op.f("ck_messages_channel_known"),
        ),
        sa.CheckConstraint(
            "direction <> 'note' OR case_id IS NOT NULL", name=op.f("ck_messages_note_has_case")
        ),
        sa.CheckConstraint("direction IN ('in', 'out', 'note')", name=op.f("ck_messages_direction_known")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_messages_case_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id")
        ),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_messages_ledger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("ledger_id", name=op.f("uq_messages_ledger_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index("ix_messages_provider", ["channel", "provider_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_message_id"), ["message_id"], unique=False)

    op.create_table(
        "callbacks",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("outcomes", JSON, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_callbacks_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_callbacks_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("message_id", name=op.f("uq_callbacks_message_id")),
    )
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_callbacks_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_callbacks_due", ["done", "due_at"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("provider_id", sa.String(length=512), nullable=True),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('whatsapp', 'telegram', 'email', 'phone', 'api')",
            name=op.f("ck_deliveries_channel_known"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'uncertain', 'sent', 'delivered', 'read', 'failed')",
            name=op.f("ck_deliveries_state_known"),
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_deliveries_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_id", "part", name=op.f("uq_deliveries_message_id_part")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_address", ["channel", "address", "state"], unique=False)
        batch_op.create_index("ix_deliveries_due", ["state", "next_at"], unique=False)
        batch_op.create_index("ix_deliveries_provider", ["channel", "provider_id"], unique=True)

    op.create_table(
        "proposals",
        sa.Column("id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=True),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("probabilities", JSON, nullable=False),
        sa.Column("system", sa.String(length=64), nullable=False),
        sa.Column("system_confidence", sa.Float(), nullable=False),
        sa.Column("abstain", sa.Boolean(), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "category IN ('availability', 'functional_design', 'support')",
            name=op.f("ck_proposals_category_known"),
        ),
        sa.CheckConstraint(
            "confidence >= 0 AND confidence <= 1", name=op.f("ck_proposals_confidence_is_probability")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_proposals_case_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_proposals_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_case_id"), ["case_id"], unique=False)

    op.create_table(
        "delivery_attempts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("delivery_id", BigId, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('queued', 'sending', 'uncertain', 'sent', 'delivered', 'read', 'failed')",
            name=op.f("ck_delivery_attempts_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_attempts_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempts")),
    )
    with op.batch_alter_table("delivery_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_attempts_delivery_id"), ["delivery_id"], unique=False)
    for statement in CREATE[op.get_bind().dialect.name]:
        op.execute(statement)

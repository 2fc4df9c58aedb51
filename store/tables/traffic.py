"""What came in and what goes out: the ledger, messages, deliveries, calls to make, quarantine."""

import sqlalchemy as sa

from cases.vocabulary import Channel, DeliveryState, Direction
from store.tables.columns import BigId, metadata, moment, one_of, ref, row_id, word
from store.types import JSON

ledger = sa.Table(
    "ledger",
    metadata,
    row_id(),
    word("channel"),
    sa.Column("provider_id", sa.String(512), nullable=False),
    sa.Column("sender", sa.String(320), nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("fault", sa.Text),
    moment("received_at"),
    moment("next_at"),
    sa.Column("lease_owner", sa.String(64)),
    moment("lease_until", nullable=True),
    sa.Column("released", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("channel", "provider_id"),
    *one_of(channel=Channel),
    sa.CheckConstraint("state IN ('received', 'done', 'quarantined')", name="state_known"),
    sa.Index("ix_ledger_state", "state", "id"),
    sa.Index("ix_ledger_sender", "channel", "sender", "state"),
)

messages = sa.Table(
    "messages",
    metadata,
    row_id(),
    ref("conversation_id", "conversations.id"),
    ref("case_id", "cases.id", nullable=True, index=True),
    word("direction"),
    word("channel"),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("subject", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("provider_id", sa.String(512)),
    sa.Column("refs", JSON, nullable=False),
    sa.Column("automatic", sa.Boolean, nullable=False, server_default=sa.false()),
    ref("ledger_id", "ledger.id", nullable=True),
    moment("at"),
    sa.Column("checks", sa.JSON(none_as_null=True)),
    sa.Column("album", sa.String(128)),
    moment("withdrawn_at", nullable=True),
    moment("undo_until", nullable=True),
    sa.Column("talk_before", sa.JSON(none_as_null=True)),
    sa.Column("whisper_to", BigId),
    *one_of(direction=Direction, channel=Channel),
    sa.CheckConstraint("direction <> 'note' OR case_id IS NOT NULL", name="note_has_case"),
    sa.UniqueConstraint("ledger_id"),
    sa.Index("ix_messages_provider", "channel", "provider_id"),
    sa.Index("ix_messages_conversation", "conversation_id", "id"),
)

message_versions = sa.Table(
    "message_versions",
    metadata,
    row_id(),
    ref("message_id", "messages.id", index=True),
    sa.Column("text", sa.Text, nullable=False),
    moment("until"),
)

attachments = sa.Table(
    "attachments",
    metadata,
    row_id(),
    ref("message_id", "messages.id", index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.String(255), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    row_id(),
    ref("message_id", "messages.id"),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    word("channel"),
    sa.Column("address", sa.String(320), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    moment("next_at", nullable=True),
    moment("lease_until", nullable=True),
    sa.Column("lease_owner", sa.String(64)),
    sa.Column("provider_id", sa.String(512)),
    moment("updated_at"),
    sa.Column("why", sa.Text),
    sa.Column("choices", sa.JSON(none_as_null=True)),
    sa.Column("template", sa.JSON(none_as_null=True)),
    sa.Column("attachment_id", BigId),
    *one_of(channel=Channel, state=DeliveryState),
    sa.UniqueConstraint("message_id", "part"),
    sa.Index("ix_deliveries_due", "state", "next_at"),
    sa.Index("ix_deliveries_address", "channel", "address", "state"),
    sa.Index("ix_deliveries_provider", "channel", "provider_id", unique=True),
)

attempts = sa.Table(
    "delivery_attempts",
    metadata,
    row_id(),
    ref("delivery_id", "deliveries.id", index=True),
    moment("at"),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("detail", sa.Text),
    *one_of(outcome=DeliveryState),
)

status_reports = sa.Table(
    "status_reports",
    metadata,
    row_id(),
    word("channel"),
    sa.Column("provider_id", sa.String(512), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text),
    moment("at"),
    *one_of(channel=Channel, state=DeliveryState),
    sa.Index("ix_status_reports_provider", "channel", "provider_id"),
)

callbacks = sa.Table(
    "callbacks",
    metadata,
    row_id(),
    ref("case_id", "cases.id", index=True),
    sa.Column("message_id", BigId, sa.ForeignKey("messages.id"), nullable=False, unique=True),
    sa.Column("phone", sa.String(32), nullable=False),
    moment("due_at"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("done", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("outcomes", JSON, nullable=False),
    sa.Index("ix_callbacks_due", "done", "due_at"),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    row_id(),
    word("channel"),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    ref("ledger_id", "ledger.id", nullable=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("settled_by", sa.Text),
    moment("at"),
    moment("settled_at", nullable=True),
    *one_of(channel=Channel),
    sa.CheckConstraint("state IN ('kept', 'released', 'discarded')", name="state_known"),
)

templates = sa.Table(
    "templates",
    metadata,
    sa.Column("channel", sa.String(24), primary_key=True),
    sa.Column("sid", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("language", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("variables", JSON, nullable=False),
    sa.Column("status", sa.String(32), nullable=False),
    *one_of(channel=Channel),
)

bookmarks = sa.Table(
    "bookmarks",
    metadata,
    sa.Column("name", sa.String(320), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

reconciliations = sa.Table(
    "reconciliations",
    metadata,
    row_id(),
    word("channel"),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("found", JSON, nullable=False),
    moment("at"),
    sa.UniqueConstraint("channel", "day"),
    *one_of(channel=Channel),
)

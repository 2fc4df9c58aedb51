"""People, their conversations, their cases and the record of each."""

import sqlalchemy as sa

from cases.vocabulary import Category, Channel, Role, Stage, Status
from store.tables.columns import BigId, metadata, moment, one_of, ref, row_id, word
from store.types import JSON

_SECTION = """
CASE WHEN role = 'operador' AND status = 'waiting' THEN 'waiting'
WHEN role = 'operador' AND status = 'open' THEN
CASE WHEN last_move = 'return' THEN 'returned'
WHEN procedure = 'PR01' AND step = '3' AND facts IS NULL THEN 'confirm'
ELSE 'current' END
END
"""

persons = sa.Table("persons", metadata, row_id(), sa.Column("name", sa.Text), moment("created_at"))

identities = sa.Table(
    "identities",
    metadata,
    row_id(),
    ref("person_id", "persons.id", index=True),
    word("channel"),
    sa.Column("address", sa.String(320), nullable=False),
    moment("created_at"),
    sa.UniqueConstraint("channel", "address"),
    *one_of(channel=Channel),
    sa.CheckConstraint("address <> ''", name="address_given"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    row_id(),
    ref("person_id", "persons.id", index=True),
    word("channel"),
    sa.Column("address", sa.String(320), nullable=False),
    sa.Column("desk_address", sa.String(320)),
    sa.Column("state", JSON, nullable=False),
    moment("opened_at"),
    moment("last_inbound_at", nullable=True),
    sa.Column("answer_to", sa.String(320)),
    sa.Column("unreachable", sa.Text),
    sa.UniqueConstraint("channel", "address"),
    *one_of(channel=Channel),
)

identity_links = sa.Table(
    "identity_links",
    metadata,
    row_id(),
    ref("identity_id", "identities.id", index=True),
    ref("from_person_id", "persons.id"),
    ref("to_person_id", "persons.id"),
    sa.Column("proof", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    moment("at"),
    moment("undone_at", nullable=True),
    sa.Column("undone_by", sa.Text),
    sa.Column("undone_reason", sa.Text),
    sa.CheckConstraint("proof IN ('code', 'link', 'consent', 'operator')", name="proof_known"),
)

identity_codes = sa.Table(
    "identity_codes",
    metadata,
    row_id(),
    ref("person_id", "persons.id", index=True),
    word("channel"),
    sa.Column("address", sa.String(320), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    moment("at"),
    moment("expires_at"),
    moment("used_at", nullable=True),
    *one_of(channel=Channel),
)

case_counters = sa.Table(
    "case_counters",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.CheckConstraint("last > 0", name="counts_up"),
)

cases = sa.Table(
    "cases",
    metadata,
    row_id(),
    sa.Column("number", sa.String(16), nullable=False, unique=True),
    ref("person_id", "persons.id", index=True),
    ref("conversation_id", "conversations.id", index=True),
    word("channel"),
    sa.Column("subject", sa.Text, nullable=False),
    word("status"),
    sa.Column("stage", sa.String(1), nullable=False),
    sa.Column("procedure", sa.String(16), nullable=False),
    sa.Column("version", sa.String(16), nullable=False),
    sa.Column("step", sa.String(16)),
    word("role", nullable=True),
    sa.Column("unit", sa.String(8), sa.ForeignKey("units.code"), nullable=False),
    sa.Column("stack", JSON, nullable=False),
    sa.Column("facts", sa.JSON(none_as_null=True)),
    word("category", nullable=True),
    sa.Column("system", sa.String(64), sa.ForeignKey("systems.id")),
    ref("assignee_id", "users.id", nullable=True, index=True),
    sa.Column("solution", sa.Text),
    sa.Column("incident_class", sa.Text),
    sa.Column("priority", sa.Text),
    moment("estimate_at", nullable=True),
    sa.Column("token", sa.String(43), nullable=False, unique=True),
    sa.Column("revision", sa.Integer, nullable=False),
    moment("opened_at"),
    moment("updated_at"),
    moment("closed_at", nullable=True),
    ref("parent_id", "cases.id", nullable=True, index=True),
    ref("merged_into_id", "cases.id", nullable=True, index=True),
    sa.Column("reply_token", sa.String(26)),
    # what the worklists look for: `last_move` is the kind of the entry that brought the case where it stands
    sa.Column("last_move", sa.String(24)),
    sa.Column("wants_person", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("section", sa.String(24), sa.Computed(_SECTION)),
    sa.Index("ix_cases_reply_token", "reply_token", unique=True),
    *one_of(channel=Channel, status=Status, stage=Stage, category=Category, role=Role),
    sa.CheckConstraint("(status = 'closed') = (step IS NULL)", name="closed_stands_nowhere"),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
    sa.CheckConstraint("(step IS NULL) = (role IS NULL)", name="step_has_role"),
    sa.CheckConstraint(
        "merged_into_id IS NULL OR (merged_into_id <> id AND status = 'closed')", name="merged_closed"
    ),
    sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="own_parent"),
    sa.CheckConstraint("revision >= 1", name="revision_counts"),
    sa.Index("ix_cases_worklist", "role", "status", "step", "updated_at"),
    # the columns after `updated_at` let filters be counted, and trays be put in order, without a look at the cases
    sa.Index(
        "ix_cases_role",
        "role",
        "updated_at",
        "channel",
        "system",
        "category",
        "last_move",
        "id",
        sqlite_where=sa.text("role IS NOT NULL"),
        postgresql_where=sa.text("role IS NOT NULL"),
    ),
    sa.Index("ix_cases_unit", "unit", "status", "updated_at"),
    sa.Index("ix_cases_opened_at", "opened_at"),
    sa.Index("ix_cases_closed_at", "closed_at"),
    sa.Index(
        "ix_cases_section",
        "section",
        "updated_at",
        "channel",
        "system",
        "category",
        sqlite_where=sa.text("section IS NOT NULL"),
        postgresql_where=sa.text("section IS NOT NULL"),
    ),
    sa.Index(
        "ix_cases_assigned",
        "assignee_id",
        sqlite_where=sa.text("role IS NOT NULL"),
        postgresql_where=sa.text("role IS NOT NULL"),
    ),
    sa.Index(
        "ix_cases_wants_person",
        "role",
        "updated_at",
        sqlite_where=sa.text("wants_person = 1"),
        postgresql_where=sa.text("wants_person"),
    ),
    sa.Index(
        "ix_cases_solved",
        "system",
        "id",
        sqlite_where=sa.text("solution IS NOT NULL"),
        postgresql_where=sa.text("solution IS NOT NULL"),
    ),
)

case_units = sa.Table(
    "case_units",
    metadata,
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("unit", sa.String(8), sa.ForeignKey("units.code"), primary_key=True),
    sa.Index("ix_case_units_unit", "unit", "case_id"),
)

proposals = sa.Table(
    "proposals",
    metadata,
    row_id(),
    ref("case_id", "cases.id", index=True),
    ref("message_id", "messages.id", nullable=True),
    word("category"),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("probabilities", JSON, nullable=False),
    sa.Column("system", sa.String(64), nullable=False),
    sa.Column("system_confidence", sa.Float, nullable=False),
    sa.Column("abstain", sa.Boolean, nullable=False),
    sa.Column("evidence", JSON, nullable=False),
    sa.Column("model", sa.String(64), nullable=False),
    moment("at"),
    *one_of(category=Category),
    sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence_is_probability"),
)

confirmations = sa.Table(
    "confirmations",
    metadata,
    row_id(),
    ref("case_id", "cases.id", index=True),
    word("category"),
    sa.Column("system", sa.String(64), sa.ForeignKey("systems.id")),
    sa.Column("handled_before_by_uit", sa.Boolean, nullable=False),
    ref("user_id", "users.id"),
    moment("at"),
    *one_of(category=Category),
    sa.Index("ix_confirmations_at", "at"),
)

entries = sa.Table(
    "entries",
    metadata,
    row_id(),
    ref("case_id", "cases.id"),
    sa.Column("seq", sa.Integer, nullable=False),
    moment("at"),
    sa.Column("procedure", sa.String(16), nullable=False),
    sa.Column("version", sa.String(16), nullable=False),
    sa.Column("step", sa.String(16), nullable=False),
    sa.Column("responsible", sa.Text, nullable=False),
    sa.Column("output", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("data", JSON, nullable=False),
    sa.Column("internal", sa.Boolean, nullable=False),
    sa.Column("salt", sa.String(32), nullable=False),
    sa.Column("data_digest", sa.String(64), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.UniqueConstraint("case_id", "seq"),
    sa.CheckConstraint("seq >= 1", name="seq_counts"),
    sa.Index("ix_entries_kind_at", "kind", "at"),
)

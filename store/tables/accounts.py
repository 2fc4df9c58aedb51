"""Units, systems, and who may act."""

import sqlalchemy as sa

from cases.vocabulary import AccountRole, Unit
from store.tables.columns import metadata, moment, one_of, ref, row_id, word
from store.types import JSON

units = sa.Table(
    "units",
    metadata,
    sa.Column("code", sa.String(8), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    *one_of(code=Unit),
)

systems = sa.Table(
    "systems",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("aliases", JSON, nullable=False),
    sa.Column("unit", sa.String(8), sa.ForeignKey("units.code"), nullable=False),
    sa.Column("added_by", sa.Text),
    sa.Column("edited_by", sa.Text),
)

users = sa.Table(
    "users",
    metadata,
    row_id(),
    sa.Column("username", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    word("role"),
    sa.Column("unit", sa.String(8), sa.ForeignKey("units.code"), nullable=False),
    sa.Column("password_hash", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    moment("created_at"),
    moment("last_login_at", nullable=True),
    *one_of(role=AccountRole),
    sa.CheckConstraint("(role = 'unidad') = (unit <> 'ait')", name="unit_fits_role"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    ref("user_id", "users.id", index=True),
    moment("created_at"),
    moment("expires_at"),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    row_id(),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    ref("user_id", "users.id"),
    moment("created_at"),
    moment("revoked_at", nullable=True),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    ref("user_id", "users.id"),
    sa.Column("key", sa.String(255), nullable=False),
    sa.Column("request_digest", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    moment("at"),
    sa.PrimaryKeyConstraint("user_id", "key"),
)

"""What the channels carry beside words: proofs, choices, templates, versions, joined identities."""

import base64
import secrets

import sqlalchemy as sa
from alembic import op

from cases.vocabulary import Channel
from store.tables.columns import BigId, one_of
from store.types import JSON, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("conversations", sa.Column("answer_to", sa.String(320)))
    op.add_column("conversations", sa.Column("unreachable", sa.Text()))
    op.add_column("ledger", sa.Column("released", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("messages", sa.Column("checks", sa.JSON(none_as_null=True)))
    op.add_column("messages", sa.Column("album", sa.String(128)))
    for column in ("choices", "template"):
        op.add_column("deliveries", sa.Column(column, sa.JSON(none_as_null=True)))
    op.add_column("deliveries", sa.Column("why", sa.Text()))
    op.add_column("deliveries", sa.Column("attachment_id", BigId))
    _give_reply_tokens()
    op.create_table(
        "identity_links",
        sa.Column("id", BigId, nullable=False),
        sa.Column("identity_id", BigId, nullable=False),
        sa.Column("from_person_id", BigId, nullable=False),
        sa.Column("to_person_id", BigId, nullable=False),
        sa.Column("proof", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("undone_at", Instant()),
        sa.Column("undone_by", sa.Text()),
        sa.Column("undone_reason", sa.Text()),
        sa.CheckConstraint(
            "proof IN ('code', 'link', 'consent', 'operator')", name=op.f("ck_identity_links_proof_known")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_identity_links_identity_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_person_id"], ["persons.id"], name=op.f("fk_identity_links_from_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_person_id"], ["persons.id"], name=op.f("fk_identity_links_to_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_links")),
    )
    op.create_index(op.f("ix_identity_links_identity_id"), "identity_links", ["identity_id"])
    op.create_table(
        "identity_codes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
        _channel_known("identity_codes"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_identity_codes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_codes")),
    )
    op.create_index(op.f("ix_identity_codes_person_id"), "identity_codes", ["person_id"])
    op.create_table(
        "message_versions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_message_versions_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_versions")),
    )
    op.create_index(op.f("ix_message_versions_message_id"), "message_versions", ["message_id"])
    op.create_table(
        "templates",
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("variables", JSON, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        _channel_known("templates"),
        sa.PrimaryKeyConstraint("channel", "sid", name=op.f("pk_templates")),
    )
    op.create_table(
        "bookmarks",
        sa.Column("name", sa.String(320), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bookmarks")),
    )
    op.create_table(
        "reconciliations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("found", JSON, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        _channel_known("reconciliations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
        sa.UniqueConstraint("channel", "day", name=op.f("uq_reconciliations_channel_day")),
    )


def _channel_known(table: str) -> sa.CheckConstraint:
    [known] = one_of(channel=Channel)
    return sa.CheckConstraint(str(known.sqltext), name=op.f(f"ck_{table}_channel_known"))


def _give_reply_tokens() -> None:
    """Give every case the token by which an answer to it is known."""
    op.add_column("cases", sa.Column("reply_token", sa.String(26)))
    connection = op.get_bind()
    numbers = connection.execute(sa.text("SELECT id FROM cases")).scalars().all()
    for number in numbers:
        token = base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()
        connection.execute(
            sa.text("UPDATE cases SET reply_token = :token WHERE id = :number"),
            {"token": token, "number": number},
        )
    op.create_index("ix_cases_reply_token", "cases", ["reply_token"], unique=True)

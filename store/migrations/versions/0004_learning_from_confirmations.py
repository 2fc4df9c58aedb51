"""What the desk learns from: withdrawn confirmations, the runs that trained a model, and which model is in use."""

import sqlalchemy as sa
from alembic import op

from store.tables.columns import BigId
from store.types import JSON, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "withdrawals",
        sa.Column("confirmation_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_withdrawals_reason_given")),
        sa.ForeignKeyConstraint(
            ["confirmation_id"], ["confirmations.id"], name=op.f("fk_withdrawals_confirmation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_withdrawals_user_id")),
        sa.PrimaryKeyConstraint("confirmation_id", name=op.f("pk_withdrawals")),
    )
    op.create_table(
        "models",
        sa.Column("id", BigId, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("started_at", Instant()),
        sa.Column("finished_at", Instant()),
        sa.Column("under_way", sa.Boolean()),
        sa.Column("outcome", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("detail", sa.Text()),
        sa.Column("version", sa.String(64)),
        sa.Column("running", sa.String(64)),
        sa.Column("examples", sa.Integer()),
        sa.Column("confirmations", sa.Integer()),
        sa.Column("last_confirmation", BigId),
        sa.Column("seconds", sa.Float()),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("data", sa.LargeBinary()),
        sa.CheckConstraint(
            "outcome IN ('asked', 'training', 'activated', 'kept', 'failed')",
            name=op.f("ck_models_outcome_known"),
        ),
        sa.CheckConstraint(
            "(under_way IS NULL) = (outcome NOT IN ('asked', 'training'))",
            name=op.f("ck_models_under_way_until_finished"),
        ),
        sa.CheckConstraint("data IS NULL OR outcome = 'activated'", name=op.f("ck_models_data_of_activated")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_models")),
        sa.UniqueConstraint("under_way", name=op.f("uq_models_under_way")),
    )
    op.create_table(
        "activations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("model_id", BigId),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_activations_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activations")),
    )

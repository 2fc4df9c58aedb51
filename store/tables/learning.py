"""What the desk learns from: withdrawn confirmations, the runs that trained a model, and which model is in use."""

import sqlalchemy as sa

from store.tables.columns import BigId, metadata, moment, ref, row_id, word
from store.types import JSON

withdrawals = sa.Table(
    "withdrawals",
    metadata,
    sa.Column("confirmation_id", BigId, sa.ForeignKey("confirmations.id"), primary_key=True),
    ref("user_id", "users.id"),
    sa.Column("reason", sa.Text, nullable=False),
    moment("at"),
    sa.CheckConstraint("reason <> ''", name="reason_given"),
)

# `under_way` is true or null: of all rows one alone may be asked for or training, on all nodes together.
models = sa.Table(
    "models",
    metadata,
    row_id(),
    sa.Column("by", sa.Text, nullable=False),
    moment("asked_at"),
    moment("started_at", nullable=True),
    moment("finished_at", nullable=True),
    sa.Column("under_way", sa.Boolean, unique=True),
    word("outcome"),
    sa.Column("reason", sa.String(32)),
    sa.Column("detail", sa.Text),
    sa.Column("version", sa.String(64)),
    sa.Column("running", sa.String(64)),
    sa.Column("examples", sa.Integer),
    sa.Column("confirmations", sa.Integer),
    sa.Column("last_confirmation", BigId),
    sa.Column("seconds", sa.Float),
    sa.Column("figures", JSON, nullable=False),
    sa.Column("data", sa.LargeBinary),
    sa.CheckConstraint(
        "outcome IN ('asked', 'training', 'activated', 'kept', 'failed')", name="outcome_known"
    ),
    sa.CheckConstraint(
        "(under_way IS NULL) = (outcome NOT IN ('asked', 'training'))", name="under_way_until_finished"
    ),
    sa.CheckConstraint("data IS NULL OR outcome = 'activated'", name="data_of_activated"),
)

activations = sa.Table(
    "activations",
    metadata,
    row_id(),
    ref("model_id", "models.id", nullable=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    moment("at"),
)

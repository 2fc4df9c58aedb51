"""Who waits for an answer of a person: a row per open case, so that the supervisors' monitor reads no old messages."""

import sqlalchemy as sa
from alembic import op

from store.tables.columns import BigId
from store.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WAITING_NOW = """
INSERT INTO waits (case_id, since)
SELECT m.case_id, min(m.at) FROM cases c JOIN messages m ON m.case_id = c.id
WHERE c.status IN ('open', 'in_review') AND m.direction = 'in' AND NOT m.automatic AND m.id > COALESCE(
    (SELECT max(o.id) FROM messages o
     WHERE o.case_id = c.id AND o.direction = 'out' AND NOT o.automatic AND o.author <> 'asistente'), 0)
GROUP BY m.case_id
"""


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "waits",
        sa.Column("case_id", BigId, nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_waits_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_waits")),
    )
    op.create_index("ix_waits_since", "waits", ["since"], unique=False)
    op.execute(WAITING_NOW)

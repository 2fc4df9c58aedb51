"""What the reports look for by its time."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"])
    op.create_index("ix_cases_closed_at", "cases", ["closed_at"])
    op.create_index("ix_confirmations_at", "confirmations", ["at"])
    op.create_index("ix_entries_kind_at", "entries", ["kind", "at"])
    op.create_index("ix_case_articles_at", "case_articles", ["at"])

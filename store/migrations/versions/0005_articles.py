"""Articles that end, and versions that keep all that they say and what became of them."""

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("articles", sa.Column("expires_at", Instant()))
    op.add_column("articles", sa.Column("lapsed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("article_versions", sa.Column("about", sa.JSON(none_as_null=True)))
    op.add_column("article_versions", sa.Column("settled_by", sa.Text()))
    op.add_column("article_versions", sa.Column("settled_at", Instant()))
    op.add_column("article_versions", sa.Column("note", sa.Text()))

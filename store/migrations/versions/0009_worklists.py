"""What lists look for, kept with the case: its last move, whether its person asked for somebody, the section it is in."""

import sqlalchemy as sa
from alembic import op

from store.finding import backwards

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SECTION = """
CASE WHEN role = 'operador' AND status = 'waiting' THEN 'waiting'
WHEN role = 'operador' AND status = 'open' THEN
CASE WHEN last_move = 'return' THEN 'returned'
WHEN procedure = 'PR01' AND step = '3' AND facts IS NULL THEN 'confirm'
ELSE 'current' END
END
"""
LAST_MOVE = """
UPDATE cases SET last_move = (
    SELECT e.kind FROM entries e
    WHERE e.case_id = cases.id AND e.kind IN ('step', 'interpretation', 'return', 'reopening')
    ORDER BY e.seq DESC LIMIT 1
)
"""
WANTS_PERSON = "UPDATE cases SET wants_person = {yes} WHERE conversation_id IN (SELECT id FROM conversations WHERE {asked})"
DIALECTS = {
    "sqlite": {"yes": "1", "asked": "json_extract(state, '$.wants_person') = 1", "kept": "VIRTUAL"},
    "postgresql": {"yes": "TRUE", "asked": "state ->> 'wants_person' = 'true'", "kept": "STORED"},
}

BEGINNINGS = (
    (
        "CREATE VIRTUAL TABLE case_search_new USING fts5("
        "body, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5 6')"
    ),
    "INSERT INTO case_search_new (rowid, body) SELECT rowid, body FROM case_search",
    "DROP TABLE case_search",
    "ALTER TABLE case_search_new RENAME TO case_search",
)
"""On SQLite, an index of the beginnings of words too: a search as one types reads no list of every word that fits."""

BATCH = 10_000


def _find_by_the_end() -> None:
    """Let the cases that are there be found by the last digits of a telephone number, as new ones are."""
    connection, last = op.get_bind(), 0
    while True:
        rows = connection.execute(
            sa.text(
                "SELECT c.id, t.address FROM cases c JOIN conversations t ON t.id = c.conversation_id"
                " WHERE c.id > :last ORDER BY c.id LIMIT :batch"
            ),
            {"last": last, "batch": BATCH},
        ).all()
        if not rows:
            return
        last = rows[-1].id
        words = [{"row": row.id, "word": word} for row in rows if (word := backwards(row.address))]
        if words:
            connection.execute(
                sa.text("UPDATE case_search SET body = body || ' ' || :word WHERE rowid = :row"), words
            )


def upgrade() -> None:
    """Bring the tables forward."""
    words = DIALECTS[op.get_bind().dialect.name]
    op.add_column("cases", sa.Column("last_move", sa.String(length=24)))
    op.add_column("cases", sa.Column("wants_person", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(LAST_MOVE)
    op.execute(WANTS_PERSON.format(**words))
    op.execute(
        f"ALTER TABLE cases ADD COLUMN section VARCHAR(24) GENERATED ALWAYS AS ({SECTION}) {words['kept']}"
    )
    op.create_index(
        "ix_cases_section",
        "cases",
        ["section", "updated_at", "channel", "system", "category"],
        sqlite_where=sa.text("section IS NOT NULL"),
        postgresql_where=sa.text("section IS NOT NULL"),
    )
    op.create_index(
        "ix_cases_wants_person",
        "cases",
        ["role", "updated_at"],
        sqlite_where=sa.text("wants_person = 1"),
        postgresql_where=sa.text("wants_person"),
    )
    op.create_index(
        "ix_cases_solved",
        "cases",
        ["system", "id"],
        sqlite_where=sa.text("solution IS NOT NULL"),
        postgresql_where=sa.text("solution IS NOT NULL"),
    )
    op.drop_index("ix_cases_role", "cases")
    op.create_index(
        "ix_cases_role",
        "cases",
        ["role", "updated_at", "channel", "system", "category", "last_move", "id"],
        sqlite_where=sa.text("role IS NOT NULL"),
        postgresql_where=sa.text("role IS NOT NULL"),
    )
    op.create_index(
        "ix_cases_assigned",
        "cases",
        ["assignee_id"],
        sqlite_where=sa.text("role IS NOT NULL"),
        postgresql_where=sa.text("role IS NOT NULL"),
    )
    op.create_index(
        "ix_clocks_running",
        "clocks",
        ["case_id", "due_at"],
        sqlite_where=sa.text("paused_at IS NULL"),
        postgresql_where=sa.text("paused_at IS NULL"),
    )
    op.create_index("ix_case_units_unit", "case_units", ["unit", "case_id"])
    op.drop_index("ix_messages_conversation_id", "messages")
    op.create_index("ix_messages_conversation", "messages", ["conversation_id", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in BEGINNINGS:
            op.execute(statement)
    _find_by_the_end()

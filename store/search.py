"""Finding cases by words, without accents: FTS5 on SQLite, a GIN index on PostgreSQL."""

import re
import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa

CREATE = {
    "sqlite": [
        (
            "CREATE VIRTUAL TABLE case_search USING fts5("
            "body, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5 6')"
        )
    ],
    "postgresql": [
        (
            "CREATE TABLE case_search (rowid BIGINT PRIMARY KEY, body TEXT NOT NULL,"
            " words tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED)"
        ),
        "CREATE INDEX ix_case_search_words ON case_search USING gin (words)",
    ],
}
INDEX = sa.table("case_search", sa.column("rowid", sa.BigInteger), sa.column("words"))
"""The index as queries see it: one row a case."""


def fold(text: str) -> str:
    """Write a text as it is searched: words in lower case, without accents or marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", letters))


def index_case(connection: sa.Connection, case: int, text: str) -> None:
    """Add words by which a case is found."""
    known = connection.execute(
        sa.text("SELECT body FROM case_search WHERE rowid = :case"), {"case": case}
    ).scalar()
    body = fold(text) if known is None else f"{known} {fold(text)}"
    if known is not None:
        connection.execute(
            sa.text("UPDATE case_search SET body = :body WHERE rowid = :case"), {"case": case, "body": body}
        )
    else:
        connection.execute(
            sa.text("INSERT INTO case_search (rowid, body) VALUES (:case, :body)"),
            {"case": case, "body": body},
        )


def unindex_case(connection: sa.Connection, case: int, text: str) -> None:
    """Take back the words that `index_case` added last for this text: whole ones, with all between them."""
    words = fold(text)
    if not words:
        return
    known = connection.execute(
        sa.text("SELECT body FROM case_search WHERE rowid = :case"), {"case": case}
    ).scalar()
    before, found, after = f" {known or ''} ".rpartition(f" {words} ")
    if found:
        connection.execute(
            sa.text("UPDATE case_search SET body = :body WHERE rowid = :case"),
            {"case": case, "body": f"{before} {after}".strip()},
        )


def found_by(dialect: str, texts: Sequence[str]) -> sa.ColumnElement[bool]:
    """Narrow `INDEX` to the cases that hold every word of one of the texts, its last one perhaps unfinished."""
    asked = [words for words in (fold(text).split() for text in texts) if words]
    if not asked:
        return sa.false()
    if dialect == "sqlite":
        query = " OR ".join("(" + " AND ".join(f'"{word}"' for word in words) + "*)" for words in asked)
        return sa.literal_column("case_search").op("MATCH")(query)
    query = " | ".join("(" + " & ".join(words) + ":*)" for words in asked)
    # written out, for a plan that was made without the words knows nothing of how common they are
    given: sa.BindParameter[str] = sa.bindparam("words", query, literal_execute=True, unique=True)
    return INDEX.c.words.op("@@")(sa.func.to_tsquery(sa.literal_column("'simple'"), given))


def cases_matching(dialect: str, text: str) -> sa.Select[tuple[int]] | None:
    """Return the rows of cases that hold every word of `text`, the last one perhaps unfinished; None for no words."""
    return sa.select(INDEX.c.rowid).where(found_by(dialect, [text])) if fold(text) else None

"""Finding cases by words, without accents: FTS5 on SQLite, a GIN index on PostgreSQL."""

import re
import unicodedata

import sqlalchemy as sa

CREATE = {
    "sqlite": ["CREATE VIRTUAL TABLE case_search USING fts5(body, tokenize='unicode61 remove_diacritics 2')"],
    "postgresql": [
        (
            "CREATE TABLE case_search (rowid BIGINT PRIMARY KEY, body TEXT NOT NULL,"
            " words tsvector GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED)"
        ),
        "CREATE INDEX ix_case_search_words ON case_search USING gin (words)",
    ],
}
_MATCH = {
    "sqlite": "SELECT rowid FROM case_search WHERE case_search MATCH :query",
    "postgresql": "SELECT rowid FROM case_search WHERE words @@ to_tsquery('simple', :query)",
}


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


def cases_matching(dialect: str, text: str) -> sa.TextualSelect | None:
    """Return the rows of cases that hold every word of `text`, the last one perhaps unfinished."""
    words = fold(text).split()
    if not words:
        return None
    if dialect == "sqlite":
        query = " ".join(f'"{word}"*' for word in words)
    else:
        query = " & ".join(f"{word}:*" for word in words)
    return sa.text(_MATCH[dialect]).bindparams(query=query).columns(sa.column("rowid", sa.BigInteger))

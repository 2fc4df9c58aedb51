"""What the tables share: the metadata, the naming of constraints, the usual columns."""

from enum import StrEnum

import sqlalchemy as sa

from store.types import Instant

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def row_id() -> "sa.Column[int]":
    """Return the primary key that rows are known by."""
    return sa.Column("id", BigId, primary_key=True)


def ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> "sa.Column[int]":
    """Return a column that points at another table."""
    return sa.Column(name, BigId, sa.ForeignKey(target), nullable=nullable, index=index)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """Return a column that holds a moment."""
    return sa.Column(name, Instant, nullable=nullable)


def word(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    """Return a column that holds one word of a closed set."""
    return sa.Column(name, sa.String(24), nullable=nullable)


def one_of(**columns: type[StrEnum]) -> list[sa.CheckConstraint]:
    """Hold each column to its closed set."""
    return [
        sa.CheckConstraint(
            f"{name} IN ({', '.join(repr(str(word)) for word in words)})", name=f"{name}_known"
        )
        for name, words in columns.items()
    ]

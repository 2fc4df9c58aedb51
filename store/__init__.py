"""Everything that is kept, on SQLite or PostgreSQL, and the only package that knows SQLAlchemy.

`database.py` runs transactions, one repository an aggregate implements the ports of `cases`, `queries.py` reads for the screens.
"""

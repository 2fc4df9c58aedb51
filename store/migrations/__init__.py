"""How a database comes to the present tables: Alembic's steps, forward only.

A step first expands; what an older node still needs is taken away in a later release.
"""

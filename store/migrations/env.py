"""Alembic's entry: runs the steps on the connection that `store.migrate` opened."""

from alembic import context

from store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=True,
    include_name=lambda name, kind, _parents: (
        not (kind == "table" and (name or "").startswith("case_search"))
    ),
)
with context.begin_transaction():
    context.run_migrations()

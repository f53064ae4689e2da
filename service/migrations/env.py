"""The entry point of Alembic: runs the migrations on the connection that `service.store.schema` passes on."""

from typing import Any, Literal

from alembic import context

from service.store.tables import Number, UtcDateTime, metadata


def _render_type(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    # A migration names the types of SQLAlchemy, because its meaning must not change when our own types do.
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and value is Number:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_render_type,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

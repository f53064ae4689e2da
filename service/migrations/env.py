"""Alembic's entry: runs the migrations on the connection that `service.store.schema` hands over."""

from typing import Any, Literal

from alembic import context

from service.store.tables import Number, UtcDateTime, metadata


def _render_type(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    # A migration must keep its meaning when our own types change, so it names SQLAlchemy's.
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

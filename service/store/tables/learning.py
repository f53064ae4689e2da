"""Site models."""

from sqlalchemy import JSON, CheckConstraint, Column, String, Table, UniqueConstraint

from service.store.tables.columns import id_column, metadata, site_column, time_column

site_models = Table(
    "site_models",
    metadata,
    id_column(),
    site_column(),
    Column("version", String(64), nullable=False),
    Column("base", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("gate_report", JSON, nullable=False),
    time_column("created_at"),
    time_column("promoted_at", nullable=True),
    CheckConstraint("state IN ('candidate', 'refused', 'live', 'retired', 'discarded')", name="state"),
    UniqueConstraint("site", "version"),
)

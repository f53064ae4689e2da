"""Site models: models that a site has trained on its own verdicts."""

from sqlalchemy import JSON, CheckConstraint, Column, String, Table, UniqueConstraint

from service.store.tables.columns import id_column, metadata, site_column, time_column

site_models = Table(
    "site_models",
    metadata,
    id_column(),
    site_column(),
    Column("version", String(64), nullable=False),
    # The release of the base models that it was trained on top of.
    Column("base", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    # The comparison with the live model. It decides whether the new one goes live.
    Column("gate_report", JSON, nullable=False),
    time_column("created_at"),
    time_column("promoted_at", nullable=True),
    CheckConstraint("state IN ('candidate', 'refused', 'live', 'retired', 'discarded')", name="state"),
    UniqueConstraint("site", "version"),
)

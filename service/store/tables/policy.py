"""Policies (thresholds and lists of a site) and guidelines (what its reasons mean)."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from service.store.tables.columns import comment_key, id_column, metadata, site_column, time_column

policies = Table(
    "policies",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", JSON, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    time_column("created_at"),
)

# Texts in which a site's editors explain a reason. All versions stay, and the newest one applies.
guidelines = Table(
    "guidelines",
    metadata,
    id_column(),
    site_column(),
    Column("reason", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    time_column("saved_at"),
    Index(None, "site", "reason", "id"),
)

# Decided comments that are shown as examples of a guideline. The text itself is only in `revisions`.
pinned_examples = Table(
    "pinned_examples",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("reason", String(32), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("pinned_by", Text, nullable=False),
    time_column("pinned_at"),
    comment_key(),
)

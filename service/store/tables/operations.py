"""The audit log and idempotency keys."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from service.store.tables.columns import id_column, metadata, site_column, time_column

audit_log = Table(
    "audit_log",
    metadata,
    id_column(),
    site_column(),
    Column("actor", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", JSON, nullable=False),
    time_column("at"),
    Index(None, "site", "subject"),
    Index(None, "site", "at"),
)

# Responses by Idempotency-Key, so that a repeated request gets the same response.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    # The comment that the request is about, so that erasure finds the row.
    Column("subject", String(255), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    time_column("created_at"),
    Index(None, "site", "subject"),
    Index(None, "created_at"),
)

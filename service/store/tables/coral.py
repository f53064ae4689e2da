"""Connections to Coral and the events received from it."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from service.store.tables.columns import metadata, site_column, time_column

coral_connections = Table(
    "coral_connections",
    metadata,
    Column("id", String(32), primary_key=True),
    site_column(),
    # Signing secrets as Coral shows them. Their prefix says whether they belong to a moderation phase or to a webhook.
    Column("secrets", JSON, nullable=False),
    Column("graphql_url", Text, nullable=True),
    Column("graphql_token", Text, nullable=True),
    time_column("created_at"),
)

# Received events. They are stored to recognise a repeated one, and to wait until their comment is known here.
coral_events = Table(
    "coral_events",
    metadata,
    Column("connection_id", String(32), ForeignKey("coral_connections.id"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("type", String(64), nullable=False),
    Column("data", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    # The time of the next attempt; NULL if there will be none.
    time_column("due_at", nullable=True),
    time_column("received_at"),
    Index(None, "due_at"),
)

"""Webhook endpoints, events and their deliveries."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.store.tables.columns import Number, id_column, metadata, site_column, time_column

endpoints = Table(
    "endpoints",
    metadata,
    Column("id", String(32), primary_key=True),
    site_column(),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    # After a rotation both secrets sign for a while, so that the receiver can switch without losing an event.
    Column("previous_secret", Text, nullable=True),
    time_column("previous_secret_until", nullable=True),
    Column("event_types", JSON, nullable=False),
    time_column("created_at"),
    # Nothing is sent before this time, because the receiver asked for a pause or could not be reached.
    time_column("throttled_until", nullable=True),
    time_column("disabled_at", nullable=True),
    Column("disabled_reason", Text, nullable=False, server_default=""),
)

events = Table(
    "events",
    metadata,
    # The `webhook-id` header of every attempt to deliver the event.
    Column("id", String(40), primary_key=True),
    site_column(),
    Column("type", String(64), nullable=False),
    Column("comment_id", String(255), nullable=False),
    Column("data", JSON, nullable=False),
    time_column("created_at"),
    Index(None, "site", "comment_id"),
    Index(None, "created_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
    site_column(),
    Column("event_id", String(40), ForeignKey("events.id"), nullable=False),
    Column("endpoint_id", String(32), ForeignKey("endpoints.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    # When the next attempt is due. A worker sets it to a later time before it sends, so that no other worker sends.
    time_column("due_at"),
    CheckConstraint("state IN ('pending', 'delivered', 'failed')", name="state"),
    UniqueConstraint("event_id", "endpoint_id"),
    Index(None, "state", "due_at"),
    Index(None, "site", "id"),
    Index(None, "endpoint_id", "state"),
    sqlite_autoincrement=True,
)

# `status` is the HTTP status of the response, or NULL if there was none; then `error` has the reason.
attempts = Table(
    "attempts",
    metadata,
    id_column(),
    Column("delivery_id", Number, ForeignKey("deliveries.id"), nullable=False),
    Column("status", Integer, nullable=True),
    Column("error", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    time_column("at"),
    Index(None, "delivery_id"),
)

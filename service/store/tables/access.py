"""Sites (the tenants), users with their roles and sessions, and API tokens."""

from sqlalchemy import JSON, Column, ForeignKey, String, Table, Text

from service.store.tables.columns import metadata, site_column, time_column

sites = Table(
    "sites",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("language", String(16), nullable=False, server_default="en"),
    time_column("created_at"),
)

users = Table(
    "users",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=True),
    time_column("created_at"),
    time_column("disabled_at", nullable=True),
)

# The role of a user on a site.
memberships = Table(
    "memberships",
    metadata,
    Column("user_id", String(32), ForeignKey("users.id"), primary_key=True),
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("role", String(16), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    # SHA-256 of a random secret, in hexadecimal, here and in the tables below.
    Column("secret_hash", String(64), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False),
    Column("site", String(64), ForeignKey("sites.id"), nullable=False),
    # Every form of the session must contain this key, against cross-site request forgery.
    Column("form_key", String(64), nullable=False),
    time_column("created_at"),
    time_column("expires_at"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False),
    time_column("expires_at"),
    time_column("used_at", nullable=True),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    site_column(),
    Column("name", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("rights", JSON, nullable=False),
    time_column("created_at"),
    time_column("expires_at", nullable=True),
    time_column("revoked_at", nullable=True),
)

"""The tables, as SQLAlchemy Core describes them. Migrations make them; a test keeps the two alike."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)

from service.domain.policy.rules import THRESHOLD_NAMES


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite keeps no zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive times: they would be somebody's local ones."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 fixed
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column declared INTEGER. It gives a deleted row's number again if that was the
# highest, which PostgreSQL never does: tables whose numbers are held on to elsewhere have `sqlite_autoincrement`.
Number = BigInteger().with_variant(Integer, "sqlite")


def _number() -> Column[int]:
    return Column("id", Number, primary_key=True, autoincrement=True)


def _site() -> Column[str]:
    return Column("site", String(64), ForeignKey("sites.id"), nullable=False)


def _time(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, UtcDateTime, nullable=nullable)


def _comment_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["site", "comment_id"], ["comments.site", "comments.id"])


sites = Table(
    "sites",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("language", String(16), nullable=False, server_default="en"),
    _time("created_at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    _site(),
    Column("name", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("rights", JSON, nullable=False),
    _time("created_at"),
    _time("expires_at", nullable=True),
    _time("revoked_at", nullable=True),
)

users = Table(
    "users",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=True),
    _time("created_at"),
    _time("disabled_at", nullable=True),
)

memberships = Table(
    "memberships",
    metadata,
    Column("user_id", String(32), ForeignKey("users.id"), primary_key=True),
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("role", String(16), nullable=False),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False),
    _time("expires_at"),
    _time("used_at", nullable=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False),
    Column("site", String(64), ForeignKey("sites.id"), nullable=False),
    Column("form_key", String(64), nullable=False),
    _time("created_at"),
    _time("expires_at"),
)

policies = Table(
    "policies",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", JSON, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    _time("created_at"),
)

articles = Table(
    "articles",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("url", Text, nullable=True),
    Column("section", String(255), nullable=True),
    Column("mode", String(16), nullable=False),
    # What an editor has set here, which stands whatever the CMS says afterwards.
    Column("editor_mode", String(16), nullable=True),
    Column("encoder", String(64), nullable=True),
    Column("title_vector", LargeBinary, nullable=True),
    Column("passage_vectors", LargeBinary, nullable=True),
    Column("passage_spans", JSON, nullable=True),
    _time("created_at"),
    _time("updated_at"),
    Index(None, "site", "url"),
    Index(None, "site", "section"),
)

# Articles whose text is to be read from their own page, or has been: the wish outlives the process that has it.
article_fetches = Table(
    "article_fetches",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("article_id", String(255), primary_key=True),
    Column("url", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    # The time of the next attempt; none for what is done with.
    _time("due_at", nullable=True),
    _time("fetched_at", nullable=True),
    ForeignKeyConstraint(["site", "article_id"], ["articles.site", "articles.id"]),
    Index(None, "due_at"),
)

authors = Table(
    "authors",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("name", Text, nullable=True),
    Column("trust", String(16), nullable=False),
    Column("trust_note", Text, nullable=False, server_default=""),
    _time("first_seen_at"),
)

comments = Table(
    "comments",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("article_id", String(255), nullable=False),
    Column("parent_id", String(255), nullable=True),
    Column("author_id", String(255), nullable=True),
    Column("revision", Integer, nullable=False),
    # Current outcome in the CMS's eyes: the verdict's where there is one, the machine's otherwise.
    Column("state", String(16), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("awaits_article", Boolean, nullable=False),
    _time("posted_at"),
    _time("received_at"),
    _time("erased_at", nullable=True),
    CheckConstraint("state IN ('approved', 'held', 'rejected', 'erased')", name="state"),
    Index(None, "site", "article_id", "posted_at"),
    Index(None, "site", "parent_id"),
    Index(None, "site", "author_id", "state"),
    Index(None, "site", "state", "received_at"),
    Index(None, "site", "received_at"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("encoder", String(64), nullable=True),
    Column("vector", LargeBinary, nullable=True),
    _time("received_at"),
    _comment_key(),
)

# Near-copies are found by equal bands of a fingerprint: four small integers a comment.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("band", Number, primary_key=True, autoincrement=False),
    Column("comment_id", String(255), primary_key=True),
    Column("fingerprint", BigInteger, nullable=False),
    _comment_key(),
    Index(None, "site", "comment_id"),
)

scores = Table(
    "scores",
    metadata,
    _number(),
    _site(),
    Column("comment_id", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("model", String(64), nullable=False),
    Column("site_model", String(64), nullable=True),
    Column("language", String(16), nullable=False),
    Column("scores", JSON, nullable=False),
    Column("abstentions", JSON, nullable=False),
    Column("explanation", JSON, nullable=False),
    _time("scored_at"),
    _comment_key(),
    Index(None, "site", "comment_id", "id"),
)

decisions = Table(
    "decisions",
    metadata,
    _number(),
    _site(),
    Column("comment_id", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("score_id", Number, ForeignKey("scores.id"), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("findings", JSON, nullable=False),
    Column("thresholds", JSON, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("model_hash", String(64), nullable=False),
    Column("sampling_probability", Float, nullable=False),
    Column("sampled", Boolean, nullable=False),
    _time("decided_at"),
    _comment_key(),
    Index(None, "site", "comment_id", "id"),
    Index(None, "site", "decided_at"),
)

queue = Table(
    "queue",
    metadata,
    _number(),
    _site(),
    Column("comment_id", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("priority", Float, nullable=False),
    # What the priority is made of, for a person to read.
    Column("priority_parts", JSON, nullable=True),
    Column("urgent", Boolean, nullable=False),
    _time("entered_at"),
    # Smallest first: priority, and what waiting adds to it, in one number that need not change as time goes by.
    Column("sort_key", Float, nullable=False, server_default="0"),
    # Handed to the editors: out of everybody else's way.
    Column("escalated", Boolean, nullable=False, server_default=false()),
    # Of a comment that waits for several reasons, the entry that stands for it where it is shown once.
    Column("is_primary", Boolean, nullable=False, server_default=true()),
    # Copies of what a person filters by: a hundred thousand rows are sifted without a look at another table.
    Column("article_id", String(255), nullable=False, server_default=""),
    Column("author_id", String(255), nullable=True),
    Column("language", String(16), nullable=False, server_default=""),
    Column("findings", Text, nullable=False, server_default=""),
    *(Column(name, Float, nullable=True) for name in THRESHOLD_NAMES),
    _comment_key(),
    CheckConstraint("kind IN ('held', 'reported', 'audit', 'appeal')", name="kind"),
    # One open entry of a kind for a comment; a decided entry is deleted, its story being in verdicts and the audit log.
    UniqueConstraint("site", "comment_id", "kind"),
    Index("ix_queue_all", "site", "escalated", "is_primary", "sort_key", "id"),
    Index("ix_queue_kind", "site", "escalated", "kind", "sort_key", "id"),
    # Counting reads this and not the rows.
    Index("ix_queue_counts", "site", "escalated", "kind", "is_primary"),
    Index(None, "site", "language"),
    Index(None, "site", "author_id"),
)

# Who is looking at which comment, until when; so that no two people decide the same one.
claims = Table(
    "claims",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False),
    _time("expires_at"),
    _comment_key(),
    Index(None, "user_id"),
)

# What one person decided with one stroke, of one comment or of many, for as long as it can be taken back.
actions = Table(
    "actions",
    metadata,
    _number(),
    _site(),
    Column("by", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    _time("decided_at"),
    _time("undoable_until"),
    _time("undone_at", nullable=True),
    Index(None, "site", "undoable_until"),
    sqlite_autoincrement=True,
)

action_items = Table(
    "action_items",
    metadata,
    Column("action_id", Number, ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("verdict_id", Number, nullable=False),
    # State, queue entries and open appeals as they were; no words.
    Column("before", JSON, nullable=False),
)

# A comment that a person thinks somebody else must see: an editor, the police, a help line.
escalations = Table(
    "escalations",
    metadata,
    _number(),
    _site(),
    Column("comment_id", String(255), nullable=False),
    Column("topic", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("by", Text, nullable=False),
    _time("at"),
    _time("closed_at", nullable=True),
    _comment_key(),
    CheckConstraint("topic IN ('threat', 'self_harm', 'legal', 'other')", name="topic"),
    Index(None, "site", "comment_id"),
    sqlite_autoincrement=True,
)

# What this site does about a threat, or about somebody in danger: whom to call, in its own words.
procedures = Table(
    "procedures",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("topic", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    _time("saved_at"),
)

# How a whole section takes comments, as an editor has set it.
section_modes = Table(
    "section_modes",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("section", String(255), primary_key=True),
    Column("mode", String(16), nullable=False),
    Column("set_by", Text, nullable=False),
    _time("set_at"),
)

verdicts = Table(
    "verdicts",
    metadata,
    _number(),
    _site(),
    Column("comment_id", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(32), nullable=True),
    Column("note", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("source", String(32), nullable=False),
    # Why a person was looking: the kinds of queue entry that this verdict closed.
    Column("queue_kinds", JSON, nullable=False),
    # The decision that the person judged, and with what probability such a decision is shown to one.
    Column("decision_id", Number, ForeignKey("decisions.id"), nullable=False),
    Column("sampling_probability", Float, nullable=False),
    _time("decided_at"),
    _comment_key(),
    CheckConstraint("outcome IN ('approve', 'reject')", name="outcome"),
    Index(None, "site", "comment_id", "id"),
    Index(None, "site", "decided_at"),
    sqlite_autoincrement=True,
)

reports = Table(
    "reports",
    metadata,
    _number(),
    _site(),
    Column("comment_id", String(255), nullable=False),
    Column("reporter", String(255), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("note", Text, nullable=False),
    _time("reported_at"),
    _comment_key(),
    # The same reader reporting twice is one report.
    UniqueConstraint("site", "comment_id", "reporter"),
)

appeals = Table(
    "appeals",
    metadata,
    _number(),
    _site(),
    Column("comment_id", String(255), nullable=False),
    Column("statement", Text, nullable=False),
    Column("outcome", String(16), nullable=True),
    _time("appealed_at"),
    _time("decided_at", nullable=True),
    _comment_key(),
    Index(None, "site", "comment_id"),
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("id", String(32), primary_key=True),
    _site(),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    # After a rotation both sign for a while, so that the receiver can change over without losing an event.
    Column("previous_secret", Text, nullable=True),
    _time("previous_secret_until", nullable=True),
    Column("event_types", JSON, nullable=False),
    _time("created_at"),
    # The receiver asked for a pause or cannot be reached: nothing is sent there before this time.
    _time("throttled_until", nullable=True),
    _time("disabled_at", nullable=True),
    Column("disabled_reason", Text, nullable=False, server_default=""),
)

events = Table(
    "events",
    metadata,
    # The webhook-id of every attempt to deliver it.
    Column("id", String(40), primary_key=True),
    _site(),
    Column("type", String(64), nullable=False),
    Column("comment_id", String(255), nullable=False),
    Column("data", JSON, nullable=False),
    _time("created_at"),
    Index(None, "site", "comment_id"),
    Index(None, "created_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _number(),
    _site(),
    Column("event_id", String(40), ForeignKey("events.id"), nullable=False),
    Column("endpoint_id", String(32), ForeignKey("endpoints.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    # The time of the next attempt while pending; taken forward when a worker starts one, so that no two do.
    _time("due_at"),
    CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="state"),
    UniqueConstraint("event_id", "endpoint_id"),
    Index(None, "state", "due_at"),
    Index(None, "site", "id"),
    Index(None, "endpoint_id", "state"),
    sqlite_autoincrement=True,
)

attempts = Table(
    "attempts",
    metadata,
    _number(),
    Column("delivery_id", Number, ForeignKey("deliveries.id"), nullable=False),
    Column("status", Integer, nullable=True),
    Column("error", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    _time("at"),
    Index(None, "delivery_id"),
)

audit_log = Table(
    "audit_log",
    metadata,
    _number(),
    _site(),
    Column("actor", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", JSON, nullable=False),
    _time("at"),
    Index(None, "site", "subject"),
    Index(None, "site", "at"),
)

# A write's answer, kept so that the same Idempotency-Key gets it again.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    # The comment that it is about, so that erasure finds it.
    Column("subject", String(255), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    _time("created_at"),
    Index(None, "site", "subject"),
    Index(None, "created_at"),
)

site_models = Table(
    "site_models",
    metadata,
    _number(),
    _site(),
    Column("version", String(64), nullable=False),
    Column("base", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("gate_report", JSON, nullable=False),
    _time("created_at"),
    _time("promoted_at", nullable=True),
    CheckConstraint("state IN ('candidate', 'refused', 'live', 'retired', 'discarded')", name="state"),
    UniqueConstraint("site", "version"),
)

# How a comment came in through an adapter, for later word about it: such clients send no id, or another one.
external_ids = Table(
    "external_ids",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("source", String(32), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("page", String(255), nullable=False),
    # Its id where it came from, once that is known.
    Column("external_id", String(255), nullable=True),
    # The newest verdict that was told there, and when to try again where telling failed.
    Column("synced_verdict", Number, nullable=False, server_default="0"),
    Column("sync_attempts", Integer, nullable=False, server_default="0"),
    _time("sync_due_at", nullable=True),
    _time("created_at"),
    _comment_key(),
    Index(None, "site", "body_hash"),
    Index(None, "site", "source", "external_id"),
)

coral_connections = Table(
    "coral_connections",
    metadata,
    Column("id", String(32), primary_key=True),
    _site(),
    # Signing secrets as Coral shows them; a prefix tells those of phases from those of webhooks.
    Column("secrets", JSON, nullable=False),
    Column("graphql_url", Text, nullable=True),
    Column("graphql_token", Text, nullable=True),
    _time("created_at"),
)

# What Coral has told us: kept so that a repetition changes nothing, and until what it takes to understand is known.
coral_events = Table(
    "coral_events",
    metadata,
    Column("connection_id", String(32), ForeignKey("coral_connections.id"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("type", String(64), nullable=False),
    Column("data", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    # The time of the next attempt; none for what is done with.
    _time("due_at", nullable=True),
    _time("received_at"),
    Index(None, "due_at"),
)

# Some decided comments are put before a second person, who does not see the first one's word. It teaches nothing and
# moves no comment: it only says how far two people agree.
second_reviews = Table(
    "second_reviews",
    metadata,
    _number(),
    _site(),
    Column("comment_id", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("verdict_id", Number, ForeignKey("verdicts.id"), nullable=False, unique=True),
    Column("first_by", Text, nullable=False),
    Column("sampling_probability", Float, nullable=False),
    _time("requested_at"),
    Column("outcome", String(16), nullable=True),
    Column("reason", String(32), nullable=True),
    Column("by", Text, nullable=True),
    _time("decided_at", nullable=True),
    _comment_key(),
    CheckConstraint("outcome IN ('approve', 'reject')", name="outcome"),
    Index(None, "site", "requested_at"),
    sqlite_autoincrement=True,
)

# What a reason means on this site, in its editors' words. Every wording is kept; the newest one counts.
guidelines = Table(
    "guidelines",
    metadata,
    _number(),
    _site(),
    Column("reason", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    _time("saved_at"),
    Index(None, "site", "reason", "id"),
)

# Real decisions that show what a guideline means. The words are the comment's own and go with it when it is erased.
pinned_examples = Table(
    "pinned_examples",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("reason", String(32), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("pinned_by", Text, nullable=False),
    _time("pinned_at"),
    _comment_key(),
)


def row_as_dict(row: Any) -> dict[str, Any]:
    """A row as a dictionary, by column name."""
    return dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public way to a row's names, underscore and all

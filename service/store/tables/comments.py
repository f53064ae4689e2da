"""Authors, comments with their revisions, scores and decisions, and their ids in other systems."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from service.store.tables.columns import Number, comment_key, id_column, metadata, site_column, time_column

authors = Table(
    "authors",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("name", Text, nullable=True),
    Column("trust", String(16), nullable=False),
    Column("trust_note", Text, nullable=False, server_default=""),
    time_column("first_seen_at"),
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
    # Set by the newest verdict (a person's decision), or by the policy's decision if there is no verdict.
    Column("state", String(16), nullable=False),
    # If a client sends a comment again with the same hash, nothing has changed.
    Column("content_hash", String(64), nullable=False),
    # Scored before its article arrived, so that relevance is unknown until then.
    Column("awaits_article", Boolean, nullable=False),
    time_column("posted_at"),
    time_column("received_at"),
    time_column("erased_at", nullable=True),
    CheckConstraint("state IN ('approved', 'held', 'rejected', 'erased')", name="state"),
    Index(None, "site", "article_id", "posted_at"),
    Index(None, "site", "parent_id"),
    Index(None, "site", "author_id", "state"),
    Index(None, "site", "state", "received_at"),
    Index(None, "site", "received_at"),
)

# The versions of a comment's text, numbered from 1, with their embeddings by `encoder`.
revisions = Table(
    "revisions",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("encoder", String(64), nullable=True),
    Column("vector", LargeBinary, nullable=True),
    time_column("received_at"),
    comment_key(),
)

# SimHash fingerprints, to find near-duplicates: these usually share at least one of four bands. One row per band.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("band", Number, primary_key=True, autoincrement=False),
    Column("comment_id", String(255), primary_key=True),
    Column("fingerprint", BigInteger, nullable=False),
    comment_key(),
    Index(None, "site", "comment_id"),
)

# One row each time a revision is scored. `model` is the version of the release.
scores = Table(
    "scores",
    metadata,
    id_column(),
    site_column(),
    Column("comment_id", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("model", String(64), nullable=False),
    Column("site_model", String(64), nullable=True),
    Column("language", String(16), nullable=False),
    Column("scores", JSON, nullable=False),
    Column("abstentions", JSON, nullable=False),
    Column("explanation", JSON, nullable=False),
    time_column("scored_at"),
    comment_key(),
    Index(None, "site", "comment_id", "id"),
)

# One row each time the policy decides about a revision.
decisions = Table(
    "decisions",
    metadata,
    id_column(),
    site_column(),
    Column("comment_id", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("score_id", Number, ForeignKey("scores.id"), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("findings", JSON, nullable=False),
    Column("thresholds", JSON, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("model_hash", String(64), nullable=False),
    # The probability that the comment was selected at random for a review, and whether it was.
    Column("sampling_probability", Float, nullable=False),
    Column("sampled", Boolean, nullable=False),
    time_column("decided_at"),
    comment_key(),
    Index(None, "site", "comment_id", "id"),
    Index(None, "site", "decided_at"),
)

# Comments that arrived through an adapter. Its clients refer to a comment by their own id, or only by its text.
external_ids = Table(
    "external_ids",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("source", String(32), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("page", String(255), nullable=False),
    # Its id in the other system, once it is known.
    Column("external_id", String(255), nullable=True),
    # The newest verdict that was sent to the other system, and when to try again after a failure.
    Column("synced_verdict", Number, nullable=False, server_default="0"),
    Column("sync_attempts", Integer, nullable=False, server_default="0"),
    time_column("sync_due_at", nullable=True),
    time_column("created_at"),
    comment_key(),
    Index(None, "site", "body_hash"),
    Index(None, "site", "source", "external_id"),
)

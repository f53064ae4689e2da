"""The queue, verdicts, undoable actions, second reviews, reports, appeals and escalations."""

from sqlalchemy import (
    JSON,
    Boolean,
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
    false,
    true,
)

from service.domain.policy.thresholds import THRESHOLD_NAMES
from service.store.tables.columns import Number, comment_key, id_column, metadata, site_column, time_column

queue = Table(
    "queue",
    metadata,
    id_column(),
    site_column(),
    Column("comment_id", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("priority", Float, nullable=False),
    # The terms that add up to the priority, to show them on the page.
    Column("priority_parts", JSON, nullable=True),
    Column("urgent", Boolean, nullable=False),
    time_column("entered_at"),
    # The order of the queue, smallest first. It combines priority and time of entry, so it need not be updated.
    Column("sort_key", Float, nullable=False, server_default="0"),
    # Escalated comments are for editors only.
    Column("escalated", Boolean, nullable=False, server_default=false()),
    # A comment has an entry for each reason why it waits. The primary one represents it where it is shown once.
    Column("is_primary", Boolean, nullable=False, server_default=true()),
    # Copies of values that moderators filter by, so that filtering a hundred thousand rows needs no join.
    Column("article_id", String(255), nullable=False, server_default=""),
    Column("author_id", String(255), nullable=True),
    Column("language", String(16), nullable=False, server_default=""),
    Column("findings", Text, nullable=False, server_default=""),
    *(Column(name, Float, nullable=True) for name in THRESHOLD_NAMES),
    comment_key(),
    CheckConstraint("kind IN ('held', 'reported', 'audit', 'appeal')", name="kind"),
    # A comment has at most one entry of each kind. It is deleted when the comment is decided.
    UniqueConstraint("site", "comment_id", "kind"),
    Index("ix_queue_all", "site", "escalated", "is_primary", "sort_key", "id"),
    Index("ix_queue_kind", "site", "escalated", "kind", "sort_key", "id"),
    # A covering index: counting reads only the index and not the rows.
    Index("ix_queue_counts", "site", "escalated", "kind", "is_primary"),
    Index(None, "site", "language"),
    Index(None, "site", "author_id"),
)

# A claim reserves a comment for one user until it expires, so that no two people review it at once.
claims = Table(
    "claims",
    metadata,
    Column("site", String(64), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False),
    time_column("expires_at"),
    comment_key(),
    Index(None, "user_id"),
)

# A verdict is what a person has decided about a comment.
verdicts = Table(
    "verdicts",
    metadata,
    id_column(),
    site_column(),
    Column("comment_id", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(32), nullable=True),
    Column("note", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("source", String(32), nullable=False),
    # Why the comment was in the queue: the kinds of the entries that this verdict closed.
    Column("queue_kinds", JSON, nullable=False),
    # The decision that was reviewed, and the probability with which it was selected for review.
    Column("decision_id", Number, ForeignKey("decisions.id"), nullable=False),
    Column("sampling_probability", Float, nullable=False),
    time_column("decided_at"),
    comment_key(),
    CheckConstraint("outcome IN ('approve', 'reject')", name="outcome"),
    Index(None, "site", "comment_id", "id"),
    Index(None, "site", "decided_at"),
    sqlite_autoincrement=True,
)

# An action is one click or key press, which decides one comment or many. Rows stay while it can be undone.
actions = Table(
    "actions",
    metadata,
    id_column(),
    site_column(),
    Column("by", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    time_column("decided_at"),
    time_column("undoable_until"),
    time_column("undone_at", nullable=True),
    Index(None, "site", "undoable_until"),
    sqlite_autoincrement=True,
)

action_items = Table(
    "action_items",
    metadata,
    Column("action_id", Number, ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True),
    Column("comment_id", String(255), primary_key=True),
    Column("verdict_id", Number, nullable=False),
    # State, queue entries and open appeals before the action, without any text.
    Column("before", JSON, nullable=False),
)

# Some decided comments are reviewed again by a second person, who does not see the first verdict. Second reviews
# measure agreement. They change no comment, and no model is trained on them.
second_reviews = Table(
    "second_reviews",
    metadata,
    id_column(),
    site_column(),
    Column("comment_id", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("verdict_id", Number, ForeignKey("verdicts.id"), nullable=False, unique=True),
    Column("first_by", Text, nullable=False),
    Column("sampling_probability", Float, nullable=False),
    time_column("requested_at"),
    Column("outcome", String(16), nullable=True),
    Column("reason", String(32), nullable=True),
    Column("by", Text, nullable=True),
    time_column("decided_at", nullable=True),
    comment_key(),
    CheckConstraint("outcome IN ('approve', 'reject')", name="outcome"),
    Index(None, "site", "requested_at"),
    sqlite_autoincrement=True,
)

reports = Table(
    "reports",
    metadata,
    id_column(),
    site_column(),
    Column("comment_id", String(255), nullable=False),
    Column("reporter", String(255), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("note", Text, nullable=False),
    time_column("reported_at"),
    comment_key(),
    # A second report by the same reader is not counted.
    UniqueConstraint("site", "comment_id", "reporter"),
)

appeals = Table(
    "appeals",
    metadata,
    id_column(),
    site_column(),
    Column("comment_id", String(255), nullable=False),
    Column("statement", Text, nullable=False),
    Column("outcome", String(16), nullable=True),
    time_column("appealed_at"),
    time_column("decided_at", nullable=True),
    comment_key(),
    Index(None, "site", "comment_id"),
)

# Comments that a moderator has handed to the editors, who may inform the police or a help line.
escalations = Table(
    "escalations",
    metadata,
    id_column(),
    site_column(),
    Column("comment_id", String(255), nullable=False),
    Column("topic", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("by", Text, nullable=False),
    time_column("at"),
    time_column("closed_at", nullable=True),
    comment_key(),
    CheckConstraint("topic IN ('threat', 'self_harm', 'legal', 'other')", name="topic"),
    Index(None, "site", "comment_id"),
    sqlite_autoincrement=True,
)

# The instructions of a site's editors for a topic, such as a threat.
procedures = Table(
    "procedures",
    metadata,
    Column("site", String(64), ForeignKey("sites.id"), primary_key=True),
    Column("topic", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    time_column("saved_at"),
)

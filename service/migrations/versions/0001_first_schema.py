"""The first schema: every table of release 0.1.0."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite numbers rows by itself only in a column declared INTEGER.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for create_table in TABLES.values():
        create_table()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_index(op.f("ix_idempotency_keys_site_subject"), "idempotency_keys", ["site", "subject"], unique=False)


def _create_sites() -> None:
    op.create_table(
        "sites",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), server_default="en", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
    )


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )


def _create_actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoable_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_actions_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_actions_site_undoable_until"), "actions", ["site", "undoable_until"], unique=False)


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("section", sa.String(length=255), nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("editor_mode", sa.String(length=16), nullable=True),
        sa.Column("encoder", sa.String(length=64), nullable=True),
        sa.Column("title_vector", sa.LargeBinary(), nullable=True),
        sa.Column("passage_vectors", sa.LargeBinary(), nullable=True),
        sa.Column("passage_spans", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_articles_site")),
        sa.PrimaryKeyConstraint("site", "id", name=op.f("pk_articles")),
    )
    op.create_index(op.f("ix_articles_site_section"), "articles", ["site", "section"], unique=False)
    op.create_index(op.f("ix_articles_site_url"), "articles", ["site", "url"], unique=False)


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_audit_log_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_site_at"), "audit_log", ["site", "at"], unique=False)
    op.create_index(op.f("ix_audit_log_site_subject"), "audit_log", ["site", "subject"], unique=False)


def _create_authors() -> None:
    op.create_table(
        "authors",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("trust", sa.String(length=16), nullable=False),
        sa.Column("trust_note", sa.Text(), server_default="", nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_authors_site")),
        sa.PrimaryKeyConstraint("site", "id", name=op.f("pk_authors")),
    )


def _create_comments() -> None:
    op.create_table(
        "comments",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("article_id", sa.String(length=255), nullable=False),
        sa.Column("parent_id", sa.String(length=255), nullable=True),
        sa.Column("author_id", sa.String(length=255), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("awaits_article", sa.Boolean(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('approved', 'held', 'rejected', 'erased')", name=op.f("ck_comments_state")),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_comments_site")),
        sa.PrimaryKeyConstraint("site", "id", name=op.f("pk_comments")),
    )
    op.create_index(
        op.f("ix_comments_site_article_id_posted_at"), "comments", ["site", "article_id", "posted_at"], unique=False
    )
    op.create_index(op.f("ix_comments_site_author_id_state"), "comments", ["site", "author_id", "state"], unique=False)
    op.create_index(op.f("ix_comments_site_parent_id"), "comments", ["site", "parent_id"], unique=False)
    op.create_index(op.f("ix_comments_site_received_at"), "comments", ["site", "received_at"], unique=False)
    op.create_index(
        op.f("ix_comments_site_state_received_at"), "comments", ["site", "state", "received_at"], unique=False
    )


def _create_coral_connections() -> None:
    op.create_table(
        "coral_connections",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("graphql_url", sa.Text(), nullable=True),
        sa.Column("graphql_token", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_coral_connections_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coral_connections")),
    )


def _create_endpoints() -> None:
    op.create_table(
        "endpoints",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("previous_secret", sa.Text(), nullable=True),
        sa.Column("previous_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_types", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("throttled_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_endpoints_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoints")),
    )


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_events_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_created_at"), "events", ["created_at"], unique=False)
    op.create_index(op.f("ix_events_site_comment_id"), "events", ["site", "comment_id"], unique=False)


def _create_guidelines() -> None:
    op.create_table(
        "guidelines",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_guidelines_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidelines")),
    )
    op.create_index(op.f("ix_guidelines_site_reason_id"), "guidelines", ["site", "reason", "id"], unique=False)


def _create_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_memberships_site")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("user_id", "site", name=op.f("pk_memberships")),
    )


def _create_policies() -> None:
    op.create_table(
        "policies",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_policies_site")),
        sa.PrimaryKeyConstraint("site", "version", name=op.f("pk_policies")),
    )


def _create_procedures() -> None:
    op.create_table(
        "procedures",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_procedures_site")),
        sa.PrimaryKeyConstraint("site", "topic", name=op.f("pk_procedures")),
    )


def _create_section_modes() -> None:
    op.create_table(
        "section_modes",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("section", sa.String(length=255), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_section_modes_site")),
        sa.PrimaryKeyConstraint("site", "section", name=op.f("pk_section_modes")),
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_sessions_site")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_sessions")),
    )


def _create_sign_in_links() -> None:
    op.create_table(
        "sign_in_links",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_links_user_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_sign_in_links")),
    )


def _create_site_models() -> None:
    op.create_table(
        "site_models",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("gate_report", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('candidate', 'refused', 'live', 'retired', 'discarded')", name=op.f("ck_site_models_state")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_site_models_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_models")),
        sa.UniqueConstraint("site", "version", name=op.f("uq_site_models_site_version")),
    )


def _create_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_tokens_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_tokens_secret_hash")),
    )


def _create_action_items() -> None:
    op.create_table(
        "action_items",
        sa.Column("action_id", NUMBER, nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("verdict_id", NUMBER, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["actions.id"], name=op.f("fk_action_items_action_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("action_id", "comment_id", name=op.f("pk_action_items")),
    )


def _create_appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_appeals_site_comment_id")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_appeals_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    op.create_index(op.f("ix_appeals_site_comment_id"), "appeals", ["site", "comment_id"], unique=False)


def _create_article_fetches() -> None:
    op.create_table(
        "article_fetches",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=255), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site", "article_id"], ["articles.site", "articles.id"], name=op.f("fk_article_fetches_site_article_id")
        ),
        sa.PrimaryKeyConstraint("site", "article_id", name=op.f("pk_article_fetches")),
    )
    op.create_index(op.f("ix_article_fetches_due_at"), "article_fetches", ["due_at"], unique=False)


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_claims_site_comment_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_claims_user_id")),
        sa.PrimaryKeyConstraint("site", "comment_id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_user_id"), "claims", ["user_id"], unique=False)


def _create_coral_events() -> None:
    op.create_table(
        "coral_events",
        sa.Column("connection_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["coral_connections.id"], name=op.f("fk_coral_events_connection_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "id", name=op.f("pk_coral_events")),
    )
    op.create_index(op.f("ix_coral_events_due_at"), "coral_events", ["due_at"], unique=False)


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("endpoint_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'delivered', 'failed')", name=op.f("ck_deliveries_state")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], name=op.f("fk_deliveries_endpoint_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_deliveries_event_id")),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_deliveries_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("event_id", "endpoint_id", name=op.f("uq_deliveries_event_id_endpoint_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_deliveries_endpoint_id_state"), "deliveries", ["endpoint_id", "state"], unique=False)
    op.create_index(op.f("ix_deliveries_site_id"), "deliveries", ["site", "id"], unique=False)
    op.create_index(op.f("ix_deliveries_state_due_at"), "deliveries", ["state", "due_at"], unique=False)


def _create_escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("topic IN ('threat', 'self_harm', 'legal', 'other')", name=op.f("ck_escalations_topic")),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_escalations_site_comment_id")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_escalations_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_escalations_site_comment_id"), "escalations", ["site", "comment_id"], unique=False)


def _create_external_ids() -> None:
    op.create_table(
        "external_ids",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=255), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("synced_verdict", NUMBER, server_default="0", nullable=False),
        sa.Column("sync_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sync_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_external_ids_site_comment_id")
        ),
        sa.PrimaryKeyConstraint("site", "comment_id", name=op.f("pk_external_ids")),
    )
    op.create_index(op.f("ix_external_ids_site_body_hash"), "external_ids", ["site", "body_hash"], unique=False)
    op.create_index(
        op.f("ix_external_ids_site_source_external_id"), "external_ids", ["site", "source", "external_id"], unique=False
    )


def _create_fingerprints() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("band", NUMBER, autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_fingerprints_site_comment_id")
        ),
        sa.PrimaryKeyConstraint("site", "band", "comment_id", name=op.f("pk_fingerprints")),
    )
    op.create_index(op.f("ix_fingerprints_site_comment_id"), "fingerprints", ["site", "comment_id"], unique=False)


def _create_pinned_examples() -> None:
    op.create_table(
        "pinned_examples",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("pinned_by", sa.Text(), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_pinned_examples_site_comment_id")
        ),
        sa.PrimaryKeyConstraint("site", "reason", "comment_id", name=op.f("pk_pinned_examples")),
    )


def _create_queue() -> None:
    op.create_table(
        "queue",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("priority_parts", sa.JSON(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sort_key", sa.Float(), server_default="0", nullable=False),
        sa.Column("escalated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("article_id", sa.String(length=255), server_default="", nullable=False),
        sa.Column("author_id", sa.String(length=255), nullable=True),
        sa.Column("language", sa.String(length=16), server_default="", nullable=False),
        sa.Column("findings", sa.Text(), server_default="", nullable=False),
        sa.Column("toxicity", sa.Float(), nullable=True),
        sa.Column("severe_toxicity", sa.Float(), nullable=True),
        sa.Column("identity_attack", sa.Float(), nullable=True),
        sa.Column("insult", sa.Float(), nullable=True),
        sa.Column("profanity", sa.Float(), nullable=True),
        sa.Column("threat", sa.Float(), nullable=True),
        sa.Column("relevance", sa.Float(), nullable=True),
        sa.Column("coherence", sa.Float(), nullable=True),
        sa.Column("likely_to_reject", sa.Float(), nullable=True),
        sa.CheckConstraint("kind IN ('held', 'reported', 'audit', 'appeal')", name=op.f("ck_queue_kind")),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_queue_site_comment_id")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_queue_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue")),
        sa.UniqueConstraint("site", "comment_id", "kind", name=op.f("uq_queue_site_comment_id_kind")),
    )
    op.create_index("ix_queue_all", "queue", ["site", "escalated", "is_primary", "sort_key", "id"], unique=False)
    op.create_index("ix_queue_counts", "queue", ["site", "escalated", "kind", "is_primary"], unique=False)
    op.create_index("ix_queue_kind", "queue", ["site", "escalated", "kind", "sort_key", "id"], unique=False)
    op.create_index(op.f("ix_queue_site_author_id"), "queue", ["site", "author_id"], unique=False)
    op.create_index(op.f("ix_queue_site_language"), "queue", ["site", "language"], unique=False)


def _create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("reporter", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_reports_site_comment_id")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_reports_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("site", "comment_id", "reporter", name=op.f("uq_reports_site_comment_id_reporter")),
    )


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("encoder", sa.String(length=64), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_revisions_site_comment_id")
        ),
        sa.PrimaryKeyConstraint("site", "comment_id", "revision", name=op.f("pk_revisions")),
    )


def _create_scores() -> None:
    op.create_table(
        "scores",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("site_model", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("abstentions", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_scores_site_comment_id")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_scores_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
    )
    op.create_index(op.f("ix_scores_site_comment_id_id"), "scores", ["site", "comment_id", "id"], unique=False)


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("delivery_id", NUMBER, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_attempts_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_delivery_id"), "attempts", ["delivery_id"], unique=False)


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("score_id", NUMBER, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("thresholds", sa.JSON(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("model_hash", sa.String(length=64), nullable=False),
        sa.Column("sampling_probability", sa.Float(), nullable=False),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["score_id"], ["scores.id"], name=op.f("fk_decisions_score_id")),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_decisions_site_comment_id")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_decisions_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_site_comment_id_id"), "decisions", ["site", "comment_id", "id"], unique=False)
    op.create_index(op.f("ix_decisions_site_decided_at"), "decisions", ["site", "decided_at"], unique=False)


def _create_verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("queue_kinds", sa.JSON(), nullable=False),
        sa.Column("decision_id", NUMBER, nullable=False),
        sa.Column("sampling_probability", sa.Float(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome IN ('approve', 'reject')", name=op.f("ck_verdicts_outcome")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_verdicts_decision_id")),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_verdicts_site_comment_id")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_verdicts_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_verdicts_site_comment_id_id"), "verdicts", ["site", "comment_id", "id"], unique=False)
    op.create_index(op.f("ix_verdicts_site_decided_at"), "verdicts", ["site", "decided_at"], unique=False)


def _create_second_reviews() -> None:
    op.create_table(
        "second_reviews",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("verdict_id", NUMBER, nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("sampling_probability", sa.Float(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('approve', 'reject')", name=op.f("ck_second_reviews_outcome")),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_second_reviews_site_comment_id")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_second_reviews_site")),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name=op.f("fk_second_reviews_verdict_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_reviews")),
        sa.UniqueConstraint("verdict_id", name=op.f("uq_second_reviews_verdict_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_second_reviews_site_requested_at"), "second_reviews", ["site", "requested_at"], unique=False
    )


# In an order in which every table comes after those that it refers to.
TABLES = {
    "idempotency_keys": _create_idempotency_keys,
    "sites": _create_sites,
    "users": _create_users,
    "actions": _create_actions,
    "articles": _create_articles,
    "audit_log": _create_audit_log,
    "authors": _create_authors,
    "comments": _create_comments,
    "coral_connections": _create_coral_connections,
    "endpoints": _create_endpoints,
    "events": _create_events,
    "guidelines": _create_guidelines,
    "memberships": _create_memberships,
    "policies": _create_policies,
    "procedures": _create_procedures,
    "section_modes": _create_section_modes,
    "sessions": _create_sessions,
    "sign_in_links": _create_sign_in_links,
    "site_models": _create_site_models,
    "tokens": _create_tokens,
    "action_items": _create_action_items,
    "appeals": _create_appeals,
    "article_fetches": _create_article_fetches,
    "claims": _create_claims,
    "coral_events": _create_coral_events,
    "deliveries": _create_deliveries,
    "escalations": _create_escalations,
    "external_ids": _create_external_ids,
    "fingerprints": _create_fingerprints,
    "pinned_examples": _create_pinned_examples,
    "queue": _create_queue,
    "reports": _create_reports,
    "revisions": _create_revisions,
    "scores": _create_scores,
    "attempts": _create_attempts,
    "decisions": _create_decisions,
    "verdicts": _create_verdicts,
    "second_reviews": _create_second_reviews,
}

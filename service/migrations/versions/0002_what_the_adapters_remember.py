"""What the adapters remember: where a comment came from, connections to Coral, and what Coral has told."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "origins",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=255), nullable=False),
        sa.Column("foreign_id", sa.String(length=255), nullable=True),
        sa.Column("told_verdict", number, server_default="0", nullable=False),
        sa.Column("told_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f("fk_origins_site_comment_id")
        ),
        sa.PrimaryKeyConstraint("site", "comment_id", name=op.f("pk_origins")),
    )
    op.create_index(op.f("ix_origins_site_body_hash"), "origins", ["site", "body_hash"], unique=False)
    op.create_index(
        op.f("ix_origins_site_source_foreign_id"), "origins", ["site", "source", "foreign_id"], unique=False
    )
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


def downgrade() -> None:
    op.drop_index(op.f("ix_coral_events_due_at"), table_name="coral_events")
    op.drop_table("coral_events")
    op.drop_table("coral_connections")
    op.drop_index(op.f("ix_origins_site_source_foreign_id"), table_name="origins")
    op.drop_index(op.f("ix_origins_site_body_hash"), table_name="origins")
    op.drop_table("origins")

"""The editor's desk: second reviews, guidelines, pinned examples, and comments by day."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_index(op.f("ix_comments_site_received_at"), "comments", ["site", "received_at"], unique=False)
    op.create_table(
        "second_reviews",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("comment_id", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("verdict_id", number, nullable=False),
        sa.Column("first_by", sa.Text(), nullable=False),
        sa.Column("sampling_probability", sa.Float(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
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
    )
    op.create_index(op.f("ix_second_reviews_site_asked_at"), "second_reviews", ["site", "asked_at"], unique=False)
    op.create_table(
        "guidelines",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_guidelines_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidelines")),
    )
    op.create_index(op.f("ix_guidelines_site_reason_id"), "guidelines", ["site", "reason", "id"], unique=False)
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


def downgrade() -> None:
    op.drop_table("pinned_examples")
    op.drop_index(op.f("ix_guidelines_site_reason_id"), table_name="guidelines")
    op.drop_table("guidelines")
    op.drop_index(op.f("ix_second_reviews_site_asked_at"), table_name="second_reviews")
    op.drop_table("second_reviews")
    op.drop_index(op.f("ix_comments_site_received_at"), table_name="comments")

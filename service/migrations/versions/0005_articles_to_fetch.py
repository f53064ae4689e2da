"""Articles whose text is read from their own page."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
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


def downgrade() -> None:
    op.drop_index(op.f("ix_article_fetches_due_at"), table_name="article_fetches")
    op.drop_table("article_fetches")

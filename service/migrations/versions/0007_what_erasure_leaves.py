"""What erasure looks up gets indexes, and what earlier releases left of erased comments goes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_fingerprints_site_comment_id"), "fingerprints", ["site", "comment_id"], unique=False)
    op.create_index(op.f("ix_answers_site_subject"), "answers", ["site", "subject"], unique=False)
    op.create_index(op.f("ix_answers_created_at"), "answers", ["created_at"], unique=False)
    _forget_hashes()
    _forget_where_authors_were_seen()


def downgrade() -> None:
    # What is forgotten stays so.
    op.drop_index(op.f("ix_answers_created_at"), table_name="answers")
    op.drop_index(op.f("ix_answers_site_subject"), table_name="answers")
    op.drop_index(op.f("ix_fingerprints_site_comment_id"), table_name="fingerprints")


def _forget_hashes() -> None:
    """A hash of words without a key tells who guesses them that they were written."""
    comments = sa.table("comments", sa.column("state"), sa.column("content_hash"))
    op.execute(sa.update(comments).where(comments.c.state == "erased").values(content_hash=""))


def _forget_where_authors_were_seen() -> None:
    """Which comment an author was trusted or suspended at says who wrote it, even when it is erased."""
    log = sa.table("audit_log", sa.column("id"), sa.column("action"), sa.column("facts", sa.JSON))
    connection = op.get_bind()
    for number, facts in connection.execute(sa.select(log.c.id, log.c.facts).where(log.c.action == "author.trust")):
        kept = {name: fact for name, fact in facts.items() if name != "seen_at"}
        connection.execute(sa.update(log).where(log.c.id == number).values(facts=kept))

"""The review desk."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCORES = (
    "toxicity", "severe_toxicity", "identity_attack", "insult", "profanity", "threat",
    "relevance", "coherence", "likely_to_reject",
)  # fmt: skip
AGE_PER_HOUR = 0.5 / 24


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.add_column("articles", sa.Column("set_mode", sa.String(16), nullable=True))
    op.create_index(op.f("ix_articles_site_section"), "articles", ["site", "section"])
    op.create_index(op.f("ix_comments_site_parent_id"), "comments", ["site", "parent_id"])
    _widen_queue()
    op.create_table(
        "claims",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("comment_id", sa.String(255), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("until", moment, nullable=False),
        _to_comment("claims"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_claims_person_id")),
        sa.PrimaryKeyConstraint("site", "comment_id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_person_id"), "claims", ["person_id"])
    op.create_table(
        "strokes",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("undone_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_strokes_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strokes")),
    )
    op.create_index(op.f("ix_strokes_site_until"), "strokes", ["site", "until"])
    op.create_table(
        "stroke_steps",
        sa.Column("stroke_id", number, nullable=False),
        sa.Column("comment_id", sa.String(255), nullable=False),
        sa.Column("verdict_id", number, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stroke_id"], ["strokes.id"], ondelete="CASCADE", name=op.f("fk_stroke_steps_stroke_id")
        ),
        sa.PrimaryKeyConstraint("stroke_id", "comment_id", name=op.f("pk_stroke_steps")),
    )
    op.create_table(
        "escalations",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("comment_id", sa.String(255), nullable=False),
        sa.Column("topic", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.CheckConstraint("topic IN ('threat', 'self_harm', 'legal', 'other')", name=op.f("ck_escalations_topic")),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_escalations_site")),
        _to_comment("escalations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index(op.f("ix_escalations_site_comment_id"), "escalations", ["site", "comment_id"])
    op.create_table(
        "contact_steps",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("saved_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_contact_steps_site")),
        sa.PrimaryKeyConstraint("site", "topic", name=op.f("pk_contact_steps")),
    )
    op.create_table(
        "section_modes",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("section", sa.String(255), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name=op.f("fk_section_modes_site")),
        sa.PrimaryKeyConstraint("site", "section", name=op.f("pk_section_modes")),
    )


def downgrade() -> None:
    for table in ("section_modes", "contact_steps", "escalations", "stroke_steps", "strokes", "claims"):
        op.drop_table(table)
    op.drop_index("ix_queue_all", "queue")
    op.drop_index("ix_queue_kind", "queue")
    op.drop_index("ix_queue_counts", "queue")
    op.drop_index(op.f("ix_queue_site_language"), "queue")
    op.drop_index(op.f("ix_queue_site_author_id"), "queue")
    for name in (*reversed(SCORES), *(column.name for column in reversed(_queue_columns()))):
        op.drop_column("queue", name)
    op.create_index(op.f("ix_queue_site_priority_id"), "queue", ["site", "priority", "id"])
    op.drop_index(op.f("ix_comments_site_parent_id"), "comments")
    op.drop_index(op.f("ix_articles_site_section"), "articles")
    op.drop_column("articles", "set_mode")


def _to_comment(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["site", "comment_id"], ["comments.site", "comments.id"], name=op.f(f"fk_{table}_site_comment_id")
    )


def _queue_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("parts", sa.JSON(), nullable=True),
        sa.Column("place", sa.Float(), nullable=False, server_default="0"),
        sa.Column("escalated", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("leads", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("article_id", sa.String(255), nullable=False, server_default=""),
        sa.Column("author_id", sa.String(255), nullable=True),
        sa.Column("language", sa.String(16), nullable=False, server_default=""),
        sa.Column("findings", sa.Text(), nullable=False, server_default=""),
    ]


def _widen_queue() -> None:
    for column in (*_queue_columns(), *(sa.Column(name, sa.Float(), nullable=True) for name in SCORES)):
        op.add_column("queue", column)
    _fill_queue(op.get_bind())
    op.drop_index(op.f("ix_queue_site_priority_id"), "queue")
    op.create_index("ix_queue_all", "queue", ["site", "escalated", "leads", "place", "id"])
    op.create_index("ix_queue_kind", "queue", ["site", "escalated", "kind", "place", "id"])
    op.create_index("ix_queue_counts", "queue", ["site", "escalated", "kind", "leads"])
    op.create_index(op.f("ix_queue_site_language"), "queue", ["site", "language"])
    op.create_index(op.f("ix_queue_site_author_id"), "queue", ["site", "author_id"])


def _fill_queue(connection: sa.Connection) -> None:
    """Gives the entries that wait already what new ones are given when they enter."""
    metadata = sa.MetaData()
    tables = ("queue", "comments", "scores", "decisions")
    queue, comments, scores, decisions = (sa.Table(name, metadata, autoload_with=connection) for name in tables)
    waiting = connection.execute(
        sa.select(queue.c.id, queue.c.site, queue.c.comment_id, queue.c.priority, queue.c.entered_at).order_by(
            queue.c.site, queue.c.comment_id, queue.c.priority.desc(), queue.c.id
        )
    ).all()
    seen: set[tuple[str, str]] = set()
    for row in waiting:
        here = (row.site, row.comment_id)
        own = connection.execute(
            sa.select(comments.c.article_id, comments.c.author_id).where(
                comments.c.site == here[0], comments.c.id == here[1]
            )
        ).one()
        facts = _newest(connection, scores, (scores.c.scores, scores.c.language), here)
        found = _newest(connection, decisions, (decisions.c.findings,), here)
        values = {
            "place": _hours(row.entered_at) * AGE_PER_HOUR - row.priority,
            "leads": here not in seen,
            "article_id": own.article_id,
            "author_id": own.author_id,
            "language": facts[1] if facts else "",
            "findings": " ".join(["", *(finding["code"] for finding in found[0]), ""]) if found else "",
            **{name: facts[0].get(name) for name in SCORES if facts},
        }
        connection.execute(sa.update(queue).where(queue.c.id == row.id).values(values))
        seen.add(here)


def _newest(
    connection: sa.Connection, table: sa.Table, columns: Iterable[sa.Column[Any]], here: tuple[str, str]
) -> Any:
    query = sa.select(*columns).where(table.c.site == here[0], table.c.comment_id == here[1])
    return connection.execute(query.order_by(table.c.id.desc()).limit(1)).one_or_none()


def _hours(then: datetime) -> float:
    # SQLite keeps no zone; all times are UTC.
    return (then if then.tzinfo else then.replace(tzinfo=UTC)).timestamp() / 3_600

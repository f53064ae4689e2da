"""Threads: a comment, the comments that it replies to, and its replies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from service.domain.states import CommentState
from service.store.joins import article_of, author_of, current_revision
from service.store.row_mapping import row_as_dict
from service.store.tables import articles, authors, comments, revisions

MAX_THREAD_COMMENTS = 500
"""A thread is cut off after this many comments, so that one long thread cannot slow down a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedComment:
    """A comment that is shown next to another one: it belongs to the same thread or is a near-duplicate."""

    id: str
    parent_id: str | None
    state: CommentState
    author_name: str | None
    article_title: str | None
    posted_at: datetime
    text: str


def list_related_comments(connection: Connection, *, site: str, comment_ids: Collection[str]) -> list[RelatedComment]:
    """Return the comments with these ids, oldest first. Erased and unknown comments are left out."""
    query = (
        select(
            comments.c.id,
            comments.c.parent_id,
            comments.c.state,
            comments.c.posted_at,
            revisions.c.text,
            authors.c.name.label("author_name"),
            articles.c.title.label("article_title"),
        )
        .join(revisions, current_revision())
        .outerjoin(articles, article_of(comments))
        .outerjoin(authors, author_of(comments))
        .where(comments.c.site == site, comments.c.id.in_(comment_ids), comments.c.erased_at.is_(None))
        .order_by(comments.c.posted_at, comments.c.id)
    )
    return [RelatedComment(**row_as_dict(row, state=CommentState(row.state))) for row in connection.execute(query)]


def list_ancestors(connection: Connection, *, site: str, parent_id: str | None, limit: int) -> list[str]:
    """Return at most `limit` ids: the parent, the parent's parent and so on."""
    ancestors: list[str] = []
    # Clients send the parent's id, and the parent may arrive later. So two comments can be each other's parent.
    # The loop ends where an id appears for the second time.
    while parent_id is not None and len(ancestors) < limit and parent_id not in ancestors:
        ancestors.append(parent_id)
        query = select(comments.c.parent_id).where(comments.c.site == site, comments.c.id == parent_id)
        parent_id = connection.execute(query).scalar_one_or_none()
    return ancestors


def list_thread(connection: Connection, *, site: str, root: str) -> list[str]:
    """Return the ids of the root, its replies, their replies and so on: at most MAX_THREAD_COMMENTS."""
    # A recursive query. It starts with the root and its direct replies, and then adds the replies to every comment that
    # is in the thread so far, until there are no more. The root itself may be unknown although its replies are stored.
    is_start = or_(comments.c.id == root, comments.c.parent_id == root)
    thread = select(comments.c.id).where(comments.c.site == site, is_start).cte("thread", recursive=True)
    replies = select(comments.c.id).join(thread, comments.c.parent_id == thread.c.id).where(comments.c.site == site)
    # UNION drops ids that were found before, so that a cycle ends. UNION ALL would run forever.
    return list(connection.scalars(select(thread.union(replies).c.id).limit(MAX_THREAD_COMMENTS)))

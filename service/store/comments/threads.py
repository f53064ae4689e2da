"""Threads: the comments that a comment answers, and those that answer it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from service.domain.states import CommentState
from service.store.joins import article_of, author_of, current_revision
from service.store.row_mapping import row_as_dict
from service.store.tables import articles, authors, comments, revisions

MAX_RELATED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another comment as a list shows it."""

    id: str
    parent_id: str | None
    state: CommentState
    author_name: str | None
    article_title: str | None
    posted_at: datetime
    text: str


def list_neighbours(connection: Connection, *, site: str, comment_ids: Collection[str]) -> list[Neighbour]:
    """Return these comments, oldest first, without erased ones."""
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
    return [Neighbour(**{**row_as_dict(row), "state": CommentState(row.state)}) for row in connection.execute(query)]


def list_ancestors(connection: Connection, *, site: str, parent_id: str | None, limit: int) -> list[str]:
    """Return the ids of the parent, its parent and so on, the nearest first."""
    ancestors: list[str] = []
    # A cycle ends where an id appears for the second time.
    while parent_id is not None and len(ancestors) < limit and parent_id not in ancestors:
        ancestors.append(parent_id)
        query = select(comments.c.parent_id).where(comments.c.site == site, comments.c.id == parent_id)
        parent_id = connection.execute(query).scalar_one_or_none()
    return ancestors


def list_thread(connection: Connection, *, site: str, root: str) -> list[str]:
    """Return the ids of the root and of everything below it, at most MAX_RELATED."""
    # The replies may be known although the root itself is not.
    top = select(comments.c.id).where(comments.c.site == site, or_(comments.c.id == root, comments.c.parent_id == root))
    thread = top.cte("thread", recursive=True)
    below = select(comments.c.id).join(thread, comments.c.parent_id == thread.c.id).where(comments.c.site == site)
    # UNION, not UNION ALL: it removes ids that were found before, so that a cycle ends.
    return list(connection.scalars(select(thread.union(below).c.id).limit(MAX_RELATED)))

"""Threads and near-copies: the comments around one, found by what they answer or by what they repeat."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from service.store.comments.comments import State
from service.store.tables import articles, authors, comments, fingerprints, revisions, row_as_dict

MAX_RELATED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another comment, as far as a list shows it."""

    id: str
    parent_id: str | None
    state: State
    author_name: str | None
    article_title: str | None
    posted_at: datetime
    text: str


def list_neighbours(connection: Connection, *, site: str, comment_ids: Collection[str]) -> list[Neighbour]:
    """These comments, oldest first; erased ones are left out."""
    current = and_(
        revisions.c.site == comments.c.site,
        revisions.c.comment_id == comments.c.id,
        revisions.c.revision == comments.c.revision,
    )
    query = (
        select(
            comments.c.id, comments.c.parent_id, comments.c.state, comments.c.posted_at, revisions.c.text,
            authors.c.name.label("author_name"), articles.c.title.label("article_title"),
        )
        .join(revisions, current)
        .outerjoin(articles, and_(articles.c.site == comments.c.site, articles.c.id == comments.c.article_id))
        .outerjoin(authors, and_(authors.c.site == comments.c.site, authors.c.id == comments.c.author_id))
        .where(comments.c.site == site, comments.c.id.in_(comment_ids), comments.c.erased_at.is_(None))
        .order_by(comments.c.posted_at, comments.c.id)
    )  # fmt: skip
    return [Neighbour(**{**row_as_dict(row), "state": State(row.state)}) for row in connection.execute(query)]


def list_ancestors(connection: Connection, *, site: str, parent_id: str | None, most: int) -> list[str]:
    """The ids of what is answered, the nearest first."""
    found: list[str] = []
    while parent_id is not None and len(found) < most and parent_id not in found:
        found.append(parent_id)
        query = select(comments.c.parent_id).where(comments.c.site == site, comments.c.id == parent_id)
        parent_id = connection.execute(query).scalar_one_or_none()
    return found


def list_thread(connection: Connection, *, site: str, root: str) -> list[str]:
    """The root's id and those of everything below it, at most MAX_RELATED, however deep; a circle ends by itself."""
    # The root may be a comment that is not known here, while its replies are.
    top = select(comments.c.id).where(comments.c.site == site, or_(comments.c.id == root, comments.c.parent_id == root))
    thread = top.cte("thread", recursive=True)
    below = select(comments.c.id).join(thread, comments.c.parent_id == thread.c.id).where(comments.c.site == site)
    # UNION and not UNION ALL: what was found is not followed again.
    return list(connection.scalars(select(thread.union(below).c.id).limit(MAX_RELATED)))


def read_fingerprint(connection: Connection, *, site: str, comment_id: str) -> int | None:
    """The fingerprint of a comment's newest wording; short ones have none."""
    query = select(fingerprints.c.fingerprint).where(
        fingerprints.c.site == site, fingerprints.c.comment_id == comment_id
    )
    return connection.execute(query.limit(1)).scalar_one_or_none()

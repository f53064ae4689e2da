"""Current texts of comments, for lists that quote them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.store.joins import article_of, current_revision
from service.store.tables import articles, comments, revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentText:
    """A comment's current text, to quote it in a list. The title is None if the CMS has not sent the article."""

    comment_id: str
    text: str
    article_title: str | None
    received_at: datetime


def read_comment_texts(connection: Connection, *, site: str, comment_ids: Collection[str]) -> dict[str, CommentText]:
    """Return the current texts of these comments by id. Erased comments are left out."""
    query = (
        select(comments.c.id, revisions.c.text, articles.c.title, comments.c.received_at)
        .join(revisions, current_revision())
        .outerjoin(articles, article_of(comments))
        .where(comments.c.site == site, comments.c.id.in_(comment_ids), comments.c.erased_at.is_(None))
    )
    return {
        row[0]: CommentText(comment_id=row[0], text=row[1], article_title=row[2], received_at=row[3])
        for row in connection.execute(query)
    }

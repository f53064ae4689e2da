"""Ids and text hashes of comments in other systems. With them, a later request of such a system finds its comment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from service.store.joins import comment_of
from service.store.row_mapping import record_as_dict, row_as_dict
from service.store.tables import comments, external_ids
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalId:
    """A comment that arrived through an adapter for another system.

    `source` names the adapter, and `page` is the id of the article's page. `external_id` is the comment's id in the
    other system, if that has sent one.
    """

    comment_id: str
    source: str
    body_hash: str
    page: str
    external_id: str | None
    created_at: datetime


def record_external_id(connection: Connection, *, site: str, external_id: ExternalId) -> None:
    """Add the row of a comment. If there is one, only update the hash of its text."""
    known = find_external_id(connection, site=site, comment_id=external_id.comment_id)
    if known is None:
        insert_new(connection, external_ids, {"site": site, **record_as_dict(external_id)})
    elif known.body_hash != external_id.body_hash:
        is_row = (external_ids.c.site == site) & (external_ids.c.comment_id == external_id.comment_id)
        connection.execute(update(external_ids).where(is_row).values(body_hash=external_id.body_hash))


def find_by_external_id(connection: Connection, *, site: str, source: str, external_id: str) -> str | None:
    """Return our id of the comment with this id in the other system. If edits have made several, return the newest."""
    query = select(external_ids.c.comment_id).where(
        external_ids.c.site == site, external_ids.c.source == source, external_ids.c.external_id == external_id
    )
    return connection.execute(query.order_by(external_ids.c.created_at.desc()).limit(1)).scalar_one_or_none()


def find_by_body(
    connection: Connection, *, site: str, body_hash: str, page: str | None = None, external_id: str | None = None
) -> str | None:
    """Return our id of the newest comment with this text.

    With `page`, only comments on that page match. With `external_id`, a comment with another external id does not.
    """
    query = select(external_ids.c.comment_id).where(external_ids.c.site == site, external_ids.c.body_hash == body_hash)
    if page is not None:
        query = query.where(external_ids.c.page == page)
    if external_id is not None:
        query = query.where(external_ids.c.external_id.is_(None) | (external_ids.c.external_id == external_id))
    return connection.execute(query.order_by(external_ids.c.created_at.desc()).limit(1)).scalar_one_or_none()


def list_recent(
    connection: Connection, *, site: str, source: str, article_id: str, author_id: str, since: datetime
) -> list[str]:
    """Return our ids of an author's comments on an article that arrived through one adapter since a time."""
    query = (
        select(comments.c.id)
        .join(external_ids, comment_of(external_ids))
        .where(
            comments.c.site == site,
            comments.c.author_id == author_id,
            comments.c.article_id == article_id,
            comments.c.received_at >= since,
            external_ids.c.source == source,
        )
    )
    return list(connection.scalars(query))


def find_external_id(connection: Connection, *, site: str, comment_id: str) -> ExternalId | None:
    """Return the row of this comment, if it arrived through an adapter."""
    columns = [external_ids.c[name] for name in ExternalId.__slots__]
    query = select(*columns).where(external_ids.c.site == site, external_ids.c.comment_id == comment_id)
    row = connection.execute(query).one_or_none()
    return ExternalId(**row_as_dict(row)) if row else None


def set_external_id(connection: Connection, *, site: str, comment_id: str, external_id: str) -> None:
    """Record the comment's id in the other system."""
    is_row = (external_ids.c.site == site) & (external_ids.c.comment_id == comment_id)
    connection.execute(update(external_ids).where(is_row).values(external_id=external_id))

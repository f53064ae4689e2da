"""Origins: where comments came in through an adapter, and what they are called there, for later word about them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from service.store.row_mapping import record_facts
from service.store.tables import comments, external_ids, row_as_dict
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalId:
    """How one comment arrived; `page` is the id of its page or empty, `external_id` its id in the other system."""

    comment_id: str
    source: str
    body_hash: str
    page: str
    external_id: str | None
    created_at: datetime


def record_external_id(connection: Connection, *, site: str, external_id: ExternalId) -> None:
    """Notes where a comment came from; of one that is noted already, only which words it has now."""
    known = find_external_id(connection, site=site, comment_id=external_id.comment_id)
    if known is None:
        insert_new(connection, external_ids, {"site": site, **record_facts(external_id)})
    elif known.body_hash != external_id.body_hash:
        this = (external_ids.c.site == site) & (external_ids.c.comment_id == external_id.comment_id)
        connection.execute(update(external_ids).where(this).values(body_hash=external_id.body_hash))


def find_by_external_id(connection: Connection, *, site: str, source: str, external_id: str) -> str | None:
    """Our id of the comment that `source` calls so; the newest, if an edit made several."""
    query = select(external_ids.c.comment_id).where(
        external_ids.c.site == site, external_ids.c.source == source, external_ids.c.external_id == external_id
    )
    return connection.execute(query.order_by(external_ids.c.created_at.desc()).limit(1)).scalar_one_or_none()


def find_by_body(
    connection: Connection, *, site: str, body_hash: str, page: str | None = None, external_id: str | None = None
) -> str | None:
    """Our id of the newest comment with these words: on this page where one is given, under no other id."""
    query = select(external_ids.c.comment_id).where(external_ids.c.site == site, external_ids.c.body_hash == body_hash)
    if page is not None:
        query = query.where(external_ids.c.page == page)
    if external_id is not None:
        query = query.where(external_ids.c.external_id.is_(None) | (external_ids.c.external_id == external_id))
    return connection.execute(query.order_by(external_ids.c.created_at.desc()).limit(1)).scalar_one_or_none()


def list_recent(
    connection: Connection, *, site: str, source: str, article_id: str, author_id: str, since: datetime
) -> list[str]:
    """Our ids of what this author (as kept) has written under an article since a time, over one adapter."""
    query = (
        select(comments.c.id)
        .join(external_ids, (external_ids.c.site == comments.c.site) & (external_ids.c.comment_id == comments.c.id))
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
    """Where this comment came from."""
    columns = [external_ids.c[name] for name in ExternalId.__slots__]
    query = select(*columns).where(external_ids.c.site == site, external_ids.c.comment_id == comment_id)
    row = connection.execute(query).one_or_none()
    return ExternalId(**row_as_dict(row)) if row else None


def set_external_id(connection: Connection, *, site: str, comment_id: str, external_id: str) -> None:
    """Notes what the other system calls this comment."""
    this = (external_ids.c.site == site) & (external_ids.c.comment_id == comment_id)
    connection.execute(update(external_ids).where(this).values(external_id=external_id))

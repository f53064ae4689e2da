"""Origins: where comments came in through an adapter, and what they are called there, for later word about them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from service.store.row_mapping import record_facts
from service.store.tables import comments, origins, row_facts
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How one comment arrived; `page` is the id of its page or empty, `foreign_id` its id in the other system."""

    comment_id: str
    source: str
    body_hash: str
    page: str
    foreign_id: str | None
    created_at: datetime


def note_origin(connection: Connection, *, site: str, origin: Origin) -> None:
    """Notes where a comment came from; of one that is noted already, only which words it has now."""
    known = find_origin(connection, site=site, comment_id=origin.comment_id)
    if known is None:
        insert_new(connection, origins, {"site": site, **record_facts(origin)})
    elif known.body_hash != origin.body_hash:
        this = (origins.c.site == site) & (origins.c.comment_id == origin.comment_id)
        connection.execute(update(origins).where(this).values(body_hash=origin.body_hash))


def find_by_foreign_id(connection: Connection, *, site: str, source: str, foreign_id: str) -> str | None:
    """Our id of the comment that `source` calls so; the newest, if an edit made several."""
    query = select(origins.c.comment_id).where(
        origins.c.site == site, origins.c.source == source, origins.c.foreign_id == foreign_id
    )
    return connection.execute(query.order_by(origins.c.created_at.desc()).limit(1)).scalar_one_or_none()


def find_by_body(
    connection: Connection, *, site: str, body_hash: str, page: str | None = None, foreign_id: str | None = None
) -> str | None:
    """Our id of the newest comment with these words: on this page where one is given, under no other id."""
    query = select(origins.c.comment_id).where(origins.c.site == site, origins.c.body_hash == body_hash)
    if page is not None:
        query = query.where(origins.c.page == page)
    if foreign_id is not None:
        query = query.where(origins.c.foreign_id.is_(None) | (origins.c.foreign_id == foreign_id))
    return connection.execute(query.order_by(origins.c.created_at.desc()).limit(1)).scalar_one_or_none()


def list_recent(
    connection: Connection, *, site: str, source: str, article_id: str, author_id: str, since: datetime
) -> list[str]:
    """Our ids of what this author (as kept) has written under an article since a time, over one adapter."""
    query = (
        select(comments.c.id)
        .join(origins, (origins.c.site == comments.c.site) & (origins.c.comment_id == comments.c.id))
        .where(
            comments.c.site == site,
            comments.c.author_id == author_id,
            comments.c.article_id == article_id,
            comments.c.received_at >= since,
            origins.c.source == source,
        )
    )
    return list(connection.scalars(query))


def find_origin(connection: Connection, *, site: str, comment_id: str) -> Origin | None:
    """Where this comment came from."""
    columns = [origins.c[name] for name in Origin.__slots__]
    query = select(*columns).where(origins.c.site == site, origins.c.comment_id == comment_id)
    row = connection.execute(query).one_or_none()
    return Origin(**row_facts(row)) if row else None


def set_foreign_id(connection: Connection, *, site: str, comment_id: str, foreign_id: str) -> None:
    """Notes what the other system calls this comment."""
    this = (origins.c.site == site) & (origins.c.comment_id == comment_id)
    connection.execute(update(origins).where(this).values(foreign_id=foreign_id))

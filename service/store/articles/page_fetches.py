"""Which articles wait for their page to be fetched, and which have their text from it; it fetches nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from service.store.tables import article_fetches, row_as_dict
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """An article whose page at `url` is wanted; `attempts` were made so far."""

    site: str
    article_id: str
    url: str
    attempts: int


def add_wish(connection: Connection, *, site: str, article_id: str, url: str, now: datetime) -> None:
    """Wants a page; one that was wanted before, and perhaps given up, stays as it is unless its address is another."""
    fresh = {"url": url, "attempts": 0, "due_at": now, "fetched_at": None}
    if not insert_new(connection, article_fetches, {"site": site, "article_id": article_id, **fresh}):
        is_another = _is(site, article_id) & (article_fetches.c.url != url)
        connection.execute(update(article_fetches).where(is_another).values(fresh))


def drop_wish(connection: Connection, *, site: str, article_id: str) -> None:
    """Wants an article's page no more, and forgets that it was fetched."""
    connection.execute(delete(article_fetches).where(_is(site, article_id)))


def is_fetched(connection: Connection, *, site: str, article_id: str, url: str) -> bool:
    """Whether the article has its text from this page."""
    found = select(article_fetches.c.fetched_at).where(_is(site, article_id), article_fetches.c.url == url)
    return connection.execute(found).scalar_one_or_none() is not None


def list_due(connection: Connection, *, now: datetime, limit: int) -> list[FetchRequest]:
    """Pages that are to be fetched now, the longest due first."""
    columns = [article_fetches.c[name] for name in FetchRequest.__slots__]
    query = select(*columns).where(article_fetches.c.due_at <= now).order_by(article_fetches.c.due_at).limit(limit)
    return [FetchRequest(**row_as_dict(row)) for row in connection.execute(query)]


def take_wish(connection: Connection, wish: FetchRequest, *, now: datetime, next_at: datetime | None) -> bool:
    """Counts an attempt, the next one being due at `next_at`; False where somebody else makes it."""
    is_due = article_fetches.c.due_at <= now
    is_same = (article_fetches.c.url == wish.url) & (article_fetches.c.attempts == wish.attempts)
    taken = update(article_fetches).where(_is(wish.site, wish.article_id), is_due, is_same)
    return connection.execute(taken.values(attempts=wish.attempts + 1, due_at=next_at)).rowcount == 1


def note_fetched(connection: Connection, wish: FetchRequest, *, now: datetime) -> None:
    """The article has its text from the page."""
    done = update(article_fetches).where(_is(wish.site, wish.article_id), article_fetches.c.url == wish.url)
    connection.execute(done.values(due_at=None, fetched_at=now))


def _is(site: str, article_id: str) -> ColumnElement[bool]:
    return and_(article_fetches.c.site == site, article_fetches.c.article_id == article_id)

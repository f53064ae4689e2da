"""Requests to fetch an article's text from its web page. A finished request stays, as a record of where it is from."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from service.store.row_mapping import row_as_dict
from service.store.tables import article_fetches
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """A request to fetch an article's page. `attempts` is the number of attempts so far."""

    site: str
    article_id: str
    url: str
    attempts: int


def add_request(connection: Connection, *, site: str, article_id: str, url: str, now: datetime) -> None:
    """Add a request, or restart it for a new URL. An earlier request for the same URL stays, even if it failed."""
    new = {"url": url, "attempts": 0, "due_at": now, "fetched_at": None}
    if not insert_new(connection, article_fetches, {"site": site, "article_id": article_id, **new}):
        has_other_url = _is_request(site, article_id) & (article_fetches.c.url != url)
        connection.execute(update(article_fetches).where(has_other_url).values(new))


def drop_request(connection: Connection, *, site: str, article_id: str) -> None:
    """Delete the request for an article's page, fetched or not."""
    connection.execute(delete(article_fetches).where(_is_request(site, article_id)))


def is_fetched(connection: Connection, *, site: str, article_id: str, url: str) -> bool:
    """Return whether the article's text was fetched from this page."""
    query = select(article_fetches.c.fetched_at).where(_is_request(site, article_id), article_fetches.c.url == url)
    return connection.execute(query).scalar_one_or_none() is not None


def list_due(connection: Connection, *, now: datetime, limit: int) -> list[FetchRequest]:
    """Return at most `limit` requests that are due, in the order in which they became due."""
    columns = [article_fetches.c[name] for name in FetchRequest.__slots__]
    query = select(*columns).where(article_fetches.c.due_at <= now).order_by(article_fetches.c.due_at).limit(limit)
    return [FetchRequest(**row_as_dict(row)) for row in connection.execute(query)]


def take_request(connection: Connection, request: FetchRequest, *, now: datetime, next_at: datetime | None) -> bool:
    """Count an attempt and set when the next one is due (None: never). Return False if another worker was faster.

    A worker calls this before it fetches the page. The update only matches while the stored number of attempts is the
    one that the worker has read, so that two workers never fetch the same page at once.
    """
    is_due = article_fetches.c.due_at <= now
    is_unchanged = (article_fetches.c.url == request.url) & (article_fetches.c.attempts == request.attempts)
    statement = update(article_fetches).where(_is_request(request.site, request.article_id), is_due, is_unchanged)
    return connection.execute(statement.values(attempts=request.attempts + 1, due_at=next_at)).rowcount == 1


def mark_fetched(connection: Connection, request: FetchRequest, *, now: datetime) -> None:
    """Record that the article's text was fetched from the page. No further attempt is due."""
    is_request = _is_request(request.site, request.article_id) & (article_fetches.c.url == request.url)
    connection.execute(update(article_fetches).where(is_request).values(due_at=None, fetched_at=now))


def _is_request(site: str, article_id: str) -> ColumnElement[bool]:
    return and_(article_fetches.c.site == site, article_fetches.c.article_id == article_id)

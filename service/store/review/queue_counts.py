"""Counts of waiting comments, and the languages and sections that the queue can be filtered by."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from service.store.review.queue import Kind
from service.store.review.queue_filter import QueueFilter, matches
from service.store.tables import articles, queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of waiting comments. `kinds` and `comments` (each once) are without those that are `escalated`."""

    kinds: dict[Kind, int]
    comments: int
    escalated: int


def count_queue(connection: Connection, *, site: str) -> Counts:
    """Count the comments in the queue."""
    # Each comment has exactly one primary entry, so this sum counts comments. `func.count()` below counts entries.
    comment_count = func.sum(case((queue.c.is_primary, 1), else_=0))
    query = (
        select(queue.c.escalated, queue.c.kind, func.count(), comment_count)
        .where(queue.c.site == site)
        .group_by(queue.c.escalated, queue.c.kind)
    )
    rows = connection.execute(query).all()
    kinds = {row.kind: int(row[2]) for row in rows if not row.escalated}
    return Counts(
        kinds={kind: kinds.get(str(kind), 0) for kind in Kind},
        comments=sum(int(row[3]) for row in rows if not row.escalated),
        escalated=sum(int(row[3]) for row in rows if row.escalated),
    )


def count_matching(
    connection: Connection, *, site: str, kind: Kind | None, queue_filter: QueueFilter, limit: int
) -> int:
    """Count the entries that match a filter. Counting stops at `limit`."""
    matching = select(queue.c.id).where(*matches(site, kind, queue_filter, scan=True)).limit(limit)
    return int(connection.execute(select(func.count()).select_from(matching.subquery())).scalar_one())


def count_waiting(
    connection: Connection, *, site: str, comment_ids: Sequence[str] | None = None, author_id: str | None = None
) -> int:
    """Count the comments, of these ids or by this author, that wait in the queue and are not escalated."""
    query = select(func.count()).where(queue.c.site == site, queue.c.is_primary, ~queue.c.escalated)
    if comment_ids is not None:
        query = query.where(queue.c.comment_id.in_(comment_ids))
    if author_id is not None:
        query = query.where(queue.c.author_id == author_id)
    return int(connection.execute(query).scalar_one())


def list_languages(connection: Connection, *, site: str) -> list[str]:
    """Return the languages of the comments in the queue, in alphabetical order."""
    languages: list[str] = []
    # Each query finds the next language in the index. For few languages, that is faster than SELECT DISTINCT.
    next_language = select(func.min(queue.c.language)).where(queue.c.site == site)
    while True:
        after = languages[-1] if languages else ""
        language = connection.execute(next_language.where(queue.c.language > after)).scalar_one()
        if language is None:
            return languages
        languages.append(language)


def list_sections(connection: Connection, *, site: str) -> list[str]:
    """Return the sections of the site's articles, in alphabetical order."""
    query = select(articles.c.section).where(articles.c.site == site, articles.c.section.is_not(None)).distinct()
    return list(connection.scalars(query.order_by(articles.c.section)))

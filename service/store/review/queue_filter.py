"""The filter of the queue, and its translation to SQL conditions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, select

from service.store.tables import articles, claims, queue


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which entries of the queue to show. A field that is None does not filter.

    `score` is the name of a score, which must be between `low` and `high` (inclusive; 0 and 1 by default). `reason` is
    the code of a finding. With `escalated`, only escalated comments are shown, otherwise only the others.
    """

    section: str | None = None
    article: str | None = None
    reason: str | None = None
    score: str | None = None
    low: float | None = None
    high: float | None = None
    author: str | None = None
    language: str | None = None
    entered_before: datetime | None = None
    entered_after: datetime | None = None
    escalated: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the filter shows all comments that are not escalated."""
        # Without a `score`, `low` has no effect.
        return QueueFilter(low=self.low) == self


def matches(site: str, kind: str | None, queue_filter: QueueFilter, *, scan: bool = False) -> list[ColumnElement[bool]]:
    """Return the conditions that select the entries. Without a kind, they select each comment's primary entry.

    With `scan`, a CASE expression hides the conditions on site, kind and escalation from the query planner, so that it
    uses no index and reads the table in one pass. Under a filter that few rows match, that is much faster than looking
    up row after row in the order of an index.
    """
    is_escalated = queue.c.escalated.is_(queue_filter.escalated)
    of_kind = queue.c.is_primary.is_(True) if kind is None else queue.c.kind == str(kind)
    indexed = [queue.c.site == site, is_escalated, of_kind]
    if scan:
        indexed = [case((and_(*indexed), 1), else_=0) == 1]
    return [*indexed, *_equal(queue_filter), *_between(queue_filter), *_contained(site, queue_filter)]


def is_claimed_by_others(user_id: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition that another user has claimed the entry's comment."""
    query = select(claims.c.comment_id).where(
        claims.c.site == queue.c.site,
        claims.c.comment_id == queue.c.comment_id,
        claims.c.user_id != user_id,
        claims.c.expires_at > now,
    )
    return exists(query)


def _equal(queue_filter: QueueFilter) -> list[ColumnElement[bool]]:
    required: dict[str, Any] = {
        "article_id": queue_filter.article,
        "author_id": queue_filter.author,
        "language": queue_filter.language,
    }
    return [queue.c[name] == value for name, value in required.items() if value is not None]


def _between(queue_filter: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if queue_filter.score is not None:
        column = queue.c[queue_filter.score]
        high = 1.0 if queue_filter.high is None else queue_filter.high
        conditions.append(and_(column >= (queue_filter.low or 0.0), column <= high))
    if queue_filter.entered_before is not None:
        conditions.append(queue.c.entered_at <= queue_filter.entered_before)
    if queue_filter.entered_after is not None:
        conditions.append(queue.c.entered_at >= queue_filter.entered_after)
    return conditions


def _contained(site: str, queue_filter: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if queue_filter.reason is not None:
        # `findings` has a space around each code, see FilterValues.
        conditions.append(queue.c.findings.contains(f" {queue_filter.reason} ", autoescape=True))
    if queue_filter.section is not None:
        in_section = select(articles.c.id).where(articles.c.site == site, articles.c.section == queue_filter.section)
        conditions.append(queue.c.article_id.in_(in_section))
    return conditions

"""The sieve: what a person filters the queue by, and the conditions that make of it; it reads nothing."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, select

from service.store.tables import articles, claims, queue


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What to keep of the queue; whatever is None keeps everything.

    `score` is one of the policy's, kept from `low` to `high`, both included; `reason` is the code of a finding.
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
    def is_open(self) -> bool:
        """Whether it keeps everything that is not with the editors."""
        return all(getattr(self, field.name) in {None, False} for field in fields(self) if field.name != "low")


def conditions(
    site: str, kind: str | None, queue_filter: QueueFilter, *, by_index: bool = True
) -> list[ColumnElement[bool]]:
    """Conditions on entries of the queue; without a kind, on those that stand for their comment.

    Not `by_index`: worded so that the database reads the table through, which is much the faster way to count.
    """
    of_site = queue.c.site == site
    standing = queue.c.escalated.is_(queue_filter.escalated)
    of_kind = queue.c.is_primary.is_(True) if kind is None else queue.c.kind == str(kind)
    first = [of_site, standing, of_kind] if by_index else [case((and_(of_site, standing, of_kind), 1), else_=0) == 1]
    return [*first, *_equal(queue_filter), *_between(queue_filter), *_other(site, queue_filter)]


def is_claimed_by_others(user_id: str, now: datetime) -> ColumnElement[bool]:
    """Whether somebody else is looking at the entry's comment now."""
    query = select(claims.c.comment_id).where(
        claims.c.site == queue.c.site,
        claims.c.comment_id == queue.c.comment_id,
        claims.c.user_id != user_id,
        claims.c.expires_at > now,
    )
    return exists(query)


def _equal(queue_filter: QueueFilter) -> list[ColumnElement[bool]]:
    wanted: dict[str, Any] = {
        "article_id": queue_filter.article,
        "author_id": queue_filter.author,
        "language": queue_filter.language,
    }
    return [queue.c[name] == value for name, value in wanted.items() if value is not None]


def _between(queue_filter: QueueFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if queue_filter.score is not None:
        column = queue.c[queue_filter.score]
        conditions.append(
            and_(
                column >= (queue_filter.low or 0.0), column <= (1.0 if queue_filter.high is None else queue_filter.high)
            )
        )
    if queue_filter.entered_before is not None:
        conditions.append(queue.c.entered_at <= queue_filter.entered_before)
    if queue_filter.entered_after is not None:
        conditions.append(queue.c.entered_at >= queue_filter.entered_after)
    return conditions


def _other(site: str, queue_filter: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if queue_filter.reason is not None:
        conditions.append(queue.c.findings.contains(f" {queue_filter.reason} ", autoescape=True))
    if queue_filter.section is not None:
        inside = select(articles.c.id).where(articles.c.site == site, articles.c.section == queue_filter.section)
        conditions.append(queue.c.article_id.in_(inside))
    return conditions

"""The queue of comments that wait for a moderator: adding, removing and listing entries, most urgent first.

A comment has one entry for each reason why it waits. Its most urgent entry is marked as primary and represents it in
lists that show each comment once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, delete, or_, select, update

from service.domain.policy.thresholds import THRESHOLD_NAMES
from service.domain.priority import Priority
from service.store.joins import article_of, author_of, comment_of, current_revision
from service.store.review.queue_filter import QueueFilter, is_claimed_by_others, matches
from service.store.row_mapping import row_as_dict, row_without
from service.store.tables import articles, authors, comments, escalations, queue, revisions
from service.store.upsert import insert_new


class Kind(StrEnum):
    """The reason why a comment is in the queue. `audit`: it was sampled at random, to check the automatic decisions."""

    HELD = "held"
    REPORTED = "reported"
    AUDIT = "audit"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterValues:
    """Values of a comment that moderators filter the queue by. The queue stores copies of them."""

    article_id: str
    author_id: str | None
    language: str
    scores: Mapping[str, float | None]
    finding_codes: Sequence[str]

    def as_columns(self) -> dict[str, Any]:
        """Return the values by column of the queue."""
        return {
            "article_id": self.article_id,
            "author_id": self.author_id,
            "language": self.language,
            # Such as " spam toxicity ". A search for " spam " cannot match inside another code.
            "findings": f" {' '.join(self.finding_codes)} " if self.finding_codes else "",
            **{name: self.scores.get(name) for name in THRESHOLD_NAMES},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """An entry with what a list shows of its comment. The smallest `sort_key` comes first."""

    id: int
    comment_id: str
    kind: Kind
    priority: float
    priority_parts: dict[str, float] | None
    urgent: bool
    escalated: bool
    entered_at: datetime
    sort_key: float
    article_id: str
    article_title: str | None
    author_id: str | None
    author_name: str | None
    text: str


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """The position of an entry in the queue. The next page starts after it."""

    sort_key: float
    id: int


def enter_queue(
    connection: Connection,
    *,
    site: str,
    comment_id: str,
    kind: Kind,
    priority: Priority,
    urgent: bool,
    filter_values: FilterValues,
    now: datetime,
) -> None:
    """Add a comment to the queue, replacing an earlier entry of the same kind."""
    leave_queue(connection, site=site, comment_id=comment_id, kinds=(kind,))
    values = {
        "site": site,
        "comment_id": comment_id,
        "kind": str(kind),
        "priority": priority.total,
        "priority_parts": priority.as_dict(),
        "sort_key": priority.sort_key(now),
        "urgent": urgent,
        "escalated": _is_escalated(connection, site, comment_id),
        "entered_at": now,
        **filter_values.as_columns(),
    }
    insert_new(connection, queue, values)
    _mark_primary(connection, site, comment_id)


def leave_queue(
    connection: Connection, *, site: str, comment_id: str, kinds: tuple[Kind, ...] = tuple(Kind)
) -> list[Kind]:
    """Remove a comment's entries of these kinds (default: all) and return the kinds that it had."""
    statement = delete(queue).where(_is_entry_of(site, comment_id)).returning(queue.c.kind)
    removes_all = len(kinds) == len(Kind)
    if not removes_all:
        statement = statement.where(queue.c.kind.in_([str(kind) for kind in kinds]))
    removed = [Kind(kind) for kind in connection.execute(statement).scalars().all()]
    if removed and not removes_all:
        _mark_primary(connection, site, comment_id)
    return removed


def read_entries(connection: Connection, *, site: str, comment_id: str) -> list[dict[str, Any]]:
    """Return a comment's entries as JSON. An undo passes them to `restore_entries`."""
    query = select(queue).where(_is_entry_of(site, comment_id))
    return [
        row_without(row, "id", "site", "comment_id", entered_at=row.entered_at.isoformat())
        for row in connection.execute(query)
    ]


def restore_entries(connection: Connection, *, site: str, comment_id: str, entries: Sequence[dict[str, Any]]) -> None:
    """Add the entries that `read_entries` has returned. Existing entries of the same kind stay instead."""
    for entry in entries:
        entered_at = datetime.fromisoformat(entry["entered_at"])
        insert_new(connection, queue, {**entry, "site": site, "comment_id": comment_id, "entered_at": entered_at})
    _mark_primary(connection, site, comment_id)


def set_escalated(connection: Connection, *, site: str, comment_id: str, escalated: bool) -> bool:
    """Mark a comment's entries as escalated or not. Return False if the comment has no entries."""
    statement = update(queue).where(_is_entry_of(site, comment_id)).values(escalated=escalated)
    return connection.execute(statement).rowcount > 0


def list_queue(
    connection: Connection,
    *,
    site: str,
    kind: Kind | None,
    after: QueuePosition | None,
    limit: int,
    queue_filter: QueueFilter | None = None,
    free_for: tuple[str, datetime] | None = None,
    leave_out: Sequence[str] = (),
    only: Sequence[str] | None = None,
) -> list[QueueEntry]:
    """Return at most `limit` entries, most urgent first, after a position (default: from the start).

    Without a kind, each comment appears once. `free_for` is a user's id and a time: comments with another user's claim
    at that time are left out. `leave_out` and `only` are ids of comments to skip, and to return at most.
    """
    queue_filter = queue_filter or QueueFilter()
    ids = (
        select(queue.c.id)
        .where(*matches(site, kind, queue_filter, scan=not queue_filter.is_empty))
        .order_by(queue.c.sort_key, queue.c.id)
        .limit(limit)
    )
    if leave_out:
        ids = ids.where(queue.c.comment_id.not_in(leave_out))
    if only is not None:
        ids = ids.where(queue.c.comment_id.in_(only))
    if free_for is not None:
        ids = ids.where(~is_claimed_by_others(*free_for))
    if after is not None:
        has_same_key_and_later_id = and_(queue.c.sort_key == after.sort_key, queue.c.id > after.id)
        is_after = or_(queue.c.sort_key > after.sort_key, has_same_key_and_later_id)
        # `is_after` implies the first condition. It is there so that the database can start in the index.
        ids = ids.where(queue.c.sort_key >= after.sort_key, is_after)
    # The ids are selected in a subquery, so that only the entries of this page are joined with their texts.
    query = _select_entries().where(queue.c.id.in_(ids)).order_by(queue.c.sort_key, queue.c.id)
    return [_entry(row) for row in connection.execute(query)]


def find_entry(connection: Connection, *, site: str, comment_id: str) -> QueueEntry | None:
    """Return the primary entry of a comment, if it is in the queue."""
    query = _select_entries().where(_is_entry_of(site, comment_id), queue.c.is_primary).limit(1)
    row = connection.execute(query).one_or_none()
    return _entry(row) if row else None


def _is_entry_of(site: str, comment_id: str) -> ColumnElement[bool]:
    return and_(queue.c.site == site, queue.c.comment_id == comment_id)


def _select_entries() -> Select[Any]:
    return (
        select(
            queue.c.id,
            queue.c.comment_id,
            queue.c.kind,
            queue.c.priority,
            queue.c.priority_parts,
            queue.c.urgent,
            queue.c.escalated,
            queue.c.entered_at,
            queue.c.sort_key,
            queue.c.article_id,
            queue.c.author_id,
            articles.c.title.label("article_title"),
            authors.c.name.label("author_name"),
            revisions.c.text,
        )
        .join(comments, comment_of(queue))
        .join(revisions, current_revision())
        .outerjoin(articles, article_of(queue))
        .outerjoin(authors, author_of(queue))
    )


def _entry(row: Any) -> QueueEntry:
    return QueueEntry(**row_as_dict(row, kind=Kind(row.kind)))


def _mark_primary(connection: Connection, site: str, comment_id: str) -> None:
    """Mark the most urgent of a comment's entries as primary, and the others as not."""
    query = select(queue.c.id).where(_is_entry_of(site, comment_id)).order_by(queue.c.sort_key, queue.c.id)
    ids = list(connection.scalars(query))
    if ids:
        is_primary = case((queue.c.id == ids[0], True), else_=False)
        connection.execute(update(queue).where(_is_entry_of(site, comment_id)).values(is_primary=is_primary))


def _is_escalated(connection: Connection, site: str, comment_id: str) -> bool:
    query = select(escalations.c.id).where(
        escalations.c.site == site, escalations.c.comment_id == comment_id, escalations.c.closed_at.is_(None)
    )
    return connection.execute(query.limit(1)).one_or_none() is not None

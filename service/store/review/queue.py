"""The queue: entering it, leaving it, and reading it with the most urgent comments first."""

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
from service.store.row_mapping import row_as_dict
from service.store.tables import articles, authors, comments, escalations, queue, revisions
from service.store.upsert import insert_new


class Kind(StrEnum):
    """Why a comment is in the queue."""

    HELD = "held"
    REPORTED = "reported"
    AUDIT = "audit"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFacts:
    """What people filter the queue by: the comment's article and author, and its newest scores and findings."""

    article_id: str
    author_id: str | None
    language: str
    scores: Mapping[str, float | None]
    finding_codes: Sequence[str]

    def as_columns(self) -> dict[str, Any]:
        """Return the columns of the queue that hold these facts."""
        return {
            "article_id": self.article_id,
            "author_id": self.author_id,
            "language": self.language,
            # Spaces around each code, so that a search for one code does not match inside another.
            "findings": f" {' '.join(self.finding_codes)} " if self.finding_codes else "",
            **{name: self.scores.get(name) for name in THRESHOLD_NAMES},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A comment that waits for one reason, with the parts of its priority."""

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
    """A position in the order of the queue, for paging."""

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
    facts: QueueFacts,
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
        **facts.as_columns(),
    }
    insert_new(connection, queue, values)
    _mark_primary(connection, site, comment_id)


def leave_queue(
    connection: Connection, *, site: str, comment_id: str, kinds: tuple[Kind, ...] = tuple(Kind)
) -> list[Kind]:
    """Remove a comment's entries of these kinds and return the kinds that were removed."""
    statement = delete(queue).where(_about(site, comment_id)).returning(queue.c.kind)
    if len(kinds) < len(Kind):
        statement = statement.where(queue.c.kind.in_([str(kind) for kind in kinds]))
    removed = [Kind(kind) for kind in connection.execute(statement).scalars().all()]
    if removed and len(kinds) < len(Kind):
        _mark_primary(connection, site, comment_id)
    return removed


def read_entries(connection: Connection, *, site: str, comment_id: str) -> list[dict[str, Any]]:
    """Return a comment's entries as JSON, to be restored later with `restore_entries`."""
    query = select(queue).where(queue.c.site == site, queue.c.comment_id == comment_id)
    rows = [row_as_dict(row) for row in connection.execute(query)]
    keys = {"id", "site", "comment_id"}
    return [
        {**{name: row[name] for name in row if name not in keys}, "entered_at": row["entered_at"].isoformat()}
        for row in rows
    ]


def restore_entries(connection: Connection, *, site: str, comment_id: str, entries: Sequence[dict[str, Any]]) -> None:
    """Restore entries that `read_entries` has returned, unless a new entry of the same kind exists."""
    for entry in entries:
        entered_at = datetime.fromisoformat(entry["entered_at"])
        insert_new(connection, queue, {**entry, "site": site, "comment_id": comment_id, "entered_at": entered_at})
    _mark_primary(connection, site, comment_id)


def set_escalated(connection: Connection, *, site: str, comment_id: str, escalated: bool) -> bool:
    """Mark a comment's entries as escalated or not. Return False if it has none."""
    statement = update(queue).where(_about(site, comment_id)).values(escalated=escalated)
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
    """Return entries in the order of the queue that come after a position.

    Without a kind, each comment appears once. `free_for` is a user's id and a time: comments that other users have
    claimed at that time are left out.
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
        is_after = and_(queue.c.sort_key == after.sort_key, queue.c.id > after.id)
        # The first condition follows from the second. It lets the database start in the index.
        ids = ids.where(queue.c.sort_key >= after.sort_key, or_(queue.c.sort_key > after.sort_key, is_after))
    # The ids are selected first, so that only the entries of this page are joined with their texts.
    query = _select_entries().where(queue.c.id.in_(ids)).order_by(queue.c.sort_key, queue.c.id)
    return [_entry(row) for row in connection.execute(query)]


def find_entry(connection: Connection, *, site: str, comment_id: str) -> QueueEntry | None:
    """Return the primary entry of a comment, if it is in the queue."""
    query = _select_entries().where(_about(site, comment_id), queue.c.is_primary).limit(1)
    row = connection.execute(query).one_or_none()
    return _entry(row) if row else None


def _about(site: str, comment_id: str) -> ColumnElement[bool]:
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
    return QueueEntry(**{**row_as_dict(row), "kind": Kind(row.kind)})


def _mark_primary(connection: Connection, site: str, comment_id: str) -> None:
    """Mark the most urgent of a comment's entries as the one that represents it."""
    query = select(queue.c.id).where(_about(site, comment_id)).order_by(queue.c.sort_key, queue.c.id)
    ids = list(connection.scalars(query))
    if ids:
        is_primary = case((queue.c.id == ids[0], True), else_=False)
        connection.execute(update(queue).where(_about(site, comment_id)).values(is_primary=is_primary))


def _is_escalated(connection: Connection, site: str, comment_id: str) -> bool:
    query = select(escalations.c.id).where(
        escalations.c.site == site, escalations.c.comment_id == comment_id, escalations.c.closed_at.is_(None)
    )
    return connection.execute(query.limit(1)).one_or_none() is not None

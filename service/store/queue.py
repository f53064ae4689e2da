"""The queue: comments that wait for a person, most pressing first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, and_, delete, func, or_, select

from service.store.tables import articles, comments, queue, revisions, row_facts
from service.store.upsert import insert_new


class Kind(StrEnum):
    """Why a comment waits."""

    HELD = "held"
    REPORTED = "reported"
    AUDIT = "audit"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """One comment waiting for one reason."""

    id: int
    comment_id: str
    kind: Kind
    priority: float
    urgent: bool
    entered_at: datetime
    article_id: str
    article_title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A place in the queue's order, for paging: entries behind it come after."""

    priority: float
    id: int


def enter_queue(
    connection: Connection,
    *,
    site: str,
    comment_id: str,
    kind: Kind,
    priority: float,
    urgent: bool,
    now: datetime,
) -> None:
    """Puts a comment into the queue, replacing an open entry of the same kind."""
    leave_queue(connection, site=site, comment_id=comment_id, kinds=(kind,))
    values = {
        "site": site,
        "comment_id": comment_id,
        "kind": str(kind),
        "priority": priority,
        "urgent": urgent,
        "entered_at": now,
    }
    insert_new(connection, queue, values)


def leave_queue(
    connection: Connection, *, site: str, comment_id: str, kinds: tuple[Kind, ...] = tuple(Kind)
) -> list[Kind]:
    """Takes a comment out of the queue and says for which kinds it was in."""
    statement = (
        delete(queue)
        .where(queue.c.site == site, queue.c.comment_id == comment_id, queue.c.kind.in_([str(k) for k in kinds]))
        .returning(queue.c.kind)
    )
    return [Kind(kind) for kind in connection.execute(statement).scalars().all()]


def list_queue(
    connection: Connection, *, site: str, kind: Kind | None, after: QueuePlace | None, limit: int
) -> list[QueueEntry]:
    """Entries in order of priority, then of entry, from behind `after`."""
    current = and_(
        revisions.c.site == queue.c.site,
        revisions.c.comment_id == queue.c.comment_id,
        revisions.c.revision == comments.c.revision,
    )
    query = (
        select(
            queue.c.id, queue.c.comment_id, queue.c.kind, queue.c.priority, queue.c.urgent, queue.c.entered_at,
            comments.c.article_id, articles.c.title.label("article_title"), revisions.c.text,
        )
        .join(comments, and_(comments.c.site == queue.c.site, comments.c.id == queue.c.comment_id))
        .join(revisions, current)
        .outerjoin(articles, and_(articles.c.site == comments.c.site, articles.c.id == comments.c.article_id))
        .where(queue.c.site == site)
        .order_by(queue.c.priority.desc(), queue.c.id)
        .limit(limit)
    )  # fmt: skip
    if kind is not None:
        query = query.where(queue.c.kind == str(kind))
    if after is not None:
        behind = and_(queue.c.priority == after.priority, queue.c.id > after.id)
        query = query.where(or_(queue.c.priority < after.priority, behind))
    return [QueueEntry(**{**row_facts(row), "kind": Kind(row.kind)}) for row in connection.execute(query)]


def count_queue(connection: Connection, *, site: str) -> dict[Kind, int]:
    """How many comments wait, by kind."""
    query = select(queue.c.kind, func.count()).where(queue.c.site == site).group_by(queue.c.kind)
    counts = {kind: int(count) for kind, count in connection.execute(query)}
    return {kind: counts.get(str(kind), 0) for kind in Kind}

"""The queue: comments that wait for a person, most pressing first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, delete, func, or_, select, update

from service.domain.policy.rules import THRESHOLD_NAMES
from service.domain.priority import Priority
from service.store.review.queue_filter import QueueFilter, conditions, is_claimed_by_others
from service.store.tables import (
    articles,
    authors,
    comments,
    decisions,
    escalations,
    queue,
    revisions,
    row_as_dict,
    scores,
    verdicts,
)
from service.store.upsert import insert_new


class Kind(StrEnum):
    """Why a comment waits."""

    HELD = "held"
    REPORTED = "reported"
    AUDIT = "audit"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """One comment waiting for one reason; `priority_parts` are those of its priority."""

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
    """A place in the queue's order, for paging: entries behind it come after."""

    sort_key: float
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many comments wait: by kind, in all (each comment once), and with the editors."""

    kinds: dict[Kind, int]
    comments: int
    escalated: int


def enter_queue(
    connection: Connection, *, site: str, comment_id: str, kind: Kind, priority: Priority, urgent: bool, now: datetime
) -> None:
    """Puts a comment into the queue, replacing an open entry of the same kind."""
    leave_queue(connection, site=site, comment_id=comment_id, kinds=(kind,))
    values = {
        "site": site,
        "comment_id": comment_id,
        "kind": str(kind),
        "priority": priority.total,
        "priority_parts": priority.as_facts(),
        "sort_key": priority.sort_key(now),
        "urgent": urgent,
        "escalated": _is_escalated(connection, site, comment_id),
        "entered_at": now,
        **_read_facts(connection, site, comment_id),
    }
    insert_new(connection, queue, values)
    _appoint_leader(connection, site, comment_id)


def put_back(connection: Connection, *, site: str, comment_id: str, entries: Sequence[dict[str, Any]]) -> None:
    """Puts entries back that `take_entries` had answered, where their kind is not waiting anew."""
    for entry in entries:
        entered_at = datetime.fromisoformat(entry["entered_at"])
        insert_new(connection, queue, {**entry, "site": site, "comment_id": comment_id, "entered_at": entered_at})
    _appoint_leader(connection, site, comment_id)


def read_entries(connection: Connection, *, site: str, comment_id: str) -> list[dict[str, Any]]:
    """A comment's entries as JSON, without what names them: enough to put them back."""
    query = select(queue).where(queue.c.site == site, queue.c.comment_id == comment_id)
    named = ("id", "site", "comment_id")
    rows = [
        {key: value for key, value in row_as_dict(row).items() if key not in named} for row in connection.execute(query)
    ]
    return [{**row, "entered_at": row["entered_at"].isoformat()} for row in rows]


def leave_queue(
    connection: Connection, *, site: str, comment_id: str, kinds: tuple[Kind, ...] = tuple(Kind)
) -> list[Kind]:
    """Takes a comment out of the queue and says for which kinds it was in."""
    statement = delete(queue).where(_about(site, comment_id)).returning(queue.c.kind)
    if len(kinds) < len(Kind):
        statement = statement.where(queue.c.kind.in_([str(kind) for kind in kinds]))
    left = [Kind(kind) for kind in connection.execute(statement).scalars().all()]
    if left and len(kinds) < len(Kind):
        _appoint_leader(connection, site, comment_id)
    return left


def set_escalated(connection: Connection, *, site: str, comment_id: str, escalated: bool) -> bool:
    """Hands a comment's entries to the editors, or back to all; False where it has none."""
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
    """Entries by place, then in order of entry, from behind `after`; without a kind, each comment once.

    `free_for` is a person and a time: what others are looking at then is left out.
    """
    queue_filter = queue_filter or QueueFilter()
    found = (
        select(queue.c.id)
        .where(*conditions(site, kind, queue_filter, by_index=queue_filter.is_open))
        .order_by(queue.c.sort_key, queue.c.id)
        .limit(limit)
    )
    if leave_out:
        found = found.where(queue.c.comment_id.not_in(leave_out))
    if only is not None:
        found = found.where(queue.c.comment_id.in_(only))
    if free_for is not None:
        found = found.where(~is_claimed_by_others(*free_for))
    if after is not None:
        behind = and_(queue.c.sort_key == after.sort_key, queue.c.id > after.id)
        found = found.where(queue.c.sort_key >= after.sort_key, or_(queue.c.sort_key > after.sort_key, behind))
    # The ids first: what is dropped need not be joined with its words.
    query = _entries().where(queue.c.id.in_(found)).order_by(queue.c.sort_key, queue.c.id)
    return [QueueEntry(**{**row_as_dict(row), "kind": Kind(row.kind)}) for row in connection.execute(query)]


def find_entry(connection: Connection, *, site: str, comment_id: str) -> QueueEntry | None:
    """The entry that stands for a comment, if it waits."""
    row = connection.execute(_entries().where(_about(site, comment_id), queue.c.is_primary).limit(1)).one_or_none()
    return QueueEntry(**{**row_as_dict(row), "kind": Kind(row.kind)}) if row else None


def count_queue(connection: Connection, *, site: str) -> Counts:
    """How many comments wait."""
    once = func.sum(case((queue.c.is_primary, 1), else_=0))
    query = (
        select(queue.c.escalated, queue.c.kind, func.count(), once)
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


def count_sifted(connection: Connection, *, site: str, kind: Kind | None, queue_filter: QueueFilter, most: int) -> int:
    """How many entries a sieve keeps, counted no further than `most`."""
    some = select(queue.c.id).where(*conditions(site, kind, queue_filter, by_index=False)).limit(most)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def count_waiting(
    connection: Connection, *, site: str, comment_ids: Sequence[str] | None = None, author_id: str | None = None
) -> int:
    """How many of these comments, or of this author's, wait and are not with the editors."""
    query = select(func.count()).where(queue.c.site == site, queue.c.is_primary, ~queue.c.escalated)
    if comment_ids is not None:
        query = query.where(queue.c.comment_id.in_(comment_ids))
    if author_id is not None:
        query = query.where(queue.c.author_id == author_id)
    return int(connection.execute(query).scalar_one())


def read_choices(connection: Connection, *, site: str, comment_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The wording and the number of the newest verdict (0 for none) of each of these comments."""
    newest = (
        select(verdicts.c.comment_id, func.max(verdicts.c.id).label("number"))
        .where(verdicts.c.site == site, verdicts.c.comment_id.in_(comment_ids))
        .group_by(verdicts.c.comment_id)
        .subquery()
    )
    query = (
        select(comments.c.id, comments.c.revision, newest.c.number)
        .outerjoin(newest, newest.c.comment_id == comments.c.id)
        .where(comments.c.site == site, comments.c.id.in_(comment_ids))
    )
    return {row.id: (row.revision, row.number or 0) for row in connection.execute(query)}


def list_languages(connection: Connection, *, site: str) -> list[str]:
    """The languages of what waits, in order of the alphabet."""
    found: list[str] = []
    # A step through the index for each language, instead of a look at every comment.
    following = select(func.min(queue.c.language)).where(queue.c.site == site)
    while (language := connection.execute(following.where(queue.c.language > _last(found))).scalar_one()) is not None:
        found.append(language)
    return found


def list_sections(connection: Connection, *, site: str) -> list[str]:
    """The sections that articles are in, in order of the alphabet."""
    query = select(articles.c.section).where(articles.c.site == site, articles.c.section.is_not(None)).distinct()
    return list(connection.scalars(query.order_by(articles.c.section)))


def _last(languages: list[str]) -> str:
    return languages[-1] if languages else ""


def _about(site: str, comment_id: str) -> ColumnElement[bool]:
    return and_(queue.c.site == site, queue.c.comment_id == comment_id)


def _entries() -> Select[Any]:
    current = and_(
        revisions.c.site == queue.c.site,
        revisions.c.comment_id == queue.c.comment_id,
        revisions.c.revision == comments.c.revision,
    )
    return (
        select(
            queue.c.id, queue.c.comment_id, queue.c.kind, queue.c.priority, queue.c.priority_parts, queue.c.urgent,
            queue.c.escalated, queue.c.entered_at, queue.c.sort_key, queue.c.article_id, queue.c.author_id,
            articles.c.title.label("article_title"), authors.c.name.label("author_name"), revisions.c.text,
        )
        .join(comments, and_(comments.c.site == queue.c.site, comments.c.id == queue.c.comment_id))
        .join(revisions, current)
        .outerjoin(articles, and_(articles.c.site == queue.c.site, articles.c.id == queue.c.article_id))
        .outerjoin(authors, and_(authors.c.site == queue.c.site, authors.c.id == queue.c.author_id))
    )  # fmt: skip


def _appoint_leader(connection: Connection, site: str, comment_id: str) -> None:
    query = select(queue.c.id).where(_about(site, comment_id)).order_by(queue.c.sort_key, queue.c.id)
    ids = list(connection.scalars(query))
    if ids:
        is_primary = case((queue.c.id == ids[0], True), else_=False)
        connection.execute(update(queue).where(_about(site, comment_id)).values(is_primary=is_primary))


def _is_escalated(connection: Connection, site: str, comment_id: str) -> bool:
    open_ones = select(escalations.c.id).where(
        escalations.c.site == site, escalations.c.comment_id == comment_id, escalations.c.closed_at.is_(None)
    )
    return connection.execute(open_ones.limit(1)).one_or_none() is not None


def _read_facts(connection: Connection, site: str, comment_id: str) -> dict[str, Any]:
    """What people filter by, from the comment's newest scores and decision."""
    own = connection.execute(
        select(comments.c.article_id, comments.c.author_id).where(comments.c.site == site, comments.c.id == comment_id)
    ).one()
    scored = connection.execute(
        select(scores.c.scores, scores.c.language)
        .where(scores.c.site == site, scores.c.comment_id == comment_id)
        .order_by(scores.c.id.desc())
        .limit(1)
    ).one_or_none()
    decided = connection.execute(
        select(decisions.c.findings)
        .where(decisions.c.site == site, decisions.c.comment_id == comment_id)
        .order_by(decisions.c.id.desc())
        .limit(1)
    ).one_or_none()
    codes = [finding["code"] for finding in decided.findings] if decided else []
    return {
        "article_id": own.article_id,
        "author_id": own.author_id,
        "language": scored.language if scored else "",
        # A space on both sides of each, so that one is never found inside another.
        "findings": f" {' '.join(codes)} " if codes else "",
        **{name: scored.scores.get(name) if scored else None for name in THRESHOLD_NAMES},
    }

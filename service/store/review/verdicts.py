"""Verdicts: what people decided about comments.

Verdicts are the only labels that a site model is trained on. So each records why and how its comment was selected.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, select

from service.store.row_mapping import insert_record, row_without
from service.store.tables import comments, second_reviews, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One person's verdict on one revision of a comment.

    `source` is where the person decided, such as `desk` (the review pages) or `coral`. `queue_kinds` are the reasons
    why the comment was in the queue. `decision_id` is the automatic decision that was reviewed, and
    `sampling_probability` the probability with which it was selected for review.
    """

    comment_id: str
    revision: int
    outcome: str
    reason: str | None
    note: str
    by: str
    source: str
    queue_kinds: list[str]
    decision_id: int
    sampling_probability: float
    decided_at: datetime
    id: int = 0


def add_verdict(connection: Connection, verdict: Verdict, *, site: str) -> Verdict:
    """Add a verdict and return it with its id."""
    return replace(verdict, id=insert_record(connection, verdicts, verdict, site=site))


def list_verdicts(connection: Connection, *, site: str, comment_id: str) -> list[Verdict]:
    """Return all verdicts on a comment, oldest first."""
    rows = connection.execute(_select_for_comment(site, comment_id).order_by(verdicts.c.id))
    return [Verdict(**row_without(row, "site")) for row in rows]


def latest_verdict(connection: Connection, *, site: str, comment_id: str) -> Verdict | None:
    """Return the newest verdict on a comment. Only the newest is in force."""
    query = _select_for_comment(site, comment_id).order_by(verdicts.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return Verdict(**row_without(row, "site")) if row else None


def read_versions(connection: Connection, *, site: str, comment_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return, by comment id, the number of the current revision and the id of the newest verdict (0 if none)."""
    newest = (
        select(verdicts.c.comment_id, func.max(verdicts.c.id).label("verdict_id"))
        .where(verdicts.c.site == site, verdicts.c.comment_id.in_(comment_ids))
        .group_by(verdicts.c.comment_id)
        .subquery()
    )
    query = (
        select(comments.c.id, comments.c.revision, newest.c.verdict_id)
        .outerjoin(newest, newest.c.comment_id == comments.c.id)
        .where(comments.c.site == site, comments.c.id.in_(comment_ids))
    )
    return {row.id: (row.revision, row.verdict_id or 0) for row in connection.execute(query)}


def delete_verdict(connection: Connection, *, verdict_id: int) -> bool:
    """Delete a verdict that is undone, so that no model is trained on it, and an open second review of it.

    Return False, changing nothing, if the second review is decided already.
    """
    is_reviewed = and_(second_reviews.c.verdict_id == verdict_id, second_reviews.c.outcome.is_not(None))
    if connection.execute(select(second_reviews.c.id).where(is_reviewed)).one_or_none() is not None:
        return False
    connection.execute(delete(second_reviews).where(second_reviews.c.verdict_id == verdict_id))
    connection.execute(delete(verdicts).where(verdicts.c.id == verdict_id))
    return True


def _select_for_comment(site: str, comment_id: str) -> Select[Any]:
    return select(verdicts).where(verdicts.c.site == site, verdicts.c.comment_id == comment_id)

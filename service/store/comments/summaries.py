"""Summaries of comments for lists. Three queries read the newest scores and findings of many comments."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select

from service.domain.states import CommentState
from service.store.tables import comments, decisions, scores


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentSummary:
    """A comment's state, its newest scores, and the findings of its newest decision."""

    state: CommentState
    scores: dict[str, float | None]
    findings: list[dict[str, Any]]


def list_summaries(connection: Connection, *, site: str, comment_ids: Collection[str]) -> dict[str, CommentSummary]:
    """Return summaries by comment id. Comments without scores or decision are left out."""
    newest_scores = _read_newest(connection, scores, "scores", site=site, comment_ids=comment_ids)
    newest_findings = _read_newest(connection, decisions, "findings", site=site, comment_ids=comment_ids)
    query = select(comments.c.id, comments.c.state).where(comments.c.site == site, comments.c.id.in_(comment_ids))
    return {
        row.id: CommentSummary(
            state=CommentState(row.state), scores=newest_scores[row.id], findings=newest_findings[row.id]
        )
        for row in connection.execute(query)
        if row.id in newest_scores and row.id in newest_findings
    }


def _read_newest(
    connection: Connection, table: Table, column: str, *, site: str, comment_ids: Collection[str]
) -> dict[str, Any]:
    """Return the values of a column in the newest row of each comment, by comment id."""
    newest_ids = (
        select(func.max(table.c.id))
        .where(table.c.site == site, table.c.comment_id.in_(comment_ids))
        .group_by(table.c.comment_id)
    )
    query = select(table.c.comment_id, table.c[column]).where(table.c.id.in_(newest_ids))
    return {row[0]: row[1] for row in connection.execute(query)}

"""Glances: the newest scores and reasons of many comments in two reads, for lists."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select

from service.store.comments.comments import State
from service.store.tables import comments, decisions, scores


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentSummary:
    """Where a comment stands, its newest scores, and the findings of its newest decision."""

    state: State
    scores: dict[str, float | None]
    findings: list[dict[str, Any]]


def list_summaries(connection: Connection, *, site: str, comment_ids: Collection[str]) -> dict[str, CommentSummary]:
    """A glance at each of these comments, by id; what has no scores yet has no glance."""
    these = (comments.c.site == site) & comments.c.id.in_(comment_ids)
    scored = _newest(connection, scores, "scores", site=site, comment_ids=comment_ids)
    found = _newest(connection, decisions, "findings", site=site, comment_ids=comment_ids)
    return {
        row.id: CommentSummary(state=State(row.state), scores=scored[row.id], findings=found[row.id])
        for row in connection.execute(select(comments.c.id, comments.c.state).where(these))
        if row.id in scored and row.id in found
    }


def _newest(
    connection: Connection, table: Table, column: str, *, site: str, comment_ids: Collection[str]
) -> dict[str, Any]:
    newest = (
        select(func.max(table.c.id))
        .where(table.c.site == site, table.c.comment_id.in_(comment_ids))
        .group_by(table.c.comment_id)
    )
    query = select(table.c.comment_id, table.c[column]).where(table.c.id.in_(newest))
    return {row[0]: row[1] for row in connection.execute(query)}

"""Verdicts (people's decisions) on Coral's comments that were not sent to Coral yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from service.store.row_mapping import row_as_dict
from service.store.tables import external_ids, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsyncedVerdict:
    """A verdict to send to Coral, where the comment has the id `external_id`."""

    comment_id: str
    external_id: str
    attempts: int
    verdict_id: int
    outcome: str
    reason: str | None


def list_unsynced(
    connection: Connection, *, site: str, now: datetime, decided_before: datetime, limit: int
) -> list[UnsyncedVerdict]:
    """Return at most `limit` verdicts to send, oldest first: the newest on each comment, if it is due."""
    newest = (
        select(verdicts.c.comment_id, func.max(verdicts.c.id).label("verdict_id"))
        .where(verdicts.c.site == site)
        .group_by(verdicts.c.comment_id)
        .subquery()
    )
    query = (
        select(
            external_ids.c.comment_id,
            external_ids.c.external_id,
            external_ids.c.sync_attempts.label("attempts"),
            verdicts.c.id.label("verdict_id"),
            verdicts.c.outcome,
            verdicts.c.reason,
        )
        .join(newest, newest.c.comment_id == external_ids.c.comment_id)
        .join(verdicts, verdicts.c.id == newest.c.verdict_id)
        .where(
            external_ids.c.site == site,
            external_ids.c.source == "coral",
            external_ids.c.external_id.is_not(None),
            external_ids.c.synced_verdict < verdicts.c.id,
            # Coral already has the verdicts that came from it.
            verdicts.c.source != "coral",
            verdicts.c.decided_at <= decided_before,
            (external_ids.c.sync_due_at.is_(None)) | (external_ids.c.sync_due_at <= now),
        )
        .order_by(verdicts.c.id)
        .limit(limit)
    )
    return [UnsyncedVerdict(**row_as_dict(row)) for row in connection.execute(query)]


def record_sync_attempt(
    connection: Connection,
    *,
    site: str,
    comment_id: str,
    verdict_id: int | None,
    attempts: int,
    due_at: datetime | None,
) -> None:
    """Record an attempt. `verdict_id` needs no further one; with None, the next attempt is due at `due_at`."""
    is_comment = (external_ids.c.site == site) & (external_ids.c.comment_id == comment_id)
    values: dict[str, Any] = {"sync_attempts": attempts, "sync_due_at": due_at}
    if verdict_id is not None:
        values["synced_verdict"] = verdict_id
    connection.execute(update(external_ids).where(is_comment).values(values))

"""Erasure of comments, on request or after the retention time of the settings."""

from datetime import timedelta

from sqlalchemy import Connection

from service.domain.rights import Caller, Right
from service.domain.states import CommentState
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.insights import audit_log
from service.store.privacy import text_removal
from service.store.webhooks import deliveries


def erase_comment(runtime: Runtime, caller: Caller, *, comment_id: str) -> None:
    """Erase a comment's text everywhere; a tombstone remains. Erasing it again changes nothing. Raises NotFound."""
    caller.require(Right.COMMENTS)
    with runtime.database.writing() as connection:
        comment = comments.require_comment(
            connection, site=caller.site, comment_id=comment_id, lock=True, allow_erased=True
        )
        if comment.state is CommentState.ERASED:
            return
        due = _erase(runtime, connection, caller, comment_id)
    runtime.jobs.deliver(due)


def erase_expired(runtime: Runtime, *, limit: int = 500) -> int:
    """Erase decided comments that are older than the retention time; with 0 days, none. Return how many there were."""
    if not runtime.settings.retention_days:
        return 0
    before = runtime.clock() - timedelta(days=runtime.settings.retention_days)
    with runtime.database.reading() as connection:
        expired = text_removal.list_expired(connection, before=before, limit=limit)
    # One transaction for each, so that other requests can write in between.
    return sum(_erase_decided(runtime, site=site, comment_id=comment_id) for site, comment_id in expired)


def _erase_decided(runtime: Runtime, *, site: str, comment_id: str) -> bool:
    with runtime.database.writing() as connection:
        # Read again under a lock, because another worker or a request may have erased it in the meantime.
        comment = comments.find_comment(connection, site=site, comment_id=comment_id, lock=True)
        if comment is None or comment.state not in text_removal.EXPIRING:
            return False
        due = _erase(runtime, connection, Caller(site=site, name="retention"), comment_id)
    runtime.jobs.deliver(due)
    return True


def _erase(runtime: Runtime, connection: Connection, caller: Caller, comment_id: str) -> list[int]:
    """Erase a comment whose row is locked. All transactions lock a comment before the rows that belong to it."""
    site, now = caller.site, runtime.clock()
    text_removal.erase_texts(connection, site=site, comment_id=comment_id, now=now)
    audit_log.record(connection, caller, "comment.erased", subject=comment_id, now=now)
    return deliveries.add_event(
        connection,
        site=site,
        type="comment.erased",
        comment_id=comment_id,
        data={"site": site, "comment_id": comment_id, "erased_at": now.isoformat()},
        now=now,
        due_at=now,
    )

"""Erasure: on request, or when a site's retention time is over."""

from datetime import timedelta

from sqlalchemy import Connection

from service.domain.errors import NotFound
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.comments.comments import State
from service.store.insights import audit_log
from service.store.privacy import erasure
from service.store.webhooks import deliveries


def erase_comment(runtime: Runtime, caller: Caller, *, comment_id: str) -> None:
    """Erases a comment's words everywhere and leaves a tombstone; again changes nothing. Raises NotFound."""
    caller.require(Right.COMMENTS)
    with runtime.database.writing() as connection:
        comment = comments.find_comment(connection, site=caller.site, comment_id=comment_id, lock=True)
        if comment is None:
            raise NotFound("There is no comment with this id.", field="id")
        if comment.state is State.ERASED:
            return
        due = _erase(runtime, connection, site=caller.site, comment_id=comment_id, actor=caller.name)
    runtime.jobs.deliver(due)


def erase_expired(runtime: Runtime, *, limit: int = 500) -> int:
    """Erases decided comments older than the retention setting and says how many; 0 days keeps them."""
    if not runtime.settings.retention_days:
        return 0
    before = runtime.clock() - timedelta(days=runtime.settings.retention_days)
    with runtime.database.reading() as connection:
        expired = erasure.list_expired(connection, before=before, limit=limit)
    # A transaction for each: between two of them others have their turn at the database.
    return sum(_erase_decided(runtime, site=site, comment_id=comment_id) for site, comment_id in expired)


def _erase_decided(runtime: Runtime, *, site: str, comment_id: str) -> bool:
    with runtime.database.writing() as connection:
        # Looked at again under its lock: since it was listed, another worker or a request may have been here.
        comment = comments.find_comment(connection, site=site, comment_id=comment_id, lock=True)
        if comment is None or comment.state not in erasure.EXPIRING:
            return False
        due = _erase(runtime, connection, site=site, comment_id=comment_id, actor="retention")
    runtime.jobs.deliver(due)
    return True


def _erase(runtime: Runtime, connection: Connection, *, site: str, comment_id: str, actor: str) -> list[int]:
    """Erases a comment that the caller has locked: everybody locks it before what belongs to it."""
    now = runtime.clock()
    erasure.erase_words(connection, site=site, comment_id=comment_id, now=now)
    audit_log.record(
        connection, site=site, actor=actor, action="comment.erased", subject=comment_id, details={}, now=now
    )
    return deliveries.add_event(
        connection,
        site=site,
        type="comment.erased",
        comment_id=comment_id,
        data={"site": site, "id": comment_id, "erased_at": now.isoformat()},
        now=now,
        due_at=now,
    )

"""Snapshots of a comment before an action, from which undo restores it."""

from typing import Any

from sqlalchemy import Connection

from service.store.comments.comments import StoredComment
from service.store.review import escalations, queue, reports_and_appeals


def take_snapshot(connection: Connection, comment: StoredComment) -> dict[str, Any]:
    """Return the comment's state, queue entries, open appeals and open escalations as JSON, without any text."""
    site, comment_id = comment.site, comment.id
    appeals = reports_and_appeals.list_open_appeals(connection, site=site, comment_id=comment_id)
    open_escalations = escalations.list_open(connection, site=site, comment_id=comment_id)
    return {
        "revision": comment.revision,
        "state": str(comment.state),
        "queue": queue.read_entries(connection, site=site, comment_id=comment_id),
        "appeals": [appeal.id for appeal in appeals],
        "escalations": [escalation.id for escalation in open_escalations],
    }

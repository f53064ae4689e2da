"""Reports by readers and appeals by authors: both put a comment into the queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from service.domain.errors import AlreadyAppealed
from service.domain.priority import Priority, priority_of_appeal, priority_of_reports
from service.domain.rights import Caller, Right
from service.domain.states import CommentState
from service.domain.text_validation import check_no_control_characters, check_text
from service.moderation.comments.author_ids import stored_author_id
from service.moderation.review.filter_values import read_filter_values
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.comments.comments import StoredComment
from service.store.insights import audit_log
from service.store.review import queue, reports_and_appeals
from service.store.review.queue import Kind
from service.store.review.reports_and_appeals import Appeal, Report
from service.store.webhooks import deliveries

MAX_NOTE_CHARS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealResult:
    """A stored appeal with the webhook deliveries that are due."""

    appeal: Appeal
    deliveries: Sequence[int]


def report_comment(
    runtime: Runtime, caller: Caller, *, comment_id: str, reporter: str, reason: str, note: str = ""
) -> int:
    """Store a reader's report and queue the comment if it is approved. Return how many readers have reported it.

    A second report by the same reader is not counted. Raises NotFound, CommentErased, TextInvalid.
    """
    caller.require(Right.COMMENTS)
    check_no_control_characters(note, field="note")
    report = Report(
        comment_id=comment_id,
        reporter=stored_author_id(runtime, site=caller.site, author_id=reporter),
        reason=reason,
        note=note[:MAX_NOTE_CHARS],
        reported_at=runtime.clock(),
    )
    with runtime.database.writing() as connection:
        comment = comments.require_comment(connection, site=caller.site, comment_id=comment_id, lock=True)
        is_new = reports_and_appeals.add_report(connection, site=caller.site, report=report)
        count = reports_and_appeals.count_reports(connection, site=caller.site, comment_id=comment_id)
        if is_new and comment.state is CommentState.APPROVED:
            _enter_queue(runtime, connection, comment, Kind.REPORTED, priority_of_reports(count))
    return count


def appeal_decision(runtime: Runtime, caller: Caller, *, comment_id: str, statement: str) -> AppealResult:
    """Store an author's appeal and queue the comment.

    Raises AlreadyAppealed while an earlier appeal is open, NotFound, CommentErased, TextInvalid.
    """
    with runtime.database.writing() as connection:
        result = write_appeal(runtime, connection, caller, comment_id=comment_id, statement=statement)
    runtime.jobs.deliver(list(result.deliveries))
    return result


def write_appeal(
    runtime: Runtime, connection: Connection, caller: Caller, *, comment_id: str, statement: str
) -> AppealResult:
    """Do what `appeal_decision` does, in an open transaction. The deliveries are to be queued after the commit."""
    caller.require(Right.COMMENTS)
    check_text(statement, field="statement", max_chars=MAX_NOTE_CHARS)
    now = runtime.clock()
    comment = comments.require_comment(connection, site=caller.site, comment_id=comment_id, lock=True)
    if reports_and_appeals.list_open_appeals(connection, site=caller.site, comment_id=comment_id):
        raise AlreadyAppealed
    new = Appeal(comment_id=comment_id, statement=statement, outcome=None, appealed_at=now, decided_at=None)
    appeal = reports_and_appeals.add_appeal(connection, new, site=caller.site)
    _enter_queue(runtime, connection, comment, Kind.APPEAL, priority_of_appeal())
    due = deliveries.add_event(
        connection,
        site=comment.site,
        type="comment.appealed",
        comment_id=comment.id,
        data={"site": comment.site, "comment_id": comment.id, "appeal_id": appeal.id, "state": str(comment.state)},
        now=now,
        due_at=now,
    )
    audit_log.record(connection, caller, "comment.appealed", subject=comment_id, now=now, appeal=appeal.id)
    return AppealResult(appeal=appeal, deliveries=due)


def _enter_queue(
    runtime: Runtime, connection: Connection, comment: StoredComment, kind: Kind, priority: Priority
) -> None:
    queue.enter_queue(
        connection,
        site=comment.site,
        comment_id=comment.id,
        kind=kind,
        priority=priority,
        urgent=False,
        filter_values=read_filter_values(connection, comment),
        now=runtime.clock(),
    )

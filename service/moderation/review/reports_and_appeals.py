"""Complaints: readers report a comment, authors appeal a decision; both put it before a person."""

from dataclasses import replace

from sqlalchemy import Connection

from service.domain.errors import AlreadyAppealed, CommentErased, NotFound
from service.domain.priority import weigh_appeal, weigh_reports
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_text, refuse_controls
from service.moderation.comments.context import stored_author_id
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.comments.comments import State, StoredComment
from service.store.insights import audit_log
from service.store.review import queue, reports_and_appeals
from service.store.review.queue import Kind
from service.store.review.reports_and_appeals import Appeal, Report
from service.store.webhooks import deliveries

MAX_NOTE_CHARS = 5_000


def report_comment(
    runtime: Runtime, caller: Caller, *, comment_id: str, reporter: str, reason: str, note: str = ""
) -> int:
    """Notes a reader's report and queues the comment; returns how many readers have reported it by now.

    The same reader again counts once. Raises NotFound, CommentErased, TextInvalid.
    """
    caller.require(Right.COMMENTS)
    refuse_controls(note, field="note")
    now = runtime.clock()
    report = Report(
        comment_id=comment_id,
        reporter=stored_author_id(runtime, site=caller.site, author_id=reporter),
        reason=reason,
        note=note[:MAX_NOTE_CHARS],
        reported_at=now,
    )
    with runtime.database.writing() as connection:
        comment = _standing(connection, caller.site, comment_id)
        is_new = reports_and_appeals.add_report(connection, site=caller.site, report=report)
        count = reports_and_appeals.count_reports(connection, site=caller.site, comment_id=comment_id)
        if is_new and comment.state is State.APPROVED:
            queue.enter_queue(
                connection,
                site=caller.site,
                comment_id=comment_id,
                kind=Kind.REPORTED,
                priority=weigh_reports(count),
                urgent=False,
                now=now,
            )
    return count


def appeal_decision(runtime: Runtime, caller: Caller, *, comment_id: str, statement: str) -> Appeal:
    """Notes that the author wants a person to look (again), and queues the comment.

    Raises AlreadyAppealed while an earlier appeal is open, NotFound, CommentErased, TextInvalid.
    """
    caller.require(Right.COMMENTS)
    check_text(statement, field="statement", longest=MAX_NOTE_CHARS)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        comment = _standing(connection, caller.site, comment_id)
        earlier = reports_and_appeals.list_appeals(connection, site=caller.site, comment_id=comment_id)
        if any(appeal.decided_at is None for appeal in earlier):
            raise AlreadyAppealed
        appeal = Appeal(comment_id=comment_id, statement=statement, outcome=None, appealed_at=now, decided_at=None)
        appeal = replace(appeal, id=reports_and_appeals.add_appeal(connection, site=caller.site, appeal=appeal))
        queue.enter_queue(
            connection,
            site=caller.site,
            comment_id=comment_id,
            kind=Kind.APPEAL,
            priority=weigh_appeal(),
            urgent=False,
            now=now,
        )
        due = _announce(connection, comment, appeal)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="comment.appealed",
            subject=comment_id,
            details={"appeal": appeal.id},
            now=now,
        )
    runtime.jobs.deliver(due)
    return appeal


def _announce(connection: Connection, comment: StoredComment, appeal: Appeal) -> list[int]:
    return deliveries.add_event(
        connection,
        site=comment.site,
        type="comment.appealed",
        comment_id=comment.id,
        data={"site": comment.site, "id": comment.id, "appeal": appeal.id, "state": str(comment.state)},
        now=appeal.appealed_at,
        due_at=appeal.appealed_at,
    )


def _standing(connection: Connection, site: str, comment_id: str) -> StoredComment:
    comment = comments.find_comment(connection, site=site, comment_id=comment_id, lock=True)
    if comment is None:
        raise NotFound("There is no comment with this id.", field="id")
    if comment.state is State.ERASED:
        raise CommentErased(field="id")
    return comment

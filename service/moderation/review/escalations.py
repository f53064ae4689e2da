"""Escalation of comments to the editors, and the procedures that a site has written for emergencies."""

from datetime import timedelta

from sqlalchemy import Connection

from service.domain.errors import AlreadyDecided, NotFound
from service.domain.priority import priority_of_reports
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_no_control_characters, check_text
from service.moderation.review.filter_values import read_filter_values
from service.moderation.review.snapshots import take_snapshot
from service.moderation.review.undoable_actions import require_unclaimed
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.comments.comments import StoredComment
from service.store.insights import audit_log
from service.store.review import claims, escalations, queue, undoable_actions
from service.store.review.escalations import Escalation, Procedure, Topic
from service.store.review.queue import Kind
from service.store.review.undoable_actions import Action, ActionItem

MAX_PROCEDURE_CHARS = 4_000
MAX_NOTE_CHARS = 2_000


def escalate(runtime: Runtime, caller: Caller, *, comment_id: str, topic: Topic, note: str = "") -> int:
    """Escalate a comment to the editors, so that other moderators no longer see it. Return the id of the action.

    Raises AlreadyDecided if it is escalated already, ClaimedElsewhere, NotFound, CommentErased, TextInvalid.
    """
    caller.require(Right.MODERATE)
    if note:
        check_text(note, field="note", max_chars=MAX_NOTE_CHARS)
    site, now = caller.site, runtime.clock()
    escalation = Escalation(comment_id=comment_id, topic=topic, note=note, by=caller.name, at=now)
    undoable_until = now + timedelta(seconds=runtime.settings.undo_seconds)
    action = Action(by=caller.name, outcome="escalate", decided_at=now, undoable_until=undoable_until)
    with runtime.database.writing() as connection:
        comment = comments.require_comment(connection, site=site, comment_id=comment_id, lock=True)
        require_unclaimed(connection, caller, comment_id, now)
        if escalations.list_open(connection, site=site, comment_id=comment_id):
            raise AlreadyDecided("This comment is escalated already.")
        before = take_snapshot(connection, comment)
        number = escalations.add_escalation(connection, site=site, escalation=escalation)
        _mark_escalated(connection, comment, escalation)
        claims.drop_claims(connection, site=site, comment_ids=[comment_id], user_id=None)
        action_id = undoable_actions.add_action(connection, site=site, action=action)
        item = ActionItem(comment_id=comment_id, verdict_id=0, before={**before, "escalation": number})
        undoable_actions.add_item(connection, action_id=action_id, item=item)
        audit_log.record(connection, caller, "comment.escalated", subject=comment_id, now=now, topic=str(topic))
    return action_id


def return_to_queue(runtime: Runtime, caller: Caller, *, comment_id: str) -> None:
    """Return an escalated comment to all moderators. Raises NotFound if it is not escalated."""
    caller.require(Right.EDIT)
    site, now = caller.site, runtime.clock()
    with runtime.database.writing() as connection:
        if not escalations.close_escalations(connection, site=site, comment_id=comment_id, now=now):
            raise NotFound("This comment is not escalated.", field="id")
        queue.set_escalated(connection, site=site, comment_id=comment_id, escalated=False)
        audit_log.record(connection, caller, "comment.returned_to_queue", subject=comment_id, now=now)


def read_procedures(runtime: Runtime, caller: Caller) -> dict[Topic, Procedure]:
    """Return the site's procedures by topic, as far as it has written any."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return escalations.list_procedures(connection, site=caller.site)


def save_procedure(runtime: Runtime, caller: Caller, *, topic: Topic, text: str) -> None:
    """Save the site's procedure for a topic; an empty text removes it. Raises TextInvalid."""
    caller.require(Right.EDIT)
    text = text.strip()
    if text:
        check_text(text, field=str(topic), max_chars=MAX_PROCEDURE_CHARS)
    check_no_control_characters(text, field=str(topic))
    now = runtime.clock()
    procedure = Procedure(topic=topic, text=text, author=caller.name, saved_at=now)
    with runtime.database.writing() as connection:
        escalations.put_procedure(connection, site=caller.site, procedure=procedure)
        audit_log.record(connection, caller, "procedures.saved", subject=str(topic), now=now, characters=len(text))


def _mark_escalated(connection: Connection, comment: StoredComment, escalation: Escalation) -> None:
    """Mark the comment's queue entries as escalated. A comment without any enters the queue like a reported one."""
    if queue.set_escalated(connection, site=comment.site, comment_id=comment.id, escalated=True):
        return
    queue.enter_queue(
        connection,
        site=comment.site,
        comment_id=comment.id,
        kind=Kind.REPORTED,
        priority=priority_of_reports(1),
        urgent=escalation.topic in {Topic.THREAT, Topic.SELF_HARM},
        filter_values=read_filter_values(connection, comment),
        now=escalation.at,
    )

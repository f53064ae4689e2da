"""Escalation: handing a comment to the editors, and the steps that a site has written for danger."""

from datetime import timedelta

from service.domain.errors import AlreadyDecided, CommentErased, NotFound
from service.domain.priority import weigh_reports
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_text, refuse_controls
from service.moderation.review.actions import refuse_claimed
from service.moderation.review.verdicts import remember
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.comments.comments import State
from service.store.insights import audit_log
from service.store.review import actions, claims, escalations, queue
from service.store.review.actions import Action, Step
from service.store.review.escalations import Escalation, Procedure, Topic
from service.store.review.queue import Kind

MAX_PROCEDURE_CHARS = 4_000
MAX_NOTE_CHARS = 2_000


def escalate(runtime: Runtime, caller: Caller, *, comment_id: str, topic: Topic, note: str = "") -> int:
    """Hands a comment to the editors, out of everybody else's way; the stroke's number, to take it back.

    Raises AlreadyDecided where that has been done, ClaimedElsewhere, NotFound, CommentErased, TextInvalid.
    """
    caller.require(Right.MODERATE)
    if note:
        check_text(note, field="note", longest=MAX_NOTE_CHARS)
    site, now = caller.site, runtime.clock()
    with runtime.database.writing() as connection:
        comment = comments.find_comment(connection, site=site, comment_id=comment_id, lock=True)
        if comment is None:
            raise NotFound("There is no comment with this id.", field="id")
        if comment.state is State.ERASED:
            raise CommentErased(field="id")
        refuse_claimed(connection, caller, comment_id, now)
        if escalations.list_open(connection, site=site, comment_id=comment_id):
            raise AlreadyDecided("It is with the editors already.")
        before = remember(connection, comment)
        escalation = Escalation(comment_id=comment_id, topic=topic, note=note, by=caller.name, at=now)
        number = escalations.add_escalation(connection, site=site, escalation=escalation)
        if not queue.set_escalated(connection, site=site, comment_id=comment_id, escalated=True):
            # It stood, and waits now because a colleague says so, as if a reader had.
            queue.enter_queue(
                connection, site=site, comment_id=comment_id, kind=Kind.REPORTED, priority=weigh_reports(1),
                urgent=topic in {Topic.THREAT, Topic.SELF_HARM}, now=now,
            )  # fmt: skip
        claims.drop_claims(connection, site=site, comment_ids=[comment_id], user_id=None)
        undoable_until = now + timedelta(seconds=runtime.settings.undo_seconds)
        action_id = actions.add_action(
            connection,
            site=site,
            action=Action(by=caller.name, outcome="escalate", decided_at=now, undoable_until=undoable_until),
        )
        step = Step(comment_id=comment_id, verdict_id=0, before={**before, "escalation": number})
        actions.add_step(connection, action_id=action_id, step=step)
        audit_log.record(
            connection, site=site, actor=caller.name, action="comment.escalated", subject=comment_id,
            details={"topic": str(topic)}, now=now,
        )  # fmt: skip
    return action_id


def return_to_queue(runtime: Runtime, caller: Caller, *, comment_id: str) -> None:
    """An editor gives a comment back to everybody; raises NotFound where it is not with the editors."""
    caller.require(Right.EDIT)
    site, now = caller.site, runtime.clock()
    with runtime.database.writing() as connection:
        if not escalations.close_escalations(connection, site=site, comment_id=comment_id, now=now):
            raise NotFound("This comment is not with the editors.", field="id")
        queue.set_escalated(connection, site=site, comment_id=comment_id, escalated=False)
        audit_log.record(
            connection,
            site=site,
            actor=caller.name,
            action="comment.returned_to_queue",
            subject=comment_id,
            details={},
            now=now,
        )


def read_procedure(runtime: Runtime, caller: Caller) -> dict[Topic, Procedure]:
    """What this site does about each topic, where it has written that down."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return escalations.list_steps(connection, site=caller.site)


def write_procedure(runtime: Runtime, caller: Caller, *, topic: Topic, words: str) -> None:
    """Saves what this site does about a topic; no words take it back. Raises TextInvalid."""
    caller.require(Right.EDIT)
    words = words.strip()
    if words:
        check_text(words, field=str(topic), longest=MAX_PROCEDURE_CHARS)
    refuse_controls(words, field=str(topic))
    now = runtime.clock()
    with runtime.database.writing() as connection:
        steps = Procedure(topic=topic, text=words, author=caller.name, saved_at=now)
        escalations.put_steps(connection, site=caller.site, steps=steps)
        audit_log.record(
            connection, site=caller.site, actor=caller.name, action="procedures.saved", subject=str(topic),
            details={"characters": len(words)}, now=now,
        )  # fmt: skip

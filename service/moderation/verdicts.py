"""Verdicts: a person decides a comment. The only source of labels."""

from dataclasses import replace

from sqlalchemy import Connection

from service.domain.errors import AlreadyDecided, BodyInvalid, CommentErased, NotFound
from service.domain.policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.domain.texts import refuse_controls
from service.moderation import facts
from service.moderation.desk import Desk
from service.moderation.filing import undo_margin
from service.store import audit, comments, complaints, decisions, deliveries, queue, verdicts
from service.store.comments import State, StoredComment
from service.store.verdicts import Verdict

_STATES = {Outcome.APPROVE: State.APPROVED, Outcome.REJECT: State.REJECTED}


def give_verdict(
    desk: Desk,
    caller: Caller,
    *,
    comment_id: str,
    outcome: Outcome,
    reason: RejectReason | None = None,
    note: str = "",
    revision: int | None = None,
    seen_verdict: int | None = None,
    source: str = "api",
) -> Verdict:
    """Decides a comment, takes it out of the queue, answers its appeals and tells the CMS.

    `revision` and `seen_verdict` are what the person looked at: the wording, and the number of the newest verdict (0
    for none). Raises AlreadyDecided where either has changed, NotFound, CommentErased, BodyInvalid. The same verdict
    by the same caller on the same wording again is the one that there is.
    """
    caller.require(Right.MODERATE)
    refuse_controls(note, field="note")
    if outcome not in _STATES:
        raise BodyInvalid("A verdict is 'approve' or 'reject'.", field="outcome")
    if outcome is Outcome.REJECT and reason is None:
        raise BodyInvalid("A rejection has a reason.", field="reason")
    with desk.database.writing() as connection:
        comment = comments.find_comment(connection, site=caller.site, comment_id=comment_id, lock=True)
        if comment is None:
            raise NotFound("There is no comment with this id.", field="id")
        if comment.state is State.ERASED:
            raise CommentErased(field="id")
        newest = verdicts.latest_verdict(connection, site=caller.site, comment_id=comment_id)
        given = Verdict(
            comment_id=comment_id,
            revision=comment.revision,
            outcome=str(outcome),
            reason=str(reason) if reason and outcome is Outcome.REJECT else None,
            note=note,
            by=caller.name,
            source=source,
            prompted_by=[],
            decision_id=0,
            sampling_probability=0.0,
            decided_at=desk.clock(),
        )
        if newest is not None and _is_repeat(newest, given):
            return newest
        _refuse_stale(comment, newest, revision=revision, seen_verdict=seen_verdict)
        verdict, due = _write(desk, connection, caller, comment=comment, given=given)
    desk.jobs.deliver(due)
    return verdict


def _is_repeat(newest: Verdict, given: Verdict) -> bool:
    same = ("revision", "outcome", "reason", "by", "note")
    return all(getattr(newest, name) == getattr(given, name) for name in same)


def _refuse_stale(
    comment: StoredComment, newest: Verdict | None, *, revision: int | None, seen_verdict: int | None
) -> None:
    if revision is not None and revision != comment.revision:
        raise AlreadyDecided("The comment was revised since it was shown.", field="revision")
    if seen_verdict is not None and seen_verdict != (newest.id if newest else 0):
        raise AlreadyDecided(field="seen_verdict")


def _write(
    desk: Desk, connection: Connection, caller: Caller, *, comment: StoredComment, given: Verdict
) -> tuple[Verdict, list[int]]:
    site, now = caller.site, given.decided_at
    decision = decisions.list_decisions(connection, site=site, comment_id=comment.id)[-1]
    prompted_by = queue.leave_queue(connection, site=site, comment_id=comment.id)
    verdict = replace(
        given,
        prompted_by=sorted(str(kind) for kind in prompted_by),
        decision_id=decision.id,
        sampling_probability=decision.sampling_probability,
    )
    verdict = replace(verdict, id=verdicts.add_verdict(connection, site=site, verdict=verdict))
    decided = replace(comment, state=_STATES[Outcome(verdict.outcome)])
    comments.set_state(connection, site=site, comment_id=comment.id, state=decided.state)
    complaints.close_appeals(connection, site=site, comment_id=comment.id, outcome=verdict.outcome, now=now)
    audit.record(
        connection,
        site=site,
        actor=caller.name,
        action="comment.verdict",
        subject=comment.id,
        facts={"verdict": verdict.id, "outcome": verdict.outcome, "reason": verdict.reason},
        now=now,
    )
    due = deliveries.add_event(
        connection,
        site=site,
        type="comment.verdict",
        comment_id=comment.id,
        data=facts.write_verdict(decided, verdict),
        now=now,
        due_at=now + undo_margin(desk),
    )
    return verdict, due

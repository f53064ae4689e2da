"""Verdicts: what a person decides about a comment. Site models are trained on verdicts alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from service.domain.errors import AlreadyDecided, BodyInvalid
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.domain.states import CommentState
from service.domain.text_validation import check_no_control_characters
from service.moderation import serialization
from service.moderation.review.snapshots import take_snapshot
from service.moderation.runtime import Runtime
from service.store.comments import comments, decisions
from service.store.comments.comments import StoredComment
from service.store.insights import audit_log
from service.store.review import claims, escalations, queue, reports_and_appeals, verdicts
from service.store.review.verdicts import Verdict
from service.store.webhooks import deliveries

STATE_OF_VERDICT = {Outcome.APPROVE: CommentState.APPROVED, Outcome.REJECT: CommentState.REJECTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictInput:
    """A verdict on one comment or on many.

    With `ignore_if_same`, it is not stored if the newest verdict on the same text has the same outcome.
    """

    outcome: Outcome
    reason: RejectReason | None = None
    note: str = ""
    source: str = "api"
    ignore_if_same: bool = False

    def check(self) -> None:
        """Raise BodyInvalid or TextInvalid, naming the field."""
        check_no_control_characters(self.note, field="note")
        check_outcome(self.outcome, self.reason)

    @property
    def stored_reason(self) -> str | None:
        """The reason of a rejection; None for an approval."""
        return str(self.reason) if self.reason and self.outcome is Outcome.REJECT else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenComment:
    """A comment as the person saw it: its revision, and the id of its newest verdict (0 for none).

    A field that is None is not checked.
    """

    comment_id: str
    revision: int | None = None
    expected_verdict: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictResult:
    """A stored verdict with the webhook deliveries that are due.

    `before` is a snapshot of the comment before the verdict. It is None if the same verdict was stored already.
    """

    verdict: Verdict
    deliveries: Sequence[int]
    before: dict[str, Any] | None


def check_outcome(outcome: Outcome, reason: RejectReason | None) -> None:
    """Raise BodyInvalid if this is not an outcome that a person can choose, or a rejection has no reason."""
    if outcome not in STATE_OF_VERDICT:
        raise BodyInvalid("A verdict is 'approve' or 'reject'.", field="outcome")
    if outcome is Outcome.REJECT and reason is None:
        raise BodyInvalid("A rejection needs a reason.", field="reason")


def give_verdict(runtime: Runtime, caller: Caller, verdict: VerdictInput, comment: SeenComment) -> VerdictResult:
    """Decide a comment: it leaves the queue, its appeals are closed, and the CMS receives a webhook at once.

    The same verdict by the same caller on the same text is stored only once. Raises AlreadyDecided if the comment is no
    longer as it was seen, NotFound, CommentErased, BodyInvalid, TextInvalid.
    """
    with runtime.database.writing() as connection:
        result = write_verdict(runtime, connection, caller, verdict, comment)
    runtime.jobs.deliver(list(result.deliveries))
    return result


def write_verdict(
    runtime: Runtime, connection: Connection, caller: Caller, verdict: VerdictInput, comment: SeenComment
) -> VerdictResult:
    """Do what `give_verdict` does, in an open transaction. The deliveries are to be queued after the commit."""
    caller.require(Right.MODERATE)
    verdict.check()
    now = runtime.clock()
    return record_verdict(connection, caller, verdict, comment, now=now, due_at=now)


def record_verdict(
    connection: Connection,
    caller: Caller,
    verdict: VerdictInput,
    seen: SeenComment,
    *,
    now: datetime,
    due_at: datetime,
) -> VerdictResult:
    """Store a checked verdict in an open transaction. The CMS receives the webhook at `due_at`.

    Raises AlreadyDecided, NotFound, CommentErased.
    """
    site = caller.site
    comment = comments.require_comment(connection, site=site, comment_id=seen.comment_id, lock=True)
    newest = verdicts.latest_verdict(connection, site=site, comment_id=comment.id)
    if newest is not None and _is_same(newest, verdict, caller, comment):
        return VerdictResult(verdict=newest, deliveries=(), before=None)
    _require_as_seen(comment, newest, seen)
    before = take_snapshot(connection, comment)
    stored = _add_verdict(connection, caller, verdict, comment, now)
    decided = _apply_outcome(connection, comment, stored)
    audit_details = {"verdict": stored.id, "outcome": stored.outcome, "reason": stored.reason}
    audit_log.record(connection, caller, "comment.verdict", subject=comment.id, now=now, **audit_details)
    due = deliveries.add_event(
        connection,
        site=site,
        type="comment.verdict",
        comment_id=comment.id,
        data=serialization.verdict_event_to_json(decided, stored),
        now=now,
        due_at=due_at,
    )
    return VerdictResult(verdict=stored, deliveries=due, before=before)


def _is_same(newest: Verdict, verdict: VerdictInput, caller: Caller, comment: StoredComment) -> bool:
    if (newest.revision, newest.outcome) != (comment.revision, str(verdict.outcome)):
        return False
    is_identical = (newest.reason, newest.by, newest.note) == (verdict.stored_reason, caller.name, verdict.note)
    return verdict.ignore_if_same or is_identical


def _require_as_seen(comment: StoredComment, newest: Verdict | None, seen: SeenComment) -> None:
    if seen.revision is not None and seen.revision != comment.revision:
        raise AlreadyDecided("The comment was revised since it was shown.", field="revision")
    if seen.expected_verdict is not None and seen.expected_verdict != (newest.id if newest else 0):
        raise AlreadyDecided(field="expected_verdict")


def _add_verdict(
    connection: Connection, caller: Caller, verdict: VerdictInput, comment: StoredComment, now: datetime
) -> Verdict:
    decision = decisions.latest_decision(connection, site=comment.site, comment_id=comment.id)
    queue_kinds = queue.leave_queue(connection, site=comment.site, comment_id=comment.id)
    stored = Verdict(
        comment_id=comment.id,
        revision=comment.revision,
        outcome=str(verdict.outcome),
        reason=verdict.stored_reason,
        note=verdict.note,
        by=caller.name,
        source=verdict.source,
        queue_kinds=sorted(str(kind) for kind in queue_kinds),
        decision_id=decision.id,
        sampling_probability=decision.sampling_probability,
        decided_at=now,
    )
    return verdicts.add_verdict(connection, stored, site=comment.site)


def _apply_outcome(connection: Connection, comment: StoredComment, verdict: Verdict) -> StoredComment:
    """Set the comment's state, and close its appeals, escalations and claims. Return the changed comment."""
    site, now = comment.site, verdict.decided_at
    decided = replace(comment, state=STATE_OF_VERDICT[Outcome(verdict.outcome)])
    comments.set_state(connection, site=site, comment_id=comment.id, state=decided.state)
    reports_and_appeals.close_appeals(connection, site=site, comment_id=comment.id, outcome=verdict.outcome, now=now)
    escalations.close_escalations(connection, site=site, comment_id=comment.id, now=now)
    claims.drop_claims(connection, site=site, comment_ids=[comment.id], user_id=None)
    return decided

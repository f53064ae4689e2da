"""Verdicts: a person decides a comment. The only source of labels."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from service.domain.errors import AlreadyDecided, BodyInvalid, CommentErased, NotFound
from service.domain.policy.rules import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.domain.text_validation import refuse_controls
from service.moderation import serialization
from service.moderation.runtime import Runtime
from service.store.comments import comments, decisions
from service.store.comments.comments import State, StoredComment
from service.store.insights import audit_log
from service.store.review import claims, escalations, queue, reports_and_appeals, verdicts
from service.store.review.verdicts import Verdict
from service.store.webhooks import deliveries

_STATES = {Outcome.APPROVE: State.APPROVED, Outcome.REJECT: State.REJECTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictInput:
    """What a person says of a comment, or of many; `once`: not again where anybody has said so of the same words."""

    outcome: Outcome
    reason: RejectReason | None = None
    note: str = ""
    source: str = "api"
    once: bool = False

    def check(self) -> None:
        """Raises BodyInvalid, TextInvalid, naming the field."""
        refuse_controls(self.note, field="note")
        if self.outcome not in _STATES:
            raise BodyInvalid("A verdict is 'approve' or 'reject'.", field="outcome")
        if self.outcome is Outcome.REJECT and self.reason is None:
            raise BodyInvalid("A rejection has a reason.", field="reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictResult:
    """A verdict written down: the webhooks that are due, and how the comment stood `before`; None for a repetition."""

    verdict: Verdict
    due: list[int]
    before: dict[str, Any] | None


def give_verdict(
    runtime: Runtime,
    caller: Caller,
    *,
    comment_id: str,
    outcome: Outcome,
    reason: RejectReason | None = None,
    note: str = "",
    revision: int | None = None,
    expected_verdict: int | None = None,
    source: str = "api",
    once: bool = False,
) -> Verdict:
    """Decides a comment for good, takes it out of the queue, answers its appeals and tells the CMS.

    `revision` and `expected_verdict` are what the person looked at: the wording, and the number of the newest verdict (0
    for none). Raises AlreadyDecided where either has changed, NotFound, CommentErased, BodyInvalid. The same verdict
    by the same caller on the same wording again is the one that there is; with `once`, by whatever caller and for
    whatever reason.
    """
    caller.require(Right.MODERATE)
    word = VerdictInput(outcome=outcome, reason=reason, note=note, source=source, once=once)
    word.check()
    now = runtime.clock()
    with runtime.database.writing() as connection:
        given = record_verdict(
            connection, caller, word, comment_id=comment_id, revision=revision, expected_verdict=expected_verdict, now=now,
            due_at=now,
        )  # fmt: skip
    runtime.jobs.deliver(given.due)
    return given.verdict


def record_verdict(
    connection: Connection,
    caller: Caller,
    word: VerdictInput,
    *,
    comment_id: str,
    revision: int | None,
    expected_verdict: int | None,
    now: datetime,
    due_at: datetime,
) -> VerdictResult:
    """Writes one verdict down in the caller's transaction; the CMS is told at `due_at`. Raises as `give_verdict`."""
    comment = comments.find_comment(connection, site=caller.site, comment_id=comment_id, lock=True)
    if comment is None:
        raise NotFound("There is no comment with this id.", field="id")
    if comment.state is State.ERASED:
        raise CommentErased(field="id")
    newest = verdicts.latest_verdict(connection, site=caller.site, comment_id=comment_id)
    given = _draft(caller, word, comment, now)
    if newest is not None and _is_repeat(newest, given, once=word.once):
        return VerdictResult(verdict=newest, due=[], before=None)
    _refuse_stale(comment, newest, revision=revision, expected_verdict=expected_verdict)
    return _write(connection, caller, comment=comment, given=given, due_at=due_at)


def _draft(caller: Caller, word: VerdictInput, comment: StoredComment, now: datetime) -> Verdict:
    return Verdict(
        comment_id=comment.id,
        revision=comment.revision,
        outcome=str(word.outcome),
        reason=str(word.reason) if word.reason and word.outcome is Outcome.REJECT else None,
        note=word.note,
        by=caller.name,
        source=word.source,
        queue_kinds=[],
        decision_id=0,
        sampling_probability=0.0,
        decided_at=now,
    )


def _is_repeat(newest: Verdict, given: Verdict, *, once: bool) -> bool:
    same = ("revision", "outcome") if once else ("revision", "outcome", "reason", "by", "note")
    return all(getattr(newest, name) == getattr(given, name) for name in same)


def _refuse_stale(
    comment: StoredComment, newest: Verdict | None, *, revision: int | None, expected_verdict: int | None
) -> None:
    if revision is not None and revision != comment.revision:
        raise AlreadyDecided("The comment was revised since it was shown.", field="revision")
    if expected_verdict is not None and expected_verdict != (newest.id if newest else 0):
        raise AlreadyDecided(field="expected_verdict")


def _write(
    connection: Connection, caller: Caller, *, comment: StoredComment, given: Verdict, due_at: datetime
) -> VerdictResult:
    site, now = caller.site, given.decided_at
    decision = decisions.list_decisions(connection, site=site, comment_id=comment.id)[-1]
    before = remember(connection, comment)
    queue_kinds = queue.leave_queue(connection, site=site, comment_id=comment.id)
    verdict = replace(
        given,
        queue_kinds=sorted(str(kind) for kind in queue_kinds),
        decision_id=decision.id,
        sampling_probability=decision.sampling_probability,
    )
    verdict = replace(verdict, id=verdicts.add_verdict(connection, site=site, verdict=verdict))
    decided = replace(comment, state=_STATES[Outcome(verdict.outcome)])
    comments.set_state(connection, site=site, comment_id=comment.id, state=decided.state)
    reports_and_appeals.close_appeals(connection, site=site, comment_id=comment.id, outcome=verdict.outcome, now=now)
    escalations.close_escalations(connection, site=site, comment_id=comment.id, now=now)
    claims.drop_claims(connection, site=site, comment_ids=[comment.id], user_id=None)
    audit_log.record(
        connection,
        site=site,
        actor=caller.name,
        action="comment.verdict",
        subject=comment.id,
        details={"verdict": verdict.id, "outcome": verdict.outcome, "reason": verdict.reason},
        now=now,
    )
    due = deliveries.add_event(
        connection,
        site=site,
        type="comment.verdict",
        comment_id=comment.id,
        data=serialization.write_verdict(decided, verdict),
        now=now,
        due_at=due_at,
    )
    return VerdictResult(verdict=verdict, due=due, before=before)


def remember(connection: Connection, comment: StoredComment) -> dict[str, Any]:
    """How a comment stands, as JSON without any words: enough to put it back there."""
    here = {"site": comment.site, "comment_id": comment.id}
    appeals = reports_and_appeals.list_appeals(connection, **here)
    return {
        "revision": comment.revision,
        "state": str(comment.state),
        "queue": queue.read_entries(connection, **here),
        "appeals": [appeal.id for appeal in appeals if appeal.decided_at is None],
        "escalations": [open_one.id for open_one in escalations.list_open(connection, **here)],
    }

"""Feedback on a decision from a client of another system, as a verdict, a report or a note in the audit log."""

from enum import StrEnum

from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.moderation.review.reports_and_appeals import report_comment
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.store.insights import audit_log


class Applied(StrEnum):
    """How feedback was applied."""

    VERDICT = "verdict"
    REPORT = "report"
    NOTE = "note"


def apply_feedback(
    runtime: Runtime, caller: Caller, *, comment_id: str, source: str, outcome: Outcome, reason: RejectReason | None
) -> Applied:
    """Give a verdict if the caller has the right to moderate; otherwise report a comment that should be rejected.

    Feedback without that right that a comment is fine only goes to the audit log. Raises NotAllowed, NotFound,
    CommentErased, BodyInvalid.
    """
    caller.require_any(Right.COMMENTS, Right.MODERATE)
    if Right.MODERATE in caller.rights:
        # Clients send the same decision in several ways and repeat it, which must not give several verdicts.
        verdict = VerdictInput(outcome=outcome, reason=reason, source=source, ignore_if_same=True)
        give_verdict(runtime, caller, verdict, SeenComment(comment_id=comment_id))
        return Applied.VERDICT
    if outcome is Outcome.REJECT:
        report_comment(
            runtime, caller, comment_id=comment_id, reporter=f"{source} {caller.name}", reason=f"{source}_{reason}"
        )
        return Applied.REPORT
    now = runtime.clock()
    with runtime.database.writing() as connection:
        audit_log.record(
            connection, caller, "comment.feedback", subject=comment_id, now=now, outcome=str(outcome), source=source
        )
    return Applied.NOTE

"""Feedback from clients of other systems: the decision that a comment should have got."""

from dataclasses import dataclass

from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller
from service.moderation.intake.external import ExternalComment, find_or_ingest
from service.moderation.review.feedback import Applied, apply_feedback
from service.moderation.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """The outcome that a comment should have. Only a rejection has a reason."""

    comment: ExternalComment
    outcome: Outcome
    reason: RejectReason | None = None


def give_feedback(runtime: Runtime, caller: Caller, feedback: Feedback) -> Applied:
    """Find or ingest the comment and apply the feedback: as a verdict (a person's decision), a report or a note.

    Raises NotAllowed, TextInvalid.
    """
    comment_id = find_or_ingest(runtime, caller, feedback.comment)
    return apply_feedback(
        runtime,
        caller,
        comment_id=comment_id,
        source=feedback.comment.source,
        outcome=feedback.outcome,
        reason=feedback.reason,
    )

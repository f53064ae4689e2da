"""Feedback from clients of other services: what they think that the decision on a comment should have been."""

from dataclasses import dataclass

from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller
from service.moderation.intake.external import ExternalComment, find_or_ingest
from service.moderation.review.feedback import Applied, apply_feedback
from service.moderation.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """The outcome that a comment should have; a rejection has a reason."""

    about: ExternalComment
    outcome: Outcome
    reason: RejectReason | None = None


def give_feedback(runtime: Runtime, caller: Caller, feedback: Feedback) -> Applied:
    """Find the comment, or ingest it if it is not known, and apply the feedback. Raises NotAllowed, TextInvalid."""
    comment_id = find_or_ingest(runtime, caller, feedback.about)
    return apply_feedback(
        runtime,
        caller,
        comment_id=comment_id,
        source=feedback.about.source,
        outcome=feedback.outcome,
        reason=feedback.reason,
    )

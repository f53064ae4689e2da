"""Suggestions: what a client of another system's format says that a comment should have been."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.policy.rules import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_text
from service.moderation.intake.external import ExternalComment, ingest, match_comment
from service.moderation.review.reports_and_appeals import report_comment
from service.moderation.review.verdicts import give_verdict
from service.moderation.runtime import Runtime
from service.store.insights import audit_log


class Applied(StrEnum):
    """What a suggestion has become."""

    VERDICT = "verdict"
    REPORT = "report"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`about` is the comment with its words; a rejection has a reason."""

    about: ExternalComment
    outcome: Outcome
    reason: RejectReason | None = None


def suggest(runtime: Runtime, caller: Caller, suggestion: Suggestion) -> Applied:
    """Takes a suggestion as a verdict where the caller may give one, otherwise as a report that a person looks into.

    The comment is found by its id or words; one that was not seen before is taken in first. A caller without the
    right who says that a comment is fine changes nothing, and the audit log has it. Raises NotAllowed, TextInvalid.
    """
    if Right.MODERATE not in caller.rights:
        caller.require(Right.COMMENTS)
    about = suggestion.about
    check_text(about.text, field="text", longest=runtime.settings.max_comment_chars)
    comment_id = match_comment(
        runtime,
        site=caller.site,
        source=about.source,
        text=about.text,
        address=about.address,
        external_id=about.external_id,
    )
    if comment_id is None:
        comment_id = ingest(runtime, caller, about).comment.id
    if Right.MODERATE in caller.rights:
        give_verdict(
            runtime,
            caller,
            comment_id=comment_id,
            outcome=suggestion.outcome,
            reason=suggestion.reason,
            source=about.source,
            # Clients tell of one decision in several ways and try again: told twice, it teaches once.
            once=True,
        )
        return Applied.VERDICT
    if suggestion.outcome is Outcome.REJECT:
        reason = f"{about.source}_{suggestion.reason}"
        report_comment(runtime, caller, comment_id=comment_id, reporter=f"{about.source} {caller.name}", reason=reason)
        return Applied.REPORT
    _note(runtime, caller, comment_id, suggestion)
    return Applied.NOTE


def _note(runtime: Runtime, caller: Caller, comment_id: str, suggestion: Suggestion) -> None:
    with runtime.database.writing() as connection:
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="comment.feedback",
            subject=comment_id,
            details={"outcome": str(suggestion.outcome), "source": suggestion.about.source},
            now=runtime.clock(),
        )

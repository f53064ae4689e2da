"""Suggestions: what a client of another system's format says that a comment should have been."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.policy.rules import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_text
from service.moderation.intake.external import Arrival, find_arrival, take_in
from service.moderation.review.reports_and_appeals import report_comment
from service.moderation.review.verdicts import give_verdict
from service.moderation.runtime import Desk
from service.store.insights import audit_log


class Became(StrEnum):
    """What a suggestion has become."""

    VERDICT = "verdict"
    REPORT = "report"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`about` is the comment with its words; a rejection has a reason."""

    about: Arrival
    outcome: Outcome
    reason: RejectReason | None = None


def suggest(desk: Desk, caller: Caller, suggestion: Suggestion) -> Became:
    """Takes a suggestion as a verdict where the caller may give one, otherwise as a report that a person looks into.

    The comment is found by its id or words; one that was not seen before is taken in first. A caller without the
    right who says that a comment is fine changes nothing, and the audit log has it. Raises NotAllowed, TextInvalid.
    """
    if Right.MODERATE not in caller.rights:
        caller.require(Right.COMMENTS)
    about = suggestion.about
    check_text(about.text, field="text", longest=desk.settings.max_comment_chars)
    comment_id = find_arrival(
        desk,
        site=caller.site,
        source=about.source,
        text=about.text,
        address=about.address,
        foreign_id=about.foreign_id,
    )
    if comment_id is None:
        comment_id = take_in(desk, caller, about).comment.id
    if Right.MODERATE in caller.rights:
        give_verdict(
            desk,
            caller,
            comment_id=comment_id,
            outcome=suggestion.outcome,
            reason=suggestion.reason,
            source=about.source,
            # Clients tell of one decision in several ways and try again: told twice, it teaches once.
            once=True,
        )
        return Became.VERDICT
    if suggestion.outcome is Outcome.REJECT:
        reason = f"{about.source}_{suggestion.reason}"
        report_comment(desk, caller, comment_id=comment_id, reporter=f"{about.source} {caller.name}", reason=reason)
        return Became.REPORT
    _note(desk, caller, comment_id, suggestion)
    return Became.NOTE


def _note(desk: Desk, caller: Caller, comment_id: str, suggestion: Suggestion) -> None:
    with desk.database.writing() as connection:
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="comment.suggested",
            subject=comment_id,
            facts={"outcome": str(suggestion.outcome), "source": suggestion.about.source},
            now=desk.clock(),
        )

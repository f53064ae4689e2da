"""The page of one comment: its text, scores and history, and the forms that decide it."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response

from service.domain.errors import CommentErased, DomainError
from service.domain.identifiers import require_identifier
from service.domain.policy.site_policy import Mode
from service.domain.priority import waiting_points
from service.domain.reasons import REASON_LABELS
from service.domain.rights import Right
from service.domain.states import CommentState
from service.moderation.access import users
from service.moderation.articles import modes
from service.moderation.comments import details as comment_details
from service.moderation.comments import related as related_context
from service.moderation.comments.details import CommentDetails
from service.moderation.comments.related import RelatedContext
from service.moderation.review import claims
from service.moderation.runtime import Runtime
from service.store.comments.comments import Revision
from service.store.comments.decisions import StoredDecision, StoredScores
from service.store.review.escalations import Topic
from service.web.error_pages import PageRoute
from service.web.rendering import render
from service.web.review.blur import find_spans_to_blur, split_into_pieces
from service.web.review.diff import Difference, diff_words
from service.web.review.highlights import Mark
from service.web.review.request import PageRequest, ReviewRequest
from service.web.review.score_display import ScoreView, view_scores
from service.web.review.status import CurrentStatus, Status

router = APIRouter(route_class=PageRoute, include_in_schema=False)

HIGHLIGHTED_SCORES = ("toxicity", "coherence")
"""Scores whose explanation can be highlighted in the text. By default, the page shows the first one that has spans."""


@router.get("/comments/{comment_id:path}")
def show_comment(review: PageRequest, status: CurrentStatus, comment_id: str, marks: str = "") -> Response:
    """Show a comment, with the explanation of the score in `marks` highlighted ("none" for no highlights).

    If the comment is in the queue, the user claims it: for a while, colleagues do not get it as their next one.
    """
    details = _read_details(review, comment_id)
    related = related_context.read_related_context(review.runtime, review.user.caller, details)
    if related.entry is not None and related.claim is None:
        # Returns the claim of a colleague who has opened the comment since it was read, or None if the user got it.
        claim = claims.claim_comment(review.runtime, review.user.caller, comment_id=comment_id)
        related = replace(related, claim=claim)
    return _render(review, details, related, status=status, requested_highlight=marks)


def show_again(review: ReviewRequest, comment_id: str, *, failure: DomainError, note: str) -> Response:
    """Show the comment as it is now, with the error that stopped the decision and the note that was typed."""
    details = _read_details(review, comment_id)
    related = related_context.read_related_context(review.runtime, review.user.caller, details)
    return _render(review, details, related, failure=failure, note=note)


def _read_details(review: ReviewRequest, comment_id: str) -> CommentDetails:
    details = comment_details.read_comment(
        review.runtime, review.user.caller, comment_id=require_identifier(comment_id)
    )
    if details.comment.state is CommentState.ERASED:
        raise CommentErased("This comment was erased.")
    return details


def _render(
    review: ReviewRequest,
    details: CommentDetails,
    related: RelatedContext,
    *,
    status: Status | None = None,
    requested_highlight: str = "",
    failure: DomainError | None = None,
    note: str = "",
) -> Response:
    runtime, user = review.runtime, review.user
    # Both lists start with the oldest.
    scores, decision = details.scores[-1], details.decisions[-1]
    section = details.article.section if details.article else None
    return render(
        review.http,
        "review.html",
        status_code=failure.status if failure else HTTPStatus.OK,
        user=user,
        position=review.position,
        status=status or Status(),
        details=details,
        related=related,
        scores=scores,
        decision=decision,
        score_views=_view_scores(runtime, scores, decision),
        **_describe_text(review, details, scores, requested_highlight),
        edits=_list_edits(details),
        names=_read_names(runtime, details, related),
        reasons=REASON_LABELS,
        topics=list(Topic),
        emergency_topics=_emergency_topics(decision, related),
        is_editor=Right.EDIT in user.caller.rights,
        modes=list(Mode),
        editor_modes=modes.read_editor_modes(
            runtime, user.caller, article_id=details.comment.article_id, section=section
        ),
        waiting_points=waiting_points(related.entry.entered_at, runtime.clock()) if related.entry else 0.0,
        claim_seconds=runtime.settings.claim_seconds,
        failure=failure,
        note=note,
    )


def _view_scores(runtime: Runtime, scores: StoredScores, decision: StoredDecision) -> list[ScoreView]:
    # The reliability in a release's card describes the scores of that release, not those of an earlier one.
    release = runtime.scorers.base
    bins = release.find_bins(scores.scores) if scores.model == release.version else {}
    return view_scores(scores.scores, scores.abstentions, decision.thresholds, bins)


def _describe_text(
    review: ReviewRequest, details: CommentDetails, scores: StoredScores, requested_highlight: str
) -> dict[str, Any]:
    """Return the template's variables about the text: its pieces, the highlighted score, and the decoded text."""
    highlightable = [name for name in HIGHLIGHTED_SCORES if _read_marks(scores, name)]
    highlighted = requested_highlight
    if highlighted not in {*HIGHLIGHTED_SCORES, "none"}:
        highlighted = highlightable[0] if highlightable else "none"
    spans_to_blur = find_spans_to_blur(details.text, _read_marks(scores, "toxicity")) if review.is_blurring else []
    return {
        "pieces": split_into_pieces(details.text, _read_marks(scores, highlighted), spans_to_blur),
        "highlighted": highlighted,
        "highlightable": highlightable,
        "decoded": _diff_decoded(details.text, scores),
    }


def _read_marks(scores: StoredScores, name: str) -> list[Mark]:
    # The offsets fit the newest revision of the text, because `scores` are those of the newest revision.
    spans: list[dict[str, Any]] = scores.explanation.get(name) or []
    return [Mark(int(span["start"]), int(span["end"]), float(span["weight"])) for span in spans]


def _diff_decoded(text: str, scores: StoredScores) -> list[Difference] | None:
    """Return how the text that the models read differs from the comment, or None if they read it unchanged.

    The models decode disguised words, such as letters replaced by digits.
    """
    decoded = scores.explanation.get("decoded")
    if not decoded or decoded.split() == text.split():
        return None
    return diff_words(text, str(decoded))


def _list_edits(details: CommentDetails) -> list[tuple[Revision, list[Difference]]]:
    """Return every revision but the first, with its differences from the revision before it."""
    pairs = zip(details.revisions, details.revisions[1:], strict=False)
    return [(later, diff_words(earlier.text, later.text)) for earlier, later in pairs]


def _read_names(runtime: Runtime, details: CommentDetails, related: RelatedContext) -> dict[str, str]:
    actors = [verdict.by for verdict in details.verdicts] + [escalation.by for escalation in related.escalations]
    return users.read_names(runtime, actors=actors)


def _emergency_topics(decision: StoredDecision, related: RelatedContext) -> list[Topic]:
    """Return the topics whose procedure is shown: found by the machine, or named by a colleague who escalated."""
    found_by_machine = {finding["code"] for finding in decision.findings}
    escalated = {str(escalation.topic) for escalation in related.escalations if escalation.closed_at is None}
    return [topic for topic in Topic if str(topic) in found_by_machine | escalated]

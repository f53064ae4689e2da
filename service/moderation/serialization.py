"""JSON forms of explanations, findings and events, the same in database, API and webhooks."""

from typing import Any

from models.comment import Assessment, Explanation, Span
from service.domain.policy.rules import Finding
from service.store.comments.comments import StoredComment
from service.store.comments.decisions import StoredDecision, StoredScores
from service.store.review.verdicts import Verdict


def explanation_to_json(assessment: Assessment) -> dict[str, Any]:
    """Return an explanation as JSON. Offsets are code points in the comment's text."""
    explanation: Explanation = assessment.explanation
    relevance = explanation.relevance
    return {
        "toxicity": [_span_to_json(span) for span in explanation.toxicity],
        "coherence": [_span_to_json(span) for span in explanation.coherence],
        "relevance": {
            "matched": list(relevance.matched),
            "missed": list(relevance.missed),
            "passage": relevance.passage,
            "passage_similarity": relevance.passage_similarity,
        }
        if relevance
        else None,
        "spam": list(explanation.spam),
        "decoded": assessment.decoded,
    }


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """Return one reason of a decision as JSON."""
    return {
        "code": finding.code,
        "outcome": str(finding.outcome),
        "message": finding.message,
        "urgent": finding.urgent,
        "score": finding.score,
        "threshold": finding.threshold,
    }


def decision_event_to_json(comment: StoredComment, scores: StoredScores, decision: StoredDecision) -> dict[str, Any]:
    """Return the data of a `comment.decided` event. It quotes no text, so that nothing has to be erased from events."""
    return {
        "site": comment.site,
        "comment_id": comment.id,
        "article_id": comment.article_id,
        "revision": decision.revision,
        "state": str(comment.state),
        "outcome": decision.outcome,
        "rule": decision.rule,
        "reasons": decision.findings,
        "scores": scores.scores,
        "abstentions": scores.abstentions,
        "model": scores.model,
        "policy_version": decision.policy_version,
        "decided_at": decision.decided_at.isoformat(),
        "automated": True,
    }


def verdict_event_to_json(comment: StoredComment, verdict: Verdict) -> dict[str, Any]:
    """Return the data of a `comment.verdict` event, without the name of the person and without their note."""
    return {
        "site": comment.site,
        "comment_id": comment.id,
        "article_id": comment.article_id,
        "revision": verdict.revision,
        "state": str(comment.state),
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "source": verdict.source,
        "decided_at": verdict.decided_at.isoformat(),
        "automated": False,
    }


def _span_to_json(span: Span) -> dict[str, float]:
    return {"start": span.start, "end": span.end, "weight": round(span.weight, 4)}

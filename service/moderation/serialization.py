"""Facts: how explanations, findings and events are written down as JSON, the same in database, answer and webhook."""

from typing import Any

from models.comment import Assessment, Explanation, Span
from service.domain.policy.rules import Finding
from service.store.comments.comments import StoredComment
from service.store.comments.decisions import StoredDecision, StoredScores
from service.store.review.verdicts import Verdict


def write_explanation(assessment: Assessment) -> dict[str, Any]:
    """An explanation; offsets are code points into the comment's own text."""
    explanation: Explanation = assessment.explanation
    relevance = explanation.relevance
    return {
        "toxicity": [_write_span(span) for span in explanation.toxicity],
        "coherence": [_write_span(span) for span in explanation.coherence],
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


def write_finding(finding: Finding) -> dict[str, Any]:
    """One reason of a decision."""
    return {
        "code": finding.code,
        "outcome": str(finding.outcome),
        "message": finding.message,
        "urgent": finding.urgent,
        "score": finding.score,
        "threshold": finding.threshold,
    }


def write_decided(comment: StoredComment, scores: StoredScores, decision: StoredDecision) -> dict[str, Any]:
    """The data of a `comment.decided` event. It quotes no text: receivers have it, and erasure then need not follow."""
    return {
        "site": comment.site,
        "id": comment.id,
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


def write_verdict(comment: StoredComment, verdict: Verdict) -> dict[str, Any]:
    """The data of a `comment.verdict` event; the person is not named, the note stays here."""
    return {
        "site": comment.site,
        "id": comment.id,
        "article_id": comment.article_id,
        "revision": verdict.revision,
        "state": str(comment.state),
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "source": verdict.source,
        "decided_at": verdict.decided_at.isoformat(),
        "automated": False,
    }


def _write_span(span: Span) -> dict[str, float]:
    return {"start": span.start, "end": span.end, "weight": round(span.weight, 4)}

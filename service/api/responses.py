"""Conversion of stored values to the API's response schemas."""

from dataclasses import asdict

from service.api.schemas.articles import ArticleOut
from service.api.schemas.authors import AuthorOut
from service.api.schemas.comments import AppealOut, CommentDetailsOut, CommentOut, DecisionOut, VerdictOut
from service.api.schemas.policies import PolicyOut, PolicyVersionOut
from service.api.schemas.queue import QueueItem, QueueOut
from service.api.schemas.scoring import ScoredItem, ScoresOut
from service.api.schemas.webhooks import AttemptOut, DeliveriesOut, DeliveryDetailsOut, DeliveryOut, EndpointOut
from service.domain.policy.site_policy import Outcome, Policy
from service.domain.reasons import RejectReason
from service.moderation import serialization
from service.moderation.comments.details import CommentDetails
from service.moderation.intake.record import RecordedDecision
from service.moderation.live_models import Scoring
from service.moderation.review.queue import QueuePage
from service.store.articles.articles import StoredArticle
from service.store.comments.authors import AuthorRecord
from service.store.comments.comments import StoredComment
from service.store.comments.decisions import StoredDecision, StoredScores
from service.store.policy.policies import PolicyVersion
from service.store.review.reports_and_appeals import Appeal
from service.store.review.verdicts import Verdict
from service.store.webhooks.deliveries import Attempt, Delivery
from service.store.webhooks.endpoints import Endpoint


def scored_item_out(scoring: Scoring, *, item_id: str | None) -> ScoredItem:
    """Return scores that were not stored."""
    return ScoredItem(
        id=item_id,
        model=scoring.assessment.model,
        site_model=scoring.site_model_version,
        language=scoring.assessment.language,
        scores=dict(scoring.scores),
        abstentions=dict(scoring.assessment.abstentions),
        explanation=serialization.explanation_to_json(scoring.assessment),
    )


def scores_out(scores: StoredScores) -> ScoresOut:
    """Return scores that were stored."""
    return ScoresOut(
        model=scores.model,
        site_model=scores.site_model,
        language=scores.language,
        scores=scores.scores,
        abstentions=scores.abstentions,
        explanation=scores.explanation,
    )


def decision_out(decision: StoredDecision) -> DecisionOut:
    """Return a decision of the policy."""
    return DecisionOut(
        outcome=Outcome(decision.outcome),
        rule=decision.rule,
        reasons=decision.findings,
        thresholds=decision.thresholds,
        policy_version=decision.policy_version,
        sampling_probability=decision.sampling_probability,
        sampled=decision.sampled,
        decided_at=decision.decided_at,
    )


def comment_out(recorded: RecordedDecision) -> CommentOut:
    """Return a comment that was sent or revised, with its new decision."""
    return _comment_out(recorded.comment, recorded.scores, recorded.decision)


def comment_details_out(details: CommentDetails) -> CommentDetailsOut:
    """Return a comment with its text and history."""
    comment = _comment_out(details.comment, details.scores[-1], details.decisions[-1])
    return CommentDetailsOut(
        **comment.model_dump(),
        text=details.text,
        erased_at=details.comment.erased_at,
        verdict=verdict_out(details.verdicts[-1]) if details.verdicts else None,
        report_count=len(details.reports),
        appeal_count=len(details.appeals),
    )


def verdict_out(verdict: Verdict) -> VerdictOut:
    """Return a verdict without the person, who is named only in the audit log."""
    return VerdictOut(
        id=verdict.id,
        outcome=Outcome(verdict.outcome),
        reason=RejectReason(verdict.reason) if verdict.reason else None,
        note=verdict.note,
        revision=verdict.revision,
        source=verdict.source,
        queue_kinds=verdict.queue_kinds,
        decided_at=verdict.decided_at,
    )


def appeal_out(appeal: Appeal) -> AppealOut:
    """Return an appeal."""
    return AppealOut(
        id=appeal.id,
        comment_id=appeal.comment_id,
        appealed_at=appeal.appealed_at,
        outcome=Outcome(appeal.outcome) if appeal.outcome else None,
        decided_at=appeal.decided_at,
    )


def article_out(article: StoredArticle) -> ArticleOut:
    """Return an article."""
    return ArticleOut(
        id=article.id,
        title=article.content.title,
        body=article.content.text,
        url=article.url,
        section=article.section,
        mode=article.mode,
        created_at=article.created_at,
        updated_at=article.updated_at,
    )


def queue_out(page: QueuePage) -> QueueOut:
    """Return a page of the queue."""
    items = [
        QueueItem(
            comment_id=entry.comment_id,
            article_id=entry.article_id,
            article_title=entry.article_title,
            kind=str(entry.kind),
            priority=entry.priority,
            urgent=entry.urgent,
            entered_at=entry.entered_at,
            text=entry.text,
        )
        for entry in page.entries
    ]
    counts = {str(kind): count for kind, count in page.counts.items()}
    return QueueOut(items=items, counts=counts, cursor=page.cursor)


def author_out(author_id: str, record: AuthorRecord) -> AuthorOut:
    """Return an author's record under the id that the caller used."""
    return AuthorOut(
        id=author_id,
        name=record.author.name,
        trust=record.author.trust,
        trust_note=record.author.trust_note,
        first_seen_at=record.author.first_seen_at,
        approved_count=record.approved,
        rejected_count=record.rejected,
        held_count=record.held,
    )


def policy_out(policy: Policy) -> PolicyOut:
    """Return the policy in force."""
    return PolicyOut.model_validate({"version": policy.version, **policy.as_dict()})


def policy_version_out(saved: PolicyVersion) -> PolicyVersionOut:
    """Return a version of the policy, with who saved it and why."""
    policy = policy_out(saved.policy).model_dump()
    return PolicyVersionOut(**policy, author=saved.author, note=saved.note, created_at=saved.created_at)


def endpoint_out(endpoint: Endpoint) -> EndpointOut:
    """Return an endpoint without its secret."""
    return EndpointOut(
        id=endpoint.id,
        url=endpoint.url,
        event_types=list(endpoint.event_types),
        created_at=endpoint.created_at,
        disabled_at=endpoint.disabled_at,
        disabled_reason=endpoint.disabled_reason,
    )


def deliveries_out(page: list[Delivery], *, limit: int) -> DeliveriesOut:
    """Return a page of deliveries; a full page has a cursor, because another page may follow."""
    items = [_delivery_out(delivery) for delivery in page]
    return DeliveriesOut(items=items, cursor=items[-1].id if len(items) == limit else None)


def delivery_details_out(delivery: Delivery, attempts: list[Attempt]) -> DeliveryDetailsOut:
    """Return a delivery with its attempts."""
    items = [
        AttemptOut(status=attempt.status, error=attempt.error, seconds=attempt.seconds, attempted_at=attempt.at)
        for attempt in attempts
    ]
    return DeliveryDetailsOut(**_delivery_out(delivery).model_dump(), attempts=items)


def _comment_out(comment: StoredComment, scores: StoredScores, decision: StoredDecision) -> CommentOut:
    return CommentOut(
        id=comment.id,
        article_id=comment.article_id,
        parent_id=comment.parent_id,
        revision=comment.revision,
        state=str(comment.state),
        posted_at=comment.posted_at,
        received_at=comment.received_at,
        scores=scores_out(scores),
        decision=decision_out(decision),
    )


def _delivery_out(delivery: Delivery) -> DeliveryOut:
    columns = asdict(delivery)
    return DeliveryOut.model_validate({**columns, "attempt_count": columns["attempts"]})

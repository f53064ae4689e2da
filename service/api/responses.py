"""Shapes: stored values as the API shows them."""

from dataclasses import asdict

from service.api import schemas
from service.domain.policy.rules import Outcome, Policy
from service.domain.reasons import RejectReason
from service.moderation import serialization
from service.moderation.comments.details import CommentDetails
from service.moderation.intake.filing import RecordedDecision
from service.moderation.review.queue import QueuePage
from service.moderation.scoring.live_models import Scoring
from service.store.articles.articles import StoredArticle
from service.store.comments.authors import AuthorRecord
from service.store.comments.comments import StoredComment
from service.store.comments.decisions import StoredDecision, StoredScores
from service.store.review.reports_and_appeals import Appeal
from service.store.review.verdicts import Verdict
from service.store.webhooks.deliveries import Attempt, Delivery
from service.store.webhooks.endpoints import Endpoint


def shape_scoring(scoring: Scoring, *, item_id: str | None) -> schemas.ScoredItem:
    """Scores that were not stored."""
    return schemas.ScoredItem(
        id=item_id,
        model=scoring.assessment.model,
        site_model=scoring.site_model,
        language=scoring.assessment.language,
        scores=dict(scoring.scores),
        abstentions=dict(scoring.assessment.abstentions),
        explanation=serialization.write_explanation(scoring.assessment),
    )


def shape_scores(scores: StoredScores) -> schemas.ScoresOut:
    """Scores as they were stored."""
    return schemas.ScoresOut(
        model=scores.model,
        site_model=scores.site_model,
        language=scores.language,
        scores=scores.scores,
        abstentions=scores.abstentions,
        explanation=scores.explanation,
    )


def shape_decision(decision: StoredDecision) -> schemas.DecisionOut:
    """A decision of the machine."""
    return schemas.DecisionOut(
        outcome=Outcome(decision.outcome),
        rule=decision.rule,
        reasons=decision.findings,
        thresholds=decision.thresholds,
        policy_version=decision.policy_version,
        sampling_probability=decision.sampling_probability,
        sampled=decision.sampled,
        decided_at=decision.decided_at,
    )


def shape_filed(filed: RecordedDecision) -> schemas.CommentOut:
    """The answer to a comment that was sent or revised."""
    return _shape_comment(filed.comment, filed.scores, filed.decision)


def shape_file(file: CommentDetails) -> schemas.CommentDetails:
    """A comment with its text and history."""
    shown = _shape_comment(file.comment, file.scores[-1], file.decisions[-1])
    return schemas.CommentDetails(
        **shown.model_dump(),
        text=file.text,
        erased_at=file.comment.erased_at,
        verdict=shape_verdict(file.verdicts[-1]) if file.verdicts else None,
        reports=len(file.reports),
        appeals=len(file.appeals),
    )


def shape_verdict(verdict: Verdict) -> schemas.VerdictOut:
    """A person's decision; who it was stays in the audit log."""
    return schemas.VerdictOut(
        number=verdict.id,
        outcome=Outcome(verdict.outcome),
        reason=RejectReason(verdict.reason) if verdict.reason else None,
        note=verdict.note,
        revision=verdict.revision,
        source=verdict.source,
        queue_kinds=verdict.queue_kinds,
        decided_at=verdict.decided_at,
    )


def shape_appeal(appeal: Appeal) -> schemas.AppealOut:
    """An appeal."""
    return schemas.AppealOut(
        number=appeal.id,
        comment_id=appeal.comment_id,
        appealed_at=appeal.appealed_at,
        outcome=Outcome(appeal.outcome) if appeal.outcome else None,
        decided_at=appeal.decided_at,
    )


def shape_article(article: StoredArticle) -> schemas.ArticleOut:
    """An article."""
    return schemas.ArticleOut(
        id=article.id,
        title=article.content.title,
        body=article.content.text,
        url=article.url,
        section=article.section,
        mode=article.mode,
        created_at=article.created_at,
        updated_at=article.updated_at,
    )


def shape_queue(page: QueuePage) -> schemas.QueueOut:
    """A page of the queue."""
    items = [
        schemas.QueueItem(
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
    return schemas.QueueOut(items=items, counts=counts, cursor=page.cursor)


def shape_author(author_id: str, record: AuthorRecord) -> schemas.AuthorOut:
    """An author's record under the id that the caller used."""
    return schemas.AuthorOut(
        id=author_id,
        name=record.author.name,
        trust=record.author.trust,
        trust_note=record.author.trust_note,
        first_seen_at=record.author.first_seen_at,
        approved=record.approved,
        rejected=record.rejected,
        held=record.held,
    )


def shape_policy(policy: Policy) -> schemas.PolicyOut:
    """The policy in force."""
    return schemas.PolicyOut.model_validate({"version": policy.version, **policy.as_facts()})


def _shape_comment(comment: StoredComment, scores: StoredScores, decision: StoredDecision) -> schemas.CommentOut:
    return schemas.CommentOut(
        id=comment.id,
        article_id=comment.article_id,
        parent_id=comment.parent_id,
        revision=comment.revision,
        state=str(comment.state),
        posted_at=comment.posted_at,
        received_at=comment.received_at,
        scores=shape_scores(scores),
        decision=shape_decision(decision),
    )


def shape_endpoint(endpoint: Endpoint) -> schemas.EndpointOut:
    """An endpoint; its secret stays inside."""
    return schemas.EndpointOut(
        id=endpoint.id,
        url=endpoint.url,
        event_types=list(endpoint.event_types),
        created_at=endpoint.created_at,
        disabled_at=endpoint.disabled_at,
        disabled_reason=endpoint.disabled_reason,
    )


def shape_deliveries(found: list[Delivery], *, limit: int) -> schemas.DeliveriesOut:
    """A page of deliveries; a full one may have another behind it."""
    items = [_shape_delivery(delivery) for delivery in found]
    return schemas.DeliveriesOut(items=items, cursor=items[-1].id if len(items) == limit else None)


def shape_delivery_details(delivery: Delivery, attempts: list[Attempt]) -> schemas.DeliveryDetails:
    """A delivery with its attempts."""
    shown = [schemas.AttemptOut(**asdict(attempt)) for attempt in attempts]
    return schemas.DeliveryDetails(**_shape_delivery(delivery).model_dump(), attempts=shown)


def _shape_delivery(delivery: Delivery) -> schemas.DeliveryOut:
    columns = asdict(delivery)
    return schemas.DeliveryOut.model_validate({**columns, "attempt_count": columns["attempts"]})

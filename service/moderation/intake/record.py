"""Recording of an evaluated text in one transaction: revision, scores, decision, queue entry and event."""

from dataclasses import dataclass

from sqlalchemy import Connection

from models.simhash import bands
from service.domain.priority import REACH_CAP_COUNT, Priority, priority_of_scores
from service.domain.sampling import sampling_draw
from service.domain.states import CommentState
from service.moderation import serialization
from service.moderation.comments.context import DecisionContext
from service.moderation.intake.decide import Evaluation
from service.moderation.runtime import Runtime
from service.store.comments import comments, decisions, external_ids, near_duplicates
from service.store.comments.comments import Revision, StoredComment
from service.store.comments.decisions import StoredDecision, StoredScores
from service.store.comments.external_ids import ExternalId
from service.store.review import queue
from service.store.review.queue import FilterValues, Kind
from service.store.webhooks import deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDecision:
    """A comment with the scores and the decision of one revision.

    `is_new` is false if they were stored before. `deliveries` are the webhooks that are now due.
    """

    comment: StoredComment
    scores: StoredScores
    decision: StoredDecision
    is_new: bool
    deliveries: tuple[int, ...] = ()


def record_revision(
    runtime: Runtime,
    connection: Connection,
    *,
    comment: StoredComment,
    text: str,
    context: DecisionContext,
    evaluation: Evaluation,
    external_id: ExternalId | None,
) -> RecordedDecision:
    """Store a new revision of a stored comment with its decision, and its id in another system."""
    revision = Revision(
        revision=comment.revision,
        text=text,
        received_at=runtime.clock(),
        encoder=runtime.scorers.base.encoder_hash,
        vector=evaluation.scoring.assessment.vector,
    )
    comments.insert_revision(connection, site=comment.site, comment_id=comment.id, revision=revision)
    if external_id is not None:
        external_ids.record_external_id(connection, site=comment.site, external_id=external_id)
    return record_decision(
        runtime, connection, comment=comment, context=context, evaluation=evaluation, is_new_revision=True
    )


def record_decision(
    runtime: Runtime,
    connection: Connection,
    *,
    comment: StoredComment,
    context: DecisionContext,
    evaluation: Evaluation,
    is_new_revision: bool,
) -> RecordedDecision:
    """Store scores, decision, fingerprint, queue entry and event for a stored revision."""
    now = runtime.clock()
    # The first revision of a comment has no earlier fingerprint or queue entry to remove.
    replaces_decision = not is_new_revision or comment.revision > 1
    scores = record_scores(runtime, connection, comment=comment, evaluation=evaluation)
    decision = _add_decision(runtime, connection, comment=comment, evaluation=evaluation, scores=scores)
    if replaces_decision:
        near_duplicates.drop_fingerprint(connection, site=comment.site, comment_id=comment.id)
        queue.leave_queue(connection, site=comment.site, comment_id=comment.id, kinds=(Kind.HELD, Kind.AUDIT))
    if context.fingerprint is not None:
        near_duplicates.add_fingerprint(
            connection,
            site=comment.site,
            comment_id=comment.id,
            fingerprint=context.fingerprint,
            bands=bands(context.fingerprint),
        )
    _enter_queue(runtime, connection, comment=comment, evaluation=evaluation, decision=decision)
    due = deliveries.add_event(
        connection,
        site=comment.site,
        type="comment.decided",
        comment_id=comment.id,
        data=serialization.decision_event_to_json(comment, scores, decision),
        now=now,
        due_at=now,
    )
    return RecordedDecision(
        comment=comment, scores=scores, decision=decision, is_new=is_new_revision, deliveries=tuple(due)
    )


def record_scores(
    runtime: Runtime, connection: Connection, *, comment: StoredComment, evaluation: Evaluation
) -> StoredScores:
    """Store the scores alone: if a person has decided the comment, they only explain it."""
    assessment = evaluation.scoring.assessment
    scores = StoredScores(
        comment_id=comment.id,
        revision=comment.revision,
        model=assessment.model,
        site_model=evaluation.scoring.site_model_version,
        language=assessment.language,
        scores=dict(assessment.scores),
        abstentions=dict(assessment.abstentions),
        explanation=serialization.explanation_to_json(assessment),
        scored_at=runtime.clock(),
    )
    return decisions.add_scores(connection, scores, site=comment.site)


def _add_decision(
    runtime: Runtime, connection: Connection, *, comment: StoredComment, evaluation: Evaluation, scores: StoredScores
) -> StoredDecision:
    draw = sampling_draw(runtime.secret_key, "audit", comment.site, comment.id, comment.revision)
    decision = StoredDecision(
        comment_id=comment.id,
        revision=comment.revision,
        score_id=scores.id,
        outcome=str(evaluation.decision.outcome),
        rule=evaluation.decision.rule,
        findings=[serialization.finding_to_json(finding) for finding in evaluation.decision.findings],
        thresholds=dict(evaluation.decision.thresholds),
        policy_version=evaluation.decision.policy_version,
        model_hash=runtime.scorers.base.card_hash,
        sampling_probability=evaluation.sampling_probability,
        sampled=draw < evaluation.sampling_probability,
        decided_at=runtime.clock(),
    )
    return decisions.add_decision(connection, decision, site=comment.site)


def _enter_queue(
    runtime: Runtime,
    connection: Connection,
    *,
    comment: StoredComment,
    evaluation: Evaluation,
    decision: StoredDecision,
) -> None:
    is_held = comment.state is CommentState.HELD
    if not is_held and not decision.sampled:
        return
    queue.enter_queue(
        connection,
        site=comment.site,
        comment_id=comment.id,
        kind=Kind.HELD if is_held else Kind.AUDIT,
        priority=_priority_of(connection, comment, evaluation) if is_held else Priority(),
        urgent=evaluation.decision.urgent,
        filter_values=FilterValues(
            article_id=comment.article_id,
            author_id=comment.author_id,
            language=evaluation.scoring.assessment.language,
            scores=evaluation.scoring.scores,
            finding_codes=[finding.code for finding in evaluation.decision.findings],
        ),
        now=runtime.clock(),
    )


def _priority_of(connection: Connection, comment: StoredComment, evaluation: Evaluation) -> Priority:
    article_comments = comments.count_article_comments(
        connection, site=comment.site, article_id=comment.article_id, limit=REACH_CAP_COUNT
    )
    return priority_of_scores(
        evaluation.scoring.scores, urgent=evaluation.decision.urgent, article_comments=article_comments
    )

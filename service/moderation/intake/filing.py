"""Filing: writing a scored and decided revision down, with queue entry and event, in the caller's transaction."""

import hashlib
import hmac
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from models.comment import Assessment
from models.simhash import bands
from service.domain.links import find_hosts
from service.domain.policy.rules import Decision, Outcome, PolicyInput, decide, sampling_probability
from service.domain.priority import REACH_CAP_COUNT, Priority, weigh_scores
from service.moderation import serialization
from service.moderation.comments.context import DecisionContext
from service.moderation.runtime import Runtime
from service.moderation.scoring.live_models import Scoring
from service.store.comments import comments, decisions, near_duplicates
from service.store.comments.comments import State, StoredComment
from service.store.comments.decisions import StoredDecision, StoredScores
from service.store.review import queue
from service.store.review.queue import Kind
from service.store.webhooks import deliveries

STATE_OF_OUTCOME = {
    Outcome.APPROVE: State.APPROVED,
    Outcome.HOLD: State.HELD,
    Outcome.REJECT: State.REJECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A revision scored and decided, not yet written down."""

    scoring: Scoring
    decision: Decision
    context: DecisionContext

    @property
    def state(self) -> State:
        """Where the decision puts the comment."""
        return STATE_OF_OUTCOME[self.decision.outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDecision:
    """A revision as it was written down; `deliveries` are the webhooks that are now due."""

    comment: StoredComment
    scores: StoredScores
    decision: StoredDecision
    is_new: bool
    deliveries: tuple[int, ...] = ()


def evaluate(runtime: Runtime, *, site: str, text: str, context: DecisionContext) -> Evaluation:
    """Scores a text and applies the policy; touches no database."""
    assessment = runtime.scorers.base.assess(context.to_comment(text))
    scoring = runtime.scorers.add_site_score(assessment, site=site, version=context.site_model)
    case = PolicyInput(
        assessment=_with_scores(assessment, scoring),
        plain_text=assessment.decoded or text,
        links=find_hosts(text),
        trust=context.trust,
        mode=context.mode,
        section=context.article.section if context.article else None,
    )
    return Evaluation(scoring=scoring, decision=decide(case, context.policy), context=context)


def record_decision(
    runtime: Runtime, connection: Connection, *, comment: StoredComment, evaluation: Evaluation, is_new: bool
) -> RecordedDecision:
    """Writes scores, decision, fingerprint, queue entry and event; the comment and its text are written already.

    `is_new`: this revision is judged for the first time.
    """
    now = runtime.clock()
    # Of a comment's first wording there is nothing in the way yet.
    is_first = is_new and comment.revision == 1
    scores = record_scores(runtime, connection, comment=comment, evaluation=evaluation)
    decision = _write_decision(runtime, connection, comment=comment, evaluation=evaluation, scores=scores)
    mark = evaluation.context.fingerprint
    if not is_first:
        near_duplicates.drop_fingerprint(connection, site=comment.site, comment_id=comment.id)
        queue.leave_queue(connection, site=comment.site, comment_id=comment.id, kinds=(Kind.HELD, Kind.AUDIT))
    if mark is not None:
        near_duplicates.add_fingerprint(
            connection, site=comment.site, comment_id=comment.id, fingerprint=mark, bands=bands(mark)
        )
    _enter_queue(runtime, connection, comment=comment, evaluation=evaluation, decision=decision)
    due = deliveries.add_event(
        connection,
        site=comment.site,
        type="comment.decided",
        comment_id=comment.id,
        data=serialization.write_decided(comment, scores, decision),
        now=now,
        due_at=now,
    )
    return RecordedDecision(comment=comment, scores=scores, decision=decision, is_new=is_new, deliveries=tuple(due))


def record_scores(
    runtime: Runtime, connection: Connection, *, comment: StoredComment, evaluation: Evaluation
) -> StoredScores:
    """Writes the scores alone: for a comment that a person has decided, they only explain."""
    assessment = evaluation.scoring.assessment
    scored = StoredScores(
        comment_id=comment.id,
        revision=comment.revision,
        model=assessment.model,
        site_model=evaluation.scoring.site_model,
        language=assessment.language,
        scores=dict(evaluation.scoring.scores),
        abstentions=dict(assessment.abstentions),
        explanation=serialization.write_explanation(assessment),
        scored_at=runtime.clock(),
    )
    number = decisions.add_scores(connection, site=comment.site, scored=scored)
    return replace(scored, id=number)


def _with_scores(assessment: Assessment, scoring: Scoring) -> Assessment:
    return Assessment(
        model=assessment.model,
        language=assessment.language,
        scores=scoring.scores,
        abstentions=assessment.abstentions,
        explanation=assessment.explanation,
    )


def _write_decision(
    runtime: Runtime, connection: Connection, *, comment: StoredComment, evaluation: Evaluation, scores: StoredScores
) -> StoredDecision:
    probability = sampling_probability(evaluation.decision, evaluation.context.policy)
    decided = StoredDecision(
        comment_id=comment.id,
        revision=comment.revision,
        score_id=scores.id,
        outcome=str(evaluation.decision.outcome),
        rule=evaluation.decision.rule,
        findings=[serialization.write_finding(finding) for finding in evaluation.decision.findings],
        thresholds=dict(evaluation.decision.thresholds),
        policy_version=evaluation.decision.policy_version,
        model_hash=runtime.scorers.base.card_hash,
        sampling_probability=probability,
        sampled=_draw(runtime, comment) < probability,
        decided_at=runtime.clock(),
    )
    number = decisions.add_decision(connection, site=comment.site, decision=decided)
    return replace(decided, id=number)


def _enter_queue(
    runtime: Runtime,
    connection: Connection,
    *,
    comment: StoredComment,
    evaluation: Evaluation,
    decision: StoredDecision,
) -> None:
    held = comment.state is State.HELD
    if held or decision.sampled:
        queue.enter_queue(
            connection,
            site=comment.site,
            comment_id=comment.id,
            kind=Kind.HELD if held else Kind.AUDIT,
            priority=_weigh(connection, comment, evaluation) if held else Priority(),
            urgent=evaluation.decision.urgent,
            now=runtime.clock(),
        )


def _weigh(connection: Connection, comment: StoredComment, evaluation: Evaluation) -> Priority:
    neighbours = comments.count_neighbours(
        connection, site=comment.site, article_id=comment.article_id, most=REACH_CAP_COUNT
    )
    return weigh_scores(evaluation.scoring.scores, urgent=evaluation.decision.urgent, neighbours=neighbours)


def _draw(runtime: Runtime, comment: StoredComment) -> float:
    # A keyed hash instead of a generator: nobody outside can tell which comments are audited, and a comment that is
    # sent twice is not drawn twice.
    message = f"audit\x00{comment.site}\x00{comment.id}\x00{comment.revision}".encode()
    digest = hmac.new(runtime.secret_key, message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) / 2**64

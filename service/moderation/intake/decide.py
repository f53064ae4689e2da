"""Evaluation of a text: scores by all models, and the decision of the policy. It reads and writes no database."""

from dataclasses import dataclass

from service.domain.links import find_hosts
from service.domain.policy.rules import Decision, PolicyInput, decide, sampling_probability
from service.domain.policy.site_policy import Outcome
from service.domain.states import CommentState
from service.moderation.comments.context import DecisionContext
from service.moderation.live_models import Scoring
from service.moderation.runtime import Runtime

STATE_OF_OUTCOME = {
    Outcome.APPROVE: CommentState.APPROVED,
    Outcome.HOLD: CommentState.HELD,
    Outcome.REJECT: CommentState.REJECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The scores of a text with the decision, and the probability with which the decision is sampled for review."""

    scoring: Scoring
    decision: Decision
    sampling_probability: float

    @property
    def state(self) -> CommentState:
        """The state of a comment with this decision."""
        return STATE_OF_OUTCOME[self.decision.outcome]


def evaluate(runtime: Runtime, *, site: str, text: str, context: DecisionContext) -> Evaluation:
    """Score a text in its context and decide it by the policy of the site."""
    assessment = runtime.scorers.base.assess(context.to_comment(text))
    scoring = runtime.scorers.add_site_score(assessment, site=site, version=context.site_model_version)
    policy_input = PolicyInput(
        assessment=scoring.assessment,
        plain_text=assessment.decoded or text,
        linked_hosts=find_hosts(text),
        trust=context.trust,
        mode=context.mode,
        section=context.article.section if context.article else None,
    )
    decision = decide(policy_input, context.policy)
    return Evaluation(
        scoring=scoring, decision=decision, sampling_probability=sampling_probability(decision, context.policy)
    )

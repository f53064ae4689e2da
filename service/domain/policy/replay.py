"""Replay of past decisions: what other thresholds would do with the same comments, and how often that would be wrong.

Only thresholds are replayed. What other rules found (a closed article, a blocked word) is taken from the past decision.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.domain.policy.site_policy import Outcome
from service.domain.policy.thresholds import Thresholds, is_held
from service.domain.proportions import Proportion, Stratum, count_proportion, weighted_proportion

RULES_BEFORE_TRUST = ("threat",)
"""The score rules that also apply to comments by trusted authors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastComment:
    """A comment with its newest decision, as far as a replay needs it.

    `outcome_of_other_rules` is the gravest outcome of the rules that have no threshold. `sampled` is whether the
    comment was sampled for review, and `sampling_probability` the probability of that. `breaks_rules` is a person's
    verdict; None without one. `is_counted` marks the comments that stand for all comments: see `History`.
    """

    id: str
    scores: Mapping[str, float | None]
    outcome_of_other_rules: Outcome
    is_author_trusted: bool
    sampling_probability: float
    sampled: bool
    breaks_rules: bool | None
    is_counted: bool = True

    @property
    def is_sampled_review(self) -> bool:
        """Whether the comment has a representative verdict, not one that a report or an appeal has caused."""
        return self.sampled and self.breaks_rules is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Past comments to replay.

    A long history has only one in `count_every` comments, for speed. These are counted, and each count is multiplied by
    `count_every`. Sampled comments with a verdict are all included; those that are not counted only estimate mistakes.
    """

    comments: Sequence[PastComment]
    count_every: int = 1

    @property
    def total(self) -> int:
        """The number of comments that the history represents. It is exact if every comment is counted."""
        return self.count_every * sum(comment.is_counted for comment in self.comments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What certain thresholds do with past comments.

    `automatic_share` is the share of comments that no person has to decide: all but the held ones.
    `wrongly_approved_share` is a share of the approved comments, and `wrongly_held_share` one of the held comments.
    """

    comments: int
    approved: int
    held: int
    automatic_share: Proportion
    held_share: Proportion
    wrongly_approved_share: Proportion
    wrongly_held_share: Proportion

    @property
    def wrongly_approved_count(self) -> tuple[float, float, float] | None:
        """The number of approved comments that break the rules: estimate, low, high; None without any review."""
        return _scale(self.wrongly_approved_share, self.approved)

    @property
    def wrongly_held_count(self) -> tuple[float, float, float] | None:
        """The number of held comments that break no rule: estimate, low, high; None without any review."""
        return _scale(self.wrongly_held_share, self.held)


def replay(comments: Iterable[PastComment], thresholds: Thresholds) -> list[Outcome]:
    """Return for each comment the outcome that `rules.decide` would have with these thresholds."""
    enabled = {name: threshold for name, threshold in thresholds.items() if threshold is not None}
    enabled_before_trust = {name: threshold for name, threshold in enabled.items() if name in RULES_BEFORE_TRUST}
    outcomes = []
    for comment in comments:
        outcome = comment.outcome_of_other_rules
        # Thresholds can only hold a comment, so they change nothing if another rule has held or rejected it.
        if outcome is Outcome.APPROVE:
            outcome = _apply(enabled_before_trust if comment.is_author_trusted else enabled, comment)
        outcomes.append(outcome)
    return outcomes


def forecast(history: History, thresholds: Thresholds) -> Forecast:
    """Replay the history. Outcomes are counted, and mistakes are estimated from the verdicts on sampled comments."""
    by_outcome: dict[Outcome, list[PastComment]] = {outcome: [] for outcome in Outcome}
    for comment, outcome in zip(history.comments, replay(history.comments, thresholds), strict=True):
        by_outcome[outcome].append(comment)
    approved, held = by_outcome[Outcome.APPROVE], by_outcome[Outcome.HOLD]
    counted = sum(comment.is_counted for comment in history.comments)
    counted_held = sum(comment.is_counted for comment in held)
    approved_strata = stratify(approved, count_every=history.count_every, hit_if_breaks_rules=True)
    held_strata = stratify(held, count_every=history.count_every, hit_if_breaks_rules=False)
    return Forecast(
        comments=history.total,
        approved=history.count_every * sum(comment.is_counted for comment in approved),
        held=history.count_every * counted_held,
        automatic_share=count_proportion(counted - counted_held, counted),
        held_share=count_proportion(counted_held, counted),
        wrongly_approved_share=weighted_proportion(approved_strata),
        wrongly_held_share=weighted_proportion(held_strata),
    )


def stratify(comments: Iterable[PastComment], *, count_every: int, hit_if_breaks_rules: bool) -> list[Stratum]:
    """Group comments by sampling probability: one stratum for each, because its observations have the same weight.

    The probability is 1 for held comments, and the policy's audit share of that time for others. A hit is a reviewed
    comment that breaks the rules; if `hit_if_breaks_rules` is false, it is a reviewed comment that breaks none.
    """
    sizes: dict[float, int] = defaultdict(int)
    verdicts: dict[float, list[bool]] = defaultdict(list)
    for comment in comments:
        sizes[comment.sampling_probability] += count_every if comment.is_counted else 0
        if comment.is_sampled_review:
            verdicts[comment.sampling_probability].append(bool(comment.breaks_rules))
    return [
        Stratum(
            # The size is estimated from the counted comments. It cannot be below the number of reviews.
            size=max(size, len(verdicts[probability])),
            observations=len(verdicts[probability]),
            hits=verdicts[probability].count(hit_if_breaks_rules),
        )
        for probability, size in sizes.items()
    ]


def _apply(thresholds: Mapping[str, float], comment: PastComment) -> Outcome:
    for name, threshold in thresholds.items():
        score = comment.scores.get(name)
        if score is not None and is_held(name, score, threshold):
            return Outcome.HOLD
    return Outcome.APPROVE


def _scale(proportion: Proportion, total: int) -> tuple[float, float, float] | None:
    """Return the proportion of a total: estimate, lower end, upper end."""
    if proportion.value is None:
        return None
    return proportion.value * total, proportion.low * total, proportion.high * total

"""Replay of past decisions: what other thresholds would do with the same comments, and how often that would be wrong.

Only thresholds are replayed. What the other rules found (a closed article, a blocked word, a trusted author) is taken
from the past decision.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


from service.domain.policy.policy import Outcome
from service.domain.policy.thresholds import Thresholds, is_held
from service.domain.proportions import Proportion, Stratum, count_proportion, weighted_proportion

TRUSTED = "author_trusted"

RULES_BEFORE_TRUST = ("threat",)
"""The score rules that also apply to comments by trusted authors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastComment:
    """A comment with its newest decision, as far as a replay needs it.

    `other_outcome` is the gravest outcome of rules without a threshold. `sampled` says whether the comment was sampled
    for review, which had the probability `sampling_probability`. `breaks_rules` is the verdict, None if there is none.
    Comments that are `counted` represent all comments; the others are included for their verdicts only.
    """

    id: str
    scores: Thresholds
    other_outcome: Outcome
    trusted: bool
    sampling_probability: float
    sampled: bool
    breaks_rules: bool | None
    counted: bool = True

    @property
    def is_sampled_review(self) -> bool:
        """Whether its verdict is representative. A verdict that only followed a report or an appeal is not."""
        return self.sampled and self.breaks_rules is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Past comments to replay. One in `stride` is counted; all that were reviewed are included."""

    comments: Sequence[PastComment]
    stride: int = 1

    @property
    def total(self) -> int:
        """About how many comments the history represents; exact if the stride is 1."""
        return self.stride * sum(comment.counted for comment in self.comments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What certain thresholds do with past comments; `wrongly_…` are proportions of what they approve or hold."""

    comments: int
    approved: int
    held: int
    automatic_share: Proportion
    held_share: Proportion
    wrongly_approved: Proportion
    wrongly_held: Proportion

    @property
    def wrongly_approved_count(self) -> tuple[float, float, float] | None:
        """The number of approved comments that break the rules: estimate, low, high; None without any review."""
        return _scale(self.wrongly_approved, self.approved)

    @property
    def wrongly_held_count(self) -> tuple[float, float, float] | None:
        """The number of held comments that break no rule: estimate, low, high; None without any review."""
        return _scale(self.wrongly_held, self.held)


def replay(comments: Iterable[PastComment], thresholds: Thresholds) -> list[Outcome]:
    """Return for each comment the outcome that `rules.decide` would have with these thresholds."""
    stated = [(name, threshold) for name, threshold in thresholds.items() if threshold is not None]
    before_trust = [(name, threshold) for name, threshold in stated if name in RULES_BEFORE_TRUST]
    return [
        _apply(before_trust if comment.trusted else stated, comment)
        if comment.other_outcome is Outcome.APPROVE
        else comment.other_outcome
        for comment in comments
    ]


def forecast(history: History, thresholds: Thresholds) -> Forecast:
    """Replay the history. Mistakes are estimated from sampled reviews; everything else is counted."""
    by_outcome: dict[Outcome, list[PastComment]] = {outcome: [] for outcome in Outcome}
    for comment, outcome in zip(history.comments, replay(history.comments, thresholds), strict=True):
        by_outcome[outcome].append(comment)
    approved, held = by_outcome[Outcome.APPROVE], by_outcome[Outcome.HOLD]
    counted = sum(comment.counted for comment in history.comments)
    counted_held = sum(comment.counted for comment in held)
    return Forecast(
        comments=history.total,
        approved=history.stride * sum(comment.counted for comment in approved),
        held=history.stride * counted_held,
        automatic_share=count_proportion(counted - counted_held, counted),
        held_share=count_proportion(counted_held, counted),
        wrongly_approved=weighted_proportion(stratify(approved, stride=history.stride, hit_if_breaks_rules=True)),
        wrongly_held=weighted_proportion(stratify(held, stride=history.stride, hit_if_breaks_rules=False)),
    )


def stratify(comments: Iterable[PastComment], *, stride: int, hit_if_breaks_rules: bool) -> list[Stratum]:
    """Group comments by sampling probability.

    A hit is a reviewed comment that breaks the rules, or, if `hit_if_breaks_rules` is false, one that does not.
    """
    sizes: dict[float, int] = defaultdict(int)
    verdicts: dict[float, list[bool]] = defaultdict(list)
    for comment in comments:
        sizes[comment.sampling_probability] += stride * comment.counted
        if comment.is_sampled_review:
            verdicts[comment.sampling_probability].append(bool(comment.breaks_rules))
    return [
        Stratum(
            # Reviewed comments that are not counted may outnumber the counted ones.
            size=max(size, len(verdicts[probability])),
            observations=len(verdicts[probability]),
            hits=verdicts[probability].count(hit_if_breaks_rules),
        )
        for probability, size in sizes.items()
    ]


def _apply(thresholds: Sequence[tuple[str, float]], comment: PastComment) -> Outcome:
    for name, threshold in thresholds:
        score = comment.scores.get(name)
        if score is not None and is_held(name, score, threshold):
            return Outcome.HOLD
    return Outcome.APPROVE


def _scale(proportion: Proportion, total: int) -> tuple[float, float, float] | None:
    if proportion.value is None:
        return None
    return proportion.value * total, proportion.low * total, proportion.high * total

"""Promises: whether thresholds keep an editor's promise, and which threshold would keep it.

Both are measured on past comments and the verdicts on them. A promise about mistakes needs comments that were sampled
for review with a known probability, because held comments alone cannot show how many mistakes were approved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.risk_control import find_loosest
from service.domain.policy.replay import RULES_BEFORE_TRUST, History, PastComment, replay, stratify
from service.domain.policy.site_policy import Outcome
from service.domain.policy.thresholds import HELD_WHEN_BELOW, Thresholds, is_held
from service.domain.proportions import CONFIDENCE, Stratum, count_proportion, more_reviews_needed, upper_bound

GRID = np.round(np.arange(0.005, 1.0, 0.005), 3)
"""The thresholds that are tried: every half per cent."""

MIN_REVIEWS_SHARE = 0.5
"""The search starts at a threshold that approves at least this share of the reviewed comments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseStatus:
    """The status of a promise about mistakes: with 95 % confidence at most the share `upper_bound` are mistakes.

    `more_reviews` without a mistake would show that the promise is kept. It is 0 if that is shown already, and None if
    the mistakes seen so far suggest that the promise is broken.
    """

    limit: float
    upper_bound: float
    reviews: int
    more_reviews: int | None

    @property
    def is_kept(self) -> bool:
        """Whether the verdicts show that the promise is kept."""
        return self.more_reviews == 0


@dataclass(frozen=True, slots=True)
class _ScoreAxis:
    """The past comments that no other rule holds, as arrays, for trying many thresholds of one score.

    Every array but `thresholds` has shape (n,), one element for each comment. `scores` has NaN for a comment that this
    score cannot hold. `strata` has the number of the comment's sampling probability. `thresholds` are in order from the
    strictest to the loosest.
    """

    score_name: str
    scores: NDArray[np.float64]
    strata: NDArray[np.int_]
    is_counted: NDArray[np.bool_]
    reviewed: NDArray[np.bool_]
    breaks_rules: NDArray[np.bool_]
    count_every: int
    thresholds: NDArray[np.float64]
    held_by_other_rules: int
    total: int

    def count_held(self, threshold: float) -> int:
        """Return how many counted comments are held with this threshold, including those that other rules hold."""
        held = is_held(self.score_name, self.scores, threshold)
        return self.held_by_other_rules + int((held & self.is_counted).sum())

    def approved_strata(self, threshold: float) -> list[Stratum]:
        """Return the comments that this threshold approves, by sampling probability."""
        approved = ~is_held(self.score_name, self.scores, threshold)
        # Strata are numbered from 0. Without any comment, there are none.
        count = int(self.strata.max(initial=-1)) + 1
        sizes, reviews, hits = (
            np.bincount(self.strata[approved & selected], minlength=count).tolist()
            for selected in (self.is_counted, self.reviewed, self.breaks_rules)
        )
        return [
            Stratum(size=max(self.count_every * size, observations), observations=observations, hits=hit_count)
            for size, observations, hit_count in zip(sizes, reviews, hits, strict=True)
        ]


def check_promise(history: History, thresholds: Thresholds, *, one_in: int) -> PromiseStatus:
    """Return the status of "at most 1 in `one_in` approved comments breaks our rules" with these thresholds."""
    outcomes = replay(history.comments, thresholds)
    approved = [c for c, outcome in zip(history.comments, outcomes, strict=True) if outcome is Outcome.APPROVE]
    strata = stratify(approved, count_every=history.count_every, hit_if_breaks_rules=True)
    return PromiseStatus(
        limit=1 / one_in,
        upper_bound=upper_bound(strata),
        reviews=sum(stratum.observations for stratum in strata),
        more_reviews=more_reviews_needed(strata, 1 / one_in),
    )


def find_loosest_threshold(history: History, thresholds: Thresholds, *, score_name: str, one_in: int) -> float | None:
    """Return the loosest threshold of a score that keeps a promise about mistakes; None if no threshold does.

    Thresholds are tried from strict to loose, and the first failure ends the search: see `find_loosest`. The search
    starts at the first threshold that approves half of the reviewed comments. These must also be enough to show the
    promise if none of them was a mistake.
    """
    axis = _build_axis(history, thresholds, score_name)
    min_reviews = MIN_REVIEWS_SHARE * float(axis.reviewed.sum())
    limit = 1 / one_in
    return find_loosest(
        map(float, axis.thresholds),
        can_start=lambda threshold: _could_show(axis.approved_strata(threshold), limit, min_reviews=min_reviews),
        upper_bound=lambda threshold: upper_bound(axis.approved_strata(threshold)),
        limit=limit,
    )


def find_strictest_threshold(
    history: History, thresholds: Thresholds, *, score_name: str, max_held: float
) -> float | None:
    """Return the strictest threshold of a score that holds at most the share `max_held`, with 95 % confidence.

    Thresholds are tried from loose to strict until one holds too much. The result is None if even the loosest does.
    """
    axis = _build_axis(history, thresholds, score_name)
    strictest = None
    for threshold in map(float, axis.thresholds[::-1]):
        # The one-sided 95 % bound is the upper end of the two-sided 90 % interval.
        held = count_proportion(axis.count_held(threshold), axis.total, confidence=2 * CONFIDENCE - 1)
        if held.high > max_held:
            break
        strictest = threshold
    return strictest


def _could_show(strata: Sequence[Stratum], limit: float, *, min_reviews: float) -> bool:
    without_hits = [Stratum(size=stratum.size, observations=stratum.observations, hits=0) for stratum in strata]
    reviews = sum(stratum.observations for stratum in strata)
    return reviews >= min_reviews and upper_bound(without_hits) <= limit


def _build_axis(history: History, thresholds: Thresholds, score_name: str) -> _ScoreAxis:
    outcomes = replay(history.comments, {**thresholds, score_name: None})
    pairs = list(zip(history.comments, outcomes, strict=True))
    # Without a threshold of this score, every other rule approves these comments.
    free = [comment for comment, outcome in pairs if outcome is Outcome.APPROVE]
    reviewed = np.array([comment.is_sampled_review for comment in free], dtype=bool)
    stratum_of = {p: index for index, p in enumerate(sorted({c.sampling_probability for c in free}))}
    return _ScoreAxis(
        score_name=score_name,
        scores=np.array([_score_on_axis(comment, score_name) for comment in free], dtype=float),
        strata=np.array([stratum_of[comment.sampling_probability] for comment in free], dtype=int),
        is_counted=np.array([comment.is_counted for comment in free], dtype=bool),
        reviewed=reviewed,
        breaks_rules=reviewed & np.array([comment.breaks_rules is True for comment in free], dtype=bool),
        count_every=history.count_every,
        thresholds=GRID[::-1] if score_name in HELD_WHEN_BELOW else GRID,
        held_by_other_rules=sum(comment.is_counted for comment, outcome in pairs if outcome is Outcome.HOLD),
        total=sum(comment.is_counted for comment in history.comments),
    )


def _score_on_axis(comment: PastComment, score_name: str) -> float:
    score = comment.scores.get(score_name)
    is_exempt = comment.is_author_trusted and score_name not in RULES_BEFORE_TRUST
    return float("nan") if score is None or is_exempt else score

"""Promises: where a threshold must lie so that an editor's promise is kept, as past comments and verdicts show.

A promise about mistakes rests on comments that were drawn for review with a known probability, never on held ones
alone: nobody learns from what was held how much was let through.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.policy.replay import RULES_BEFORE_TRUST, History, PastComment, Thresholds, replay, stratify
from service.domain.policy.rules import HELD_WHEN_BELOW, Outcome
from service.domain.proportions import CONFIDENCE, Stratum, bound_proportion, count_proportion, more_reviews_needed

GRID = np.round(np.arange(0.005, 1.0, 0.005), 3)
"""The thresholds that are tried: every half per cent."""

MIN_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseStatus:
    """How a promise about mistakes stands with certain thresholds: with 95 % sureness at most `shown` are mistakes.

    `more_reviews` without a mistake would be needed: 0 where it is kept, None where the mistakes seen speak against it.
    """

    limit: float
    shown: float
    reviews: int
    more_reviews: int | None

    @property
    def is_kept(self) -> bool:
        """Whether the verdicts show that the promise is kept."""
        return self.more_reviews == 0


@dataclass(frozen=True, slots=True)
class _Line:
    """Past comments along one score: those that nothing else holds, and the score (NaN where it can hold nothing)."""

    scores: NDArray[np.float64]
    strata: NDArray[np.int_]
    counted: NDArray[np.bool_]
    looked_at: NDArray[np.bool_]
    found: NDArray[np.bool_]
    each: int
    thresholds: NDArray[np.float64]
    from_below: bool
    held_anyway: int
    total: int

    def beyond(self, threshold: float) -> NDArray[np.bool_]:
        """Which of them this threshold holds."""
        held: NDArray[np.bool_] = self.scores <= threshold if self.from_below else self.scores >= threshold
        return held

    def let_through(self, threshold: float) -> list[Stratum]:
        """What this threshold approves, by sampling probability."""
        through = ~self.beyond(threshold)
        count = int(self.strata.max(initial=-1)) + 1
        sizes, seen, found = (
            np.bincount(self.strata[through & chosen], minlength=count).tolist()
            for chosen in (self.counted, self.looked_at, self.found)
        )
        return [
            Stratum(size=max(self.each * size, looked_at), looked_at=looked_at, found=required_reviews)
            for size, looked_at, required_reviews in zip(sizes, seen, found, strict=True)
        ]


def check_promise(past: History, thresholds: Thresholds, *, one_in: int) -> PromiseStatus:
    """How "at most 1 in `one_in` approved comments breaks our rules" stands with these thresholds."""
    outcomes = replay(past.comments, thresholds)
    approved = [c for c, outcome in zip(past.comments, outcomes, strict=True) if outcome is Outcome.APPROVE]
    strata = stratify(approved, each=past.each, required_reviews=True)
    return PromiseStatus(
        limit=1 / one_in,
        shown=bound_proportion(strata),
        reviews=sum(stratum.looked_at for stratum in strata),
        more_reviews=more_reviews_needed(strata, 1 / one_in),
    )


def find_loosest(past: History, thresholds: Thresholds, *, lever: str, one_in: int) -> float | None:
    """The threshold of the score `lever` that holds least and of which the promise is shown; None where of none.

    Fixed-sequence testing (Angelopoulos and others 2021, "Learn then Test", section 3): thresholds are tried from
    strict to loose, the first one that fails ends it, and so all that passed hold together with 95 % sureness. Where to
    begin is chosen without a look at what people said: at the first threshold that lets half of the reviewed comments
    through, and enough of them to show the promise if all were fine.
    """
    line = _draw_line(past, thresholds, lever)
    least = MIN_SHARE * float(line.looked_at.sum())
    found, begun = None, False
    for threshold in line.thresholds:
        strata = line.let_through(float(threshold))
        begun = begun or _has_enough(strata, 1 / one_in, least=least)
        if not begun:
            continue
        if bound_proportion(strata) > 1 / one_in:
            break
        found = float(threshold)
    return found


def find_strictest(past: History, thresholds: Thresholds, *, lever: str, most_held: float) -> float | None:
    """The threshold of the score `lever` that holds most and not more than the share `most_held`, with 95 % sureness.

    From loose to strict until the first that holds too much; None where already the loosest does.
    """
    line = _draw_line(past, thresholds, lever)
    found = None
    for threshold in line.thresholds[::-1]:
        held = line.held_anyway + int((line.beyond(float(threshold)) & line.counted).sum())
        # One-sided at 95 % is the upper end of a two-sided 90 % interval.
        if count_proportion(held, line.total, sureness=2 * CONFIDENCE - 1).high > most_held:
            break
        found = float(threshold)
    return found


def _has_enough(strata: Sequence[Stratum], limit: float, *, least: float) -> bool:
    hoped = [Stratum(size=stratum.size, looked_at=stratum.looked_at, found=0) for stratum in strata]
    return sum(stratum.looked_at for stratum in strata) >= least and bound_proportion(hoped) <= limit


def _draw_line(past: History, thresholds: Thresholds, lever: str) -> _Line:
    outcomes = replay(past.comments, {**thresholds, lever: None})
    pairs = list(zip(past.comments, outcomes, strict=True))
    free = [comment for comment, outcome in pairs if outcome is Outcome.APPROVE]
    probabilities = {p: place for place, p in enumerate(sorted({c.sampling_probability for c in free}))}
    from_below = lever in HELD_WHEN_BELOW
    return _Line(
        scores=np.array([_reach(comment, lever) for comment in free], dtype=float),
        strata=np.array([probabilities[comment.sampling_probability] for comment in free], dtype=int),
        counted=np.array([comment.counted for comment in free], dtype=bool),
        looked_at=np.array([comment.was_reviewed_by_chance for comment in free], dtype=bool),
        found=np.array(
            [comment.was_reviewed_by_chance and comment.breaks_rules is True for comment in free], dtype=bool
        ),
        each=past.each,
        thresholds=GRID[::-1] if from_below else GRID,
        from_below=from_below,
        held_anyway=sum(comment.counted for comment, outcome in pairs if outcome is Outcome.HOLD),
        total=sum(comment.counted for comment in past.comments),
    )


def _reach(comment: PastComment, lever: str) -> float:
    score = comment.scores.get(lever)
    return float("nan") if score is None or (comment.trusted and lever not in RULES_BEFORE_TRUST) else score

"""Estimated proportions with intervals, from a simple count or from a stratified sample."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from models.risk_control import exact_lower_bound, exact_upper_bound, observations_needed

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """An estimated proportion with its interval, and the number of observations that it rests on.

    Without observations the value is None and the interval is 0 to 1.
    """

    value: float | None
    low: float
    high: float
    observations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Items that were sampled with the same probability.

    `size` counts all of them, `observations` those that were reviewed, and `hits` those with the property in question.
    """

    size: int
    observations: int
    hits: int

    @property
    def weight(self) -> float:
        """How many items one observation stands for: the inverse of the realised sampling probability."""
        return self.size / self.observations

    @property
    def weighted_hits(self) -> float:
        """The estimated hits among all items."""
        return self.hits * self.size / self.observations


UNKNOWN = Proportion(value=None, low=0.0, high=1.0, observations=0)


def count_proportion(hits: int, observations: int, *, confidence: float = CONFIDENCE) -> Proportion:
    """Return the proportion of independent observations with its exact two-sided interval.

    The interval is that of Clopper and Pearson (1934), "The use of confidence or fiducial limits illustrated in the
    case of the binomial".
    """
    if observations == 0:
        return UNKNOWN
    tail = (1 - confidence) / 2
    return Proportion(
        value=hits / observations,
        low=exact_lower_bound(hits, observations, alpha=tail),
        high=exact_upper_bound(hits, observations, alpha=tail),
        observations=observations,
    )


def weighted_proportion(strata: Sequence[Stratum], *, confidence: float = CONFIDENCE) -> Proportion:
    """Return the proportion of hits in all strata together.

    Each observation has the weight of its stratum. The estimate is Horvitz and Thompson's (1952) with realised
    probabilities. The interval is Clopper and Pearson's where all observations have the same weight, and otherwise the
    conservative one of `bound_total`.
    """
    tail = (1 - confidence) / 2
    return Proportion(
        value=_estimate(strata),
        low=_bound(strata, tail, upper=False),
        high=_bound(strata, tail, upper=True),
        observations=sum(stratum.observations for stratum in strata),
    )


def upper_bound(strata: Sequence[Stratum], *, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided upper bound of `weighted_proportion`. Promises are checked against it."""
    return _bound(strata, 1 - confidence, upper=True)


def bound_total(total: float, max_weight: float, tail: float, *, upper: bool) -> float:
    """Return a bound of a weighted total; it is wrong with probability `tail` at most.

    `max_weight` is the largest weight of a single observation. Chernoff's bound for a sum of independent quantities
    between 0 and 1 with mean sum m: the sum is x or less (x < m), or x or more (x > m), with probability
    exp(x - m - x ln(x / m)) at most. See Mitzenmacher and Upfal, "Probability and Computing", theorems 4.4 and 4.5.
    By theorem 4 of Hoeffding (1963) it also holds for sampling without replacement. Without any hit it is the rule of
    three: -ln(tail) times the largest weight.
    """
    hits = total / max_weight
    if upper:
        # Far enough beyond the solution for the bisection.
        far = hits + 4 * math.sqrt(hits + 1) * -math.log(tail) + 1
        return max_weight * _solve_mean(hits, tail, near=hits, far=far)
    return max_weight * _solve_mean(hits, tail, near=hits, far=0.0) if hits else 0.0


def reviews_needed(limit: float, *, hits: int = 0, confidence: float = CONFIDENCE) -> int:
    """Return how many observations show that a proportion is at most `limit`, if `hits` of them are hits."""
    return observations_needed(limit, hits=hits, alpha=1 - confidence)


def more_reviews_needed(strata: Sequence[Stratum], limit: float, *, confidence: float = CONFIDENCE) -> int | None:
    """Return about how many more observations without a hit would show that the proportion is at most `limit`.

    The result is 0 where that is shown already, and None where the estimate is above the limit: more observations may
    not help then. An observation counts as much as one with the largest weight, because reviewing rarely sampled
    comments adds most.
    """
    if upper_bound(strata, confidence=confidence) <= limit:
        return 0
    observed = [stratum for stratum in strata if stratum.observations]
    if not observed:
        return reviews_needed(limit, confidence=confidence)
    if (_estimate(strata) or 0.0) > limit:
        return None
    max_weight = max(stratum.weight for stratum in observed)
    hits = sum(stratum.weighted_hits for stratum in observed) / max_weight
    equivalent_reviews = sum(stratum.size for stratum in observed) / max_weight
    return max(1, reviews_needed(limit, hits=math.ceil(hits), confidence=confidence) - int(equivalent_reviews))


def _estimate(strata: Sequence[Stratum]) -> float | None:
    observed = [stratum for stratum in strata if stratum.observations]
    size = sum(stratum.size for stratum in observed)
    if not size:
        return None
    return sum(stratum.weighted_hits for stratum in observed) / size


def _bound(strata: Sequence[Stratum], tail: float, *, upper: bool) -> float:
    strata = [stratum for stratum in strata if stratum.size]
    used, dropped_size = _drop_small_strata(strata, tail) if strata else ([], 0)
    if not used:
        return 1.0 if upper else 0.0
    used_size = sum(stratum.size for stratum in used)
    if len({stratum.weight for stratum in used}) == 1:
        hits, observations = sum(s.hits for s in used), sum(s.observations for s in used)
        exact_bound = exact_upper_bound if upper else exact_lower_bound
        total = exact_bound(hits, observations, alpha=tail) * used_size
    else:
        weighted_hits = sum(stratum.weighted_hits for stratum in used)
        total = bound_total(weighted_hits, max(stratum.weight for stratum in used), tail, upper=upper)
    # For the upper bound, everything in a dropped stratum is taken for a hit; for the lower bound, nothing is.
    return min(1.0, (min(total, used_size) + (dropped_size if upper else 0)) / (used_size + dropped_size))


def _drop_small_strata(strata: Sequence[Stratum], tail: float) -> tuple[list[Stratum], int]:
    """Return the strata to use, and the size of those to drop.

    Without observations, a whole stratum may be hits. With very few, each observation gets a huge weight, and assuming
    that the whole stratum is hits gives the lower bound. The choice depends on sizes alone, never on hits, so that the
    bound remains valid.
    """
    by_weight = sorted((s for s in strata if s.observations), key=lambda stratum: stratum.weight)
    unobserved_size = sum(s.size for s in strata if not s.observations)
    # Each choice uses the strata with the `count` smallest weights, and drops all others.
    choices = [
        (by_weight[:count], unobserved_size + sum(s.size for s in by_weight[count:]))
        for count in range(len(by_weight), -1, -1)
    ]
    return min(choices, key=lambda choice: _optimistic_total(choice[0], choice[1], tail))


def _optimistic_total(used: Sequence[Stratum], dropped_size: int, tail: float) -> float:
    """Return the upper bound of the total if no used stratum had a hit (the rule of three)."""
    max_weight = max((stratum.weight for stratum in used), default=0.0)
    return dropped_size + min(sum(stratum.size for stratum in used), -math.log(tail) * max_weight)


def _solve_mean(hits: float, tail: float, *, near: float, far: float) -> float:
    """Return the mean between `near` (probability 1) and `far` at which Chernoff's bound equals `tail`.

    Bisection; the result is on the far side of the solution, so that a bound is never too tight.
    """
    for _ in range(60):
        middle = (near + far) / 2
        near, far = (middle, far) if _chernoff_bound(hits, middle) > tail else (near, middle)
    return far


def _chernoff_bound(hits: float, mean: float) -> float:
    if mean <= 0:
        return 0.0 if hits else 1.0
    return math.exp(hits - mean - (hits * math.log(hits / mean) if hits else 0.0))

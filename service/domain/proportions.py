"""Shares with intervals: how often something happens, from a count or from a weighted sample. Knows no comments."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import betaincinv

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """An estimated share with its interval; `looked_at` is how many observations it rests on.

    Without observations the value is None and the interval is everything, 0 to 1.
    """

    value: float | None
    low: float
    high: float
    looked_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Things drawn with one and the same probability: how many there are, were looked at, and were found wanting."""

    size: int
    looked_at: int
    found: int


NOTHING_KNOWN = Proportion(value=None, low=0.0, high=1.0, looked_at=0)


def count_proportion(found: int, looked_at: int, *, sureness: float = CONFIDENCE) -> Proportion:
    """A share of independent observations with the exact two-sided interval.

    Clopper and Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the binomial",
    as quantiles of the beta distribution.
    """
    if looked_at == 0:
        return NOTHING_KNOWN
    tail = (1 - sureness) / 2
    return Proportion(
        value=found / looked_at,
        low=_exact_low(found, looked_at, tail),
        high=_exact_high(found, looked_at, tail),
        looked_at=looked_at,
    )


def weighted_proportion(strata: Sequence[Stratum], *, sureness: float = CONFIDENCE) -> Proportion:
    """The share of what was found in all strata together, each observation standing for the size of its stratum
    divided by how many of it were looked at: the inverse of the probability with which it came to be looked at.

    The estimate is Horvitz and Thompson's (1952) with realised probabilities. The interval is Clopper and Pearson's
    where all observations weigh the same, and otherwise the conservative one of `bound_total`.
    """
    return Proportion(
        value=_estimate(strata),
        low=_bound(strata, (1 - sureness) / 2, upper=False),
        high=_bound(strata, (1 - sureness) / 2, upper=True),
        looked_at=sum(stratum.looked_at for stratum in strata),
    )


def bound_proportion(strata: Sequence[Stratum], *, sureness: float = CONFIDENCE) -> float:
    """The one-sided upper bound of `weighted_proportion`: with this sureness the share is not higher. A promise rests on it."""
    return _bound(strata, 1 - sureness, upper=True)


def bound_total(total: float, heaviest: float, tail: float, *, upper: bool) -> float:
    """The bound of a weighted total whose heaviest observation weighs `heaviest`; wrong once in 1 / `tail` at most.

    Chernoff's bound for a sum of independent quantities between 0 and 1 with mean sum m: it is x or less (x < m), or x
    or more (x > m), with probability exp(x - m - x ln(x / m)) at most. Mitzenmacher and Upfal, "Probability and
    Computing", theorems 4.4 and 4.5; for drawing without replacement the same holds by theorem 4 of Hoeffding (1963).
    With nothing found it is the rule of three: -ln(tail) times the heaviest weight.
    """
    found = total / heaviest
    if upper:
        return heaviest * _solve(found, tail, near=found, far=found + 4 * math.sqrt(found + 1) * -math.log(tail) + 1)
    return heaviest * _solve(found, tail, near=found, far=0.0) if found else 0.0


def reviews_needed(limit: float, *, found: int = 0, sureness: float = CONFIDENCE) -> int:
    """How many observations, `found` of them wanting, show that a share is at most `limit`.

    The least n for which Clopper and Pearson's one-sided bound is not above the limit: with nothing found it is
    ln(1 - sureness) / ln(1 - limit), so 598 for 1 in 200 (Hanley and Lippman-Hand 1983: three times 200).
    """
    least, most = found, 1
    while most <= found or _exact_high(found, most, 1 - sureness) > limit:
        least, most = most, most * 2
    while most - least > 1:
        middle = (least + most) // 2
        above = middle <= found or _exact_high(found, middle, 1 - sureness) > limit
        least, most = (middle, most) if above else (least, middle)
    return most


def more_reviews_needed(strata: Sequence[Stratum], limit: float, *, sureness: float = CONFIDENCE) -> int | None:
    """About how many more observations, none of them wanting, would show that the share is at most `limit`.

    0 where it is shown already, None where what was seen speaks against it, so that more may well not help. Each
    observation counts for as much as the heaviest ones do: only those who look at what is seldom drawn learn more.
    """
    if bound_proportion(strata, sureness=sureness) <= limit:
        return 0
    seen = [stratum for stratum in strata if stratum.looked_at]
    if not seen:
        return reviews_needed(limit, sureness=sureness)
    if (_estimate(strata) or 0.0) > limit:
        return None
    heaviest = max(stratum.size / stratum.looked_at for stratum in seen)
    found = sum(stratum.found * stratum.size / stratum.looked_at for stratum in seen) / heaviest
    worth = sum(stratum.size for stratum in seen) / heaviest
    return max(1, reviews_needed(limit, found=math.ceil(found), sureness=sureness) - int(worth))


def _exact_high(found: int, looked_at: int, tail: float) -> float:
    return 1.0 if found >= looked_at else float(betaincinv(found + 1, looked_at - found, 1 - tail))


def _exact_low(found: int, looked_at: int, tail: float) -> float:
    return 0.0 if found <= 0 else float(betaincinv(found, looked_at - found + 1, tail))


def _estimate(strata: Sequence[Stratum]) -> float | None:
    seen = [stratum for stratum in strata if stratum.looked_at]
    size = sum(stratum.size for stratum in seen)
    if not size:
        return None
    return sum(stratum.found * stratum.size / stratum.looked_at for stratum in seen) / size


def _bound(strata: Sequence[Stratum], tail: float, *, upper: bool) -> float:
    strata = [stratum for stratum in strata if stratum.size]
    if not strata:
        return 1.0 if upper else 0.0
    kept, left_out = _leave_out_thin(strata, tail)
    kept_size = sum(stratum.size for stratum in kept)
    if not kept:
        return 1.0 if upper else 0.0
    if len({stratum.size / stratum.looked_at for stratum in kept}) == 1:
        found, looked_at = sum(s.found for s in kept), sum(s.looked_at for s in kept)
        share = _exact_high(found, looked_at, tail) if upper else _exact_low(found, looked_at, tail)
        total = share * kept_size
    else:
        weights = [stratum.size / stratum.looked_at for stratum in kept]
        found_in_all = sum(stratum.found * weight for stratum, weight in zip(kept, weights, strict=True))
        total = bound_total(found_in_all, max(weights), tail, upper=upper)
    return min(1.0, (min(total, kept_size) + (left_out if upper else 0)) / (kept_size + left_out))


def _leave_out_thin(strata: Sequence[Stratum], tail: float) -> tuple[list[Stratum], int]:
    # A stratum that nobody looked at may be wanting throughout. One that hardly anybody looked at would give each of
    # its few observations a huge weight: then it is better taken for wanting throughout, too. What is left out is
    # chosen by sizes alone, never by what was found, so the bound stays a bound.
    by_weight = sorted((s for s in strata if s.looked_at), key=lambda s: s.size / s.looked_at)
    unseen = sum(s.size for s in strata if not s.looked_at)
    choices = [
        (by_weight[:count], unseen + sum(s.size for s in by_weight[count:])) for count in range(len(by_weight), -1, -1)
    ]
    return min(choices, key=lambda choice: _hopeful(choice[0], choice[1], tail))


def _hopeful(kept: Sequence[Stratum], left_out: int, tail: float) -> float:
    heaviest = max((s.size / s.looked_at for s in kept), default=0.0)
    return left_out + min(sum(s.size for s in kept), -math.log(tail) * heaviest)


def _solve(found: float, tail: float, *, near: float, far: float) -> float:
    """The mean between `near` (where the chance is 1) and `far` at which Chernoff's bound is `tail`; errs outwards."""
    for _ in range(60):
        middle = (near + far) / 2
        near, far = (middle, far) if _chance(found, middle) > tail else (near, middle)
    return far


def _chance(found: float, mean: float) -> float:
    if mean <= 0:
        return 0.0 if found else 1.0
    return math.exp(found - mean - (found * math.log(found / mean) if found else 0.0))

"""Statistical guarantees for thresholds: exact bounds of a proportion, and the loosest threshold that keeps a limit.

Observations are independent, and some of them are hits: mistakes, say, among approved comments that were reviewed.
`alpha` is the probability, at most, that a bound is wrong.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from scipy.special import betaincinv

Candidate = TypeVar("Candidate")


def exact_upper_bound(hits: int, observations: int, *, alpha: float) -> float:
    """Return the proportion that the true one exceeds with probability `alpha` at most (Clopper and Pearson 1934)."""
    return 1.0 if hits >= observations else float(betaincinv(hits + 1, observations - hits, 1 - alpha))


def exact_lower_bound(hits: int, observations: int, *, alpha: float) -> float:
    """Return the proportion that the true one is below with probability `alpha` at most (Clopper and Pearson 1934)."""
    return 0.0 if hits <= 0 else float(betaincinv(hits, observations - hits + 1, alpha))


def observations_needed(limit: float, *, hits: int = 0, alpha: float) -> int:
    """Return the smallest number of observations that show, with `hits` among them, a proportion of at most `limit`.

    Without hits it is ln(alpha) / ln(1 - limit), rounded up: 598 for 1 in 200 at alpha 0.05, close to three times 200
    (the rule of three, Hanley and Lippman-Hand 1983).
    """

    def is_too_few(observations: int) -> bool:
        return observations <= hits or exact_upper_bound(hits, observations, alpha=alpha) > limit

    too_few, enough = hits, 1
    # Double until there are enough, then halve the gap: the bound falls as observations are added.
    while is_too_few(enough):
        too_few, enough = enough, enough * 2
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (middle, enough) if is_too_few(middle) else (too_few, middle)
    return enough


def find_loosest(
    candidates: Iterable[Candidate],
    *,
    can_start: Callable[[Candidate], bool],
    upper_bound: Callable[[Candidate], float],
    limit: float,
) -> Candidate | None:
    """Return the loosest of the candidates whose bound is at most `limit`; None if there is none.

    This is fixed-sequence testing (Angelopoulos et al. 2021, "Learn then Test", section 3). Candidates are tried from
    the strictest to the loosest, and the first one that fails ends the search. All that passed then hold together with
    probability 1 - alpha, if each bound has that probability.

    The search starts at the first candidate for which `can_start` is true. That must not depend on hits, only on the
    number of observations: it skips candidates with too few to pass even without a hit.
    """
    loosest, has_started = None, False
    for candidate in candidates:
        has_started = has_started or can_start(candidate)
        if not has_started:
            continue
        if upper_bound(candidate) > limit:
            break
        loosest = candidate
    return loosest

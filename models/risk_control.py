"""Statistical guarantees for thresholds: exact bounds of a proportion, and the loosest threshold within a limit.

Observations must be independent. Some of them are hits. For example, the observations are approved comments that were
reviewed, and the hits are the mistakes among them. A bound is wrong with a probability of at most `alpha`.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from scipy.special import betaincinv

Candidate = TypeVar("Candidate")


def exact_upper_bound(hits: int, observations: int, *, alpha: float) -> float:
    """Return the upper bound of the true proportion of hits (Clopper and Pearson 1934).

    The true proportion exceeds it with a probability of at most `alpha`.
    """
    return 1.0 if hits >= observations else float(betaincinv(hits + 1, observations - hits, 1 - alpha))


def exact_lower_bound(hits: int, observations: int, *, alpha: float) -> float:
    """Return the lower bound of the true proportion of hits (Clopper and Pearson 1934).

    The true proportion is below it with a probability of at most `alpha`.
    """
    return 0.0 if hits <= 0 else float(betaincinv(hits, observations - hits + 1, alpha))


def observations_needed(limit: float, *, hits: int = 0, alpha: float) -> int:
    """Return the smallest number of observations, `hits` of them hits, whose upper bound is at most `limit`.

    Without hits, this is ln(alpha) / ln(1 - limit), rounded up. For a limit of 1 in 200 and an alpha of 0.05 it is 598,
    which is close to three times 200 (the rule of three, Hanley and Lippman-Hand 1983).
    """

    def is_too_few(observations: int) -> bool:
        return observations <= hits or exact_upper_bound(hits, observations, alpha=alpha) > limit

    too_few, enough = hits, 1
    # The bound falls with more observations. Double them until there are enough, then search the gap by bisection.
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
    """Return the loosest candidate (threshold) that passes: its bound is at most `limit`. None if none passes.

    `candidates` are in order from the strictest to the loosest. The first one that fails ends the search. This is
    fixed-sequence testing (Angelopoulos et al. 2021, "Learn then Test", section 3): if each bound holds with
    probability 1 - alpha, then all bounds that passed hold together with probability 1 - alpha.

    The search starts at the first candidate for which `can_start` is true. It skips candidates with too few
    observations to pass even without a hit. `can_start` must depend on the number of observations only, not on hits.
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

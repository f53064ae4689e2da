"""Thresholds for a promised error, with a bound that holds for any distribution; it promises nothing by itself.

The promise: of the comments let through, at most so many are toxic. It is tested on reviewed comments, exactly, by
the binomial distribution (Clopper and Pearson 1934), from the threshold that holds most to the one that holds least,
and ends where a test fails (fixed-sequence testing; Angelopoulos et al. 2021, "Learn then test"): so the chance that
the answer is wrong stays 5 % although many thresholds are tried. MAPIE's controller takes the same binomial tail for
a share, but tests such a sequence for risks only that fall steadily, which the share of toxic comments among those
let through need not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

Floats = NDArray[np.float64]

PROMISES = (0.1, 0.05, 0.02, 0.01, 0.005)
"""Shares of toxic comments among those let through, at most."""

DOUBT = 0.05
"""The chance, at most, that a promise is wrong."""

HELD = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.075, 0.05, 0.03, 0.02, 0.01, 0.005, 0.0)
"""Shares held that are tried, in this order; chosen before any label is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A threshold that keeps a promise, the share of comments that it holds, and the bound on the share of toxic
    ones among the rest; all None where none of the thresholds could be shown to keep it.

    `reviewed` is how many comments let through would have to be reviewed, all harmless, before it could be made.
    """

    promised: float
    threshold: float | None
    held: float | None
    bound: float | None
    reviewed: int


def make_promises(scores: Floats, labels: Floats, promises: Sequence[float] = PROMISES) -> list[Promise]:
    """Answer for each promised share the least severe threshold that keeps it."""
    return [_make(scores, labels, promised) for promised in promises]


def upper_bound(errors: int, count: int, *, doubt: float = DOUBT) -> float:
    """Answer the share that the true one exceeds with a chance of `doubt` at most (Clopper and Pearson 1934)."""
    return 1.0 if errors >= count else float(beta.ppf(1 - doubt, errors + 1, count - errors))


def reviews_needed(promised: float, *, doubt: float = DOUBT) -> int:
    """Answer how many comments without a mistake show that at most `promised` are mistakes: the rule of three."""
    return math.ceil(math.log(doubt) / math.log1p(-promised))


def _make(scores: Floats, labels: Floats, promised: float) -> Promise:
    kept: tuple[float, float, float] | None = None
    for share in HELD:
        threshold = _threshold_at(scores, share)
        passed = scores < threshold
        if passed.sum() < reviews_needed(promised):
            continue  # not even without a mistake; how many pass is known before any label is
        bound = upper_bound(int(labels[passed].sum()), int(passed.sum()))
        if bound > promised:
            break
        kept = threshold, float(1 - passed.mean()), bound
    known = kept or (None, None, None)
    return Promise(
        promised=promised, threshold=known[0], held=known[1], bound=known[2], reviewed=reviews_needed(promised)
    )


def _threshold_at(scores: Floats, share: float) -> float:
    """Answer the score from which on about a share of rows is held; ties may make it more."""
    if share == 0:
        return float(np.nextafter(scores.max(), np.inf))
    return float(np.quantile(scores, 1 - share, method="higher"))

"""Thresholds that keep a promise: of the comments let through, at most a promised share is toxic.

A promise is tested on labelled comments by exact bounds, from the strictest threshold to the loosest: see
`models.risk_control`. MAPIE's controller uses the same bounds, but tests such a sequence only for risks that fall
steadily, as the share of toxic comments among those let through need not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.risk_control import exact_upper_bound, find_loosest, observations_needed

Floats = NDArray[np.float64]

PROMISES = (0.1, 0.05, 0.02, 0.01, 0.005)
"""Shares of toxic comments among those let through, at most."""

ALPHA = 0.05
"""The probability, at most, that a promise is wrong."""

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


def _make(scores: Floats, labels: Floats, promised: float) -> Promise:
    reviewed = observations_needed(promised, alpha=ALPHA)

    def bound(threshold: float) -> float:
        passed = scores < threshold
        return exact_upper_bound(int(labels[passed].sum()), int(passed.sum()), alpha=ALPHA)

    threshold = find_loosest(
        (_threshold_at(scores, share) for share in HELD),
        can_start=lambda threshold: bool((scores < threshold).sum() >= reviewed),
        upper_bound=bound,
        limit=promised,
    )
    return Promise(
        promised=promised,
        threshold=threshold,
        held=None if threshold is None else float(1 - (scores < threshold).mean()),
        bound=None if threshold is None else bound(threshold),
        reviewed=reviewed,
    )


def _threshold_at(scores: Floats, share: float) -> float:
    """Answer the score from which on about a share of rows is held; ties may make it more."""
    if share == 0:
        return float(np.nextafter(scores.max(), np.inf))
    return float(np.quantile(scores, 1 - share, method="higher"))

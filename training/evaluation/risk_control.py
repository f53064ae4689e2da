"""Finds thresholds that keep a promise: of the comments that are not held, at most a promised share is toxic.

Exact bounds on labelled comments test a promise, from the strictest threshold to the loosest: see
`models.risk_control`. MAPIE's controller uses the same bounds, but it needs a risk that falls steadily along the
thresholds. The share of toxic comments among those that are not held may rise and fall.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.risk_control import exact_upper_bound, find_loosest, observations_needed

Floats = NDArray[np.float64]

PROMISES = (0.1, 0.05, 0.02, 0.01, 0.005)
"""The highest shares of toxic comments, among those that are not held, for which a threshold is sought."""

ALPHA = 0.05
"""The highest probability with which a promise may be wrong."""

WORKLOADS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.075, 0.05, 0.03, 0.02, 0.01, 0.005, 0.0)
"""Shares of comments held, in the order in which they are tried. They were chosen before any label was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A threshold that keeps a promise, the share of comments that it holds, and the bound on the toxic share below it.

    All three are None if no threshold is shown to keep the promise. `reviews_needed` is the number of comments below
    the threshold that must be reviewed, all of them harmless, before the promise can be made at all.
    """

    promised: float
    threshold: float | None
    held: float | None
    bound: float | None
    reviews_needed: int


def make_promises(scores: Floats, labels: Floats, promises: Sequence[float] = PROMISES) -> list[Promise]:
    """Return the loosest threshold that keeps each promise; `labels` are 1 for toxic, both arrays (rows,)."""
    return [_make_promise(scores, labels, promised) for promised in promises]


def _make_promise(scores: Floats, labels: Floats, promised: float) -> Promise:
    reviews_needed = observations_needed(promised, alpha=ALPHA)

    def bound(threshold: float) -> float:
        passed = scores < threshold
        return exact_upper_bound(int(labels[passed].sum()), int(passed.sum()), alpha=ALPHA)

    threshold = find_loosest(
        (_threshold_at(scores, workload) for workload in WORKLOADS),
        # Below a stricter threshold are so few comments that nothing could be shown, even if all were harmless.
        can_start=lambda threshold: bool((scores < threshold).sum() >= reviews_needed),
        upper_bound=bound,
        limit=promised,
    )
    return Promise(
        promised=promised,
        threshold=threshold,
        held=None if threshold is None else float(1 - (scores < threshold).mean()),
        bound=None if threshold is None else bound(threshold),
        reviews_needed=reviews_needed,
    )


def _threshold_at(scores: Floats, workload: float) -> float:
    """Return the score from which on the share `workload` of the rows is held, or more if scores are equal."""
    if workload == 0:
        # Just above the highest score, so that no row is held.
        return float(np.nextafter(scores.max(), np.inf))
    return float(np.quantile(scores, 1 - workload, method="higher"))

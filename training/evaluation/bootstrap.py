"""Areas under the ROC curve with bootstrap intervals by group (article, debate); knows no model."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from training.evaluation.metrics import wilson

Row: TypeAlias = dict[str, str | float | int]
"""A line of a result table: set, measure, value, low, high, n."""

DRAWS = 300


def auc_row(
    name: str,
    measure: str,
    *,
    labels: NDArray[np.int_],
    scores: NDArray[np.float64],
    groups: Sequence[str] | NDArray[np.str_],
    seed: int,
) -> Row:
    """AUC with the 2.5th and 97.5th percentile of DRAWS resamples, in which whole groups are drawn."""
    low, high = _interval(labels, scores, np.unique(groups, return_inverse=True)[1], seed=seed)
    value = float(roc_auc_score(labels, scores))
    return {"set": name, "measure": measure, "value": value, "low": low, "high": high, "n": len(labels)}


def share_row(
    name: str, measure: str, hits: NDArray[np.bool_], *, groups: Sequence[str] | NDArray[np.str_], seed: int
) -> Row:
    """A share of rows, with the same kind of interval.

    Where all rows are alike no resample can differ: then it is Wilson's (1927), for as many rows as there are groups.
    """
    places = np.unique(groups, return_inverse=True)[1]
    counts = np.bincount(places)
    sums = np.bincount(places, weights=hits)
    drawn = np.random.default_rng(seed).integers(len(counts), size=(DRAWS, len(counts)))
    shares = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    if hits.all() or not hits.any():
        low, high = wilson(np.full(len(counts), hits[0], dtype=float))
    return {
        "set": name,
        "measure": measure,
        "value": float(hits.mean()),
        "low": float(low),
        "high": float(high),
        "n": len(hits),
    }


def _interval(
    labels: NDArray[np.int_], scores: NDArray[np.float64], places: NDArray[np.int_], *, seed: int
) -> tuple[float, float]:
    """Resampling groups is weighting rows, so that one sort serves all draws."""
    rng = np.random.default_rng(seed)
    count = int(places.max()) + 1
    order = np.argsort(scores, kind="stable")
    ties = np.unique(scores[order], return_inverse=True)[1]
    areas = []
    for _ in range(DRAWS):
        weights = np.bincount(rng.integers(count, size=count), minlength=count)[places[order]].astype(float)
        areas.append(weighted_auc(labels[order], weights, ties))
    low, high = np.nanquantile(areas, [0.025, 0.975])
    return float(low), float(high)


def weighted_auc(labels: NDArray[np.int_], weights: NDArray[np.float64], ties: NDArray[np.int_]) -> float:
    """Answer the weighted share of pairs in order, half for ties; rows sorted by score, `ties` numbering equal scores.

    NaN where only one class has weight.
    """
    positive = np.bincount(ties, weights=weights * labels)
    negative = np.bincount(ties, weights=weights * (1 - labels))
    total = positive.sum() * negative.sum()
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / total) if total else float("nan")

"""Two models on the same rows: differences with bootstrap intervals in which whole groups are drawn; scores nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation.bootstrap import DRAWS, Row, weighted_auc
from training.evaluation.metrics import wilson

Floats = NDArray[np.float64]
Weighing = Callable[[Floats], float]
"""Answers a figure for given weights of the rows."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Labels and two models' scores of the same rows, shape (rows,); rows of one of the `groups` belong together."""

    labels: Floats
    ours: Floats
    theirs: Floats
    groups: Sequence[str]


def compare_areas(name: str, pair: Pair, *, seed: int) -> Row:
    """Answer our AUC less theirs, with the 2.5th and 97.5th percentile of the paired differences."""
    first, second = _area_of(pair.labels, pair.ours), _area_of(pair.labels, pair.theirs)
    return _compare(name, "AUC", first, second, pair.groups, seed=seed)


def compare_recalls(name: str, pair: Pair, *, share: float, seed: int) -> Row:
    """Answer the same for the share of positives among the `share` of rows with the highest scores."""
    first, second = _recall_of(pair.labels, pair.ours, share), _recall_of(pair.labels, pair.theirs, share)
    return _compare(name, f"recall, {share:.0%} held", first, second, pair.groups, seed=seed)


def recall_row(name: str, labels: Floats, scores: Floats, *, share: float, groups: Sequence[str], seed: int) -> Row:
    """Answer the recall of one model at a workload with its interval.

    Where all positives or none are found and no resample differs, it is Wilson's (1927), for as many positives as
    there are groups with any.
    """
    recall = _recall_of(labels, scores, share)
    value = recall(np.ones(len(groups)))
    low, high = np.nanquantile([recall(weights) for weights in draw_weights(groups, seed=seed)], [0.025, 0.975])
    if low == high and value in {0.0, 1.0}:
        low, high = wilson(np.full(len(np.unique(np.array(groups)[labels == 1])), value))
    return _row(name, f"recall, {share:.0%} held", value, float(low), float(high), len(groups))


def difference_row(name: str, measure: str, differences: Floats, *, groups: Sequence[str], seed: int) -> Row:
    """Answer the mean of differences that each row has, from -1 to 1, with its interval.

    Where all rows are alike no resample can differ: then it is as wide to either side as Wilson's (1927) of a share of
    nothing, for as many rows as there are groups.
    """
    weights = draw_weights(groups, seed=seed)
    means = [float(np.average(differences, weights=weight)) for weight in weights]
    low, high = np.quantile(means, [0.025, 0.975])
    value = float(differences.mean())
    if np.ptp(differences) == 0:
        _, width = wilson(np.zeros(len(np.unique(groups))))
        low, high = max(-1.0, value - width), min(1.0, value + width)
    return _row(name, measure, value, float(low), float(high), len(differences))


def _compare(name: str, measure: str, ours: Weighing, theirs: Weighing, groups: Sequence[str], *, seed: int) -> Row:
    whole = np.ones(len(groups))
    differences = [ours(weights) - theirs(weights) for weights in draw_weights(groups, seed=seed)]
    low, high = np.nanquantile(differences, [0.025, 0.975])
    first, second = ours(whole), theirs(whole)
    row = _row(name, measure, first - second, float(low), float(high), len(groups))
    return row | {"ours": first, "theirs": second}


def draw_weights(groups: Sequence[str], *, seed: int, draws: int = DRAWS) -> Iterator[Floats]:
    """Draw groups with replacement, as a weight for each row, so many times."""
    places = np.unique(groups, return_inverse=True)[1]
    count, rng = int(places.max()) + 1, np.random.default_rng(seed)
    for _ in range(draws):
        yield np.bincount(rng.integers(count, size=count), minlength=count)[places].astype(float)


def _area_of(labels: Floats, scores: Floats) -> Weighing:
    order = np.argsort(scores, kind="stable")
    ties = np.unique(scores[order], return_inverse=True)[1]
    sorted_labels = labels[order].astype(int)
    return lambda weights: weighted_auc(sorted_labels, weights[order], ties)


def _recall_of(labels: Floats, scores: Floats, share: float) -> Weighing:
    order = np.argsort(-scores, kind="stable")
    positive = labels[order]

    def weigh(weights: Floats) -> float:
        drawn = weights[order]
        held = np.cumsum(drawn) <= share * drawn.sum() + 1 / 2
        every = (drawn * positive).sum()
        return float((drawn * positive)[held].sum() / every) if every else float("nan")

    return weigh


def _row(name: str, measure: str, value: float, low: float, high: float, n: int) -> Row:
    return {"set": name, "measure": measure, "value": value, "low": low, "high": high, "n": n}

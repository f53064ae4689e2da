"""Percentile bootstrap intervals in which whole clusters, such as the comments under one article, are resampled.

Comments of one cluster resemble each other, so resampling single rows would make intervals too narrow. Every interval
is from the 2.5th to the 97.5th percentile of a statistic over resamples (Efron 1979). A resample is expressed as
weights: rows of a cluster that is drawn twice have the weight 2, and rows of a cluster that is not drawn 0.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from training.statistics.metrics import wilson_interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Groups = Sequence[str] | NDArray[np.str_]
"""The name of the cluster that each row belongs to, (rows,)."""

Statistic = Callable[[Floats], float]
"""Returns a figure for given weights of the rows, (rows,)."""

RESAMPLES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement(Estimate):
    """A metric of the rows of a set, with its interval. `set` is the set's name, `n` its number of rows."""

    set: str
    metric: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference(Measurement):
    """A release's value less a baseline's on the same rows, with the interval of the difference."""

    release_value: float
    baseline_value: float


@dataclass(frozen=True, kw_only=True)
class PairedScores:
    """Labels and two models' scores of the same rows, each of shape (rows,), with the rows' clusters."""

    labels: Floats
    release: Floats
    baseline: Floats
    groups: Sequence[str]


def resample(count: int, *, seed: int, resamples: int = RESAMPLES) -> Iterator[Ints]:
    """Yield, for each resample, the indices of `count` items drawn with replacement, (count,)."""
    rng = np.random.default_rng(seed)
    for _ in range(resamples):
        yield rng.integers(count, size=count)


def draw_cluster_weights(groups: Groups, *, seed: int, resamples: int = RESAMPLES) -> Iterator[Floats]:
    """Yield, for each resample of the clusters, how often each row is drawn, (rows,)."""
    # The number of the cluster that each row belongs to.
    cluster_of_row = np.unique(groups, return_inverse=True)[1]
    count = int(cluster_of_row.max()) + 1
    for drawn in resample(count, seed=seed, resamples=resamples):
        yield np.bincount(drawn, minlength=count)[cluster_of_row].astype(float)


def percentile_interval(values: Iterable[float]) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile, without values that are NaN."""
    # NaN comes from a resample with rows of one class only, where an AUC or a recall is undefined.
    low, high = np.nanquantile(list(values), [0.025, 0.975])
    return float(low), float(high)


def bootstrap(statistic: Statistic, groups: Groups, *, seed: int) -> tuple[float, float]:
    """Return the 95 % interval of a statistic over resamples of the clusters."""
    return percentile_interval(statistic(weights) for weights in draw_cluster_weights(groups, seed=seed))


def auc_row(
    name: str, metric: str, *, labels: NDArray[np.int_], scores: Floats, groups: Groups, seed: int
) -> Measurement:
    """Measure the area under the ROC curve."""
    low, high = bootstrap(_auc_statistic(labels, scores), groups, seed=seed)
    value = float(roc_auc_score(labels, scores))
    return Measurement(set=name, metric=metric, value=value, low=low, high=high, n=len(labels))


def rate_row(name: str, metric: str, hits: NDArray[np.bool_], *, groups: Groups, seed: int) -> Measurement:
    """Measure the rate of rows that are hits.

    If all rows or none are hits, all resamples are the same. Then the interval is Wilson's (1927), with the number of
    clusters as the number of rows.
    """
    low, high = bootstrap(lambda weights: float((weights * hits).sum() / weights.sum()), groups, seed=seed)
    if hits.all() or not hits.any():
        # Clusters are counted instead of rows, because the rows of one cluster are hardly independent.
        low, high = wilson_interval(np.full(len(np.unique(groups)), hits[0], dtype=float))
    return Measurement(set=name, metric=metric, value=float(hits.mean()), low=low, high=high, n=len(hits))


def recall_row(
    name: str, labels: Floats, scores: Floats, *, workload: float, groups: Sequence[str], seed: int
) -> Measurement:
    """Measure the recall of one model at a workload, which is the share of rows that are held.

    If all positives or none are found, and the bootstrap interval has no width, the interval is Wilson's (1927), with
    the number of clusters that have positives as the number of rows.
    """
    recall = _recall_statistic(labels, scores, workload)
    value = recall(np.ones(len(groups)))
    low, high = bootstrap(recall, groups, seed=seed)
    if low == high and value in {0.0, 1.0}:
        low, high = wilson_interval(np.full(len(np.unique(np.array(groups)[labels == 1])), value))
    return Measurement(set=name, metric=_recall_name(workload), value=value, low=low, high=high, n=len(groups))


def mean_difference_row(
    name: str, metric: str, differences: Floats, *, groups: Sequence[str], seed: int
) -> Measurement:
    """Measure the mean of the rows' `differences`, each from -1 to 1.

    If all differences are equal, all resamples are the same. Then the interval is as wide to either side as Wilson's
    (1927) is for a rate of zero, with the number of clusters as the number of rows.
    """
    low, high = bootstrap(lambda weights: float(np.average(differences, weights=weights)), groups, seed=seed)
    value = float(differences.mean())
    if np.ptp(differences) == 0:  # the range, maximum less minimum
        _, width = wilson_interval(np.zeros(len(np.unique(groups))))
        low, high = max(-1.0, value - width), min(1.0, value + width)
    return Measurement(set=name, metric=metric, value=value, low=low, high=high, n=len(differences))


def compare_auc(name: str, pair: PairedScores, *, seed: int) -> PairedDifference:
    """Compare the areas under the ROC curve of two models on the same rows."""
    release, baseline = _auc_statistic(pair.labels, pair.release), _auc_statistic(pair.labels, pair.baseline)
    return _compare(name, "AUC", release, baseline, pair.groups, seed=seed)


def compare_recall(name: str, pair: PairedScores, *, workload: float, seed: int) -> PairedDifference:
    """Compare the recalls of two models at a workload on the same rows."""
    release = _recall_statistic(pair.labels, pair.release, workload)
    baseline = _recall_statistic(pair.labels, pair.baseline, workload)
    return _compare(name, _recall_name(workload), release, baseline, pair.groups, seed=seed)


def weighted_auc(labels: NDArray[np.int_], weights: Floats, ties: NDArray[np.int_]) -> float:
    """Return the weighted share of pairs in which the positive scores higher than the negative; a tie counts half.

    Rows are sorted by score. `ties` numbers the distinct scores: rows of equal score have the same number. Returns NaN
    if only one class has weight.
    """
    # The weight of positives and of negatives at each distinct score, in ascending order: (distinct scores,).
    positive = np.bincount(ties, weights=weights * labels)
    negative = np.bincount(ties, weights=weights * (1 - labels))
    total = positive.sum() * negative.sum()
    negative_below = np.cumsum(negative) - negative
    return float((positive * (negative_below + negative / 2)).sum() / total) if total else float("nan")


def _compare(
    name: str, metric: str, release: Statistic, baseline: Statistic, groups: Sequence[str], *, seed: int
) -> PairedDifference:
    # Both models are measured on the same resamples, so the difficulty of a resample cancels out of the difference.
    low, high = bootstrap(lambda weights: release(weights) - baseline(weights), groups, seed=seed)
    unweighted = np.ones(len(groups))
    release_value, baseline_value = release(unweighted), baseline(unweighted)
    return PairedDifference(
        set=name,
        metric=metric,
        value=release_value - baseline_value,
        low=low,
        high=high,
        n=len(groups),
        release_value=release_value,
        baseline_value=baseline_value,
    )


def _auc_statistic(labels: Floats | NDArray[np.int_], scores: Floats) -> Statistic:
    # Resamples change weights but not the order, so one sort serves all of them.
    order = np.argsort(scores, kind="stable")
    ties = np.unique(scores[order], return_inverse=True)[1]
    sorted_labels = labels[order].astype(int)
    return lambda weights: weighted_auc(sorted_labels, weights[order], ties)


def _recall_statistic(labels: Floats, scores: Floats, workload: float) -> Statistic:
    order = np.argsort(-scores, kind="stable")
    sorted_labels = labels[order]

    def recall(weights: Floats) -> float:
        sorted_weights = weights[order]
        # A row with the weight 2 fills two places of the workload. The half rounds the number of places.
        held = np.cumsum(sorted_weights) <= workload * sorted_weights.sum() + 1 / 2
        positives = sorted_weights * sorted_labels
        return float(positives[held].sum() / positives.sum()) if positives.sum() else float("nan")

    return recall


def _recall_name(workload: float) -> str:
    return f"recall, {workload:.0%} held"

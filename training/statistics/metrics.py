"""Metrics of scores against labels: recall at a workload (a share of rows held), calibration and curves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]

MAX_POINTS = 120
"""A curve is drawn with at most so many points."""

CLIP = 1e-6
"""Probabilities are clipped to [CLIP, 1 - CLIP] before their log-odds are taken."""

Z_95 = 1.96
"""The normal quantile of a two-sided 95 % interval. Rounded, because published figures were computed with it."""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows with similar scores: the mean predicted probability, and the observed rate with its 95 % interval."""

    rows: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve, for drawing."""

    x: Sequence[float]
    y: Sequence[float]


def to_log_odds(probabilities: Floats) -> Floats:
    """Return the log-odds of probabilities, clipped so that none is infinite."""
    # Not `models.log_odds`, which differs in the last digit: the figures on released cards were computed with scipy.
    log_odds: Floats = logit(np.clip(probabilities, CLIP, 1 - CLIP))
    return log_odds


def wilson_interval(labels: Floats) -> tuple[float, float]:
    """Return the 95 % interval of the rate of ones (Wilson 1927); `labels` are 0 or 1, shape (rows,)."""
    count, rate, z = len(labels), float(labels.mean()), Z_95
    centre = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half_width = z * np.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, float(centre - half_width)), min(1.0, float(centre + half_width))


def recall_at_workload(labels: Floats, scores: Floats, *, workload: float) -> float:
    """Return the share of all positives that is among the `workload` share of rows with the highest scores."""
    held = np.argsort(-scores, kind="stable")[: round(workload * len(scores))]
    return float(labels[held].sum() / labels.sum())


def workload_and_missed(labels: Floats, scores: Floats, *, threshold: float) -> tuple[float, float]:
    """Return the share of rows held at a threshold, and the false omission rate.

    This is the share of positives among the rows that are not held.
    """
    passed = scores < threshold
    return float(1 - passed.mean()), float(labels[passed].mean()) if passed.any() else 0.0


def calibration_bins(probabilities: Floats, labels: Floats, *, bins: int = 10) -> list[CalibrationBin]:
    """Compare predicted with observed rates in bins of equal size, with Wilson intervals."""
    # Stable, so that rows with equal scores stay in the same bins on every machine.
    order = np.argsort(probabilities, kind="stable")
    return [_calibration_bin(probabilities[rows], labels[rows]) for rows in np.array_split(order, bins) if len(rows)]


def calibration_above(probabilities: Floats, labels: Floats, *, minimum: float) -> CalibrationBin | None:
    """Compare the predicted with the observed rate of rows from `minimum` on; None if there are none."""
    rows = probabilities >= minimum
    return _calibration_bin(probabilities[rows], labels[rows]) if rows.any() else None


def calibration_error(bins: Sequence[CalibrationBin]) -> float:
    """Return the expected calibration error: the mean distance of predicted from observed rates (Naeini et al. 2015).

    The bins have equal size here, not equal width as in the paper.
    """
    return sum(part.rows * abs(part.predicted - part.observed) for part in bins) / sum(part.rows for part in bins)


def calibration_line(probabilities: Floats, labels: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """Return slope and intercept of the observed log-odds on the predicted ones (Cox 1958). Ideal values are 1 and 0.

    A slope under 1 means that scores are too extreme; an intercept under 0, that they are too high. Raises ValueError
    if only one class is present.
    """
    predicted = to_log_odds(probabilities).reshape(-1, 1)
    # C=inf switches regularisation off, which would pull the slope towards zero.
    fitted = LogisticRegression(C=np.inf, max_iter=1_000).fit(predicted, labels.astype(int), sample_weight=weights)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def brier_skill(probabilities: Floats, labels: Floats) -> float:
    """Return the Brier skill score: 1 is perfect, 0 is as good as predicting the set's own rate for every row."""
    rate = float(labels.mean())
    # rate * (1 - rate) is the Brier score of predicting the rate for every row.
    return 1 - float(metrics.brier_score_loss(labels, probabilities)) / (rate * (1 - rate))


def workload_curve(scores: Floats) -> Curve:
    """Return the share of rows held (y) at each threshold (x)."""
    thresholds = np.linspace(0, 1, MAX_POINTS + 1)
    # Every score against every threshold: shape (rows, thresholds).
    return _thin(thresholds, (scores[:, None] >= thresholds).mean(axis=0))


def roc_curve(labels: Floats, scores: Floats) -> Curve:
    """Return true positive rates (y) against false positive rates (x)."""
    false_positives, true_positives, _ = metrics.roc_curve(labels, scores)
    return _thin(false_positives, true_positives)


def precision_recall_curve(labels: Floats, scores: Floats) -> Curve:
    """Return precision (y) against recall (x)."""
    precision, recall, _ = metrics.precision_recall_curve(labels, scores)
    # scikit-learn starts at the lowest threshold, where recall is 1; curves here run from left to right.
    return _thin(recall[::-1], precision[::-1])


def _calibration_bin(probabilities: Floats, labels: Floats) -> CalibrationBin:
    low, high = wilson_interval(labels)
    return CalibrationBin(len(labels), float(probabilities.mean()), float(labels.mean()), low, high)


def _thin(x: Floats, y: Floats) -> Curve:
    """Return evenly spaced points of a curve, MAX_POINTS at most."""
    # Four decimals are more than a chart shows, and make a report smaller.
    rows = np.unique(np.linspace(0, len(x) - 1, min(MAX_POINTS, len(x))).astype(int))
    return Curve([round(float(value), 4) for value in x[rows]], [round(float(value), 4) for value in y[rows]])

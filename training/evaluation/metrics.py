"""What is said of scores against labels beyond areas: recall at a workload, calibration, curves; knows no model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, precision_recall_curve, roc_curve

Floats = NDArray[np.float64]

POINTS = 120
"""Points that a curve is drawn with."""

_CERTAIN = 1e-6
"""How near to 0 or 1 a stated probability may come before its log-odds are taken."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of like score: how many, the mean probability stated, the share observed and its 95 % interval."""

    rows: int
    stated: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve, for drawing."""

    x: Sequence[float]
    y: Sequence[float]


def recall_when_held(labels: Floats, scores: Floats, *, share: float) -> float:
    """Answer the share of positives among the `share` of rows with the highest scores."""
    held = np.argsort(-scores, kind="stable")[: round(share * len(scores))]
    return float(labels[held].sum() / labels.sum())


def share_below(labels: Floats, scores: Floats, *, threshold: float) -> tuple[float, float]:
    """Answer the share of rows held at a threshold, and the share of positives among those let through."""
    let_through = scores < threshold
    return float(1 - let_through.mean()), float(labels[let_through].mean()) if let_through.any() else 0.0


def calibration_bins(probabilities: Floats, labels: Floats, *, bins: int = 10) -> list[Bin]:
    """Compare stated with observed shares in bins of equal size; intervals after Wilson (1927)."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return [
        Bin(len(part), float(probabilities[part].mean()), float(labels[part].mean()), *wilson(labels[part]))
        for part in parts
    ]


def calibration_error(table: Sequence[Bin]) -> float:
    """Answer the mean distance between stated and observed shares (Naeini et al. 2015), in bins of equal size."""
    return sum(part.rows * abs(part.stated - part.observed) for part in table) / sum(part.rows for part in table)


def calibration_line(probabilities: Floats, labels: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """Answer slope and intercept of the observed log-odds on the stated ones (Cox 1958): 1 and 0 would be right.

    A slope under 1 says that scores are too extreme, an intercept under 0 that they state too much. Raises ValueError
    where only one class is there.
    """
    stated = logit(np.clip(probabilities, _CERTAIN, 1 - _CERTAIN)).reshape(-1, 1)
    fitted = LogisticRegression(C=np.inf, max_iter=1_000).fit(stated, labels.astype(int), sample_weight=weights)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def brier_skill(probabilities: Floats, labels: Floats) -> float:
    """Answer what the scores take off the squared error of stating the set's own rate for every row; 1 is perfect."""
    rate = float(labels.mean())
    return 1 - float(brier_score_loss(labels, probabilities)) / (rate * (1 - rate))


def bin_above(probabilities: Floats, labels: Floats, *, least: float) -> Bin | None:
    """Compare stated with observed shares where at least so much is stated; None where nothing is."""
    part = probabilities >= least
    if not part.any():
        return None
    return Bin(int(part.sum()), float(probabilities[part].mean()), float(labels[part].mean()), *wilson(labels[part]))


def held_points(scores: Floats) -> Curve:
    """Answer thresholds against the share of rows that each holds."""
    thresholds = np.linspace(0, 1, POINTS + 1)
    return _thinned(thresholds, (scores[:, None] >= thresholds).mean(axis=0))


def roc_points(labels: Floats, scores: Floats) -> Curve:
    """Answer false positives against true positives."""
    false, true, _ = roc_curve(labels, scores)
    return _thinned(false, true)


def precision_points(labels: Floats, scores: Floats) -> Curve:
    """Answer recall against precision."""
    precision, recall, _ = precision_recall_curve(labels, scores)
    return _thinned(recall[::-1], precision[::-1])


def _thinned(x: Floats, y: Floats) -> Curve:
    kept = np.unique(np.linspace(0, len(x) - 1, min(POINTS, len(x))).astype(int))
    return Curve([round(float(value), 4) for value in x[kept]], [round(float(value), 4) for value in y[kept]])


def wilson(labels: Floats) -> tuple[float, float]:
    """Answer the 95 % interval of a share of ones (Wilson 1927)."""
    count, share, z = len(labels), float(labels.mean()), 1.96
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))

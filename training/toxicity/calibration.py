"""Turning log-odds into probabilities that hold at a stated base rate; it learns two numbers for each target."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]


def fit_platt(log_odds: Floats, labels: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """Answer slope and offset by which log-odds become calibrated ones (Platt 1999), on rows not learned from.

    Raises ValueError where only one class is there, or where the slope would turn the order round.
    """
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000)
    model.fit(log_odds.reshape(-1, 1), labels.astype(int), sample_weight=weights)
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope <= 0:
        message = f"log-odds that fall as the labels rise cannot be calibrated (slope {slope:.3f})"
        raise ValueError(message)
    return slope, offset


def weights_at_rate(labels: Floats, *, rate: float) -> Floats:
    """Answer a weight for each row, of mean 1, under which the share of positives is `rate`."""
    share = float(labels.mean())
    return np.where(labels == 1, rate / share, (1 - rate) / (1 - share))

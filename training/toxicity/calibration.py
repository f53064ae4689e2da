"""Calibrate log-odds, so that they become correct probabilities at a stated base rate of toxic comments."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]


def fit_platt(log_odds: Floats, labels: Floats, weights: Floats | None = None) -> tuple[float, float]:
    """Return the slope and the offset that calibrate log-odds (Platt 1999).

    All arguments have the shape (rows,). The model that scored these rows must not have been trained on them. Raises
    ValueError if the labels have one class only, or if the log-odds fall as the labels rise.
    """
    # Two parameters need no regularisation, so C is infinite.
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000)
    model.fit(log_odds.reshape(-1, 1), labels.astype(int), sample_weight=weights)
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope <= 0:
        message = f"log-odds that fall as the labels rise cannot be calibrated (slope {slope:.3f})"
        raise ValueError(message)
    return slope, offset


def base_rate_weights(labels: Floats, *, rate: float) -> Floats:
    """Return weights (rows,) with the mean 1, under which the share of positive rows is `rate`."""
    share = float(labels.mean())
    return np.where(labels == 1, rate / share, (1 - rate) / (1 - share))

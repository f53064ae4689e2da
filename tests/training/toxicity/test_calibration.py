"""Calibration finds a hidden slope and offset, and weights rows to a base rate."""

import numpy as np
import pytest

from training.toxicity.calibration import base_rate_weights, fit_platt

LABELS = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
SCORES = np.arange(10) / 10


def test_platt_scaling_finds_slope_and_offset() -> None:
    rng = np.random.default_rng(3)
    log_odds = rng.normal(size=20_000)
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-(2 * log_odds - 1)))).astype(float)
    slope, offset = fit_platt(log_odds, labels)
    assert slope == pytest.approx(2, abs=0.1)
    assert offset == pytest.approx(-1, abs=0.1)


def test_scores_in_the_wrong_direction_are_not_calibrated() -> None:
    with pytest.raises(ValueError, match="fall as the labels rise"):
        fit_platt(-SCORES, LABELS)


def test_weights_give_positives_the_base_rate() -> None:
    weights = base_rate_weights(LABELS, rate=0.1)
    assert np.average(LABELS, weights=weights) == pytest.approx(0.1)
    assert weights.mean() == pytest.approx(1)

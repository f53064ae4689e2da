"""Measures: figures that can be checked by hand."""

import numpy as np
import pytest

from training.calibration import fit_platt, weights_at_rate
from training.measures import (
    calibration_bins,
    calibration_error,
    precision_points,
    recall_when_held,
    roc_points,
    share_below,
)

LABELS = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
SCORES = np.arange(10) / 10


def test_recall_is_the_share_of_positives_among_those_held() -> None:
    assert recall_when_held(LABELS, SCORES, share=0.3) == pytest.approx(3 / 5)
    assert recall_when_held(LABELS, SCORES, share=1.0) == 1.0


def test_what_a_threshold_holds_and_what_it_misses() -> None:
    held, missed = share_below(LABELS, SCORES, threshold=0.5)
    assert held == pytest.approx(0.5)
    assert missed == pytest.approx(1 / 5)


def test_scores_that_hold_what_they_state_have_no_calibration_error() -> None:
    probabilities = np.repeat([0.25, 0.75], 4)
    table = calibration_bins(probabilities, np.array([1, 0, 0, 0, 1, 1, 1, 0.0]), bins=2)
    assert calibration_error(table) == 0
    assert all(part.low < part.observed < part.high for part in table)


def test_curves_run_from_corner_to_corner() -> None:
    roc = roc_points(LABELS, SCORES)
    assert (roc.x[0], roc.y[0], roc.x[-1], roc.y[-1]) == (0, 0, 1, 1)
    precision = precision_points(LABELS, SCORES)
    assert (precision.x[-1], precision.y[-1]) == (1, 0.5)


def test_platt_finds_the_line_that_was_hidden() -> None:
    rng = np.random.default_rng(3)
    log_odds = rng.normal(size=20_000)
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-(2 * log_odds - 1)))).astype(float)
    slope, offset = fit_platt(log_odds, labels)
    assert slope == pytest.approx(2, abs=0.1)
    assert offset == pytest.approx(-1, abs=0.1)


def test_scores_that_point_the_wrong_way_are_not_calibrated() -> None:
    with pytest.raises(ValueError, match="fall as the labels rise"):
        fit_platt(-SCORES, LABELS)


def test_weights_bring_positives_to_the_stated_rate() -> None:
    weights = weights_at_rate(LABELS, rate=0.1)
    assert np.average(LABELS, weights=weights) == pytest.approx(0.1)
    assert weights.mean() == pytest.approx(1)

"""Metrics that can be checked by hand."""

import numpy as np
import pytest

from training.statistics.metrics import (
    brier_skill,
    calibration_above,
    calibration_bins,
    calibration_error,
    calibration_line,
    precision_recall_curve,
    recall_at_workload,
    roc_curve,
    workload_and_missed,
    workload_curve,
)

LABELS = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
SCORES = np.arange(10) / 10


def test_recall_is_the_share_of_positives_held() -> None:
    assert recall_at_workload(LABELS, SCORES, workload=0.3) == pytest.approx(3 / 5)
    assert recall_at_workload(LABELS, SCORES, workload=1.0) == 1.0


def test_threshold_has_a_workload_and_a_miss_rate() -> None:
    held, missed = workload_and_missed(LABELS, SCORES, threshold=0.5)
    assert held == pytest.approx(0.5)
    assert missed == pytest.approx(1 / 5)


def test_calibrated_scores_have_no_calibration_error() -> None:
    probabilities = np.repeat([0.25, 0.75], 4)
    bins = calibration_bins(probabilities, np.array([1, 0, 0, 0, 1, 1, 1, 0.0]), bins=2)
    assert calibration_error(bins) == 0
    assert all(part.low < part.observed < part.high for part in bins)


def test_curves_run_from_corner_to_corner() -> None:
    roc = roc_curve(LABELS, SCORES)
    assert (roc.x[0], roc.y[0], roc.x[-1], roc.y[-1]) == (0, 0, 1, 1)
    precision = precision_recall_curve(LABELS, SCORES)
    assert (precision.x[-1], precision.y[-1]) == (1, 0.5)


def test_calibration_line_finds_slope_and_intercept() -> None:
    rng = np.random.default_rng(3)
    log_odds = rng.normal(-1, 2, 40_000)
    labels = (rng.random(40_000) < 1 / (1 + np.exp(-log_odds))).astype(float)
    slope, intercept = calibration_line(1 / (1 + np.exp(-(2 * log_odds + 1))), labels)
    assert slope == pytest.approx(0.5, abs=0.02)
    assert intercept == pytest.approx(-0.5, abs=0.05)


def test_brier_skill_is_one_if_perfect_and_zero_for_the_base_rate() -> None:
    assert brier_skill(LABELS, LABELS) == 1
    assert brier_skill(np.full(10, 0.5), LABELS) == 0


def test_likely_rows_are_compared_in_one_bin() -> None:
    above = calibration_above(SCORES, LABELS, minimum=0.5)
    assert above is not None
    assert (above.rows, above.predicted, above.observed) == (5, pytest.approx(0.7), pytest.approx(0.8))
    assert calibration_above(SCORES, LABELS, minimum=0.95) is None


def test_higher_threshold_holds_less() -> None:
    curve = workload_curve(SCORES)
    assert (curve.y[0], curve.y[-1]) == (1.0, 0.0)
    assert list(curve.y) == sorted(curve.y, reverse=True)

"""Measures: figures that can be checked by hand."""

import numpy as np
import pytest

from training.evaluation.metrics import (
    bin_above,
    brier_skill,
    calibration_bins,
    calibration_error,
    calibration_line,
    held_points,
    precision_points,
    recall_when_held,
    roc_points,
    share_below,
)
from training.toxicity.calibration import fit_platt, weights_at_rate

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


def test_the_line_finds_how_scores_were_bent() -> None:
    rng = np.random.default_rng(3)
    odds = rng.normal(-1, 2, 40_000)
    labels = (rng.random(40_000) < 1 / (1 + np.exp(-odds))).astype(float)
    slope, intercept = calibration_line(1 / (1 + np.exp(-(2 * odds + 1))), labels)
    assert slope == pytest.approx(0.5, abs=0.02)
    assert intercept == pytest.approx(-0.5, abs=0.05)


def test_skill_is_one_for_certainty_and_none_for_the_rate() -> None:
    assert brier_skill(LABELS, LABELS) == 1
    assert brier_skill(np.full(10, 0.5), LABELS) == 0


def test_what_is_stated_above_a_half_is_compared_with_what_is_seen() -> None:
    above = bin_above(SCORES, LABELS, least=0.5)
    assert above is not None
    assert (above.rows, above.stated, above.observed) == (5, pytest.approx(0.7), pytest.approx(0.8))
    assert bin_above(SCORES, LABELS, least=0.95) is None


def test_a_higher_threshold_holds_less() -> None:
    curve = held_points(SCORES)
    assert (curve.y[0], curve.y[-1]) == (1.0, 0.0)
    assert list(curve.y) == sorted(curve.y, reverse=True)

"""Reliability bins of a card: found by score, and left out if there are too few rows or none."""

from typing import Any

import pytest

from models.calibration_bins import MIN_ROWS, find_bins


def a_bin(start: float, stop: float, rows: int = 100) -> dict[str, Any]:
    return {"start": start, "stop": stop, "rows": rows, "observed": 0.5, "low": 0.4, "high": 0.6}


METRICS = {"reliability": {"toxicity": {"bins": [a_bin(0, 0.2), a_bin(0.2, 0.9, rows=MIN_ROWS - 1), a_bin(0.9, 1)]}}}


@pytest.mark.parametrize(("value", "start"), [(0.0, 0), (0.19, 0), (0.9, 0.9), (1.0, 0.9)])
def test_score_falls_into_its_bin(value: float, start: float) -> None:
    assert find_bins(METRICS, {"toxicity": value})["toxicity"].start == start


@pytest.mark.parametrize("value", [0.2, 0.5, None])
def test_small_bins_and_unknown_scores_are_left_out(value: float | None) -> None:
    assert find_bins(METRICS, {"toxicity": value}) == {}


def test_card_without_reliability_has_no_bins() -> None:
    assert find_bins({"toxicity": {}}, {"toxicity": 0.5}) == {}

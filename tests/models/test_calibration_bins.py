"""What a card says of how often a score was right: found for a score, and absent where nothing was measured."""

from typing import Any

import pytest

from models.calibration_bins import MIN_ROWS, find_bins


def a_bin(start: float, stop: float, rows: int = 100) -> dict[str, Any]:
    return {"start": start, "stop": stop, "rows": rows, "observed": 0.5, "low": 0.4, "high": 0.6}


METRICS = {"reliability": {"toxicity": {"bins": [a_bin(0, 0.2), a_bin(0.2, 0.9, rows=MIN_ROWS - 1), a_bin(0.9, 1)]}}}


@pytest.mark.parametrize(("value", "start"), [(0.0, 0), (0.19, 0), (0.9, 0.9), (1.0, 0.9)])
def test_a_score_finds_its_band(value: float, start: float) -> None:
    assert find_bins(METRICS, {"toxicity": value})["toxicity"].start == start


@pytest.mark.parametrize("value", [0.2, 0.5, None])
def test_too_few_rows_and_an_unknown_score_say_nothing(value: float | None) -> None:
    assert find_bins(METRICS, {"toxicity": value}) == {}


def test_a_card_without_them_has_none() -> None:
    assert find_bins({"toxicity": {}}, {"toxicity": 0.5}) == {}

"""Reliability bins share out the rows, and a release states how often each bin was right."""

import numpy as np
import pytest

from models.calibration_bins import find_bins
from training.release.reliability import EDGES, make_bins, measure_reliability
from training.toxicity.fit import FittedToxicity


def test_every_row_is_in_one_bin() -> None:
    scores = np.array([0.0, 0.0499, 0.05, 0.5, 0.9, 1.0])
    bins = make_bins(scores, np.array([0.0, 0.0, 1.0, 1.0, 0.0, 1.0]))
    assert [part.rows for part in bins] == [2, 1, 0, 0, 0, 1, 0, 0, 2]
    assert (bins[0].observed, bins[-1].observed) == (0.0, 0.5)
    assert [part.start for part in bins] == list(EDGES[:-1])


def test_interval_contains_the_rate_and_is_full_for_an_empty_bin() -> None:
    labels = np.repeat([0.0, 1.0], [60, 40])
    part = make_bins(np.full(100, 0.4), labels)[4]
    assert part.observed == pytest.approx(0.4)
    assert part.low < part.observed < part.high
    assert [(empty.low, empty.high) for empty in make_bins(np.full(1, 0.4), np.zeros(1))[:4]] == [(0, 1)] * 4


def test_bins_count_held_out_rows_at_the_natural_rate(fitted: FittedToxicity) -> None:
    facts = measure_reliability(fitted)
    natural = [row for row, example in enumerate(fitted.training_set) if example.natural and fitted.held_out[row]]
    assert sum(part["rows"] for part in facts["toxicity"]["bins"]) == len(natural)
    assert find_bins({"reliability": facts}, {"toxicity": 0.01}).keys() <= {"toxicity"}

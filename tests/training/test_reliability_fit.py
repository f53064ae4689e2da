"""How far scores can be taken at their word: bands that share out the rows, and what a release states of them."""

import numpy as np
import pytest

from models.reliability import find_bands
from training.reliability import EDGES, make_bands, measure_reliability
from training.toxicity import FittedToxicity


def test_every_row_is_in_one_band() -> None:
    scores = np.array([0.0, 0.0499, 0.05, 0.5, 0.9, 1.0])
    bands = make_bands(scores, np.array([0.0, 0.0, 1.0, 1.0, 0.0, 1.0]))
    assert [band.rows for band in bands] == [2, 1, 0, 0, 0, 1, 0, 0, 2]
    assert (bands[0].observed, bands[-1].observed) == (0.0, 0.5)
    assert [band.start for band in bands] == list(EDGES[:-1])


def test_an_interval_has_the_share_in_it_and_an_empty_band_says_nothing() -> None:
    labels = np.repeat([0.0, 1.0], [60, 40])
    band = make_bands(np.full(100, 0.4), labels)[4]
    assert band.observed == pytest.approx(0.4)
    assert band.low < band.observed < band.high
    assert [(empty.low, empty.high) for empty in make_bands(np.full(1, 0.4), np.zeros(1))[:4]] == [(0, 1)] * 4


def test_a_release_states_what_it_measured_on_unseen_rows_at_the_natural_rate(fitted: FittedToxicity) -> None:
    facts = measure_reliability(fitted)
    natural = [row for row, lesson in enumerate(fitted.lessons) if lesson.natural and fitted.unseen[row]]
    assert sum(each["rows"] for each in facts["toxicity"]["bins"]) == len(natural)
    assert find_bands({"reliability": facts}, {"toxicity": 0.01}).keys() <= {"toxicity"}

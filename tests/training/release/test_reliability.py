"""How far scores can be taken at their word: bands that share out the rows, and what a release states of them."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from models.calibration_bins import find_bins
from models.card import read_card
from models.release import open_release
from training.corpora.registry import Corpora
from training.release.reliability import EDGES, make_bands, measure_reliability, state_reliability
from training.toxicity.fit import FittedToxicity


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
    assert find_bins({"reliability": facts}, {"toxicity": 0.01}).keys() <= {"toxicity"}


def test_an_older_release_states_it_later_and_still_opens(corpora: Corpora, tmp_path: Path) -> None:
    released = max((Path(__file__).parents[2] / "models" / "released").iterdir())
    folder = Path(shutil.copytree(released, tmp_path / released.name))
    stated = state_reliability(folder, corpora).metrics["reliability"]["toxicity"]
    held_out = [row for row in corpora.held_out("wikipedia_talk") if row["natural_rate_block"] == "1"]
    assert sum(band["rows"] for band in stated["bins"]) == len(held_out)
    assert open_release(folder).card.metrics["reliability"]["toxicity"] == stated
    assert read_card(folder).files == read_card(released).files

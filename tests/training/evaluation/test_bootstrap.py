"""Areas and shares come with intervals that hold whole groups together."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from training.evaluation.bootstrap import auc_row, share_row

RNG = np.random.default_rng(4)
LABELS = RNG.integers(0, 2, 400)
SCORES = LABELS + RNG.normal(0, 1.5, 400)
GROUPS = [str(number // 8) for number in range(400)]


def test_an_area_lies_in_its_interval() -> None:
    row = auc_row("set", "AUC", labels=LABELS, scores=SCORES, groups=GROUPS, seed=1)

    assert row["value"] == pytest.approx(roc_auc_score(LABELS, SCORES))
    assert row["low"] < row["value"] < row["high"]
    assert row["n"] == 400


def test_ties_count_half() -> None:
    row = auc_row("set", "AUC", labels=LABELS, scores=np.full(400, 0.5), groups=GROUPS, seed=1)

    assert row["low"] == row["value"] == row["high"] == 0.5


def test_groups_that_agree_make_the_interval_wider() -> None:
    copies = {"labels": np.repeat(LABELS, 5), "scores": np.repeat(SCORES, 5)}
    together = auc_row("set", "AUC", **copies, groups=[name for name in map(str, range(400)) for _ in range(5)], seed=1)
    apart = auc_row("set", "AUC", **copies, groups=[str(number) for number in range(2_000)], seed=1)

    assert together["high"] - together["low"] > 1.5 * (apart["high"] - apart["low"])


def test_a_share_is_weighted_by_the_size_of_its_groups() -> None:
    row = share_row("set", "held", np.array([True, False, False, False]), groups=["a", "b", "b", "b"], seed=1)

    assert row["value"] == 0.25
    assert (row["low"], row["high"]) == (0.0, 1.0)

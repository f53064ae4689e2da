"""Bootstrap intervals keep clusters together, and paired differences cancel what two models have in common."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from training.statistics.bootstrap import (
    PairedScores,
    auc_row,
    compare_auc,
    compare_recall,
    draw_cluster_weights,
    mean_difference_row,
    rate_row,
    recall_row,
    weighted_auc,
)

RNG = np.random.default_rng(4)
LABELS = RNG.integers(0, 2, 400)
SCORES = LABELS + RNG.normal(0, 1.5, 400)
GROUPS = [str(number // 8) for number in range(400)]

PAIR_RNG = np.random.default_rng(5)
PAIR_LABELS = PAIR_RNG.integers(0, 2, 600).astype(float)
BETTER = PAIR_LABELS + PAIR_RNG.normal(0, 1, 600)
WORSE = BETTER + PAIR_RNG.normal(0, 1, 600)
SINGLE = [str(number) for number in range(600)]


def test_auc_is_inside_its_interval() -> None:
    row = auc_row("set", "AUC", labels=LABELS, scores=SCORES, groups=GROUPS, seed=1)

    assert row.value == pytest.approx(roc_auc_score(LABELS, SCORES))
    assert row.low < row.value < row.high
    assert row.n == 400


def test_ties_count_half() -> None:
    row = auc_row("set", "AUC", labels=LABELS, scores=np.full(400, 0.5), groups=GROUPS, seed=1)

    assert row.low == row.value == row.high == 0.5


def test_weighted_auc_equals_that_of_scikit_learn() -> None:
    order = np.argsort(SCORES)
    weights = next(draw_cluster_weights(GROUPS, seed=1))
    ours = weighted_auc(LABELS[order], weights[order], np.arange(400))

    assert ours == pytest.approx(roc_auc_score(LABELS, SCORES, sample_weight=weights))


def test_weights_are_equal_within_a_cluster() -> None:
    weights = next(draw_cluster_weights(GROUPS, seed=1))

    assert all(len(set(part)) == 1 for part in np.split(weights, 50))
    assert weights.sum() == 400


def test_clusters_widen_the_interval() -> None:
    copies = {"labels": np.repeat(LABELS, 5), "scores": np.repeat(SCORES, 5)}
    together = auc_row("set", "AUC", **copies, groups=[name for name in map(str, range(400)) for _ in range(5)], seed=1)
    apart = auc_row("set", "AUC", **copies, groups=[str(number) for number in range(2_000)], seed=1)

    assert together.high - together.low > 1.5 * (apart.high - apart.low)


def test_rate_is_weighted_by_cluster_size() -> None:
    row = rate_row("set", "held", np.array([True, False, False, False]), groups=["a", "b", "b", "b"], seed=1)

    assert row.value == 0.25
    assert (row.low, row.high) == (0.0, 1.0)


def test_better_model_is_better_beyond_chance() -> None:
    pair = PairedScores(labels=PAIR_LABELS, release=BETTER, baseline=WORSE, groups=SINGLE)
    row = compare_auc("set", pair, seed=1)

    assert row.value == pytest.approx(row.release_value - row.baseline_value)
    assert 0 < row.low < row.value < row.high


def test_model_is_no_better_than_itself() -> None:
    pair = PairedScores(labels=PAIR_LABELS, release=BETTER, baseline=2 * BETTER, groups=SINGLE)
    row = compare_auc("set", pair, seed=1)

    assert row.low == row.value == row.high == 0


def test_recall_at_a_workload_is_compared() -> None:
    pair = PairedScores(labels=PAIR_LABELS, release=PAIR_LABELS, baseline=-PAIR_LABELS, groups=SINGLE)
    row = compare_recall("set", pair, workload=0.1, seed=1)

    assert row.baseline_value == 0
    assert row.release_value == pytest.approx(60 / PAIR_LABELS.sum())


def test_recall_of_all_or_none_has_wilsons_interval() -> None:
    labels = np.array([1.0] * 5 + [0.0] * 95)
    groups = [str(number) for number in range(100)]
    found = recall_row("set", labels, labels, workload=0.1, groups=groups, seed=1)
    missed = recall_row("set", labels, -labels, workload=0.1, groups=groups, seed=1)

    assert (found.value, found.low) == (1.0, pytest.approx(0.57, abs=0.01))
    assert (missed.value, missed.high) == (0.0, pytest.approx(0.43, abs=0.01))


@pytest.mark.parametrize(("difference", "low", "high"), [(0.0, -0.28, 0.28), (1.0, 0.72, 1.0)])
def test_equal_differences_have_wilsons_width(difference: float, low: float, high: float) -> None:
    groups = [str(number // 2) for number in range(20)]
    row = mean_difference_row("set", "added", np.full(20, difference), groups=groups, seed=1)

    assert (row.value, row.low, row.high) == pytest.approx((difference, low, high), abs=0.01)


def test_differences_of_one_cluster_are_resampled_together() -> None:
    together = mean_difference_row("set", "added", PAIR_LABELS, groups=["a"] * 600, seed=1)
    apart = mean_difference_row("set", "added", PAIR_LABELS, groups=SINGLE, seed=1)

    assert together.low == together.high == pytest.approx(PAIR_LABELS.mean())
    assert apart.low < apart.value < apart.high

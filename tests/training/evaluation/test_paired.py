"""Two models on the same rows: what they share cancels out."""

import numpy as np
import pytest

from training.evaluation.paired import Pair, compare_areas, compare_recalls, difference_row, recall_row

RNG = np.random.default_rng(5)
LABELS = RNG.integers(0, 2, 600).astype(float)
BETTER = LABELS + RNG.normal(0, 1, 600)
WORSE = BETTER + RNG.normal(0, 1, 600)
APART = [str(number) for number in range(600)]


def test_the_better_of_two_is_told_beyond_chance() -> None:
    row = compare_areas("set", Pair(labels=LABELS, ours=BETTER, theirs=WORSE, groups=APART), seed=1)

    assert row["value"] == pytest.approx(float(row["ours"]) - float(row["theirs"]))
    assert 0 < row["low"] < row["value"] < row["high"]


def test_a_model_is_no_better_than_itself() -> None:
    row = compare_areas("set", Pair(labels=LABELS, ours=BETTER, theirs=2 * BETTER, groups=APART), seed=1)

    assert row["low"] == row["value"] == row["high"] == 0


def test_recall_at_a_workload_is_compared_too() -> None:
    pair = Pair(labels=LABELS, ours=LABELS, theirs=-LABELS, groups=APART)
    row = compare_recalls("set", pair, share=0.1, seed=1)

    assert row["theirs"] == 0
    assert row["ours"] == pytest.approx(60 / LABELS.sum())


def test_a_recall_of_all_or_nothing_has_the_interval_of_as_many_positives() -> None:
    labels = np.array([1.0] * 5 + [0.0] * 95)
    groups = [str(number) for number in range(100)]
    found = recall_row("set", labels, labels, share=0.1, groups=groups, seed=1)
    missed = recall_row("set", labels, -labels, share=0.1, groups=groups, seed=1)

    assert (found["value"], found["low"]) == (1.0, pytest.approx(0.57, abs=0.01))
    assert (missed["value"], missed["high"]) == (0.0, pytest.approx(0.43, abs=0.01))


@pytest.mark.parametrize(("difference", "low", "high"), [(0.0, -0.28, 0.28), (1.0, 0.72, 1.0)])
def test_differences_that_are_all_alike_are_no_surer_than_their_number(
    difference: float, low: float, high: float
) -> None:
    row = difference_row("set", "added", np.full(20, difference), groups=[str(n // 2) for n in range(20)], seed=1)

    assert (row["value"], row["low"], row["high"]) == pytest.approx((difference, low, high), abs=0.01)


def test_differences_of_one_group_are_drawn_together() -> None:
    together = difference_row("set", "added", LABELS, groups=["a"] * 600, seed=1)
    apart = difference_row("set", "added", LABELS, groups=APART, seed=1)

    assert together["low"] == together["high"] == pytest.approx(LABELS.mean())
    assert apart["low"] < apart["value"] < apart["high"]

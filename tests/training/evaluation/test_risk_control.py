"""Promises are broken no more often than stated, and stricter ones cost more."""

import numpy as np

from training.evaluation.risk_control import make_promises


def draw(seed: int, *, count: int = 3_000) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg] # floats both
    rng = np.random.default_rng(seed)
    labels = (rng.random(count) < 0.05).astype(float)
    return 1 / (1 + np.exp(-(2 * labels + rng.normal(0, 1, count)))), labels


def test_stricter_promise_costs_more() -> None:
    promises = make_promises(*draw(1), (0.05, 0.03, 0.02))
    held = [promise.held for promise in promises]
    assert held == sorted(held)
    assert all(promise.bound <= promise.promised for promise in promises if promise.bound is not None)


def test_too_few_rows_make_no_promise() -> None:
    scores, labels = draw(2, count=300)
    (promise,) = make_promises(scores, labels, (0.005,))
    assert promise.threshold is None


def test_promises_are_broken_no_more_often_than_stated() -> None:
    truth_scores, truth = draw(99, count=200_000)
    broken = 0
    for seed in range(100):
        (promise,) = make_promises(*draw(seed, count=1_500), (0.03,))
        broken += promise.threshold is not None and truth[truth_scores < promise.threshold].mean() > 0.03
    assert broken <= 10

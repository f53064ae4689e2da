"""Wording and tone are weighed against each other on rows that neither has learned from."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.toxicity.pipeline import LogisticHeads
from training.toxicity.stacking import balance, balance_unseen

ROWS, WIDTH, TARGETS = 400, 40, 2
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def drawn() -> Arrays:
    """Wording that tells a little, tones of which the first column tells more, and labels with gaps."""
    chance = np.random.default_rng(11)
    labels = (chance.random((ROWS, TARGETS)) < 0.4).astype(float)
    wording = labels + chance.normal(scale=1.5, size=labels.shape)
    tones = chance.normal(size=(ROWS, WIDTH))
    tones[:, 0] += 2 * labels[:, 0]
    labels[::7, 1] = np.nan
    return wording, tones, labels


def test_a_tone_that_tells_more_is_heard(drawn: Arrays) -> None:
    wording, tones, labels = drawn
    odds = balance_unseen(wording, tones, labels, np.ones(ROWS), np.arange(ROWS) % 4)
    assert roc_auc_score(labels[:, 0], odds[:, 0]) > roc_auc_score(labels[:, 0], wording[:, 0]) + 0.04


def test_noise_is_not_taken_for_knowledge() -> None:
    chance = np.random.default_rng(2)
    labels = (chance.random((ROWS, 1)) < 0.5).astype(float)
    nothing, noise = np.zeros((ROWS, 1)), chance.normal(size=(ROWS, 300))
    fitted = balance(nothing, noise, labels, np.ones(ROWS), strength=10.0)
    unseen = balance_unseen(nothing, noise, labels, np.ones(ROWS), np.arange(ROWS) % 4)
    assert roc_auc_score(labels, fitted.apply(nothing, noise)) > 0.9
    assert roc_auc_score(labels, unseen) == pytest.approx(0.5, abs=0.1)


def test_joined_heads_answer_what_the_balance_does(drawn: Arrays) -> None:
    _, tones, labels = drawn
    chance = np.random.default_rng(4)
    features = chance.normal(size=(ROWS, 5))
    heads = LogisticHeads()
    heads.weights_, heads.intercept_ = chance.normal(size=(5, TARGETS)), np.array([0.3, -1.0])
    heads.classes_ = np.array([0, 1])
    wording = heads.decision_function(features)
    fitted = balance(wording, tones, labels, np.ones(ROWS))
    joined = fitted.join(heads).decision_function(np.column_stack([features, tones]))
    np.testing.assert_allclose(joined, fitted.apply(wording, tones), atol=1e-5)

"""The stack weighs n-grams against the toxicity embedding, on rows that neither was trained on."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.toxicity.pipeline import LogisticHeads
from training.toxicity.stacking import fit_stack, fit_stack_out_of_fold

ROWS, WIDTH, TARGETS = 400, 40, 2
FOLDS = np.arange(ROWS) % 4
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    """N-grams that predict a little, embeddings whose first dimension predicts more, and labels with gaps."""
    rng = np.random.default_rng(11)
    labels = (rng.random((ROWS, TARGETS)) < 0.4).astype(float)
    ngram_log_odds = labels + rng.normal(scale=1.5, size=labels.shape)
    embeddings = rng.normal(size=(ROWS, WIDTH))
    embeddings[:, 0] += 2 * labels[:, 0]
    labels[::7, 1] = np.nan
    return ngram_log_odds, embeddings, labels


def test_a_better_embedding_improves_on_ngrams(arrays: Arrays) -> None:
    ngram_log_odds, embeddings, labels = arrays
    log_odds = fit_stack_out_of_fold(ngram_log_odds, embeddings, labels, np.ones(ROWS), folds=FOLDS)
    assert roc_auc_score(labels[:, 0], log_odds[:, 0]) > roc_auc_score(labels[:, 0], ngram_log_odds[:, 0]) + 0.04


def test_out_of_fold_scores_of_noise_are_no_better_than_chance() -> None:
    rng = np.random.default_rng(2)
    labels = (rng.random((ROWS, 1)) < 0.5).astype(float)
    zeros, noise, weights = np.zeros((ROWS, 1)), rng.normal(size=(ROWS, 300)), np.ones(ROWS)
    stack = fit_stack(zeros, noise, labels, weights, inverse_penalty=10.0)
    out_of_fold = fit_stack_out_of_fold(zeros, noise, labels, weights, folds=FOLDS)
    assert roc_auc_score(labels, stack.decision_function(zeros, noise)) > 0.9
    assert roc_auc_score(labels, out_of_fold) == pytest.approx(0.5, abs=0.1)


def test_merged_heads_return_the_log_odds_of_the_stack(arrays: Arrays) -> None:
    _, embeddings, labels = arrays
    rng = np.random.default_rng(4)
    features = rng.normal(size=(ROWS, 5))
    heads = LogisticHeads()
    heads.weights_, heads.intercept_ = rng.normal(size=(5, TARGETS)), np.array([0.3, -1.0])
    heads.classes_ = np.array([0, 1])
    ngram_log_odds = heads.decision_function(features)
    stack = fit_stack(ngram_log_odds, embeddings, labels, np.ones(ROWS))
    merged = stack.merge(heads).decision_function(np.column_stack([features, embeddings]))
    np.testing.assert_allclose(merged, stack.decision_function(ngram_log_odds, embeddings), atol=1e-5)

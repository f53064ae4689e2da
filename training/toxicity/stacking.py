"""Stacked generalisation (Wolpert 1992): combine the n-gram heads with the encoder's toxicity embedding.

For each target, a logistic regression has the n-grams' log-odds and the embedding's dimensions as features. It is
fitted on rows that neither of the two was trained on. It is linear, so a score is still a sum of words' contributions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.toxicity.pipeline import LogisticHeads

Floats = NDArray[np.float64]
Folds = NDArray[np.int_]

INVERSE_PENALTY = 0.005
"""The `C` of scikit-learn, for the embedding's dimensions. It was chosen on held-out rows of the training corpora."""

FOLDS = 4
_NGRAM_SCALE = 3.0
"""The factor of the n-grams' log-odds. It makes their coefficient small, so that the penalty hardly shrinks it. The
heads that return these log-odds are regularised already."""

_MAX_ITERATIONS = 2_000


@dataclass(frozen=True, slots=True)
class StackedHeads:
    """The weights of the stack for each target.

    The n-grams' log-odds are multiplied by `ngrams` (targets,), and the toxicity embedding by `embedding`
    (384, targets). Then `offset` (targets,) is added.
    """

    ngrams: Floats
    embedding: Floats
    offset: Floats

    def decision_function(self, ngram_log_odds: Floats, embeddings: Floats) -> Floats:
        """Return log-odds (rows, targets) for log-odds (rows, targets) and embeddings (rows, 384)."""
        log_odds: Floats = ngram_log_odds * self.ngrams + embeddings @ self.embedding + self.offset
        return log_odds

    def merge(self, ngram_heads: LogisticHeads) -> LogisticHeads:
        """Return one head for each target over the features of the n-grams, followed by those of the embedding.

        The merged heads return the same log-odds as the n-gram heads followed by this stack.
        """
        merged = LogisticHeads(C=ngram_heads.C, n_jobs=ngram_heads.n_jobs)
        merged.weights_ = np.vstack([ngram_heads.weights_ * self.ngrams, self.embedding]).astype(np.float32)
        merged.intercept_ = ngram_heads.intercept_ * self.ngrams + self.offset
        merged.classes_ = ngram_heads.classes_
        return merged


def fit_stack(
    ngram_log_odds: Floats,
    embeddings: Floats,
    labels: Floats,
    weights: Floats,
    *,
    inverse_penalty: float = INVERSE_PENALTY,
) -> StackedHeads:
    """Fit the stack on rows that are new to the n-gram heads and to the encoder.

    The shapes are (rows, targets), (rows, 384), (rows, targets) and (rows,). Labels are NaN where they are unknown.
    """
    # Dimensions are scaled to equal spread, so that the penalty treats them alike. The weights are scaled back below.
    spread = embeddings.std(axis=0) + 1e-6
    fits = [
        _fit_target(
            np.column_stack([_NGRAM_SCALE * ngram_log_odds[:, target], embeddings / spread]),
            labels[:, target],
            weights,
            inverse_penalty,
        )
        for target in range(labels.shape[1])
    ]
    coefficients = np.array([coefficients for coefficients, _ in fits])
    return StackedHeads(
        ngrams=_NGRAM_SCALE * coefficients[:, 0],
        embedding=(coefficients[:, 1:] / spread).T,
        offset=np.array([intercept for _, intercept in fits]),
    )


def fit_stack_out_of_fold(
    ngram_log_odds: Floats, embeddings: Floats, labels: Floats, weights: Floats, *, folds: Folds
) -> Floats:
    """Return log-odds (rows, targets) from stacks that were fitted without each row's fold. `folds` is (rows,)."""
    out_of_fold = np.empty(labels.shape)
    for fold in np.unique(folds):
        inside = folds == fold
        stack = fit_stack(ngram_log_odds[~inside], embeddings[~inside], labels[~inside], weights[~inside])
        out_of_fold[inside] = stack.decision_function(ngram_log_odds[inside], embeddings[inside])
    return out_of_fold


def _fit_target(features: Floats, labels: Floats, weights: Floats, inverse_penalty: float) -> tuple[Floats, float]:
    known = ~np.isnan(labels)
    model = LogisticRegression(C=inverse_penalty, max_iter=_MAX_ITERATIONS)
    model.fit(features[known], labels[known].astype(int), sample_weight=weights[known])
    return model.coef_[0], float(model.intercept_[0])

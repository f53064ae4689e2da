"""Toxicity and its attributes: one pipeline from raw text to probabilities, and what each word contributed to them.

`build_toxicity` makes the unfitted pipeline; what it learns from, and at which base rate, is training's business.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from joblib import Memory, Parallel, delayed
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from models.abuse import ListedWords
from models.comment import ATTRIBUTES
from models.reading import Reader
from models.vocabulary import LetterTerms, WordTerms

TARGETS = ("toxicity", *ATTRIBUTES)
"""The columns of labels, log-odds and probabilities."""

Floats = NDArray[np.float64]
_MOST_STEPS = 500
_TOLERANCE = 1e-5
"""At scikit-learn's default the solver stops early on rows of unit length, and the areas suffer by a point."""


class LogisticHeads(ClassifierMixin, BaseEstimator):
    """A logistic regression for each target over the same features; a missing label leaves its row out.

    `weights_` is (features, targets) and `intercept_` (targets,), so that contributions are a product away.
    """

    weights_: NDArray[np.float32]
    intercept_: Floats

    def __init__(self, *, strength: float = 2.0, jobs: int = 1) -> None:
        self.strength = strength
        self.jobs = jobs

    def fit(self, X: sp.csr_matrix, y: Floats, sample_weight: Floats | None = None) -> "LogisticHeads":  # noqa: N803 - scikit-learn's name
        """Fit each target on the rows that have its label; `y` is (rows, targets) of 0, 1 and NaN."""
        weight = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight)
        fits = Parallel(n_jobs=self.jobs)(
            delayed(_fit_one)(X, target, weight, self.strength) for target in np.asarray(y).T
        )
        self.weights_ = np.stack([coefficients for coefficients, _ in fits], axis=1).astype(np.float32)
        self.intercept_ = np.array([intercept for _, intercept in fits])
        self.classes_ = np.array([0, 1])
        return self

    def decision_function(self, X: sp.csr_matrix) -> Floats:  # noqa: N803 - scikit-learn's name
        """Answer log-odds, shape (rows, targets); a row's do not depend on its neighbours."""
        odds: Floats = X @ self.weights_ + self.intercept_
        return odds

    def predict_proba(self, X: sp.csr_matrix) -> Floats:  # noqa: N803 - scikit-learn's name
        """Answer the probability of each target, shape (rows, targets)."""
        probabilities: Floats = expit(self.decision_function(X))
        return probabilities

    def predict(self, X: sp.csr_matrix) -> NDArray[np.intp]:  # noqa: N803 - scikit-learn's name
        """Answer 1 where a target is likelier than not."""
        return (self.decision_function(X) > 0).astype(np.intp)

    def rescale(self, slopes: Floats, offsets: Floats) -> None:
        """Replace log-odds x by slope * x + offset: Platt's calibration, which leaves contributions exact."""
        self.weights_ = (self.weights_ * slopes).astype(np.float32)
        self.intercept_ = self.intercept_ * slopes + offsets


def build_toxicity(
    entries: str = "", *, strength: float = 2.0, jobs: int = 1, memory: Memory | None = None
) -> Pipeline:
    """Make the unfitted pipeline; `entries` are the listed words, as `models.abuse` has them."""
    features = FeatureUnion([("words", WordTerms()), ("letters", LetterTerms()), ("listed", ListedWords(entries))])
    steps = [("reader", Reader()), ("features", features), ("heads", LogisticHeads(strength=strength, jobs=jobs))]
    return Pipeline(steps, memory=memory)


def score_words(pipeline: Pipeline, words: Sequence[str]) -> Floats:
    """Answer the probability of each target for one text that has been read already, shape (targets,).

    The same as `predict_proba` to 1e-6, in a tenth of the time: a union and a pipeline cost more than the sums.
    """
    total = pipeline["heads"].intercept_.copy()
    for block, weights in _blocks(pipeline):
        total += (block.transform([words]) @ weights)[0]
    probabilities: Floats = expit(total)
    return probabilities


def contributions(pipeline: Pipeline, words: Sequence[str], *, target: str = "toxicity") -> Floats:
    """Answer how much of a target's log-odds comes from each word, shape (words,); with the intercept, all of it."""
    total = np.zeros((len(words), len(TARGETS)))
    for block, weights in _blocks(pipeline):
        total += block.shares(words) @ weights
    column: Floats = total[:, TARGETS.index(target)]
    return column


def _blocks(pipeline: Pipeline) -> Iterator[tuple[Any, NDArray[np.float32]]]:
    """Answer each block of features with its rows of weights."""
    start = 0
    for _, block in pipeline["features"].transformer_list:
        yield block, pipeline["heads"].weights_[start : start + block.width]
        start += block.width


def _fit_one(features: sp.csr_matrix, labels: Floats, weight: Floats, strength: float) -> tuple[Floats, float]:
    known = ~np.isnan(labels)
    model = LogisticRegression(C=strength, max_iter=_MOST_STEPS, tol=_TOLERANCE)
    model.fit(features[known], labels[known].astype(int), sample_weight=weight[known])
    return model.coef_[0], float(model.intercept_[0])

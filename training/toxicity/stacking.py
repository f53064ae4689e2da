"""Two readings of a text, its wording and its tone, weighed against each other; it reads nothing itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from models.toxicity.pipeline import LogisticHeads

Floats = NDArray[np.float64]

STRENGTH = 0.005
"""The inverse of the penalty on the tone's 384 columns; chosen on held-out rows of the training corpora."""

FOLDS = 4
_SPARED = 3.0
"""The wording's log-odds are one column that has been learned already: multiplied, it is hardly held back."""

_MAX_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class Balance:
    """For each target: what its wording's log-odds count (targets,), the tone (384, targets), and an offset."""

    wording: Floats
    tone: Floats
    offset: Floats

    def apply(self, wording: Floats, toxicity_states: Floats) -> Floats:
        """Answer log-odds, shape (rows, targets)."""
        odds: Floats = wording * self.wording + toxicity_states @ self.tone + self.offset
        return odds

    def join(self, heads: LogisticHeads) -> LogisticHeads:
        """Answer one head for each target over the wording's features and then the tone's."""
        joined = LogisticHeads(C=heads.C, n_jobs=heads.n_jobs)
        joined.weights_ = np.vstack([heads.weights_ * self.wording, self.tone]).astype(np.float32)
        joined.intercept_ = heads.intercept_ * self.wording + self.offset
        joined.classes_ = heads.classes_
        return joined


def balance(
    wording: Floats, toxicity_states: Floats, labels: Floats, weights: Floats, *, strength: float = STRENGTH
) -> Balance:
    """Fit on rows that neither reading has learned from: log-odds of the wording (rows, targets), tones (rows, 384).

    The stacking of Wolpert (1992), linear so that contributions stay sums. Labels may be NaN for unknown.
    """
    spread = toxicity_states.std(axis=0) + 1e-6
    found = [
        _balance_one(
            np.column_stack([_SPARED * wording[:, target], toxicity_states / spread]),
            labels[:, target],
            weights,
            strength,
        )
        for target in range(labels.shape[1])
    ]
    slopes = np.array([slope for slope, _ in found])
    return Balance(_SPARED * slopes[:, 0], (slopes[:, 1:] / spread).T, np.array([offset for _, offset in found]))


def balance_unseen(
    wording: Floats, toxicity_states: Floats, labels: Floats, weights: Floats, folds: NDArray[np.int_]
) -> Floats:
    """Answer each row's log-odds, (rows, targets), by a balance that was fitted without its fold."""
    unseen = np.empty(labels.shape)
    for fold in np.unique(folds):
        inside = folds == fold
        fitted = balance(wording[~inside], toxicity_states[~inside], labels[~inside], weights[~inside])
        unseen[inside] = fitted.apply(wording[inside], toxicity_states[inside])
    return unseen


def _balance_one(rows: Floats, labels: Floats, weights: Floats, strength: float) -> tuple[Floats, float]:
    known = ~np.isnan(labels)
    model = LogisticRegression(C=strength, max_iter=_MAX_STEPS)
    model.fit(rows[known], labels[known].astype(int), sample_weight=weights[known])
    return model.coef_[0], float(model.intercept_[0])

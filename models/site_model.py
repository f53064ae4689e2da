"""A site's own model: logistic regression on a base release's scores and embeddings, fitted to the site's verdicts."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from models.card import CARD_FILE, ReleaseRefused, verify_folder
from models.comment import SCORES, Assessment
from models.encoder import DIMENSIONS
from models.log_odds import log_odds
from models.release import load_pipeline

MODEL_FILE = "model.skops"

_CLIP = 1e-4
"""Keeps a score that is all but certain from outweighing everything else."""


class AssessmentFeatures(TransformerMixin, BaseEstimator):
    """Feature rows of assessments, shape (n, 2 * scores + 384).

    A row has the log-odds of each score (0 if unknown), then whether each score is known, then the embedding.
    """

    def fit(self, X: Sequence[Assessment], y: Any = None) -> "AssessmentFeatures":  # noqa: N803, ARG002 - scikit-learn's names
        """Return the transformer: it has nothing to learn."""
        return self

    def transform(self, X: Sequence[Assessment]) -> NDArray[np.float64]:  # noqa: N803 - scikit-learn's name
        """Return the feature rows."""
        return np.vstack([self._row(assessment) for assessment in X])

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def _row(self, assessment: Assessment) -> NDArray[np.float64]:
        is_known = np.array([assessment.scores.get(name) is not None for name in SCORES], dtype=np.float64)
        odds = log_odds([assessment.scores.get(name) or 0.0 for name in SCORES], clip=_CLIP)
        vector = assessment.vector if assessment.vector is not None else np.zeros(DIMENSIONS)
        return np.concatenate([odds * is_known, is_known, vector])


def build_site_model(*, strength: float = 0.05, seed: int = 0) -> Pipeline:
    """Return the unfitted pipeline. `strength`, the inverse of the penalty, is small: a new site has few verdicts."""
    return Pipeline(
        [
            ("features", AssessmentFeatures()),
            ("scale", StandardScaler()),
            ("classifier", LogisticRegression(C=strength, max_iter=2000, random_state=seed)),
        ]
    )


class SiteModel:
    """An opened site model. Every verdict that was given before `fitted_at` may have been in its training data."""

    def __init__(self, pipeline: Pipeline, *, version: str, fitted_at: datetime) -> None:
        self.version = version
        self.fitted_at = fitted_at
        self._pipeline = pipeline

    def rejection_probability(self, assessment: Assessment) -> float:
        """Return the probability that the site's moderators would reject the comment.

        It is calibrated for all comments of the site. Moderators see more bad comments than that, so in training each
        verdict had the weight of the comments that it was sampled from.
        """
        return float(self._pipeline.predict_proba([assessment])[0, 1])


def open_site_model(folder: Path, *, base: str) -> SiteModel:
    """Verify and open a site model. Raises ReleaseRefused, also if it was fitted on another base release."""
    card = verify_folder(folder)
    if card.base != base:
        raise ReleaseRefused(file=str(folder / CARD_FILE), reason=f"fitted on base {card.base}, not {base}")
    return SiteModel(load_pipeline(folder / MODEL_FILE), version=card.version, fitted_at=card.created_at)

"""A site model: logistic regression on a base release's scores and embeddings, fitted to the verdicts of one site.

A verdict is what a moderator decided about a comment.
"""

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
"""Probabilities are clipped to 0.0001 and 0.9999, so that one extreme score does not outweigh all other features."""


class AssessmentFeatures(TransformerMixin, BaseEstimator):
    """Feature rows of assessments, shape (n, 2 * scores + 384).

    A row has three parts: the log-odds of each score (0 if unknown), 1 or 0 for each score that is known or not, and
    the embedding (384 zeros if there is none).
    """

    def fit(self, X: Sequence[Assessment], y: Any = None) -> "AssessmentFeatures":  # noqa: N803, ARG002 - scikit-learn's names
        """Return the transformer itself: there is nothing to fit."""
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
        # Multiplying by 0 removes the log-odds of unknown scores.
        return np.concatenate([odds * is_known, is_known, vector])


def build_site_model(*, strength: float = 0.05, seed: int = 0) -> Pipeline:
    """Return the unfitted pipeline.

    `strength` is the inverse of the penalty (scikit-learn's `C`). It is small, because a new site has few verdicts.
    """
    return Pipeline(
        [
            ("features", AssessmentFeatures()),
            ("scale", StandardScaler()),
            ("classifier", LogisticRegression(C=strength, max_iter=2000, random_state=seed)),
        ]
    )


class SiteModel:
    """An opened site model.

    The model may have been trained on any verdict from before `fitted_at`. Evaluate it on later verdicts only.
    """

    def __init__(self, pipeline: Pipeline, *, version: str, fitted_at: datetime) -> None:
        self.version = version
        self.fitted_at = fitted_at
        self._pipeline = pipeline

    def rejection_probability(self, assessment: Assessment) -> float:
        """Return the probability that the site's moderators would reject the comment.

        The probability is calibrated for all comments of the site. Moderators see a larger share of bad comments, so in
        training each verdict had the weight of the comments that it was sampled from.
        """
        return float(self._pipeline.predict_proba([assessment])[0, 1])


def open_site_model(folder: Path, *, base: str) -> SiteModel:
    """Verify and open a site model. `base` is the version of the base release in use.

    Raises ReleaseRefused if the folder cannot be trusted, or if the site model was fitted on another base release.
    """
    card = verify_folder(folder)
    if card.base != base:
        raise ReleaseRefused(file=str(folder / CARD_FILE), reason=f"fitted on base {card.base}, not {base}")
    return SiteModel(load_pipeline(folder / MODEL_FILE), version=card.version, fitted_at=card.created_at)

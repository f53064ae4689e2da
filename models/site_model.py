"""A site's own model: a small head on the base's scores and embedding that learns what this site's people reject."""

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

from models.comment import SCORES, Assessment
from models.encoder import DIMENSIONS
from models.release import ReleaseRefused, load_pipeline, verify_folder

MODEL_FILE = "model.skops"


class AssessmentFeatures(TransformerMixin, BaseEstimator):
    """Assessments to rows: log-odds of each score (0 where unknown), whether it is known, and the embedding.

    Shape (n, 2 * scores + 384). Clipping at 1e-4 keeps a certain score from outweighing everything else.
    """

    def fit(self, X: Sequence[Assessment], y: Any = None) -> "AssessmentFeatures":  # noqa: N803, ARG002  scikit-learn's
        """Learns nothing."""
        return self

    def transform(self, X: Sequence[Assessment]) -> NDArray[np.float64]:  # noqa: N803  scikit-learn's name
        """The feature rows."""
        return np.vstack([self._row(assessment) for assessment in X])

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def _row(self, assessment: Assessment) -> NDArray[np.float64]:
        known = np.array([assessment.scores.get(name) is not None for name in SCORES], dtype=np.float64)
        values = np.array([assessment.scores.get(name) or 0.0 for name in SCORES])
        clipped = np.clip(values, 1e-4, 1 - 1e-4)
        vector = assessment.vector if assessment.vector is not None else np.zeros(DIMENSIONS)
        return np.concatenate([np.log(clipped / (1 - clipped)) * known, known, vector])


def build_site_model(*, strength: float = 0.05, seed: int = 0) -> Pipeline:
    """The unfitted head; `strength` is the inverse of the penalty, small because a site starts with few verdicts."""
    return Pipeline(
        [
            ("features", AssessmentFeatures()),
            ("scale", StandardScaler()),
            ("classifier", LogisticRegression(C=strength, max_iter=2000, random_state=seed)),
        ]
    )


class SiteModel:
    """An opened site model; it may have learned every verdict that was given until `fitted_at`."""

    def __init__(self, pipeline: Pipeline, *, version: str, fitted_at: datetime) -> None:
        self.version = version
        self.fitted_at = fitted_at
        self._pipeline = pipeline

    def rejection_probability(self, assessment: Assessment) -> float:
        """The probability that this site's people would reject the comment, among all comments of the site.

        Not among those they were shown, of which more are bad: each verdict weighed as many comments as it stood for.
        """
        return float(self._pipeline.predict_proba([assessment])[0, 1])


def open_site_model(folder: Path, *, base: str) -> SiteModel:
    """Opens and verifies a site release; raises ReleaseRefused, also where it was fitted on another base."""
    card = verify_folder(folder)
    if card.base != base:
        raise ReleaseRefused(file=str(folder / "card.json"), reason=f"fitted on base {card.base}, not {base}")
    return SiteModel(load_pipeline(folder / MODEL_FILE), version=card.version, fitted_at=card.created_at)

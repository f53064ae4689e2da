"""Compares a candidate, which is a new site model, with the live model on verdicts that neither was trained on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from models.card import ReleaseRefused
from models.log_odds import log_odds
from models.release import Release
from models.site_model import SiteModel, open_site_model
from training.site_model.data import Verdicts
from training.statistics.bootstrap import Estimate, percentile_interval, resample
from training.statistics.metrics import CLIP

Floats = NDArray[np.float64]

MIN_ARTICLES = 10
"""Fewer articles are too few to resample whole articles."""

RESAMPLES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBaseline:
    """The model that scores the site's comments today: its own, or the base release if it has none that opens.

    `ignored` names a site model that did not open, and the reason.
    """

    version: str
    model: SiteModel | None = None
    ignored: str = ""

    @property
    def trained_until(self) -> datetime | None:
        """The time until which the live model may have been trained on the site's verdicts; None for the base."""
        return self.model.fitted_at if self.model else None

    def predict(self, newest: Verdicts, *, older: Verdicts) -> Floats:
        """Return the probability of rejection for each of the newest verdicts' comments, (verdicts,).

        A site model's probability is used as it is, because the service does the same. The base's toxicity is no
        probability of rejection. So it is calibrated on the older verdicts, which the candidate is trained on.
        Otherwise calibration alone would make the candidate better.
        """
        if self.model:
            return np.array([self.model.rejection_probability(assessment) for assessment in newest.assessments])
        # Platt scaling. C=1e6 means hardly any regularisation: its two parameters need none.
        older_log_odds, newest_log_odds = (_toxicity_log_odds(part) for part in (older, newest))
        calibrated = LogisticRegression(C=1e6).fit(older_log_odds, older.rejected, sample_weight=older.weights)
        probabilities: Floats = calibrated.predict_proba(newest_log_odds)[:, 1]
        return probabilities

    def describe(self) -> dict[str, str]:
        """Return what a candidate is compared with, for its card."""
        return {"kind": "site" if self.model else "base", "version": self.version, "ignored": self.ignored}


def open_live_baseline(live: Path | None, base: Release) -> LiveBaseline:
    """Open the model that serves the site. A site model that does not open with its base is ignored, as in service."""
    if live is None:
        return LiveBaseline(version=base.version)
    try:
        model = open_site_model(live, base=base.version)
    except ReleaseRefused as refusal:
        return LiveBaseline(version=base.version, ignored=f"{live.name} ({refusal.reason})")
    return LiveBaseline(version=model.version, model=model)


def compare_models(candidate: Floats, live: Floats, newest: Verdicts, *, seed: int) -> Mapping[str, Any]:
    """Compare two models' probabilities of rejection on the newest verdicts, each (verdicts,).

    The candidate is better if the 95 % interval of the log loss that it saves is above 0. The interval is a percentile
    bootstrap over articles, because comments on one article resemble each other. With fewer than MIN_ARTICLES articles
    it is a bootstrap over verdicts.
    """
    # A saved log loss above 0 means that the candidate was closer to the verdict than the live model.
    saved = _log_losses(live, newest) - _log_losses(candidate, newest)
    low, high = _bootstrap_mean(saved, newest, seed=seed)
    mean = float(np.average(saved, weights=newest.weights))
    return {
        "measured_on": {"verdicts": len(newest), "articles": len(set(newest.articles))},
        "candidate": _measure(candidate, newest),
        "live": _measure(live, newest),
        "log_loss_saved": asdict(Estimate(value=mean, low=low, high=high)),
        "better": low > 0,
    }


def _toxicity_log_odds(part: Verdicts) -> Floats:
    """Return toxicity's log-odds, shape (verdicts, 1). Unknown toxicity counts as .5."""
    toxicity = [assessment.scores.get("toxicity") for assessment in part.assessments]
    return log_odds([0.5 if value is None else value for value in toxicity], clip=CLIP).reshape(-1, 1)


def _log_losses(probabilities: Floats, verdicts: Verdicts) -> Floats:
    clipped = np.clip(probabilities, CLIP, 1 - CLIP)
    return np.asarray(-np.where(verdicts.rejected == 1, np.log(clipped), np.log(1 - clipped)))


def _measure(probabilities: Floats, verdicts: Verdicts) -> dict[str, float]:
    rejected, weights = verdicts.rejected, verdicts.weights
    return {
        "auc": float(roc_auc_score(rejected, probabilities, sample_weight=weights)),
        "log_loss": float(log_loss(rejected, probabilities, sample_weight=weights, labels=[0, 1])),
    }


def _bootstrap_mean(values: Floats, verdicts: Verdicts, *, seed: int) -> tuple[float, float]:
    """Return the 95 % interval of the weighted mean, over resamples of the articles."""
    names, cluster_of_row = np.unique(np.array(verdicts.articles), return_inverse=True)
    if len(names) < MIN_ARTICLES:
        # Each verdict is a cluster of its own.
        names = cluster_of_row = np.arange(len(verdicts))
    # The weighted mean of a resample is the sum over its clusters, so each cluster is summed once.
    sums = np.bincount(cluster_of_row, weights=values * verdicts.weights)
    weights = np.bincount(cluster_of_row, weights=verdicts.weights)
    drawn = resample(len(names), seed=seed, resamples=RESAMPLES)
    return percentile_interval(float(sums[rows].sum() / weights[rows].sum()) for rows in drawn)
